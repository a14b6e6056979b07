/**
 * SHA-512 of FIPS 180-4, on pairs of 32-bit halves because a phone's BigInt is slow.
 *
 * Its constants are the first 64 bits of the fractions of square and cube roots of the first primes. They
 * are computed here, not typed; SHA-256 uses the upper halves of the same numbers.
 */
import { concat } from "./bytes.js";

const primes = (count) => {
  const found = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    if (found.every((prime) => candidate % prime)) found.push(candidate);
  }
  return found;
};

/** The first 64 bits after the point of the root of *prime*, found by bisection. */
const fractionOfRoot = (prime, degree) => {
  const power = BigInt(prime) << (64n * degree);
  let low = 0n;
  let high = 1n << 70n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= power) low = middle;
    else high = middle;
  }
  return BigInt.asUintN(64, low);
};

const halves = (numbers) => ({
  upper: Uint32Array.from(numbers, (number) => Number(number >> 32n)),
  lower: Uint32Array.from(numbers, (number) => Number(number & 0xffffffffn)),
});

export const ROUND = halves(primes(80).map((prime) => fractionOfRoot(prime, 3n)));
export const START = halves(primes(8).map((prime) => fractionOfRoot(prime, 2n)));

/** The message, a one bit, zeros and the length in bits, in whole blocks. */
export const padded = (message, block) => {
  const lengthBytes = block / 8;
  const whole = new Uint8Array(Math.ceil((message.length + 1 + lengthBytes) / block) * block);
  whole.set(message);
  whole[message.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(message.length / 0x20000000));
  view.setUint32(whole.length - 4, message.length << 3);
  return view;
};

/* The upper half of a 64-bit word turned right; the lower half is the same with the halves exchanged. */
const turned = (upper, lower, by) =>
  by < 32 ? (upper >>> by) | (lower << (32 - by)) : (lower >>> (by - 32)) | (upper << (64 - by));

const upperWords = new Uint32Array(80);
const lowerWords = new Uint32Array(80);

const schedule = (view, offset) => {
  for (let t = 0; t < 16; t += 1) {
    upperWords[t] = view.getUint32(offset + 8 * t);
    lowerWords[t] = view.getUint32(offset + 8 * t + 4);
  }
  for (let t = 16; t < 80; t += 1) {
    const u15 = upperWords[t - 15], l15 = lowerWords[t - 15];
    const u2 = upperWords[t - 2], l2 = lowerWords[t - 2];
    const lower =
      lowerWords[t - 16] + lowerWords[t - 7] +
      ((turned(l15, u15, 1) ^ turned(l15, u15, 8) ^ ((l15 >>> 7) | (u15 << 25))) >>> 0) +
      ((turned(l2, u2, 19) ^ turned(l2, u2, 61) ^ ((l2 >>> 6) | (u2 << 26))) >>> 0);
    lowerWords[t] = lower;
    upperWords[t] =
      upperWords[t - 16] + upperWords[t - 7] +
      (turned(u15, l15, 1) ^ turned(u15, l15, 8) ^ (u15 >>> 7)) +
      (turned(u2, l2, 19) ^ turned(u2, l2, 61) ^ (u2 >>> 6)) +
      Math.floor(lower / 0x100000000);
  }
};

/** For each round modulo 8, where a, b, … h are found: the words stay, the window turns. */
export const WINDOWS = Array.from({ length: 8 }, (_, round) =>
  Array.from({ length: 8 }, (_unused, letter) => (letter - round + 8) % 8));

const compress = (state, view, offset) => {
  schedule(view, offset);
  const upper = Array.from(state.upper), lower = Array.from(state.lower);
  for (let t = 0; t < 80; t += 1) {
    const [a, b, c, d, e, f, g, h] = WINDOWS[t % 8];
    const eu = upper[e], el = lower[e], au = upper[a], al = lower[a];
    const t1l =
      lower[h] + ((turned(el, eu, 14) ^ turned(el, eu, 18) ^ turned(el, eu, 41)) >>> 0) +
      (((el & lower[f]) ^ (~el & lower[g])) >>> 0) + ROUND.lower[t] + lowerWords[t];
    const t1u =
      upper[h] + (turned(eu, el, 14) ^ turned(eu, el, 18) ^ turned(eu, el, 41)) +
      ((eu & upper[f]) ^ (~eu & upper[g])) + ROUND.upper[t] + upperWords[t] + Math.floor(t1l / 0x100000000);
    const t2l =
      ((turned(al, au, 28) ^ turned(al, au, 34) ^ turned(al, au, 39)) >>> 0) +
      (((al & lower[b]) ^ (al & lower[c]) ^ (lower[b] & lower[c])) >>> 0);
    const t2u =
      (turned(au, al, 28) ^ turned(au, al, 34) ^ turned(au, al, 39)) +
      ((au & upper[b]) ^ (au & upper[c]) ^ (upper[b] & upper[c]));
    const dl = lower[d] + (t1l >>> 0);
    upper[d] = (upper[d] + t1u + Math.floor(dl / 0x100000000)) >>> 0;
    lower[d] = dl >>> 0;
    const hl = (t1l >>> 0) + t2l;
    upper[h] = (t1u + t2u + Math.floor(hl / 0x100000000)) >>> 0;
    lower[h] = hl >>> 0;
  }
  for (let word = 0; word < 8; word += 1) {
    const sum = state.lower[word] + lower[word];
    state.lower[word] = sum;
    state.upper[word] = state.upper[word] + upper[word] + Math.floor(sum / 0x100000000);
  }
};

export const sha512 = (...parts) => {
  const view = padded(concat(...parts), 128);
  const state = { upper: START.upper.slice(), lower: START.lower.slice() };
  for (let offset = 0; offset < view.byteLength; offset += 128) compress(state, view, offset);
  const digest = new DataView(new ArrayBuffer(64));
  for (let word = 0; word < 8; word += 1) {
    digest.setUint32(8 * word, state.upper[word]);
    digest.setUint32(8 * word + 4, state.lower[word]);
  }
  return new Uint8Array(digest.buffer);
};
