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

const covers = (event, index) => event.first <= index && index < event.first + event.count;

/**
 * The state of code *index* of *lot* as the standing entries leave it, as traceability/code_state.py has it.
 *
 * The first that holds: not-issued or blank, void, recalled, sold, active, asleep.
 */
export const codeStateOf = (lot, index, { isRecalled }, proven) => {
  const voided = voidedBy(proven);
  const told = proven.filter((entry) => !voided.has(entry.index)).map((entry) => toldBy(entry).event).filter(Boolean);
  const of = (kind) => told.filter((event) => event.kind === kind && event.lot === lot && covers(event, index));
  const issues = of("codes-issued");
  if (!issues.length) {
    const isBlank = (event) => event.kind === "codes-prepared" && event.roll === lot && covers(event, index);
    return told.some(isBlank) ? "blank" : "not-issued";
  }
  if (of("codes-voided").length) return "void";
  if (isRecalled || of("codes-recalled").length) return "recalled";
  if (of("codes-sold").length) return "sold";
  return of("codes-activated").length || !issues[issues.length - 1].asleep ? "active" : "asleep";
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
