/**
 * One chapter of a shopper's page: its records are proven and about its subject, and what it shows is theirs.
 */
import { checkStatement } from "./authorship.js";
import { keySubject } from "./dsse.js";
import { Malformed, NotProven } from "./errors.js";
import { differenceOf } from "./facts.js";
import { chainBefore, mentions } from "./links.js";
import { faultOf } from "./log.js";
import { mayState } from "./may-state.js";
import { explains, isLot, namesIn } from "./reach.js";

export const fault = (code, facts = {}) => ({ code, facts });

/* ---- one entry ---- */

/** No revocation stands between the key's grant and *entry*: its links lead back to the grant without a gap. */
const checkKeyHistory = (log, entry, grant) => {
  const subject = keySubject(grant.id);
  if (!mentions(entry, subject)) throw new NotProven("key-not-linked", { party: grant.party });
  const chain = chainBefore(subject, entry, (index) => log.entries.get(index));
  const first = chain[chain.length - 1];
  if (!first || first.index !== grant.granted) throw new NotProven("key-not-linked", { party: grant.party });
};

const proveStatement = async (log, entry) => {
  const { index, record } = entry;
  const grants = await checkStatement(record, log.keyring, { origin: log.origin, index, mayState });
  grants.forEach((grant) => checkKeyHistory(log, entry, grant));
  const { by, claimed_by: claimedBy = null } = record.statement;
  return grants.map(({ custody }) => ({ party: by, custody, claimedBy }));
};

/* The log writes its opening and its keys itself; they were checked when the log was opened. */
const LOG_KINDS = ["log-opened", "key", "revocation", "log-keys"];

/** `prove(index)` → the custody of the entry's signatures, or throws; each entry is proven once. */
export const prover = (log) => {
  const proven = new Map();
  const prove = async (index) => {
    if (log.faults.has(index)) throw new NotProven(log.faults.get(index).code, log.faults.get(index).facts);
    const entry = log.entries.get(index);
    if (!entry) throw new NotProven("entry-missing", { index });
    if (LOG_KINDS.includes(entry.record.kind)) return [];
    if (entry.record.kind !== "statement") throw new Malformed("unknown-kind", { index });
    return proveStatement(log, entry);
  };
  return (index) => {
    if (!proven.has(index)) proven.set(index, prove(index));
    return proven.get(index);
  };
};

const attempt = async (faults, work) => {
  try {
    return await work();
  } catch (error) {
    faults.push(faultOf(error));
    return null;
  }
};

/* ---- what the page shows ---- */

/** The units of pieces that the registered products of this page have. */
export const unitsOf = (entries) =>
  new Set(entries.map(({ record }) => record.statement && record.statement.event)
    .filter((event) => event && event.kind === "product-registered" && event.piece !== undefined)
    .map((event) => event.piece));

/** Whether a fact from *entry* may stand where the page shows *own* entries. */
const belongs = (entry, own) => own.includes(entry) || explains(entry, namesIn(own));

const checkFact = async (told, fact, own) => {
  const { log, prove } = told;
  await prove(fact.entry);
  const entry = log.entries.get(fact.entry);
  if (!belongs(entry, own)) throw new NotProven("fact-of-another", { entry: fact.entry, at: fact.at });
  const difference = differenceOf(fact, entry, told);
  if (difference) throw new NotProven(difference.code, difference.facts);
};

/** Put into *faults* what the page shows otherwise than the record. */
export const checkFacts = async (told, facts, own, faults) => {
  for (const fact of facts) await attempt(faults, () => checkFact(told, fact, own));
};

const entryOf = (log, index) => (log.entries.has(index) ? [log.entries.get(index)] : []);

/** The entry is about *subject*; and if it is about lots, one of them is the page's lot or went into it. */
const checkAbout = ({ log, origins }, index, subject) => {
  const entry = log.entries.get(index);
  const lots = Object.keys(entry.record.links).filter(isLot);
  // Records of other lots name the same party, product or container; that does not make them this lot's.
  const isAnothers = lots.length > 0 && !lots.some((lot) => origins.includes(lot));
  if (!mentions(entry, subject) || isAnothers) throw new NotProven("other-subject", { index, subject });
};

/** One chapter: its entries are proven and about its subject, and its facts are theirs. */
export const checkChapter = async (told, chapter, shown) => {
  const { log, prove, page, subjects } = told;
  const faults = [], custody = [];
  if (!shown || shown.subject !== chapter.subject) faults.push(fault("chapter-differs", { chapter: chapter.id }));
  // Where the record that leads from the lot to this subject is not proven, nothing shows that it belongs here.
  if (!subjects.has(chapter.subject)) faults.push(fault("chapter-of-another", { subject: chapter.subject }));
  for (const index of chapter.entries) {
    const signed = await attempt(faults, () => prove(index));
    if (!signed) continue;
    custody.push(...signed);
    await attempt(faults, () => checkAbout(told, index, chapter.subject));
  }
  const own = chapter.entries.reduce((all, index) => all.concat(entryOf(log, index)), []);
  await checkFacts(told, page.facts.filter((fact) => fact.chapter === chapter.id), own, faults);
  return { id: chapter.id, subject: chapter.subject, entries: chapter.entries, faults, custody };
};
