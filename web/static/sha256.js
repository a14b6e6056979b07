/** SHA-256 of FIPS 180-4, at once and without a promise, for pages that are no secure context too. */
import { concat } from "./bytes.js";
import { ROUND, START, WINDOWS, padded } from "./sha512.js";

const words = new Uint32Array(64);
const turned = (word, by) => (word >>> by) | (word << (32 - by));

const schedule = (view, offset) => {
  for (let t = 0; t < 16; t += 1) words[t] = view.getUint32(offset + 4 * t);
  for (let t = 16; t < 64; t += 1) {
    const old = words[t - 15], late = words[t - 2];
    words[t] =
      words[t - 16] + words[t - 7] +
      (turned(old, 7) ^ turned(old, 18) ^ (old >>> 3)) + (turned(late, 17) ^ turned(late, 19) ^ (late >>> 10));
  }
};

const compress = (state, view, offset) => {
  schedule(view, offset);
  const now = Array.from(state);
  for (let t = 0; t < 64; t += 1) {
    const [a, b, c, d, e, f, g, h] = WINDOWS[t % 8];
    const first =
      (now[h] + (turned(now[e], 6) ^ turned(now[e], 11) ^ turned(now[e], 25)) +
        ((now[e] & now[f]) ^ (~now[e] & now[g])) + ROUND.upper[t] + words[t]) | 0;
    const second =
      (turned(now[a], 2) ^ turned(now[a], 13) ^ turned(now[a], 22)) +
      ((now[a] & now[b]) ^ (now[a] & now[c]) ^ (now[b] & now[c]));
    now[d] = (now[d] + first) | 0;
    now[h] = (first + second) | 0;
  }
  for (let word = 0; word < 8; word += 1) state[word] += now[word];
};

export const sha256 = (...parts) => {
  const view = padded(concat(...parts), 64);
  const state = START.upper.slice();
  for (let offset = 0; offset < view.byteLength; offset += 64) compress(state, view, offset);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, at) => digest.setUint32(4 * at, word));
  return new Uint8Array(digest.buffer);
};
