/**
 * The verdict on a shopper's page: what the browser could prove of it, chapter by chapter. No document here.
 *
 *     ✗ broken      a check failed
 *     ◐ consistent  every hash and signature holds, but the keys came from this same visit
 *     ✓ proven      the keys are those that this browser kept from an earlier visit
 */
import { indexOf, isOfLot, parseAddress } from "./address.js";
import { toBase64 } from "./bytes.js";
import { checkChapter, checkFacts, fault, prover, unitsOf } from "./chapter.js";
import { NotProven } from "./errors.js";
import { checkGrown } from "./history.js";
import { comparePin, nextPin } from "./keys.js";
import { checkChain, mentions } from "./links.js";
import { faultOf, openLog } from "./log.js";
import { besides, upstream } from "./reach.js";
import { codeStateOf, latestTestOf, provenOf, recallsOf } from "./standing.js";
import { words } from "./words.js";

export const BROKEN = "broken", CONSISTENT = "consistent", PROVEN = "proven";

/* ---- the page as a whole ---- */

/** What the lot came from and the answer says it has no room for; never the lot itself. */
export const beyondOf = ({ beyond = [], lot }) => new Set(beyond.filter((subject) => subject !== lot));

/** Gaps in the history of the lot and of what it came from. */
export const gapsOf = (subjects, entries) => {
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

/** Recalls of the lot, or of what it was made from, that the page does not tell. */
const untoldRecalls = ({ page, origins }, lot, proven) =>
  page.recallShown ? [] : recallsOf(lot, origins, proven).map(({ index }) => fault("recall-hidden", { index }));

/** A page that has a latest test must show its verdict above the chapters, not that of an older one. */
const untoldTest = ({ page }, lot, proven) => {
  const latest = latestTestOf(lot, proven);
  const isVerdict = ({ chapter, entry, at }) => chapter === null && entry === latest.index && /\/verdict$/.test(at);
  return !latest || page.facts.some(isVerdict) ? [] : [fault("test-hidden", { index: latest.index })];
};

/** A page of one pack must show the state of its code that the entries leave it in. */
const untoldPack = ({ page, origins, words: spoken }, lot, proven) => {
  const opened = page.address ? parseAddress(page.address) : null;
  const index = opened && opened.serial ? indexOf(opened.serial) : null;
  if (index === null) return [];
  const isRecalled = recallsOf(lot, origins, proven).length > 0;
  const state = codeStateOf(lot, index, { isRecalled }, proven);
  const isShown = page.pack && page.pack.index === index && page.pack.state === state;
  return isShown && page.pack.text === spoken.code_state[state] ? [] : [fault("pack-differs", { index, state })];
};

/** The address that the shopper opened must be that of the lot; elsewhere (a saved file) nobody can tell. */
const checkAddress = ({ address }, lot) => {
  const opened = address ? parseAddress(address) : null;
  return !opened || isOfLot(opened, lot) ? [] : [fault("other-lot", { lot })];
};

const strayChapters = (bundle, page) => {
  const known = bundle.chapters.map(({ id }) => id);
  const isFirst = (id, at) => page.chapters.findIndex((one) => one.id === id) === at;
  return page.chapters.filter(({ id }, at) => !known.includes(id) || !isFirst(id, at))
    .map(({ id }) => fault("chapter-differs", { chapter: id }));
};

/* ---- what this browser kept ---- */

const shownBy = (log, { policy }) => ({ ...log, policy, root: toBase64(log.root) });

/** `{compared, rotated}`: whether the log goes on from the kept one, and the entry that changed its keys since. */
const checkKept = async ({ pin, consistency }, log, bundle) => {
  if (!pin) return { compared: null, rotated: null };
  const found = await comparePin(pin, shownBy(log, bundle), log);
  if (found === "changed") throw new NotProven("keys-changed");
  const { changes } = log.schedule;
  const rotated = found === "rotated" ? changes[changes.length - 1].index : null;
  return { compared: await checkGrown(pin, log, consistency), rotated };
};

/** Why good checks do not yet prove anything: a page cannot vouch for itself. */
const doubts = (log, page, bundle, { available, pin }, compared) => [
  ...(page.secure ? [] : ["not-secure"]),
  ...(available ? [] : ["nothing-kept"]),
  ...(pin || !available ? [] : ["first-visit"]),
  ...(log.published ? [] : ["not-published"]),
  ...(log.quorum ? [] : ["no-quorum"]),
  ...(compared === false ? ["not-compared"] : []),
  ...(beyondOf(bundle).size ? ["cut-short"] : []),
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
  const proven = await provenOf(prove, entries);
  const beyond = beyondOf(bundle);
  const shown = [...origins, ...bundle.subjects].filter((subject) => !beyond.has(subject));
  const gaps = gapsOf(new Set(shown), entries);
  giveGaps(gaps, chapters);
  const faults = [
    ...[...log.faults.values()], ...gaps, ...leftOut(bundle, entries), ...strayChapters(bundle, page),
    ...checkAddress(page, bundle.lot), ...untoldRecalls(told, bundle.lot, proven),
    ...untoldTest(told, bundle.lot, proven), ...untoldPack(told, bundle.lot, proven),
  ];
  const inChapters = new Set(bundle.chapters.reduce((all, chapter) => all.concat(chapter.entries), []));
  const own = entries.filter((entry) => inChapters.has(entry.index) || mentions(entry, bundle.lot));
  await checkFacts(told, page.facts.filter(({ chapter }) => chapter === null), own, faults);
  return { chapters, faults, prove };
};

const knowsOf = (log, lot, { compared, rotated }) => {
  const entries = [...log.entries.values()].sort((left, right) => right.index - left.index);
  const newest = entries.find((entry) => mentions(entry, lot));
  return {
    upTo: newest ? newest.index : null, size: log.size, at: entries[0].at, witnesses: log.cosigned.length,
    policy: log.policy.digest.slice(0, 16), compared, rotated,
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
  const kept = await checkKept(pins, log, bundle);
  const entries = [...log.entries.values()];
  const origins = upstream(bundle.lot, entries, beyondOf(bundle));
  const subjects = new Set([...origins, ...besides(origins, entries)]);
  const lang = bundle.lang === "en" ? "en" : "zh";
  const told = { log, prove: prover(log), page, origins, subjects, lang, words: words[lang], units: unitsOf(entries) };
  const verdict = await examine(told, bundle);
  const why = doubts(log, page, bundle, pins, kept.compared);
  const result = marked(why.length ? CONSISTENT : PROVEN, verdict);
  const keep = result.mark !== BROKEN && page.secure && pins.available;
  // New keys take the place of the kept ones only where the witnesses that count have seen them.
  const replaces = kept.rotated !== null && log.quorum;
  return {
    ...result, doubts: why, knows: knowsOf(log, bundle.lot, kept),
    remember: keep ? nextPin(pins.pin, shownBy(log, bundle), { now, replaces }) : null,
  };
};

/**
 * The verdict on *bundle* as *page* shows it.
 *
 * page: `{chapters: [{id, subject}], facts: [{chapter, entry, at, form, text, unit, salt, value, as}], recallShown,
 * pack: {index, state, text} or null, address, secure}`; pins: `{available, pin, consistency?}`; now: an instant. Returns `{mark, faults, doubts, knows,
 * remember, chapters: [{id, mark, faults, custody}]}` and never throws.
 */
export const check = async (bundle, page, pins, now) => {
  try {
    return await judge(bundle, page, pins, now);
  } catch (error) {
    return allBroken(page, faultOf(error));
  }
};
