/**
 * How the log's own key changes: the old key and the new one sign together for a while, and the log says so.
 *
 *     {"kind":"log-keys","links":{},"change":{"log":"<origin>","new":["<vkey>",…],"old":["<vkey>",…],
 *                                             "phase":"begin"|"end","v":1}}
 *
 *     entry    0 ……………… i begin ……………… j end …………
 *     keys     old        old and new     new              of every checkpoint of a size above 0, i and j
 *
 * As ledger/rotation.py. The record bears no signature of its own: the checkpoints above it are signed by both. Who
 * trusts the old key is led to the new one by a *handover*: the proof of entry i under a checkpoint of both.
 */
import { fromBase64 } from "./bytes.js";
import { parseCheckpoint } from "./checkpoint.js";
import { hasExactly } from "./entry.js";
import { Malformed, NotProven } from "./errors.js";
import { checkInclusion } from "./merkle.js";
import { ED25519, MLDSA44, cosignersOf, parseKey, verified } from "./note.js";
import { quorumMet } from "./policy.js";
import { parseProof } from "./proof.js";

export const KIND = "log-keys";

const form = (holds) => {
  if (!holds) throw new Malformed("bad-record", { what: KIND });
};

/** At least one Ed25519 key, all of this log, none twice. */
const checkLogKeys = (origin, vkeys) => {
  form(Array.isArray(vkeys) && vkeys.every((vkey) => typeof vkey === "string"));
  const keys = vkeys.map(parseKey);
  form(keys.every(({ name, kind }) => name === origin && (kind === ED25519 || kind === MLDSA44)));
  form(keys.some(({ kind }) => kind === ED25519) && new Set(keys.map(({ id }) => id)).size === keys.length);
};

const parseChange = ({ record }, origin) => {
  form(hasExactly(record, "change", "kind", "links") && !Object.keys(record.links).length);
  const { change } = record;
  form(hasExactly(change, "log", "new", "old", "phase", "v") && change.v === 1);
  form(change.phase === "begin" || change.phase === "end");
  if (change.log !== origin) throw new NotProven("other-log", { log: String(change.log) });
  checkLogKeys(origin, change.old);
  checkLogKeys(origin, change.new);
  return change;
};

const same = (left, right) => left.length === right.length && left.every((one, at) => one === right[at]);
const idOf = (vkey) => vkey.split("+")[1];
const refuse = (index) => {
  throw new NotProven("bad-key-change", { index });
};

/** Which keys must have signed a checkpoint of each size, fed with the entries of the log in their order. */
export class KeySchedule {
  constructor(origin, first) {
    checkLogKeys(origin, first);
    this.origin = origin;
    this.steps = [{ after: -1, keys: first }];
    this.begun = null;
    this.changes = [];
  }

  admit(entry) {
    if (entry.record.kind !== KIND) return;
    const change = parseChange(entry, this.origin);
    if (change.phase === "begin") this.begin(change, entry.index);
    else this.end(change, entry.index);
  }

  begin(change, index) {
    const { keys } = this.steps[this.steps.length - 1];
    if (this.begun || !same(change.old, keys)) refuse(index);
    const former = new Set(this.steps.reduce((all, step) => all.concat(step.keys), []).map(idOf));
    // Whoever took an old key must not be able to bring it back.
    if (change.new.some((vkey) => former.has(idOf(vkey)))) refuse(index);
    this.steps.push({ after: index, keys: [...change.old, ...change.new] });
    this.begun = change;
    this.changes.push({ index, change });
  }

  end(change, index) {
    if (!this.begun || !same(change.old, this.begun.old) || !same(change.new, this.begun.new)) refuse(index);
    this.steps.push({ after: index, keys: change.new });
    this.begun = null;
  }

  /** The vkeys that must all have signed the published checkpoint of *size*. */
  inForce(size) {
    return this.steps.filter(({ after }) => after < size).pop().keys;
  }
}

const proofOf = (handovers, index) =>
  handovers.map(parseProof).find((proof) => proof.index === index);

/** The checkpoint of the change-over holds the entry, both keys signed it, and the witnesses of *policy* saw it. */
const checkHandover = async ({ index, change }, { handovers, entries, policy }) => {
  const proof = proofOf(handovers, index);
  if (!proof) throw new NotProven("handover-missing", { index });
  const { origin, size, root } = parseCheckpoint(proof.note.text);
  if (origin !== change.log) throw new NotProven("other-log", { log: origin });
  checkInclusion(proof.path, { size, root, index, leaf: fromBase64(entries.get(index).leaf) });
  const keys = [...change.old, ...change.new].map(parseKey);
  const signers = await verified(proof.note, [...keys, ...policy.witnesses]);
  if (!keys.every((key) => signers.includes(key))) throw new NotProven("handover-not-signed", { index });
  const cosigned = cosignersOf(proof.note, policy.witnesses, signers).map(({ witness }) => witness);
  if (!quorumMet(policy, cosigned)) throw new NotProven("handover-not-seen", { index });
};

const isWithin = (vkeys, others) => vkeys.every((vkey) => others.includes(vkey));

/**
 * The keys in force to which *trusted* vkeys lead, handover by handover; `NotProven` where they lead nowhere.
 *
 * log: `{schedule, size, handovers, entries, policy}`.
 */
export const followed = async (trusted, log) => {
  const inForce = log.schedule.inForce(log.size);
  let vkeys = trusted;
  for (const step of log.schedule.changes) {
    if (isWithin(vkeys, inForce)) break;
    // A policy of the change-over lists both; the handover is signed by every one of them.
    if (!isWithin(vkeys, [...step.change.old, ...step.change.new])) continue;
    await checkHandover(step, log);
    vkeys = step.change.new;
  }
  if (!isWithin(vkeys, inForce)) throw new NotProven("log-key-not-opened");
  return vkeys;
};
