/**
 * Ed25519 signatures of RFC 8032, checked with the one equation that is normative here (docs/formats.md).
 *
 *     R' = S·B − SHA-512(R ‖ A ‖ message)·A        without the cofactor, S < L
 *     good when the 32 bytes of R' equal those of R
 *
 * Libraries disagree about odd keys and odd signatures. A key is therefore checked before it is used
 * (canonical, not small order, of prime order), and the browser's own Ed25519 is asked only after it has
 * shown on known cases that it computes this equation and not the one with the cofactor.
 */
import { equal, fromHex, toHex } from "./bytes.js";
import { Malformed, NotProven } from "./errors.js";
import { sha512 } from "./sha512.js";

const P = (1n << 255n) - 19n;
const L = (1n << 252n) + 27742317777372353535851937790883648493n;

const modulo = (number) => {
  const rest = number % P;
  return rest < 0n ? rest + P : rest;
};

const power = (base, exponent) => {
  let result = 1n;
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % P) {
    if (rest & 1n) result = (result * square) % P;
  }
  return result;
};

const D = modulo(-121665n * power(121666n, P - 2n));
const TWICE_D = (2n * D) % P;
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

const littleEndian = (bytes) => BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
const toLittleEndian = (number) => fromHex(number.toString(16).padStart(64, "0")).reverse();

/* Points are [X, Y, Z, T] with x = X/Z, y = Y/Z, xy = T/Z (RFC 8032, 5.1.4). */
const IDENTITY = [0n, 1n, 1n, 0n];

const add = ([x1, y1, z1, t1], [x2, y2, z2, t2]) => {
  const a = ((y1 - x1) * (y2 - x2)) % P;
  const b = ((y1 + x1) * (y2 + x2)) % P;
  const c = (((t1 * TWICE_D) % P) * t2) % P;
  const d = (2n * z1 * z2) % P;
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [(e * f) % P, (g * h) % P, (f * g) % P, (e * h) % P];
};

const doubled = ([x, y, z]) => {
  const a = (x * x) % P;
  const b = (y * y) % P;
  const h = a + b;
  const e = h - (x + y) * (x + y);
  const g = a - b;
  const f = 2n * z * z + g;
  const e1 = e % P, f1 = f % P;
  return [(e1 * f1) % P, (g * h) % P, (f1 * g) % P, (e1 * h) % P];
};

const negated = ([x, y, z, t]) => [-x, y, z, -t];

/** first·P + second·Q in one run over the bits. */
const weighted = (first, p, second, q) => {
  const choices = [null, p, q, add(p, q)];
  let sum = IDENTITY;
  for (let bit = 255n; bit >= 0n; bit -= 1n) {
    sum = doubled(sum);
    const choice = choices[Number(((first >> bit) & 1n) | (((second >> bit) & 1n) << 1n))];
    if (choice) sum = add(sum, choice);
  }
  return sum;
};

const isIdentity = ([x, y, z]) => modulo(x) === 0n && modulo(y - z) === 0n;

const encoded = ([x, y, z]) => {
  const inverse = power(modulo(z), P - 2n);
  return toLittleEndian(modulo(y * inverse) | ((modulo(x * inverse) & 1n) << 255n));
};

/** The point whose y stands in 32 bytes, y taken modulo p as OpenSSL does; null where there is none. */
const decoded = (bytes) => {
  const number = littleEndian(bytes);
  const sign = number >> 255n;
  const y = BigInt.asUintN(255, number) % P;
  const u = modulo(y * y - 1n);
  const v = modulo(D * y * y + 1n);
  const v3 = (v * v * v) % P;
  let x = (((u * v3) % P) * power((u * v3 * v3 * v) % P, (P - 5n) / 8n)) % P;
  const check = (v * x * x) % P;
  if (check !== u) {
    if (check !== modulo(-u)) return null;
    x = (x * ROOT_OF_MINUS_ONE) % P;
  }
  if ((x & 1n) !== sign) x = modulo(-x);
  return [x, y, 1n, (x * y) % P];
};

const BASE = decoded(toLittleEndian(modulo(4n * power(5n, P - 2n))));

const soundKeys = new Map();

const unsoundness = (key) => {
  if (BigInt.asUintN(255, littleEndian(key)) >= P) return "key-not-canonical";
  const point = decoded(key);
  if (!point) return "key-no-point";
  if (point[0] === 0n || isIdentity(doubled(doubled(doubled(point))))) return "key-small-order";
  return isIdentity(weighted(L, point, 0n, point)) ? null : "key-mixed-order";
};

/** Refuse a key that two libraries could read in two ways (docs/formats.md, keys). */
export const checkPublicKey = (key) => {
  if (!(key instanceof Uint8Array) || key.length !== 32) throw new Malformed("wrong-length");
  const name = toHex(key);
  if (!soundKeys.has(name)) soundKeys.set(name, unsoundness(key));
  if (soundKeys.get(name)) throw new Malformed(soundKeys.get(name));
};

/** The normative equation, computed here. */
export const verifyOwn = (key, message, signature) => {
  if (signature.length !== 64 || key.length !== 32) return false;
  const R = signature.subarray(0, 32);
  const S = littleEndian(signature.subarray(32));
  const A = decoded(key);
  // RFC 8032, 5.1.7: an S of L or more would give each signature a twin.
  if (S >= L || !A) return false;
  const h = littleEndian(sha512(R, key, message)) % L;
  return equal(encoded(weighted(S, BASE, h, negated(A))), R);
};

export const verifyInBrowser = async (key, message, signature) => {
  const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
};

/*
 * RFC 8032, 7.1, TEST 2: a good signature; and one by the same key whose R has a part of order eight, which only the
 * equation with the cofactor accepts.
 */
const PROBE = {
  key: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
  message: "72",
  good:
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  forged:
    "4745d9afce5559af48f13ca97dab2a485929600500056abdac830205c0261d7c" +
    "3f25e475104019ffe316b43fe23eefecf61b053b4c62b898e8970b4e58dc5501",
};

let browserComputesIt = null;

const probed = async () => {
  try {
    const [key, message, good, forged] = [PROBE.key, PROBE.message, PROBE.good, PROBE.forged].map(fromHex);
    return (await verifyInBrowser(key, message, good)) && !(await verifyInBrowser(key, message, forged));
  } catch (_) {
    return false;
  }
};

/** Whether this page may use the browser's own Ed25519: there, known, and of the same equation. */
export const browserKnowsEd25519 = () => {
  if (!browserComputesIt) browserComputesIt = probed();
  return browserComputesIt;
};

/* W3C says that a small-order R is refused; the equation does not: such signatures are computed here. */
const isSmallOrder = (bytes) => {
  const point = decoded(bytes);
  return !point || isIdentity(doubled(doubled(doubled(point))));
};

/** Whether *signature* over *message* is good for *key*, which must have passed `checkPublicKey`. */
export const verify = async (key, message, signature) => {
  if (signature.length !== 64) return false;
  if (!(await browserKnowsEd25519()) || isSmallOrder(signature.subarray(0, 32))) {
    return verifyOwn(key, message, signature);
  }
  return verifyInBrowser(key, message, signature);
};

/** Raise `NotProven` unless *signature* over *message* is good for the sound *key*. */
export const checkSignature = async (key, message, signature) => {
  checkPublicKey(key);
  if (!(await verify(key, message, signature))) throw new NotProven("wrong-signature");
};
