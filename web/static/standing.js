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
