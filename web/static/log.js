/**
 * What a page brings of the log, checked from the bytes up: policy, checkpoint, entries, keys.
 *
 *     policy · checkpoint → root → inclusion of each entry → entry 0 and changes of the log's keys → the keys in force
 *     keys in force → signatures of the checkpoint         the policy's keys are among them, or lead to them
 *     entry 0 → registrars → authors' keys
 *
 * Nothing is believed of the entries before the signatures have been checked: `openLog` throws unless they hold.
 */
import { fromBase64, utf8 } from "./bytes.js";
import { Keyring, checkOpening } from "./authorship.js";
import { parseCheckpoint } from "./checkpoint.js";
import { parseEntry } from "./entry.js";
import { LedgerError, Malformed, NotProven } from "./errors.js";
import { checkInclusion } from "./merkle.js";
import { ED25519, cosignersOf, parseKey, parseNote, seenAt, verified } from "./note.js";
import { parsePolicy, quorumMet } from "./policy.js";
import { KeySchedule, followed } from "./rotation.js";

/** A fault is the code and the facts of an error; what no check foresaw is a fault too, never a pass. */
export const faultOf = (error) =>
  error instanceof LedgerError
    ? { code: error.code, facts: error.facts }
    : { code: "check-failed", facts: { why: String(error && error.message) } };

const openCheckpoint = (bundle) => {
  const policy = parsePolicy(bundle.policy);
  const vkeys = policy.logs.filter(({ name }) => name === bundle.origin).map(({ vkey }) => vkey);
  if (!vkeys.length) throw new NotProven("no-log-key", { origin: bundle.origin });
  const note = parseNote(utf8(bundle.checkpoint));
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint.origin !== bundle.origin) throw new NotProven("other-log", { log: checkpoint.origin });
  return { ...checkpoint, note, policy, vkeys };
};

/**
 * Every key in force must have signed, else nothing is believed; but a checkpoint that is sealed and not yet published
 * has no ML-DSA lines. That is no lie: it is said, and proves nothing to a stranger.
 */
const checkSigned = async ({ note, policy, size }, schedule) => {
  const keys = schedule.inForce(size).map((vkey) => ({ vkey, ...parseKey(vkey) }));
  const signers = await verified(note, [...keys, ...policy.witnesses]);
  const missing = keys.filter((key) => !signers.includes(key));
  if (missing.some(({ kind }) => kind === ED25519)) throw new NotProven("checkpoint-not-signed");
  const witnesses = cosignersOf(note, policy.witnesses, signers);
  const cosigned = witnesses.map(({ witness }) => witness);
  const seen = witnesses.map((key) => seenAt(note, key));
  return { published: !missing.length, cosigned, seen, quorum: quorumMet(policy, cosigned) };
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

/** Who may sign for the log, and who may vouch for authors: entry 0 says it, later entries change it. */
const openKeys = async (entries, faults, origin) => {
  const opening = entries.get(0);
  if (!opening) throw new NotProven("no-opening", faults.has(0) ? { because: faults.get(0).code } : {});
  const keyring = new Keyring(origin, checkOpening(opening, { origin }));
  const schedule = new KeySchedule(origin, opening.record.opening.vkeys);
  for (const entry of inOrder(entries)) {
    try {
      await keyring.admit(entry);
      schedule.admit(entry);
    } catch (error) {
      faults.set(entry.index, faultOf(error));
    }
  }
  return { keyring, schedule };
};

/**
 * `{origin, size, root, note, policy, vkeys, registrars, published, cosigned, seen, quorum, entries, faults, keyring,
 * schedule, handovers}`; throws where the log as a whole does not hold.
 */
export const openLog = async (bundle) => {
  if (bundle.v !== 1 || !Array.isArray(bundle.entries)) throw new Malformed("bad-bundle");
  const checkpoint = openCheckpoint(bundle);
  const { entries, faults } = openEntries(bundle.entries, checkpoint);
  checkNeighbours(entries, faults);
  const { keyring, schedule } = await openKeys(entries, faults, bundle.origin);
  const signed = await checkSigned(checkpoint, schedule);
  const registrars = entries.get(0).record.opening.registrars.map(({ key }) => key);
  const handovers = Array.isArray(bundle.handovers) ? bundle.handovers : [];
  const log = { ...checkpoint, ...signed, entries, faults, keyring, schedule, registrars, handovers };
  // The policy's own keys signed, or handed over to those that did.
  await followed(checkpoint.vkeys, log);
  return log;
};
