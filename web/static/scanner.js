/**
 * Reading a QR code with the camera or from a photo, where the browser itself can (BarcodeDetector); elsewhere people
 * paste the address, which every phone's camera shows.
 */
export const makeDetector = async () => {
  try {
    const formats = await window.BarcodeDetector.getSupportedFormats();
    return formats.includes("qr_code") ? new window.BarcodeDetector({ formats: ["qr_code"] }) : null;
  } catch (_) {
    return null;
  }
};

export const hasCamera = () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

/** The text of the first code on a photo; null where there is none. */
export const readPhoto = async (detector, file) => {
  const picture = await createImageBitmap(file);
  const [found] = await detector.detect(picture);
  return found ? found.rawValue : null;
};

const PAUSE = 200;
const pause = () => new Promise((resolve) => { setTimeout(resolve, PAUSE); });

/** Show the camera in *video* until a code is read, or *isOver* says so; the text, or null. */
export const readCamera = async (detector, video, isOver) => {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  try {
    video.srcObject = stream;
    await video.play();
    while (!isOver()) {
      const [found] = await detector.detect(video);
      if (found) return found.rawValue;
      await pause();
    }
    return null;
  } finally {
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  }
};
