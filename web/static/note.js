/**
 * Text signed by one or more named keys, c2sp.org/signed-note.
 *
 *     <text, ending with a line feed>
 *
 *     — <key name> <base64 of the key's four-byte id and the signature>
 *
 *     vkey: <name>+<8 hex digits of the id>+<base64 of the kind and the public key>
 */
import { concat, equal, fromBase64, fromHex, textOf, toBase64, toHex, utf8 } from "./bytes.js";
import { parseCheckpoint } from "./checkpoint.js";
import { checkPublicKey, verify } from "./ed25519.js";
import { Malformed, NotProven } from "./errors.js";
import { PUBLIC_KEY_LENGTH, SIGNATURE_LENGTH, verifyMldsa44 } from "./mldsa44.js";
import { sha256 } from "./sha256.js";

export const ED25519 = 1;
export const COSIGNATURE_ED25519 = 4;
export const MLDSA44 = 6;

const NAME = /^[^\s+\u0000-\u001f]+$/;
const LINE = /^\u2014 ([^ ]+) ([A-Za-z0-9+/]+={0,2})$/;
const MOST_LINES = 100;

const keyId = (name, kind, publicKey) => sha256(utf8(`${name}\n`), Uint8Array.of(kind), publicKey).slice(0, 4);

/** A verifier key: `{name, kind, publicKey, id}`; `id` is eight hex digits. */
export const parseKey = (vkey) => {
  const found = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(vkey);
  if (!found || !NAME.test(found[1])) throw new Malformed("bad-key");
  const typed = fromBase64(found[3]);
  const key = { name: found[1], kind: typed[0], publicKey: typed.slice(1), id: found[2] };
  if (!equal(keyId(key.name, key.kind, key.publicKey), fromHex(key.id))) throw new Malformed("bad-key");
  if (key.kind === ED25519 || key.kind === COSIGNATURE_ED25519) checkPublicKey(key.publicKey);
  if (key.kind === MLDSA44 && key.publicKey.length !== PUBLIC_KEY_LENGTH) throw new Malformed("bad-key");
  return key;
};

const parseLine = (line) => {
  const found = LINE.exec(line);
  if (!found || !NAME.test(found[1])) throw new Malformed("bad-note");
  const payload = fromBase64(found[2]);
  if (payload.length < 5) throw new Malformed("bad-note");
  return { name: found[1], id: toHex(payload.slice(0, 4)), payload: payload.slice(4) };
};

/** `{text, signatures: [{name, id, payload}]}`; the text ends with its line feed. */
export const parseNote = (bytes) => {
  const whole = textOf(bytes);
  const split = whole.lastIndexOf("\n\n");
  if (split < 0 || !whole.endsWith("\n") || /[\u0000-\u0009\u000b-\u001f]/.test(whole)) throw new Malformed("bad-note");
  const lines = whole.slice(split + 2, -1).split("\n");
  if (lines.length > MOST_LINES) throw new Malformed("bad-note");
  return { text: whole.slice(0, split + 1), signatures: lines.map(parseLine) };
};

export const formatNote = ({ text, signatures }) =>
  utf8(`${text}\n${signatures.map(({ name, id, payload }) =>
    `\u2014 ${name} ${toBase64(concat(fromHex(id), payload))}\n`).join("")}`);

const TIME_LENGTH = 8;
const LENGTHS = { [ED25519]: 64, [COSIGNATURE_ED25519]: TIME_LENGTH + 64, [MLDSA44]: TIME_LENGTH + SIGNATURE_LENGTH };

const timeOf = (payload) => new DataView(payload.buffer, payload.byteOffset).getBigUint64(0);

/** A witness says when it saw the tree, from 1 to 2^63 - 1 (tlog-cosignature); a log that states its own has no time. */
const checkTime = ({ name, kind }, time, text) => {
  const isOwn = kind === MLDSA44 && name === parseCheckpoint(text).origin;
  if ((time === 0n && !isOwn) || time >> 63n) throw new NotProven("wrong-note-signature", { name });
};

/** *text* after its length in one byte. */
const counted = (text) => {
  const bytes = utf8(text);
  if (bytes.length > 255) throw new Malformed("bad-note");
  return concat(Uint8Array.of(bytes.length), bytes);
};

const eightBytes = (number) => {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(number));
  return new Uint8Array(view.buffer);
};

/** The form of c2sp.org/tlog-cosignature for ML-DSA-44: the subtree from 0 to the size of the checkpoint. */
const subtreeMessage = (name, text, time) => {
  const { origin, size, root } = parseCheckpoint(text);
  return concat(utf8("subtree/v1\n\0"), counted(name), time, counted(origin), eightBytes(0), eightBytes(size), root);
};

/** Whether the *payload* of a line is what *key* put under *text*, in the form of its kind. */
const holds = async ({ name, kind, publicKey }, text, payload) => {
  if (payload.length !== LENGTHS[kind]) return false;
  if (kind === ED25519) return verify(publicKey, utf8(text), payload);
  const time = timeOf(payload), signature = payload.slice(TIME_LENGTH);
  checkTime({ name, kind }, time, text);
  if (kind === COSIGNATURE_ED25519) return verify(publicKey, utf8(`cosignature/v1\ntime ${time}\n${text}`), signature);
  return verifyMldsa44(publicKey, subtreeMessage(name, text, payload.slice(0, TIME_LENGTH)), signature);
};

const isOf = ({ name, id, kind }) => (line) => name === line.name && id === line.id && kind in LENGTHS;

/**
 * The *keys* that signed *note*, each once. Lines of unknown keys and of kinds that no browser knows are passed over;
 * a line of a known key that does not hold refuses the whole note.
 */
export const verified = async (note, keys) => {
  const found = new Set();
  for (const line of note.signatures) {
    const key = keys.find((one) => isOf(one)(line));
    if (!key) continue;
    if (!(await holds(key, note.text, line.payload))) throw new NotProven("wrong-note-signature", { name: key.name });
    found.add(key);
  }
  return [...found];
};

/** The second at which the witness with *key* says that it saw the tree of *note*, which `verified` has passed. */
export const seenAt = (note, key) => Number(timeOf(note.signatures.find(isOf(key)).payload));

/** A witness whose clock runs ahead by more seconds than this is believed neither about time nor about anything else. */
const CLOCKS_DIFFER = 300;

/**
 * Those of *witnesses* among the *signers* of *note* that count, as ledger/trust.py has it: they saw the tree at a time,
 * and none that is still to come.
 */
export const cosignersOf = (note, witnesses, signers) => {
  const latest = Date.now() / 1000 + CLOCKS_DIFFER;
  return witnesses.filter((key) => signers.includes(key) && seenAt(note, key) > 0 && seenAt(note, key) <= latest);
};
