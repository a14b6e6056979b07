/**
 * Whether the log that a browser saw before is the beginning of the one it sees now, from c2sp.org/tlog-tiles.
 *
 *     /log/tile/<level>/<N>[.p/<W>]      256 hashes of 32 bytes, or the first W of them
 */
import { fromBase64 } from "./bytes.js";
import { NotProven } from "./errors.js";
import { checkConsistency, nodeHash } from "./merkle.js";

const FULL = 256;

/** 1234067 → "x001/x234/067" */
const groups = (number) => {
  const parts = [];
  for (let rest = number; ; rest = Math.floor(rest / 1000)) {
    parts.unshift((parts.length ? "x" : "") + String(rest % 1000).padStart(3, "0"));
    if (rest < 1000) return parts.join("/");
  }
};

export const tilePath = (level, index, width) =>
  `tile/${level}/${groups(index)}${width === FULL ? "" : `.p/${width}`}`;

/** A reader of the roots of complete subtrees of a tree of *size*: `(level, index)` → hash. */
export const nodeReader = (readTile, size) => {
  const tiles = new Map();
  const tile = (level, index) => {
    const width = Math.min(FULL, Math.floor(size / FULL ** level) - index * FULL);
    const path = tilePath(level, index, width);
    if (!tiles.has(path)) tiles.set(path, readTile(path, width));
    return tiles.get(path);
  };
  const read = async (level, index) => {
    if (level % 8) return nodeHash(await read(level - 1, 2 * index), await read(level - 1, 2 * index + 1));
    const hashes = await tile(level / 8, Math.floor(index / FULL));
    const at = (index % FULL) * 32;
    return hashes.subarray(at, at + 32);
  };
  return read;
};

const largestPowerBelow = (size) => {
  let level = 0;
  while (2 ** (level + 1) < size) level += 1;
  return level;
};

/** The root over leaves [start, start + size); start is a multiple of the largest power of two in it. */
const rootOf = async (read, start, size) => {
  if (size === 1) return read(0, start);
  const level = largestPowerBelow(size);
  if (2 ** (level + 1) === size) return read(level + 1, start / size);
  return nodeHash(await read(level, start / 2 ** level), await rootOf(read, start + 2 ** level, size - 2 ** level));
};

/** RFC 6962, 2.1.2: SUBPROOF(old, D[start:start+size], whole). */
const subproof = async (read, old, start, size, whole) => {
  if (old === size) return whole ? [] : [await rootOf(read, start, size)];
  const split = 2 ** largestPowerBelow(size);
  if (old <= split) {
    return [...(await subproof(read, old, start, split, whole)), await rootOf(read, start + split, size - split)];
  }
  const right = await subproof(read, old - split, start + split, size - split, false);
  return [...right, await rootOf(read, start, split)];
};

export const proveConsistency = (read, { old, size }) => subproof(read, old, 0, size, true);

const fetchTile = (prefix) => async (path, width) => {
  const answer = await fetch(prefix + path, { credentials: "omit" });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (!answer.ok || bytes.length !== 32 * width) throw new Error(`no tile ${path}`);
  return bytes;
};

const LONGEST_WAIT = 8000;

/* A server that never answers must not keep the page from its verdict. */
const tooLate = () => new Promise((_, reject) => { setTimeout(() => reject(new Error("no answer")), LONGEST_WAIT); });

/** `(old, size)` → the proof from the tiles under *prefix*, or null where they cannot be had. */
export const consistencyFrom = (prefix) => async (old, size) => {
  try {
    return await Promise.race([proveConsistency(nodeReader(fetchTile(prefix), size), { old, size }), tooLate()]);
  } catch (_) {
    return null;
  }
};

/**
 * Whether the log *now* goes on from what was *seen*: true, false where it could not be compared, null where nothing
 * was seen; throws where the two contradict each other. seen: `{size, root}`, the root in base64; consistency:
 * `(old, size)` → proof or null.
 */
export const checkGrown = async (seen, now, consistency) => {
  if (!seen.size) return null;
  if (now.size < seen.size) throw new NotProven("wound-back", { size: now.size, seen: seen.size });
  const claim = { old: seen.size, oldRoot: fromBase64(seen.root, 32), size: now.size, root: now.root };
  if (now.size === seen.size) checkConsistency([], claim);
  else {
    const proof = consistency ? await consistency(seen.size, now.size) : null;
    if (!proof) return false;
    checkConsistency(proof, claim);
  }
  return true;
};
