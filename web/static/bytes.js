/**
 * Bytes and their spellings: base64 of RFC 4648 section 4, hexadecimal, UTF-8; each has exactly one.
 *
 * Browsers' own decoders forgive white space, missing padding, spare bits and broken UTF-8. Here each
 * decoder writes its result again and refuses whatever does not come out the same.
 */
import { Malformed } from "./errors.js";

export const concat = (...parts) => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

export const equal = (left, right) => left.length === right.length && left.every((byte, at) => byte === right[at]);

export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export const fromHex = (text) => {
  if (!/^([0-9a-f]{2})*$/.test(text)) throw new Malformed("not-hex");
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => parseInt(text.slice(2 * at, 2 * at + 2), 16));
};

export const toBase64 = (bytes) => {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
};

/** The bytes that *text* spells; with *length*, exactly so many. */
export const fromBase64 = (text, length) => {
  if (typeof text !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4) {
    throw new Malformed("not-base64");
  }
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  // atob accepts spare bits that are not zero: a second spelling of the same bytes.
  if (toBase64(bytes) !== text) throw new Malformed("not-base64");
  if (length !== undefined && bytes.length !== length) throw new Malformed("wrong-length", { length: bytes.length });
  return bytes;
};

export const utf8 = (text) => new TextEncoder().encode(text);

/** The text that *bytes* spell in UTF-8, a byte order mark included; broken bytes are refused. */
export const textOf = (bytes) => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (_) {
    throw new Malformed("not-utf8");
  }
};

/** A decimal without sign, leading zero or another script's digits, below 2^53. */
export const numberOf = (text) => {
  const number = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(number)) throw new Malformed("not-a-number");
  return number;
};
