/**
 * What stands among the records of a lot: which were taken back, which recalls reach it, which test counts.
 *
 * Each answer is made from proven records alone; a page may be compared with it, or be written from it.
 */
import { toHex } from "./bytes.js";
import { dumps } from "./canonical.js";
import { STATEMENT, pae } from "./dsse.js";
import { mentions } from "./links.js";
import { sha256 } from "./sha256.js";

export const digestOf = ({ record }) => toHex(sha256(pae(STATEMENT, dumps(record.statement))));

/** Those of *entries* whose statement holds. */
export const provenOf = async (prove, entries) => {
  const found = [];
  for (const entry of entries.filter(({ record }) => record.statement && record.statement.event)) {
    try {
      await prove(entry.index);
      found.push(entry);
    } catch (_) {
      // What is not proven is told as broken where it stands, and counts for nothing here.
    }
  }
  return found;
};

const ofKind = (kind, proven) => proven.filter(({ record }) => record.statement.event.kind === kind);

/** By the index of a statement that its own author took back: the entry that did. */
export const voidedBy = (proven) => {
  const taken = new Map();
  for (const entry of ofKind("corrected", proven)) {
    const name = `${entry.record.statement.by} ${entry.record.statement.event.target}`;
    if (!taken.has(name)) taken.set(name, entry.index);
  }
  const found = new Map();
  for (const entry of proven) {
    const by = taken.get(`${entry.record.statement.by} ${digestOf(entry)}`);
    if (by !== undefined) found.set(entry.index, by);
  }
  return found;
};

/** The recalls of *lot*, or of what it was made from, that stand. */
export const recallsOf = (lot, origins, proven) => {
  const voided = voidedBy(proven);
  return ofKind("recalled", proven)
    .filter((entry) => origins.includes(entry.record.statement.event.lot) || mentions(entry, lot))
    .filter(({ index }) => !voided.has(index));
};

/** What *entry* tells: its event, or what a correction puts in place of another. `{event, at}`, at a JSON pointer. */
export const toldBy = ({ record }) => {
  const { event } = record.statement;
  return event.kind === "corrected"
    ? { event: event.replacement, at: "/statement/event/replacement" } : { event, at: "/statement/event" };
};

/* ---- the tests that activations rest on, as traceability/test_backing.py has them ---- */

/** What *proven* tell, void or not: `{index, by, holder, isVoid, digest(), target, event}`. */
const toldIn = (proven) => {
  const voided = voidedBy(proven);
  return proven.map((entry) => {
    const { statement } = entry.record;
    return {
      index: entry.index, by: statement.by, holder: statement.claimed_by || statement.by, isVoid: voided.has(entry.index),
      digest: () => digestOf(entry), target: statement.event.kind === "corrected" ? statement.event.target : null,
      event: toldBy(entry).event,
    };
  }).filter(({ event }) => event);
};

/** Each test of *lot*, void or not, with its digest and the entry in which it was told first. */
const testsOf = (lot, told) => {
  const tests = told.filter(({ event }) => event.kind === "inspected" && event.lot === lot)
    .map((one) => ({ ...one, digest: one.digest() }));
  const first = new Map(tests.map(({ digest, index }) => [digest, index]));
  return tests.map((one) => ({ ...one, since: first.has(one.target) ? first.get(one.target) : one.index }));
};

const isGood = ({ event }) => event.verdict !== "non-conformant";

/** Each report that stands, and the one that counts in its place after an objection. */
const finalsOf = (tests, told) => {
  const standing = tests.filter(({ isVoid }) => !isVoid);
  const objections = told.filter(({ event }) => event.kind === "objected")
    .map((one) => ({ of: one.event.inspection, isVoid: one.isVoid, digest: one.digest() }));
  const known = objections.map(({ digest }) => digest);
  // Whoever hides the objection does not hide the re-test, which the lot's own records lead to.
  const orphans = standing.filter((one) => one.event.retest_of && !known.includes(one.event.retest_of) && !isGood(one));
  return standing.filter(({ event }) => !event.retest_of).map((report) => {
    const names = objections.filter((one) => one.of === report.digest && !one.isVoid).map(({ digest }) => digest);
    const again = standing.filter(({ event }) => names.includes(event.retest_of))
      .sort((left, right) => left.index - right.index);
    return { report, counts: again[0] || report };
  }).concat(orphans.map((report) => ({ report, counts: report })));
};

/** Whether *test* stands, is good, and its sample has passed in the end. */
const bears = (test, finals) => {
  const sample = finals.filter(({ report }) => report.event.sample === test.event.sample);
  const isOfIt = sample.some(({ report, counts }) => report.index === test.index || counts.index === test.index);
  return !test.isVoid && isGood(test) && isOfIt && sample.every(({ counts }) => isGood(counts));
};

/** Whether the test on whose strength *activation* was told stands no longer, or passes no longer. */
const hasLapsed = (activation, lot, told) => {
  const { ground } = activation.event;
  if (ground !== "tested" && ground !== "witnessed") return false;
  const tests = testsOf(lot, told);
  const rested = tests.filter(({ since, by, event }) => since < activation.index
    && (ground === "tested" ? event.purpose !== "rapid" : by === activation.holder));
  if (ground === "witnessed" && !rested.length) return false;
  const finals = finalsOf(tests, told);
  return !rested.some((test) => bears(test, finals));
};

/* ---- the state of a code ---- */

const covers = (event, index) => event.first <= index && index < event.first + event.count;

/**
 * The state of code *index* of *lot* as the standing entries leave it, as traceability/code_state.py has it.
 *
 * The first that holds: not-issued or blank, void, recalled, sold, active, lapsed, asleep.
 */
export const codeStateOf = (lot, index, { isRecalled }, proven) => {
  const every = toldIn(proven);
  const told = every.filter(({ isVoid }) => !isVoid);
  const of = (kind) => told.filter(({ event }) => event.kind === kind && event.lot === lot && covers(event, index));
  const issues = of("codes-issued");
  if (!issues.length) {
    const isBlank = ({ event }) => event.kind === "codes-prepared" && event.roll === lot && covers(event, index);
    return told.some(isBlank) ? "blank" : "not-issued";
  }
  if (of("codes-voided").length) return "void";
  if (isRecalled || of("codes-recalled").length) return "recalled";
  if (of("codes-sold").length) return "sold";
  const activations = of("codes-activated");
  if (activations.some((one) => !hasLapsed(one, lot, every))) return "active";
  if (activations.length) return "lapsed";
  return issues[issues.length - 1].event.asleep ? "asleep" : "active";
};

/** The test of this very lot that counts: the latest that stands, or what a correction put in its place. */
export const latestTestOf = (lot, proven) => {
  const voided = voidedBy(proven);
  const tests = proven.filter(({ index }) => !voided.has(index))
    .map((entry) => ({ index: entry.index, ...toldBy(entry) }))
    .filter(({ event }) => event && event.kind === "inspected" && event.lot === lot);
  const order = (left, right) =>
    (left.event.at === right.event.at ? left.index - right.index : left.event.at < right.event.at ? -1 : 1);
  return tests.sort(order).pop();
};
