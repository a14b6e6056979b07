/** A pesticide's or a seed's label read from a photo, where the browser itself can; elsewhere people paste or type it. */
import { makeDetector, readPhoto } from "./scanner.js";

const form = document.querySelector("[data-label-code]");
const detector = form ? await makeDetector() : null;
if (detector) {
  const button = form.querySelector("[data-photo]");
  button.hidden = false;
  button.querySelector("input").addEventListener("change", async (event) => {
    const [photo] = event.target.files;
    const found = photo ? await readPhoto(detector, photo) : null;
    if (found === null) return;
    form.elements.code.value = found;
    form.requestSubmit();
  });
}
