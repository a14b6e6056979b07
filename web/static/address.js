/**
 * Which lot an address names, wherever it is hosted: the pack's code, the page's address, the log's name for the lot.
 *
 *     https://any.host/leading/path/01/09528888000017/10/JD2610A[/21/<serial>]
 *     https://any.host/leading/path/lot/<party>/<product>/<lot>[/<serial>]
 *     7QK-2M9-XTB            a short code: the first symbols of a hash of the lot, and a check symbol (qr/short.py)
 */
import { utf8 } from "./bytes.js";
import { sha256 } from "./sha256.js";

const partsOf = (text) => text.replace(/^https?:\/\/[^/]*/i, "").replace(/[?#].*$/, "").replace(/\/$/, "")
  .split("/").slice(1).map(decodeURIComponent);

const ofGtin = ([, gtin, , ...rest]) => {
  const hasSerial = rest.length > 2 && rest[rest.length - 2] === "21";
  // A slash in a lot's number may come decoded, as the server reads it too.
  const lot = (hasSerial ? rest.slice(0, -2) : rest).join("/");
  return { lot: ["01", gtin.padStart(14, "0"), "10", lot], serial: hasSerial ? rest[rest.length - 1] : null };
};

const ofParty = (parts) => ({ lot: parts.slice(0, 4), serial: parts.length > 4 ? parts[4] : null });

/** `{lot, serial}`, the lot as a list of its parts; null where *text* is no address of a lot. */
export const parseAddress = (text) => {
  let parts;
  try {
    parts = partsOf(text);
  } catch (_) {
    return null;
  }
  const key = parts.findIndex((part) => part === "01" || part === "lot");
  const found = key < 0 ? [] : parts.slice(key);
  if (found.some((part) => !part)) return null;
  if (found[0] === "01" && found[2] === "10" && found.length > 3 && /^[0-9]+$/.test(found[1])) return ofGtin(found);
  return found[0] === "lot" && (found.length === 4 || found.length === 5) ? ofParty(found) : null;
};

/** Whether *address*, as `parseAddress` gave it, is that of *lot*, the log's name for it, or of one of its packs. */
export const isOfLot = (address, lot) => {
  const named = parseAddress(lot);
  return named !== null && named.serial === null && named.lot.length === address.lot.length &&
    named.lot.every((part, at) => part === address.lot[at]);
};

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Which pack of its lot a serial names: its first seven symbols (qr/code.py); null where *serial* is none. */
export const indexOf = (serial) =>
  (serial.length === 20 && Array.from(serial).every((one) => ALPHABET.includes(one))
    ? Array.from(serial.slice(0, 7)).reduce((index, one) => index * 32 + ALPHABET.indexOf(one), 0) : null);

/* ---- short codes ---- */

const LENGTHS = [8, 11, 14];

/** Any case, I or L for 1, O for 0, full-width letters, spaces and dashes: as people type. */
const tidied = (typed) => typed.normalize("NFKC").toUpperCase().replace(/[\s\p{Pd}\p{Cf}−_·ー]/gu, "")
  .replace(/[IL]/g, "1").replace(/O/g, "0");

const timesX = (element) => ((element << 1) & 32 ? (element << 1) ^ 0b100101 : element << 1);

/** The weighted sum of the symbols in the field of 32 elements: zero for a code that holds. */
const weighed = (symbols) => Array.from(symbols).reduce((sum, symbol) => timesX(sum) ^ ALPHABET.indexOf(symbol), 0);

/** The symbols of a short code without its check symbol; null where *typed* is none, or mistyped. */
export const parseShort = (typed) => {
  const symbols = tidied(typed);
  const isForm = LENGTHS.includes(symbols.length - 1) && Array.from(symbols).every((one) => ALPHABET.includes(one));
  return isForm && weighed(symbols) === 0 ? symbols.slice(0, -1) : null;
};

/** Whether the short code with these *symbols* is that of *lot*. */
export const isShortOf = (symbols, lot) => {
  const digest = sha256(utf8(`jizihao/short/v1\0${lot}`));
  const bits = Array.from(digest, (byte) => byte.toString(2).padStart(8, "0")).join("");
  const numberAt = (at) => parseInt(bits.slice(5 * at, 5 * at + 5), 2);
  return Array.from(symbols).every((symbol, at) => ALPHABET.indexOf(symbol) === numberAt(at));
};

/** *symbols* with their check symbol, as the server's address of a short code has them. */
export const spelledShort = (symbols) =>
  `${symbols}${ALPHABET[weighed(`${symbols}0`)]}`.replace(/(.{3})(?=.)/g, "$1-");
