/**
 * What a page brings of the log, checked from the bytes up: policy, checkpoint, entries, keys.
 *
 *     policy → log keys → checkpoint signature → root → inclusion of each entry → registrars → keys
 */
import { fromBase64, utf8 } from "./bytes.js";
import { Keyring, checkOpening } from "./authorship.js";
import { parseCheckpoint } from "./checkpoint.js";
import { parseEntry } from "./entry.js";
import { LedgerError, Malformed, NotProven } from "./errors.js";
import { checkInclusion } from "./merkle.js";
import { COSIGNATURE_ED25519, ED25519, parseNote, verified } from "./note.js";
import { parsePolicy, quorumMet } from "./policy.js";

/** A fault is the code and the facts of an error; what no check foresaw is a fault too, never a pass. */
export const faultOf = (error) =>
  error instanceof LedgerError
    ? { code: error.code, facts: error.facts }
    : { code: "check-failed", facts: { why: String(error && error.message) } };

/** Every Ed25519 key that the policy lists for the origin must have signed, else nothing is believed. */
const openCheckpoint = async (bundle) => {
  const policy = parsePolicy(bundle.policy);
  const logKeys = policy.logs.filter(({ name, kind }) => name === bundle.origin && kind === ED25519);
  if (!logKeys.length) throw new NotProven("no-log-key", { origin: bundle.origin });
  const note = parseNote(utf8(bundle.checkpoint));
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== bundle.origin) throw new NotProven("other-log", { log: checkpoint.origin });
  const witnesses = policy.witnesses.filter(({ kind }) => kind === COSIGNATURE_ED25519);
  const signers = await verified(note, [...logKeys, ...witnesses]);
  if (!logKeys.every((key) => signers.includes(key))) throw new NotProven("checkpoint-not-signed");
  const cosigned = witnesses.filter((key) => signers.includes(key)).map(({ witness }) => witness);
  const vkeys = policy.logs.filter(({ name }) => name === bundle.origin).map(({ vkey }) => vkey);
  return { ...checkpoint, policy, vkeys, logKeys, cosigned, quorum: quorumMet(policy, cosigned) };
};

const openEntry = ({ index, bytes, path }, { size, root }) => {
  const entry = parseEntry(fromBase64(bytes));
  if (entry.index !== index) throw new NotProven("other-index", { index, found: entry.index });
  const proof = path.map((hash) => fromBase64(hash, 32));
  checkInclusion(proof, { size, root, index, leaf: fromBase64(entry.leaf) });
  return entry;
};

/** Entries by index; those that do not hold are in `faults` instead. */
const openEntries = (sent, checkpoint) => {
  const entries = new Map(), faults = new Map();
  for (const one of sent) {
    if (entries.has(one.index) || faults.has(one.index)) throw new Malformed("entry-twice", { index: one.index });
    try {
      entries.set(one.index, openEntry(one, checkpoint));
    } catch (error) {
      faults.set(one.index, faultOf(error));
    }
  }
  return { entries, faults };
};

/** The chain is the second, independent check: each entry names the leaf of the one before it. */
const checkNeighbours = (entries, faults) => {
  for (const entry of entries.values()) {
    const before = entries.get(entry.index - 1);
    if (before && (entry.prev !== before.leaf || entry.at < before.at)) {
      faults.set(entry.index, { code: "chain-broken", facts: { index: entry.index } });
    }
  }
};

const inOrder = (entries) => [...entries.values()].sort((left, right) => left.index - right.index);

const openKeys = async (entries, faults, origin) => {
  const opening = entries.get(0);
  if (!opening) throw new NotProven("no-opening", faults.has(0) ? { because: faults.get(0).code } : {});
  const keyring = new Keyring(origin, checkOpening(opening, { origin }));
  for (const entry of inOrder(entries)) {
    try {
      await keyring.admit(entry);
    } catch (error) {
      faults.set(entry.index, faultOf(error));
    }
  }
  return keyring;
};

/** The log's key must be one that entry 0 names, or the first entry and the checkpoint are of different logs. */
const checkLogKeys = ({ record: { opening } }, logKeys) => {
  if (!logKeys.every(({ vkey }) => opening.vkeys.includes(vkey))) throw new NotProven("log-key-not-opened");
};

/**
 * `{origin, size, root, policy, vkeys, registrars, cosigned, quorum, entries, faults, keyring}`; throws where the log
 * as a whole does not hold.
 */
export const openLog = async (bundle) => {
  if (bundle.v !== 1 || !Array.isArray(bundle.entries)) throw new Malformed("bad-bundle");
  const checkpoint = await openCheckpoint(bundle);
  const { entries, faults } = openEntries(bundle.entries, checkpoint);
  checkNeighbours(entries, faults);
  const keyring = await openKeys(entries, faults, bundle.origin);
  checkLogKeys(entries.get(0), checkpoint.logKeys);
  const registrars = entries.get(0).record.opening.registrars.map(({ key }) => key);
  return { ...checkpoint, entries, faults, keyring, registrars };
};
