/**
 * The verdict on a shopper's page: what the browser could prove of it, chapter by chapter. No document here.
 *
 *     ✗ broken      a check failed
 *     ◐ consistent  every hash and signature holds, but the keys came from this same visit
 *     ✓ proven      the keys are those that this browser kept from an earlier visit
 */
import { fromBase64, toBase64, toHex } from "./bytes.js";
import { dumps } from "./canonical.js";
import { checkChapter, checkFacts, fault, prover, unitsOf } from "./chapter.js";
import { STATEMENT, pae } from "./dsse.js";
import { NotProven } from "./errors.js";
import { comparePin, nextPin } from "./keys.js";
import { checkChain, mentions } from "./links.js";
import { faultOf, openLog } from "./log.js";
import { checkConsistency } from "./merkle.js";
import { besides, isLot, upstream } from "./reach.js";
import { sha256 } from "./sha256.js";
import { words } from "./words.js";

export const BROKEN = "broken", CONSISTENT = "consistent", PROVEN = "proven";

/* ---- the page as a whole ---- */

/** Gaps in the history of the lot and of what it came from. */
const gapsOf = (subjects, entries) => {
  const faults = [];
  for (const subject of subjects) {
    try {
      checkChain(subject, entries);
    } catch (error) {
      faults.push(faultOf(error));
    }
  }
  return faults;
};

/** A gap shows at the chapter that stands after it; where no chapter does, at those of the subject. */
const giveGaps = (gaps, chapters) => {
  for (const gap of gaps) {
    const after = chapters.filter(({ entries }) => entries.includes(gap.facts.before));
    const about = chapters.filter(({ subject }) => subject === gap.facts.subject);
    (after.length ? after : about).forEach((chapter) => chapter.faults.push(gap));
  }
};

const leftOut = (bundle, entries) => {
  const told = new Set(bundle.chapters.reduce((all, chapter) => all.concat(chapter.entries), []));
  return entries.filter((entry) => entry.record.kind === "statement" && mentions(entry, bundle.lot))
    .filter(({ index }) => !told.has(index)).map(({ index }) => fault("left-out", { index }));
};

const digestOf = ({ record }) => toHex(sha256(pae(STATEMENT, dumps(record.statement))));

const isProven = async (prove, { index }) => {
  try {
    await prove(index);
    return true;
  } catch (_) {
    return false;
  }
};

const ofKind = async (kind, entries, prove) => {
  const found = [];
  for (const entry of entries) {
    const { statement } = entry.record;
    if (statement && statement.event && statement.event.kind === kind && (await isProven(prove, entry))) {
      found.push(entry);
    }
  }
  return found;
};

/** Digests of statements that their own author took back. */
const voided = async (entries, prove) => {
  const taken = await ofKind("corrected", entries, prove);
  const by = new Set(taken.map(({ record: { statement } }) => `${statement.by} ${statement.event.target}`));
  return (entry) => by.has(`${entry.record.statement.by} ${digestOf(entry)}`);
};

/** Recalls of the lot, or of what it was made from, that the page does not tell. */
const untoldRecalls = async ({ prove, page, origins }, lot, entries) => {
  if (page.recallShown) return [];
  const recalls = await ofKind("recalled", entries, prove);
  const isVoid = await voided(entries, prove);
  return recalls
    .filter((entry) => origins.includes(entry.record.statement.event.lot) || mentions(entry, lot))
    .filter((entry) => !isVoid(entry)).map(({ index }) => fault("recall-hidden", { index }));
};

/** The test of this very lot that counts: the latest that stands, or what a correction put in its place. */
const latestTest = async (prove, lot, entries) => {
  const isVoid = await voided(entries, prove);
  const found = [];
  for (const entry of entries) {
    const event = entry.record.statement && entry.record.statement.event;
    const test = event && event.kind === "corrected" ? event.replacement : event;
    if (!test || test.kind !== "inspected" || test.lot !== lot || isVoid(entry)) continue;
    if (await isProven(prove, entry)) found.push({ index: entry.index, at: test.at });
  }
  const order = (left, right) => (left.at === right.at ? left.index - right.index : left.at < right.at ? -1 : 1);
  return found.sort(order).pop();
};

/** A page that has a latest test must show its verdict above the chapters, not that of an older one. */
const untoldTest = async ({ prove, page }, lot, entries) => {
  const latest = await latestTest(prove, lot, entries);
  const isVerdict = ({ chapter, entry, at }) => chapter === null && entry === latest.index && /\/verdict$/.test(at);
  return !latest || page.facts.some(isVerdict) ? [] : [fault("test-hidden", { index: latest.index })];
};

/** The address that the shopper opened must be that of the lot; elsewhere (a saved file) nobody can tell. */
const checkAddress = ({ address }, lot) => {
  const path = (text) => text.replace(/^https?:\/\/[^/]*/, "").split("/").map(decodeURIComponent).join("/");
  if (!address || !isLot(address)) return [];
  const opened = `${path(address).replace(/\/$/, "")}/`;
  return opened.startsWith(`${path(lot)}/`) ? [] : [fault("other-lot", { lot })];
};

const strayChapters = (bundle, page) => {
  const known = bundle.chapters.map(({ id }) => id);
  const isFirst = (id, at) => page.chapters.findIndex((one) => one.id === id) === at;
  return page.chapters.filter(({ id }, at) => !known.includes(id) || !isFirst(id, at))
    .map(({ id }) => fault("chapter-differs", { chapter: id }));
};

/* ---- what this browser kept ---- */

const checkKept = async ({ pin, consistency }, log) => {
  if (!pin) return null;
  if (comparePin(pin, { ...log, policyDigest: log.policy.digest }) === "changed") throw new NotProven("keys-changed");
  if (log.size < pin.size) throw new NotProven("wound-back", { size: log.size, seen: pin.size });
  const oldRoot = fromBase64(pin.root, 32);
  if (log.size === pin.size) checkConsistency([], { old: pin.size, oldRoot, size: log.size, root: log.root });
  else if (!consistency) return false;
  else {
    const proof = await consistency(pin.size, log.size);
    if (!proof) return false;
    checkConsistency(proof, { old: pin.size, oldRoot, size: log.size, root: log.root });
  }
  return true;
};

/** Why good checks do not yet prove anything: a page cannot vouch for itself. */
const doubts = (log, page, { available, pin }, compared) => [
  ...(page.secure ? [] : ["not-secure"]),
  ...(available ? [] : ["nothing-kept"]),
  ...(pin || !available ? [] : ["first-visit"]),
  ...(log.quorum ? [] : ["no-quorum"]),
  ...(compared === false ? ["not-compared"] : []),
];

/* ---- the verdict ---- */

const allBroken = (page, why) => ({
  mark: BROKEN, faults: [why], doubts: [], knows: null, remember: null,
  chapters: page.chapters.map(({ id }) => ({ id, mark: BROKEN, faults: [why], custody: [] })),
});

const examine = async (told, bundle) => {
  const { log, prove, page, origins } = told;
  const entries = [...log.entries.values()];
  const chapters = [];
  for (const chapter of bundle.chapters) {
    chapters.push(await checkChapter(told, chapter, page.chapters.find(({ id }) => id === chapter.id)));
  }
  const gaps = gapsOf(new Set([...origins, ...bundle.subjects]), entries);
  giveGaps(gaps, chapters);
  const faults = [
    ...[...log.faults.values()], ...gaps, ...leftOut(bundle, entries), ...strayChapters(bundle, page),
    ...checkAddress(page, bundle.lot), ...(await untoldRecalls(told, bundle.lot, entries)),
    ...(await untoldTest(told, bundle.lot, entries)),
  ];
  const inChapters = new Set(bundle.chapters.reduce((all, chapter) => all.concat(chapter.entries), []));
  const own = entries.filter((entry) => inChapters.has(entry.index) || mentions(entry, bundle.lot));
  await checkFacts(told, page.facts.filter(({ chapter }) => chapter === null), own, faults);
  return { chapters, faults, prove };
};

const knowsOf = (log, lot, compared) => {
  const entries = [...log.entries.values()].sort((left, right) => right.index - left.index);
  const newest = entries.find((entry) => mentions(entry, lot));
  return {
    upTo: newest ? newest.index : null, size: log.size, at: entries[0].at, witnesses: log.cosigned.length,
    policy: log.policy.digest.slice(0, 16), compared,
  };
};

/* A fault of the page spoils its overall mark; a chapter is spoilt by its own, and by the log's. */
const marked = (mark, { chapters, faults }) => {
  const broken = faults.length > 0 || chapters.some((chapter) => chapter.faults.length > 0);
  return {
    mark: broken ? BROKEN : mark,
    faults,
    chapters: chapters.map(({ id, faults: own, custody }) =>
      ({ id, mark: own.length ? BROKEN : mark, faults: own, custody })),
  };
};

const judge = async (bundle, page, pins, now) => {
  const log = await openLog(bundle);
  const compared = await checkKept(pins, log);
  const entries = [...log.entries.values()];
  const origins = upstream(bundle.lot, entries);
  const subjects = new Set([...origins, ...besides(origins, entries)]);
  const lang = bundle.lang === "en" ? "en" : "zh";
  const told = { log, prove: prover(log), page, origins, subjects, lang, words: words[lang], units: unitsOf(entries) };
  const verdict = await examine(told, bundle);
  const why = doubts(log, page, pins, compared);
  const result = marked(why.length ? CONSISTENT : PROVEN, verdict);
  const keep = result.mark !== BROKEN && page.secure && pins.available;
  const shown = { ...log, policyDigest: log.policy.digest, root: toBase64(log.root) };
  return {
    ...result, doubts: why, knows: knowsOf(log, bundle.lot, compared),
    remember: keep ? nextPin(pins.pin, shown, now) : null,
  };
};

/**
 * The verdict on *bundle* as *page* shows it.
 *
 * page: `{chapters: [{id, subject}], facts: [{chapter, entry, at, form, text, unit, salt, value, as}], recallShown,
 * address, secure}`; pins: `{available, pin, consistency?}`; now: an instant. Returns `{mark, faults, doubts, knows,
 * remember, chapters: [{id, mark, faults, custody}]}` and never throws.
 */
export const check = async (bundle, page, pins, now) => {
  try {
    return await judge(bundle, page, pins, now);
  } catch (error) {
    return allBroken(page, faultOf(error));
  }
};
