/** Units and the balance of a process while a form is filled in; what counts is computed again by the server. */

const GRAMS = 1000n;
const DECIMAL = /^([0-9]{1,12})(?:\.([0-9]{1,6}))?$/;

/** A decimal text as millionths, exact; null for anything else. */
const millionths = (text) => {
  const found = DECIMAL.exec(text.trim());
  return found && BigInt(found[1]) * 1000000n + BigInt((found[2] || "").padEnd(6, "0"));
};

/** Kilograms of one row in millionths: its amount times what one unit weighs. */
const weight = (row) => {
  const one = row.querySelector("select")?.selectedOptions[0]?.dataset.kg;
  const amount = millionths(row.querySelector('[name$=".amount"]')?.value || "");
  const each = millionths(one === undefined ? "1" : one);
  return amount === null || each === null ? 0n : (amount * each) / 1000000n;
};

const spoken = (value) => {
  const sign = value < 0n ? "-" : "";
  const plain = value < 0n ? -value : value;
  const rest = String(plain % 1000000n).padStart(6, "0").replace(/0+$/, "");
  return sign + (plain / 1000000n).toLocaleString("en-US") + (rest && `.${rest}`);
};

const form = document.querySelector("form[data-balance]");

const sums = () => {
  const total = { inputs: 0n, products: 0n, by_products: 0n };
  for (const row of form.querySelectorAll('[data-group="inputs"] [data-row]')) total.inputs += weight(row);
  for (const row of form.querySelectorAll('[data-group="outputs"] [data-row]')) {
    total[row.querySelector('[name$=".by_product"]').checked ? "by_products" : "products"] += weight(row);
  }
  total.water = millionths(form.elements.water_kg.value) || 0n;
  total.loss = millionths(form.elements.loss_kg.value) || 0n;
  return total;
};

const show = () => {
  const total = sums();
  const whole = total.inputs + total.water;
  const part = total.products + total.by_products + total.loss;
  total.left = whole - part;
  for (const place of form.querySelectorAll("[data-sum]")) {
    place.textContent = place.textContent.replace(/^-?[0-9,.]+/, spoken(total[place.dataset.sum]));
  }
  const bar = form.querySelector("#balance-bar");
  const told = bar.querySelector("b");
  let turn = 0;
  told.textContent = told.textContent.replace(/-?[0-9][0-9,.]*/g, () => spoken([part, whole][turn++ % 2]));
  const progress = bar.querySelector("progress");
  progress.max = Number(whole / GRAMS) || 1;
  progress.value = Number(part / GRAMS);
  progress.classList.toggle("over", part > whole);
  bar.querySelector(".error")?.remove();
  form.querySelector(".sheet").classList.toggle("over", part > whole);
};

/** Say what the amount of a row is counted in: kilograms, or the pieces of its product. */
const showUnits = () => {
  for (const row of document.querySelectorAll("[data-row]")) {
    const told = row.querySelector("select")?.selectedOptions[0]?.dataset.unit;
    const place = row.querySelector(".unit");
    if (told && place) place.textContent = told;
  }
};

document.addEventListener("change", showUnits);
showUnits();
if (form) {
  form.addEventListener("input", show);
  form.addEventListener("change", show);
}
