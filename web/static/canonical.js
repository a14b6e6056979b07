/**
 * The one spelling of a JSON value, RFC 8785, under the profile of docs/formats.md.
 *
 *     names        [A-Za-z][A-Za-z0-9_]*, each once; directly under `links` any URI
 *     numbers      whole, below 2^53 either way, never -0; everything finer is a string
 *     texts        NFC, no control or bidi-override characters, no half of a surrogate pair
 *     never        null, a fraction, an exponent, more than 16 levels
 *
 * What was read is checked, written again, and compared byte for byte: a repeated name, a space, an escape
 * that need not be, or names in another order do not survive that.
 */
import { equal, textOf, utf8 } from "./bytes.js";
import { Malformed } from "./errors.js";

const DEEPEST = 16;
const NAME = /^[A-Za-z][A-Za-z0-9_]*$/;
const LINK = /^[!#-[\]-~]+$/;
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const HALF_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;

const checkText = (text, where) => {
  if (FORBIDDEN.test(text) || HALF_PAIR.test(text)) throw new Malformed("forbidden-character", { where });
  if (text.normalize("NFC") !== text) throw new Malformed("not-nfc", { where });
};

const checkNumber = (number, where) => {
  if (!Number.isSafeInteger(number) || Object.is(number, -0)) throw new Malformed("bad-number", { where });
};

/** A copy without prototype, so that no name means anything but what the bytes say. */
const checkedObject = (value, where, depth) => {
  const copy = Object.create(null);
  const allowed = where.endsWith("/links") ? LINK : NAME;
  for (const name of Object.keys(value)) {
    if (!allowed.test(name)) throw new Malformed("bad-name", { where });
    copy[name] = checked(value[name], `${where}/${name}`, depth + 1);
  }
  return copy;
};

const checked = (value, where, depth) => {
  if (typeof value === "string") checkText(value, where);
  else if (typeof value === "number") checkNumber(value, where);
  else if (typeof value !== "object" || value === null) {
    if (typeof value !== "boolean") throw new Malformed("forbidden-value", { where });
  } else {
    if (depth >= DEEPEST) throw new Malformed("too-deep", { where: "" });
    if (Array.isArray(value)) return value.map((item, at) => checked(item, `${where}/${at}`, depth + 1));
    return checkedObject(value, where, depth);
  }
  return value;
};

/* Array.prototype.sort compares UTF-16 units, which is the order of RFC 8785, 3.2.3. */
const written = (value) => {
  if (Array.isArray(value)) return `[${value.map(written).join(",")}]`;
  if (typeof value === "object") {
    return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${written(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
};

/** The bytes of *value*; `Malformed` where the profile forbids it. */
export const dumps = (value) => utf8(written(checked(value, "", 0)));

/** The value that *bytes* spell; `Malformed` unless they are its one spelling. */
export const loads = (bytes) => {
  const text = textOf(bytes);
  let value;
  try {
    value = checked(JSON.parse(text), "", 0);
  } catch (error) {
    if (error instanceof Malformed) throw error;
    throw new Malformed("not-json");
  }
  if (!equal(utf8(written(value)), bytes)) throw new Malformed("not-canonical");
  return value;
};

/** The value at a JSON pointer (RFC 6901); undefined where there is none. */
export const valueAt = (value, pointer) => {
  if (pointer === "") return value;
  if (!pointer.startsWith("/")) return undefined;
  return pointer.slice(1).split("/").reduce((inner, step) => {
    if (typeof inner !== "object" || inner === null) return undefined;
    const name = step.replace(/~1/g, "/").replace(/~0/g, "~");
    if (Array.isArray(inner)) return /^(0|[1-9][0-9]*)$/.test(name) ? inner[Number(name)] : undefined;
    return inner[name];
  }, value);
};
