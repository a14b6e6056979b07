/**
 * ML-DSA-44 signatures of FIPS 204, checked and never made: signatures that outlive today's curves.
 *
 *     public key   1312 bytes   ρ (32) ‖ t1: 4 polynomials of 256 coefficients, 10 bits each
 *     signature    2420 bytes   c̃ (32) ‖ z: 4 polynomials, 18 bits each ‖ h: 80 places and 4 counts
 *     message      0x00 0x00 before what was signed: the pure form with an empty context (algorithm 3)
 *
 *     good when  c̃ = H(H(H(key) ‖ message) ‖ w1),  w1 = UseHint(h, A·z − c·t1·2^13)  and  ‖z‖ < 2^17 − 78
 *
 * Coefficients are below 2^23, so that every product is exact in a number of JavaScript.
 */
import { concat, equal } from "./bytes.js";
import { shake128, shake256 } from "./keccak.js";

export const PUBLIC_KEY_LENGTH = 1312, SIGNATURE_LENGTH = 2420;

/* FIPS 204, table 1: the parameters of ML-DSA-44. */
const Q = 8380417, N = 256, D = 13, TAU = 39, GAMMA1 = 2 ** 17, GAMMA2 = (Q - 1) / 88, BETA = 78, OMEGA = 80;
const K = 4, L = 4, CHALLENGE_LENGTH = 32, DIGEST_LENGTH = 64;

const positive = (number) => (number < 0 ? number + Q : number);
const times = (left, right) => (left * right) % Q;

/* ---- polynomials in the domain of the number-theoretic transform (FIPS 204, 7.5) ---- */

const reversedBits = (byte) => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit += 1) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
};

const powersOfRoot = () => {
  const powers = [1];
  while (powers.length < N) powers.push(times(powers[powers.length - 1], 1753));
  return Int32Array.from({ length: N }, (_, at) => powers[reversedBits(at)]);
};

const ZETAS = powersOfRoot();
/* 1/256 modulo Q (algorithm 42). */
const INVERSE_OF_N = 8347681;

/** Algorithm 41, in place; coefficients are and stay from 0 to Q − 1. */
const transform = (w) => {
  for (let length = N / 2, step = 1; length >= 1; length /= 2) {
    for (let start = 0; start < N; start += 2 * length, step += 1) {
      for (let at = start; at < start + length; at += 1) {
        const turned = times(ZETAS[step], w[at + length]);
        w[at + length] = positive(w[at] - turned);
        w[at] = (w[at] + turned) % Q;
      }
    }
  }
  return w;
};

/** Algorithm 42, in place. */
const transformBack = (w) => {
  for (let length = 1, step = N - 1; length < N; length *= 2) {
    for (let start = 0; start < N; start += 2 * length, step -= 1) {
      for (let at = start; at < start + length; at += 1) {
        const difference = positive(w[at + length] - w[at]);
        w[at] = (w[at] + w[at + length]) % Q;
        w[at + length] = times(ZETAS[step], difference);
      }
    }
  }
  for (let at = 0; at < N; at += 1) w[at] = times(w[at], INVERSE_OF_N);
  return w;
};

const addProduct = (sum, left, right) => {
  for (let at = 0; at < N; at += 1) sum[at] = (sum[at] + times(left[at], right[at])) % Q;
};

const subtractProduct = (sum, left, right) => {
  for (let at = 0; at < N; at += 1) sum[at] = positive(sum[at] - times(left[at], right[at]));
};

/* ---- bytes ---- */

/** The numbers of *width* bits that *bytes* spell, the lowest bit first. */
const unpacked = (bytes, width) => {
  const numbers = new Int32Array((bytes.length * 8) / width);
  for (let at = 0, byte = 0, held = 0, bits = 0; at < numbers.length; at += 1) {
    for (; bits < width; bits += 8, byte += 1) held |= bytes[byte] << bits;
    numbers[at] = held & ((1 << width) - 1);
    held >>>= width;
    bits -= width;
  }
  return numbers;
};

const packed = (numbers, width) => {
  const bytes = new Uint8Array((numbers.length * width) / 8);
  for (let at = 0, byte = 0, held = 0, bits = 0; at < numbers.length; at += 1) {
    held |= numbers[at] << bits;
    for (bits += width; bits >= 8; bits -= 8, byte += 1, held >>>= 8) bytes[byte] = held & 0xff;
  }
  return bytes;
};

const cut = (bytes, count, length) =>
  Array.from({ length: count }, (_, at) => bytes.subarray(at * length, (at + 1) * length));

/** Algorithm 21: where the hints are; null for every spelling but the one, whose places ascend and whose rest is zero. */
const hintsOf = (bytes) => {
  const hints = Array.from({ length: K }, () => new Uint8Array(N));
  let at = 0;
  for (let row = 0; row < K; row += 1) {
    const end = bytes[OMEGA + row];
    if (end < at || end > OMEGA) return null;
    for (const first = at; at < end; at += 1) {
      if (at > first && bytes[at - 1] >= bytes[at]) return null;
      hints[row][bytes[at]] = 1;
    }
  }
  return bytes.subarray(at, OMEGA).every((byte) => byte === 0) ? hints : null;
};

/* ---- what the hashes give ---- */

/** Algorithm 30: coefficients drawn evenly from 0 to Q − 1, already transformed. */
const drawn = (seed, column, row) => {
  const read = shake128(seed, Uint8Array.of(column, row));
  const found = new Int32Array(N);
  for (let at = 0; at < N; ) {
    const block = read(168);
    for (let byte = 0; byte < block.length && at < N; byte += 3) {
      const number = block[byte] | (block[byte + 1] << 8) | ((block[byte + 2] & 0x7f) << 16);
      if (number < Q) {
        found[at] = number;
        at += 1;
      }
    }
  }
  return found;
};

/** Algorithm 29: 39 coefficients of 1 or −1, the others 0. */
const challengeOf = (seed) => {
  const read = shake256(seed);
  const signs = read(8);
  const found = new Int32Array(N);
  for (let at = N - TAU; at < N; at += 1) {
    let place = read(1)[0];
    while (place > at) [place] = read(1);
    const bit = at + TAU - N;
    found[at] = found[place];
    found[place] = (signs[bit >> 3] >> (bit & 7)) & 1 ? Q - 1 : 1;
  }
  return found;
};

/** Algorithms 36 and 40: the upper part of a coefficient, one step on or back where there is a hint. */
const hinted = (number, hint) => {
  let low = number % (2 * GAMMA2);
  if (low > GAMMA2) low -= 2 * GAMMA2;
  const wraps = number - low === Q - 1;
  const high = wraps ? 0 : (number - low) / (2 * GAMMA2);
  if (!hint) return high;
  return (high + ((wraps ? low - 1 : low) > 0 ? 1 : 43)) % 44;
};

/** One row of A·z − c·t1·2^13, back from the transform. */
const approximated = (seed, row, z, challenge, t1) => {
  const sum = new Int32Array(N);
  z.forEach((one, column) => addProduct(sum, drawn(seed, column, row), one));
  subtractProduct(sum, challenge, transform(t1.map((number) => number << D)));
  return transformBack(sum);
};

const decoded = (key, signature) => {
  const z = cut(signature.subarray(CHALLENGE_LENGTH, SIGNATURE_LENGTH - OMEGA - K), L, (N * 18) / 8)
    .map((bytes) => unpacked(bytes, 18).map((number) => GAMMA1 - number));
  return {
    seed: key.subarray(0, 32), t1: cut(key.subarray(32), K, (N * 10) / 8).map((bytes) => unpacked(bytes, 10)),
    challenge: signature.subarray(0, CHALLENGE_LENGTH), z, hints: hintsOf(signature.subarray(-OMEGA - K)),
  };
};

const isShort = (z) => z.every((one) => one.every((number) => Math.abs(number) < GAMMA1 - BETA));

/** Algorithm 3 with an empty context: whether *signature* over *message* is good for *key*. */
export const verifyMldsa44 = (key, message, signature) => {
  if (key.length !== PUBLIC_KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
  const { seed, t1, challenge, z, hints } = decoded(key, signature);
  if (hints === null || !isShort(z)) return false;
  const digest = shake256(shake256(key)(DIGEST_LENGTH), Uint8Array.of(0, 0), message)(DIGEST_LENGTH);
  const transformed = z.map((one) => transform(one.map(positive)));
  const ball = transform(challengeOf(challenge));
  const high = t1.map((one, row) =>
    packed(approximated(seed, row, transformed, ball, one).map((number, at) => hinted(number, hints[row][at])), 6));
  return equal(shake256(digest, concat(...high))(CHALLENGE_LENGTH), challenge);
};
