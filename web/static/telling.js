/**
 * What the records of a lot tell, in words, made from the proven entries alone: no word of it comes from the server.
 *
 *     chapter   {index, part, kind, when, who, party, rows, results, flags, sealed, voidBy, borneOutBy, daysLate,
 *                recorded}
 *     row       {label, main, lines: [["26-A", "5,000 kg"], …]}
 *
 * Which fields, under which names and in which form is web/chapters.py's (fields.js); how a value is spelt, facts.js'.
 */
import { format, NOT_STATED } from "./facts.js";
import { fields } from "./fields.js";
import { mentions } from "./links.js";
import { plotSubject } from "./reach.js";
import { digestOf, voidedBy } from "./standing.js";

const isObject = (value) => typeof value === "object" && value !== null;
const isSealed = (value) => isObject(value) && typeof value.sealed === "string";

/** Every place of *value* that the pointer names, `*` for each item of a list: `[[at, found], …]`. */
const placesOf = (value, pointer) =>
  pointer.split("/").slice(1).reduce((places, step) => places.reduce((all, [at, inner]) => {
    if (step === "*" && Array.isArray(inner)) return all.concat(inner.map((item, place) => [`${at}/${place}`, item]));
    return isObject(inner) && inner[step] !== undefined ? all.concat([[`${at}/${step}`, inner[step]]]) : all;
  }, []), [["", value]]);

/* ---- names and units, from registrations ---- */

const eventsOf = ({ record }) => {
  const event = record.statement && record.statement.event;
  if (!event) return [];
  return event.replacement ? [event, event.replacement] : [event];
};

/** Each event with who states it and in which entry, in the order of the log. */
const everyEvent = (entries) =>
  entries.reduce((all, entry) => all.concat(eventsOf(entry).map((event) =>
    ({ event, by: entry.record.statement.by }))), []);

/** The public name of each party; one whose name is sealed is called by its id. */
const namesOf = (told) =>
  new Map(told.filter(({ event }) => event.kind === "party-registered" && typeof event.name === "string")
    .map(({ event }) => [event.party, event.name]));

const madeBy = ({ event, by }) => {
  if (event.kind === "harvested" || event.kind === "untraced-received") return [[event.lot, `${by}/${event.product}`]];
  return event.kind === "processed" ? (event.outputs || []).map(({ lot, product }) => [lot, `${by}/${product}`]) : [];
};

/** What a piece of each lot is called. */
const unitsOf = (told) => {
  const pieces = new Map(told.filter(({ event }) => event.kind === "product-registered" && event.piece !== undefined)
    .map(({ event, by }) => [`${by}/${event.product}`, event.piece]));
  const made = told.reduce((all, one) => all.concat(madeBy(one)), []);
  return new Map(made.filter(([, product]) => pieces.has(product)).map(([lot, product]) => [lot, pieces.get(product)]));
};

/* ---- rows ---- */

const spelled = (value, form, unit, { lang, words }) => {
  if (value === undefined) return NOT_STATED[lang];
  const isBare = form === "amount" && !isObject(value);
  const isUnnamed = form === "amount" && isObject(value) && value.pieces !== undefined && !unit;
  const told = { lang, words, unit, units: new Set([unit]) };
  try {
    return isUnnamed ? format(value.pieces, "number", told) : format(value, isBare ? "number" : form, told);
  } catch (_) {
    return isObject(value) ? JSON.stringify(value) : String(value);
  }
};

const withCounty = (text, name, { lang }) => {
  const known = Object.prototype.hasOwnProperty.call(fields.divisions, text) ? fields.divisions[text] : null;
  return name === "division" && known ? `${known[lang]} ${text}` : text;
};

const lineOf = (value, members, event, telling) => {
  const expected = fields.expected[event.kind] || [];
  return members.reduce((line, [name, form]) => {
    const inner = name ? (isObject(value) ? value[name] : undefined) : value;
    const isToldOf = inner !== undefined || (isObject(value) && name && expected.includes(name));
    if (!isToldOf || isSealed(inner)) return line;
    const piece = telling.units.get(isObject(value) && value.lot !== undefined ? value.lot : event.lot);
    const text = withCounty(spelled(inner, form, piece, telling), name, telling);
    // A unit belongs to the number before it.
    if (!/unit$/.test(name) || !line.length) return [...line, text];
    return [...line.slice(0, -1), `${line[line.length - 1]} ${text}`];
  }, []);
};

const rowsOf = (parts, telling) => {
  const rows = new Map();
  for (const part of parts) {
    for (const { at, label, main, members } of fields.rows) {
      const lines = placesOf(part, at).map(([, value]) => lineOf(value, members, part, telling));
      const row = rows.get(label.zh) || { label: label[telling.lang], main, lines: [] };
      row.lines.push(...lines.filter((line) => line.length));
      rows.set(label.zh, row);
    }
  }
  return [...rows.values()].filter(({ lines }) => lines.length);
};

const resultsOf = (events, telling) =>
  events.reduce((all, event) => all.concat(placesOf(event, "/results/*")), []).map(([, result]) =>
    fields.results.map(({ name, form, label }) =>
      ({ label: label[telling.lang], text: spelled(result[name], form, undefined, telling) })));

const sealedOf = (events, { lang, words }) => {
  const found = new Set();
  const look = (value, name) => {
    if (isSealed(value)) found.add(name);
    else if (Array.isArray(value)) value.forEach((inner) => look(inner, name));
    else if (isObject(value)) Object.keys(value).forEach((inner) => look(value[inner], inner));
  };
  events.forEach((event) => look(event, ""));
  return [...found].map((name) => format(name, "word:field", { lang, words }));
};

/* ---- chapters ---- */

const REGISTERS = ["party-registered", "prefix-licensed", "product-registered", "member-registered", "plot-registered",
  "rules-adopted"];
const MOVES = ["shipped", "received", "packed", "unpacked"];
const OF_ONE_HOLDER = ["codes-issued", "codes-voided", "codes-activated", "codes-sold", "codes-recalled", "retailed"];

/** Whether *event* concerns only what became of the rest of an input lot, or of its field. */
const isAside = (event, { origins, harvested, born }) => {
  if (event.kind === "processed") return !(event.outputs || []).some(({ lot }) => origins.includes(lot));
  if (event.kind === "treated" || event.kind === "input-applied") return harvested !== "" && event.at > harvested;
  if (MOVES.includes(event.kind)) return born !== "" && event.at > born;
  return OF_ONE_HOLDER.includes(event.kind);
};

const partOf = (entry, telling) => {
  const events = eventsOf(entry);
  if (events.every(({ kind }) => REGISTERS.includes(kind) || kind === "corrected")) {
    if (events.some(({ kind }) => REGISTERS.includes(kind))) return "registration";
  }
  if (mentions(entry, telling.lot) || !events.length) return "event";
  return events.some((event) => isAside(event, telling)) ? "aside" : "event";
};

const DAY = 24 * 3600 * 1000;

const daysBetween = (claimed, recorded) =>
  Math.floor((Date.parse(`${recorded.slice(0, 19)}Z`) - Date.parse(`${claimed.slice(0, 19)}Z`)) / DAY);

const nameOf = (party, { names }) => (names.has(party) ? names.get(party) : party);

/** Who, other than its author, bears out the statement of *entry*. */
const borneOutBy = (entry, { proven, voided, ...telling }) => {
  const digest = digestOf(entry), { by } = entry.record.statement;
  const aims = ({ kind, target, shipment }) =>
    (kind === "received" && shipment === digest) || (kind === "confirmed" && target === digest);
  return proven.filter(({ index, record: { statement } }) =>
    !voided.has(index) && statement.by !== by && aims(statement.event))
    .map(({ record }) => nameOf(record.statement.by, telling));
};

const flagsOf = ({ record }, { lang, words }) =>
  ((record.ruling && record.ruling.flags) || []).map(({ rule }) => format(rule, "word:rule", { lang, words }));

const ofStatement = (entry, telling) => {
  const { statement } = entry.record;
  const events = eventsOf(entry);
  return {
    index: entry.index, part: partOf(entry, telling), kind: format(statement.event.kind, "word:kind", telling),
    at: statement.event.at, when: format(statement.event.at, "instant", telling), party: statement.by,
    who: nameOf(statement.by, telling), rows: rowsOf(events, telling), results: resultsOf(events, telling),
    flags: flagsOf(entry, telling), sealed: sealedOf(events, telling),
    voidBy: telling.voided.has(entry.index) ? telling.voided.get(entry.index) : null,
    borneOutBy: borneOutBy(entry, telling), daysLate: daysBetween(statement.event.at, entry.at),
    recorded: format(entry.at, "instant", telling),
  };
};

/** A record that the log or a registrar wrote: a key granted or ended, the log opened or its keys changed. */
const ofLog = (entry, telling) => ({
  index: entry.index, part: "registration", kind: format(entry.record.kind, "word:kind", telling), at: entry.at,
  when: format(entry.at, "instant", telling), party: null, who: null,
  rows: rowsOf([entry.record.grant, entry.record.revocation].filter(Boolean), telling),
  results: [], flags: [], sealed: [], voidBy: null, borneOutBy: [], daysLate: 0,
  recorded: format(entry.at, "instant", telling),
});

const byTime = (left, right) => (left.at === right.at ? left.index - right.index : left.at < right.at ? -1 : 1);

const chaptersOf = (entries, telling) => {
  const about = entries.filter((entry) => telling.origins.some((subject) => mentions(entry, subject)));
  const others = entries.filter((entry) => !about.includes(entry));
  const registered = others.filter((entry) =>
    eventsOf(entry).some(({ kind }) => REGISTERS.includes(kind)) || !entry.record.statement);
  return [...about, ...registered].map((entry) =>
    (entry.record.statement ? ofStatement(entry, telling) : ofLog(entry, telling))).sort(byTime);
};

/* ---- the head of the page ---- */

const birthOf = (told, lot) => told.find((one) => madeBy(one).some(([made]) => made === lot));

/** Name and kind of the product, who made the lot and when; null where no record on the page says. */
const headOf = (told, telling) => {
  const birth = birthOf(told, telling.lot);
  if (!birth) return null;
  const [, named] = madeBy(birth).find(([made]) => made === telling.lot);
  const product = told.filter(({ event, by }) =>
    event.kind === "product-registered" && `${by}/${event.product}` === named).pop();
  return {
    name: product ? (telling.lang === "en" && product.event.name_en) || product.event.name : named,
    commodity: product ? format(product.event.commodity, "word:commodity", telling) : null,
    maker: nameOf(birth.by, telling), party: birth.by, when: format(birth.event.at, "instant", telling),
    at: birth.event.at, lot: format(telling.lot, "lot", telling),
  };
};

const countiesOf = (told, { lang, origins }) =>
  [...new Set(told.filter(({ event }) => event.kind === "plot-registered" && origins.includes(plotSubject(event.plot)))
    .map(({ event }) => withCounty(event.division, "division", { lang })))];

/**
 * `{head, counties, chapters}` of *lot*: origins are the subjects it came from, *proven* the entries whose statements
 * hold, *entries* all that were brought; lang and words are those of the reader.
 */
export const tell = ({ lot, origins, entries, proven, lang, words }) => {
  const voided = voidedBy(proven);
  // What its author took back gives no name and no birth; its own chapter still tells it.
  const told = everyEvent(proven.filter(({ index }) => !voided.has(index)));
  const telling = { lot, origins, proven, voided, lang, words, names: namesOf(told), units: unitsOf(told) };
  const head = headOf(told, telling);
  const harvests = told.filter(({ event }) => event.kind === "harvested" && origins.includes(event.lot))
    .map(({ event }) => event.at);
  const placed = { ...telling, harvested: harvests.sort().pop() || "", born: head ? head.at : "" };
  return { head, counties: countiesOf(told, telling), chapters: chaptersOf(entries, placed) };
};

/** The words of a recall and of a test, for the head of the page. */
export const toldRecall = (entry, { lang, words }) => {
  const { event } = entry.record.statement;
  return {
    index: entry.index, level: format(event.level, "word:level", { lang, words }),
    cause: event.cause === undefined ? NOT_STATED[lang] : format(event.cause, "word:cause", { lang, words }),
    lot: format(event.lot, "lot", { lang, words }),
  };
};

export const toldTest = ({ index, event }, { lang, words }) =>
  ({ index, verdict: format(event.verdict, "word:verdict", { lang, words }), isGood: event.verdict === "conformant" });
