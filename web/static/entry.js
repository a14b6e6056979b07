/**
 * One link of the chain: index, time, previous link, record (docs/formats.md, entry).
 *
 *     {"at":"2026-09-21T08:00:00.000000Z","index":7,"prev":"<base64>","record":{…},"v":1}
 */
import { fromBase64, toBase64 } from "./bytes.js";
import { loads } from "./canonical.js";
import { Malformed } from "./errors.js";
import { leafHash } from "./merkle.js";

const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$/;
const NO_LEAF = toBase64(new Uint8Array(32));

export const hasExactly = (value, ...names) =>
  value !== null && typeof value === "object" && !Array.isArray(value) &&
  Object.keys(value).sort().join() === names.sort().join();

const isEntry = (value) =>
  hasExactly(value, "at", "index", "prev", "record", "v") && value.v === 1 && INSTANT.test(value.at) &&
  Number.isSafeInteger(value.index) && value.index >= 0 &&
  typeof value.record === "object" && typeof value.record.kind === "string" && typeof value.record.links === "object";

/** `{index, at, prev, record, leaf}`; `leaf` is the base64 of the leaf hash, as links spell it. */
export const parseEntry = (bytes) => {
  const value = loads(bytes);
  if (bytes.length > 65535 || !isEntry(value)) throw new Malformed("not-an-entry");
  fromBase64(value.prev, 32);
  if (value.index === 0 && value.prev !== NO_LEAF) throw new Malformed("not-an-entry");
  const { index, at, prev, record } = value;
  return { index, at, prev, record, leaf: toBase64(leafHash(bytes)) };
};
