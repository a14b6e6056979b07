/**
 * What this browser keeps from an earlier visit, so that a page need not vouch for its own keys.
 *
 *     "jizihao/pinned/<origin>": {"vkeys":[…], "registrars":[…], "policyDigest":"<hex>",
 *                                 "firstSeen":"<instant>", "size":1842, "root":"<base64>"}
 *
 * The first three are kept once, after every check of a page held, and never replaced. Size and root are those of
 * the largest checkpoint seen: an older one, or another root of the same size, shows a log that was wound back.
 */
export const pinName = (origin) => `jizihao/pinned/${origin}`;

const isPin = (pin) =>
  pin !== null && typeof pin === "object" && Array.isArray(pin.vkeys) && Array.isArray(pin.registrars) &&
  typeof pin.policyDigest === "string" && Number.isSafeInteger(pin.size) && typeof pin.root === "string";

/** `{available, pin}`: whether this browser keeps anything, and what it kept about *origin* (or null). */
export const readPin = (storage, origin) => {
  try {
    const kept = storage.getItem(pinName(origin));
    const pin = kept === null ? null : JSON.parse(kept);
    return { available: true, pin: isPin(pin) ? pin : null };
  } catch (_) {
    return { available: false, pin: null };
  }
};

/** Keep *pin*; false where the browser keeps nothing. */
export const writePin = (storage, origin, pin) => {
  try {
    storage.setItem(pinName(origin), JSON.stringify(pin));
    return true;
  } catch (_) {
    return false;
  }
};

const same = (left, right) => JSON.stringify([...left].sort()) === JSON.stringify([...right].sort());

/** "first", "equal" or "changed": how what this page shows compares with what was kept. */
export const comparePin = (pin, { vkeys, registrars, policyDigest }) => {
  if (!pin) return "first";
  const equal = same(pin.vkeys, vkeys) && same(pin.registrars, registrars) && pin.policyDigest === policyDigest;
  return equal ? "equal" : "changed";
};

/** What to keep after a good visit: the keys of the first, the largest checkpoint of all. */
export const nextPin = (pin, { vkeys, registrars, policyDigest, size, root }, now) => {
  if (!pin) return { vkeys, registrars, policyDigest, firstSeen: now, size, root };
  return size > pin.size ? { ...pin, size, root } : pin;
};
