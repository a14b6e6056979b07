/**
 * The largest checkpoint of each log that this verifier has seen, so that an answer which was wound back is noticed.
 *
 *     "jizihao/seen/<origin>": {"size":1842, "root":"<base64>"}
 */
const nameOf = (origin) => `jizihao/seen/${origin}`;

const isSeen = (seen) =>
  seen !== null && typeof seen === "object" && Number.isSafeInteger(seen.size) && seen.size > 0 &&
  typeof seen.root === "string";

/** What was seen of *origin*; null where nothing was, or the browser keeps nothing. */
export const readSeen = (storage, origin) => {
  try {
    const seen = JSON.parse(storage.getItem(nameOf(origin)));
    return isSeen(seen) ? seen : null;
  } catch (_) {
    return null;
  }
};

/** Keep *seen*; false where the browser keeps nothing. */
export const writeSeen = (storage, origin, seen) => {
  try {
    storage.setItem(nameOf(origin), JSON.stringify(seen));
    return true;
  } catch (_) {
    return false;
  }
};
