/**
 * SHAKE128 and SHAKE256 of FIPS 202: as many bytes as one asks for, out of any message.
 *
 * The state is 5 × 5 lanes of 64 bits, kept as pairs of 32-bit halves because a phone's BigInt is slow. Rotations and
 * round constants are computed as sections 3.2.2 and 3.2.5 define them, not typed.
 */
import { concat } from "./bytes.js";

const ROUNDS = 24, LANES = 25, STATE_BYTES = 200;

/** FIPS 202, algorithm 5: one bit for each step of a shift register of 8 bits. */
const constantBits = () => {
  let register = 1;
  return Array.from({ length: ROUNDS * 7 }, () => {
    const bit = register & 1;
    register = (register << 1) ^ (register >> 7 ? 0x171 : 0);
    return bit;
  });
};

/** Algorithm 6: bit 2^j − 1 of the constant of round r is bit 7·r + j of the register. */
const roundConstants = () => {
  const bits = constantBits();
  const low = new Int32Array(ROUNDS), high = new Int32Array(ROUNDS);
  bits.forEach((bit, at) => {
    const place = 2 ** (at % 7) - 1, round = Math.floor(at / 7);
    if (place < 32) low[round] |= bit << place;
    else high[round] |= bit << (place - 32);
  });
  return { low, high };
};

/** Steps ρ and π in one walk over the lanes: from where each lane comes, where it goes, and by how much it turns. */
const walk = () => {
  const found = [];
  for (let step = 0, x = 1, y = 0; step < LANES - 1; step += 1) {
    const nextX = y, nextY = (2 * x + 3 * y) % 5;
    found.push({ from: x + 5 * y, to: nextX + 5 * nextY, by: (((step + 1) * (step + 2)) / 2) % 64 });
    [x, y] = [nextX, nextY];
  }
  return found;
};

const CONSTANTS = roundConstants();
const WALK = walk();

const turned = (upper, lower, by) =>
  by < 32 ? (by ? (upper << by) | (lower >>> (32 - by)) : upper)
    : (by === 32 ? lower : (lower << (by - 32)) | (upper >>> (64 - by)));

const movedLow = new Int32Array(LANES), movedHigh = new Int32Array(LANES);
const columnLow = new Int32Array(5), columnHigh = new Int32Array(5);

const theta = (low, high) => {
  for (let x = 0; x < 5; x += 1) {
    columnLow[x] = low[x] ^ low[x + 5] ^ low[x + 10] ^ low[x + 15] ^ low[x + 20];
    columnHigh[x] = high[x] ^ high[x + 5] ^ high[x + 10] ^ high[x + 15] ^ high[x + 20];
  }
  for (let x = 0; x < 5; x += 1) {
    const before = (x + 4) % 5, after = (x + 1) % 5;
    const mixLow = columnLow[before] ^ turned(columnLow[after], columnHigh[after], 1);
    const mixHigh = columnHigh[before] ^ turned(columnHigh[after], columnLow[after], 1);
    for (let lane = x; lane < LANES; lane += 5) {
      low[lane] ^= mixLow;
      high[lane] ^= mixHigh;
    }
  }
};

const rhoAndPi = (low, high) => {
  movedLow[0] = low[0];
  movedHigh[0] = high[0];
  for (const { from, to, by } of WALK) {
    movedLow[to] = turned(low[from], high[from], by);
    movedHigh[to] = turned(high[from], low[from], by);
  }
};

const chi = (low, high) => {
  for (let row = 0; row < LANES; row += 5) {
    for (let x = 0; x < 5; x += 1) {
      const one = row + ((x + 1) % 5), two = row + ((x + 2) % 5);
      low[row + x] = movedLow[row + x] ^ (~movedLow[one] & movedLow[two]);
      high[row + x] = movedHigh[row + x] ^ (~movedHigh[one] & movedHigh[two]);
    }
  }
};

const permute = ({ low, high }) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    theta(low, high);
    rhoAndPi(low, high);
    chi(low, high);
    low[0] ^= CONSTANTS.low[round];
    high[0] ^= CONSTANTS.high[round];
  }
};

const absorb = (state, message, rate) => {
  const padded = new Uint8Array((Math.floor(message.length / rate) + 1) * rate);
  padded.set(message);
  // 1111 tells SHAKE from SHA-3, and 10*1 fills the block (FIPS 202, 6.2 and 5.1).
  padded[message.length] = 0x1f;
  padded[padded.length - 1] |= 0x80;
  const view = new DataView(padded.buffer);
  for (let block = 0; block < padded.length; block += rate) {
    for (let lane = 0; lane < rate / 8; lane += 1) {
      state.low[lane] ^= view.getInt32(block + 8 * lane, true);
      state.high[lane] ^= view.getInt32(block + 8 * lane + 4, true);
    }
    permute(state);
  }
};

const spelled = ({ low, high }, rate) => {
  const view = new DataView(new ArrayBuffer(STATE_BYTES));
  for (let lane = 0; lane < LANES; lane += 1) {
    view.setInt32(8 * lane, low[lane], true);
    view.setInt32(8 * lane + 4, high[lane], true);
  }
  return new Uint8Array(view.buffer, 0, rate);
};

/** A reader of the output for *parts*: `read(length)` → the next bytes of it. */
const shake = (rate, ...parts) => {
  const state = { low: new Int32Array(LANES), high: new Int32Array(LANES) };
  absorb(state, concat(...parts), rate);
  let block = spelled(state, rate), at = 0;
  return (length) => {
    const found = new Uint8Array(length);
    for (let done = 0; done < length; done += 1, at += 1) {
      if (at === rate) {
        permute(state);
        [block, at] = [spelled(state, rate), 0];
      }
      found[done] = block[at];
    }
    return found;
  };
};

export const shake128 = (...parts) => shake(168, ...parts);
export const shake256 = (...parts) => shake(136, ...parts);
