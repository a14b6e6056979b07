/** Tree hashing and proofs of RFC 6962, as ledger/merkle.py has them: the same names, the same vectors. */
import { equal } from "./bytes.js";
import { NotProven } from "./errors.js";
import { sha256 } from "./sha256.js";

export const EMPTY_ROOT = sha256();
export const leafHash = (entry) => sha256(Uint8Array.of(0), entry);
export const nodeHash = (left, right) => sha256(Uint8Array.of(1), left, right);

/* Sizes reach 2^53; JavaScript's shifts end at 2^32. */
const halved = (number) => Math.floor(number / 2);
const isOdd = (number) => number % 2 === 1;

const checkLengths = (...hashes) => {
  if (!hashes.every((hash) => hash.length === 32)) throw new NotProven("bad-proof");
};

/** Raise `NotProven` unless *leaf* stands at *index* in the tree of *size* under *root* (RFC 9162, 2.1.3.2). */
export const checkInclusion = (proof, { size, root, index, leaf }) => {
  checkLengths(leaf, root, ...proof);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new NotProven("index-outside");
  let place = index, last = size - 1, hash = leaf;
  for (const step of proof) {
    if (last === 0) throw new NotProven("bad-proof");
    if (isOdd(place) || place === last) {
      hash = nodeHash(step, hash);
      while (!isOdd(place) && place !== 0) [place, last] = [halved(place), halved(last)];
    } else hash = nodeHash(hash, step);
    [place, last] = [halved(place), halved(last)];
  }
  if (last !== 0) throw new NotProven("bad-proof");
  if (!equal(hash, root)) throw new NotProven("other-root");
};

const isPowerOfTwo = (number) => {
  let rest = number;
  while (rest > 1 && !isOdd(rest)) rest = halved(rest);
  return rest === 1;
};

/** Raise `NotProven` unless the tree of *size* under *root* begins with that of *old* under *oldRoot* (2.1.4.2). */
export const checkConsistency = (proof, { old, oldRoot, size, root }) => {
  if (old === size && old > 0 && !proof.length && equal(oldRoot, root)) return;
  if (old < 1 || old >= size || !proof.length) throw new NotProven("not-consistent");
  checkLengths(oldRoot, root, ...proof);
  const [first, ...rest] = isPowerOfTwo(old) ? [oldRoot, ...proof] : proof;
  let place = old - 1, last = size - 1, before = first, now = first;
  while (isOdd(place)) [place, last] = [halved(place), halved(last)];
  for (const step of rest) {
    if (last === 0) throw new NotProven("not-consistent");
    if (isOdd(place) || place === last) {
      [before, now] = [nodeHash(step, before), nodeHash(step, now)];
      while (!isOdd(place) && place !== 0) [place, last] = [halved(place), halved(last)];
    } else now = nodeHash(now, step);
    [place, last] = [halved(place), halved(last)];
  }
  if (last !== 0 || !equal(before, oldRoot) || !equal(now, root)) throw new NotProven("not-consistent");
};
