/**
 * Who may say what: keys are granted and revoked in the log itself, and each statement is signed with one.
 *
 *     entry 0   log-opened     names the registrars' keys
 *               key            a registrar grants a key to a party, for one role; the key's holder signs last
 *               revocation     a registrar ends a key
 *               statement      a party states an event, signed with one of its keys
 *
 * As ledger/authorship.py: a key is valid after its key entry and before its revocation, by index, never by a clock.
 */
import { fromBase64 } from "./bytes.js";
import { dumps } from "./canonical.js";
import { parseCheckpoint } from "./checkpoint.js";
import { KEY, REVOCATION, STATEMENT, keyId, pae } from "./dsse.js";
import { checkPublicKey, checkSignature } from "./ed25519.js";
import { hasExactly } from "./entry.js";
import { Malformed, NotProven } from "./errors.js";
import { parseNote } from "./note.js";

const isText = (value) => typeof value === "string" && value !== "";
const form = (holds, what) => {
  if (!holds) throw new Malformed("bad-record", { what });
};

/** Exactly *names*, and perhaps the *optional* one. */
const hasNames = (value, names, optional) =>
  hasExactly(value, ...names) || (optional !== undefined && hasExactly(value, ...names, optional));

/** The signed words name this log, so that they cannot be carried into another. */
const checkPlace = (signed, origin) => {
  form(signed.v === 1, "v");
  if (signed.log !== origin) throw new NotProven("other-log", { log: String(signed.log) });
};

const signaturesOf = ({ sigs }) => {
  form(Array.isArray(sigs) && sigs.length > 0 && sigs.every((one) => hasExactly(one, "key", "sig")), "sigs");
  form(new Set(sigs.map((one) => one.key)).size === sigs.length, "sigs");
  return sigs.map(({ key, sig }) => ({ key, signature: fromBase64(sig, 64) }));
};

/** A log that goes on from another brings the other's last note; who signed it is not asked. */
const checkContinues = (continues, origin) => {
  form(hasExactly(continues, "note", "origin") && isText(continues.note), "continues");
  const last = parseCheckpoint(parseNote(fromBase64(continues.note)).text);
  form(last.size > 0 && last.origin === continues.origin && last.origin !== origin, "continues");
};

/** The registrars' public keys by their ids, as entry 0 names them. */
export const checkOpening = ({ index, record }, { origin }) => {
  form(index === 0 && hasExactly(record, "kind", "links", "opening") && record.kind === "log-opened", "opening");
  const { opening } = record;
  form(hasNames(opening, ["formats", "origin", "registrars", "rules", "v", "vkeys"], "continues"), "opening");
  form(opening.v === 1 && Array.isArray(opening.registrars) && opening.registrars.length > 0, "opening");
  if (opening.origin !== origin) throw new NotProven("other-log", { log: String(opening.origin) });
  if (opening.continues !== undefined) checkContinues(opening.continues, origin);
  return new Map(opening.registrars.map(({ key }) => {
    const publicKey = fromBase64(key, 32);
    checkPublicKey(publicKey);
    return [keyId(publicKey), publicKey];
  }));
};

/** What a key entry grants, its holder's signature checked; who vouches is not asked. */
const granted = async ({ index, record }, origin) => {
  form(hasExactly(record, "grant", "kind", "links", "sigs") && record.kind === "key", "key");
  const { grant } = record;
  form(hasNames(grant, ["custody", "key", "log", "party", "role", "v"], "replaces"), "key");
  checkPlace(grant, origin);
  form(grant.custody === "author" || grant.custody === "platform", "custody");
  form(isText(grant.party) && isText(grant.role), "key");
  const publicKey = fromBase64(grant.key, 32);
  const id = keyId(publicKey);
  const { key: holder, signature } = signaturesOf(record).pop();
  if (holder !== id) throw new NotProven("no-possession");
  await checkSignature(publicKey, pae(KEY, dumps(grant)), signature);
  const { party, role, custody, replaces = null } = grant;
  return { id, publicKey, party, role, custody, replaces, granted: index, revoked: Infinity };
};

const isValidAt = (grant, index) => grant.granted < index && index < grant.revoked;

/** The keys that a log has granted, fed with its key records in the order of their indices. */
export class Keyring {
  constructor(origin, registrars) {
    this.origin = origin;
    this.registrars = new Map(registrars);
    this.grants = new Map();
  }

  /** Check the record of *entry* and take over the key that it grants or ends; other records pass by. */
  async admit(entry) {
    if (entry.record.kind === "key") await this.admitKey(entry);
    if (entry.record.kind === "revocation") await this.admitRevocation(entry);
  }

  async admitKey(entry) {
    const grant = await granted(entry, this.origin);
    if (this.grants.has(grant.id)) throw new NotProven("key-granted-twice");
    const [first, ...others] = signaturesOf(entry.record);
    // A registrar who registers the registrar's own key signs once: voucher and holder are one.
    form(others.length === (first.key === grant.id ? 0 : 1), "sigs");
    const publicKey = this.voucher(first.key, grant, this.replacedBy(grant));
    await checkSignature(publicKey, pae(KEY, dumps(entry.record.grant)), first.signature);
    if (this.registrars.has(grant.replaces)) this.registrars.set(grant.id, grant.publicKey);
    this.grants.set(grant.id, grant);
  }

  replacedBy({ replaces, party, role }) {
    if (replaces === null) return null;
    const replaced = this.grants.get(replaces);
    if (!replaced || replaced.party !== party || replaced.role !== role) throw new NotProven("bad-replacement");
    return replaced;
  }

  /** The public key of who vouches for *grant*: a registrar, or the key that it replaces. */
  voucher(id, grant, replaced) {
    if (this.registrars.has(id)) return this.registrars.get(id);
    if (!replaced || replaced.id !== id || !isValidAt(replaced, grant.granted)) throw new NotProven("no-registrar");
    return replaced.publicKey;
  }

  async admitRevocation({ index, record }) {
    form(hasExactly(record, "kind", "links", "revocation", "sigs"), "revocation");
    const { revocation } = record;
    form(hasExactly(revocation, "key", "log", "party", "reason", "v"), "revocation");
    checkPlace(revocation, this.origin);
    for (const { key, signature } of signaturesOf(record)) {
      if (!this.registrars.has(key)) throw new NotProven("no-registrar");
      await checkSignature(this.registrars.get(key), pae(REVOCATION, dumps(revocation)), signature);
    }
    const ended = this.validAt(revocation.key, index);
    const { party } = ended;
    if (party !== revocation.party) throw new NotProven("other-party", { by: revocation.party, party });
    ended.revoked = index;
    this.registrars.delete(ended.id);
  }

  /** The grant under which an entry at *index* may be signed. */
  validAt(id, index) {
    const grant = this.grants.get(id);
    if (!grant) throw new NotProven("key-unknown");
    if (index >= grant.revoked) throw new NotProven("key-revoked", { party: grant.party, revoked: grant.revoked });
    if (index <= grant.granted) throw new NotProven("key-not-yet", { party: grant.party, granted: grant.granted });
    return grant;
  }
}

const checkSaid = (record, origin) => {
  form(hasExactly(record, "kind", "links", "ruling", "sigs", "statement") && record.kind === "statement", "statement");
  const { statement } = record;
  form(hasNames(statement, ["by", "event", "id", "log", "v"], "claimed_by"), "statement");
  checkPlace(statement, origin);
  const { by, event, id, claimed_by: claimant } = statement;
  form(isText(by) && isText(id) && (claimant === undefined || isText(claimant)), "statement");
  form(typeof event === "object" && isText(event.kind), "event");
};

/** A correction also states what is right instead: the author's role must cover both. */
const checkMayState = (role, event, mayState) => {
  const kinds = [event.kind, ...(event.replacement ? [event.replacement.kind] : [])];
  for (const kind of kinds) {
    const roles = Object.prototype.hasOwnProperty.call(mayState, kind) ? mayState[kind] : [];
    if (!roles.includes(role)) throw new NotProven("may-not-state", { role, kind });
  }
};

/**
 * The grants under which the statement in *record* was signed; raises unless its form, each signature, each key at
 * *index* and the role of each signer are right.
 */
export const checkStatement = async (record, keyring, { origin, index, mayState }) => {
  checkSaid(record, origin);
  const { statement } = record;
  const message = pae(STATEMENT, dumps(statement));
  const grants = [];
  for (const { key, signature } of signaturesOf(record)) {
    const grant = keyring.validAt(key, index);
    await checkSignature(grant.publicKey, message, signature);
    if (grant.party !== statement.by) throw new NotProven("other-party", { by: statement.by, party: grant.party });
    checkMayState(grant.role, statement.event, mayState);
    grants.push(grant);
  }
  return grants;
};
