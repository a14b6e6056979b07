/**
 * What this browser keeps from an earlier visit, so that a page need not vouch for its own keys.
 *
 *     "jizihao/pinned/<origin>": {"vkeys":[…], "registrars":[…], "policy":"<text>", "firstSeen":"<instant>",
 *                                 "size":1842, "root":"<base64>"}
 *
 * The first three are kept once, after every check of a page held, and replaced only when the log proves that its kept
 * keys gave way to others (rotation.js). Addresses in a policy may change: they vouch for nothing. Size and root are
 * those of the largest checkpoint seen: an older one, or another root of the same size, shows a log that was wound
 * back. Only one that is published and cosigned is kept so: a page may show a newer one that is merely sealed, and the
 * next page an older one that all have seen.
 */
import { vouching } from "./policy.js";
import { followed } from "./rotation.js";

export const pinName = (origin) => `jizihao/pinned/${origin}`;

const isPin = (pin) =>
  pin !== null && typeof pin === "object" && Array.isArray(pin.vkeys) && Array.isArray(pin.registrars) &&
  typeof pin.policy === "string" && Number.isSafeInteger(pin.size) && typeof pin.root === "string";

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

/** The log's own keys differ, and the kept ones lead to those of this page. */
const isRotated = async (pin, { vkeys }, log) => {
  if (same(pin.vkeys, vkeys) || !log.schedule.changes.length) return false;
  try {
    await followed(pin.vkeys, log);
    return true;
  } catch (_) {
    return false;
  }
};

/** "first", "equal", "rotated" or "changed": how what this page shows compares with what was kept. */
export const comparePin = async (pin, shown, log) => {
  if (!pin) return "first";
  const { vkeys, registrars, policy, origin } = shown;
  const isOther = !same(pin.registrars, registrars) || vouching(pin.policy, origin) !== vouching(policy, origin);
  if (isOther) return "changed";
  if (same(pin.vkeys, vkeys)) return "equal";
  return (await isRotated(pin, shown, log)) ? "rotated" : "changed";
};

/** What to keep after a good visit: the keys of the first, or those that they gave way to; the largest checkpoint. */
export const nextPin = (pin, shown, { now, replaces }) => {
  const { vkeys, registrars, policy, size, root } = shown;
  const seen = shown.published && shown.quorum ? { size, root } : { size: 0, root: "" };
  if (!pin) return { vkeys, registrars, policy, firstSeen: now, ...seen };
  const kept = replaces ? { ...pin, vkeys, registrars, policy } : pin;
  return seen.size > pin.size ? { ...kept, ...seen } : kept;
};
