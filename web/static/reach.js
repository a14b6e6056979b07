/**
 * Which subjects a lot's page must show without a gap, derived from the records and not from the page's word.
 *
 *     the lot itself · the lots that went into it, any depth · the plots that they were harvested on
 */
import { mentions } from "./links.js";

export const plotSubject = (plot) => `urn:jizihao:plot:${plot}`;

const lots = (items, name) => (Array.isArray(items) ? items.map((item) => item[name]) : []);

/** What an event made, and of what: `[outputs, inputs]` as subjects. */
const EDGES = {
  harvested: (event) => [[event.lot], lots(event.plots, "plot").map(plotSubject)],
  processed: (event) => [lots(event.outputs, "lot"), lots(event.inputs, "lot")],
  "partner-claimed": (event) => [lots(event.outputs, "uri"), lots(event.inputs, "uri")],
};

const eventsOf = ({ record }) => {
  const event = record.statement && record.statement.event;
  if (!event) return [];
  return event.replacement ? [event, event.replacement] : [event];
};

const edgesOf = (entry) =>
  eventsOf(entry).filter(({ kind }) => Object.prototype.hasOwnProperty.call(EDGES, kind))
    .map((event) => EDGES[event.kind](event));

/** The subjects that *lot* came from, itself first, and not what is behind those *beyond* the page. */
export const upstream = (lot, entries, beyond = new Set()) => {
  const edges = entries.reduce((all, entry) => all.concat(edgesOf(entry)), []);
  const found = new Set([lot]);
  for (const subject of found) {
    if (beyond.has(subject)) continue;
    for (const [outputs, inputs] of edges) if (outputs.includes(subject)) inputs.forEach((input) => found.add(input));
  }
  return [...found];
};

export const isLot = (subject) => /^\/lot\/|\/01\/[0-9]+\/10\//.test(subject);

/** What else the records of these *subjects* touch: containers, statements, products, but no other lot. */
export const besides = (subjects, entries) => {
  const found = new Set();
  for (const entry of entries.filter((one) => subjects.some((subject) => mentions(one, subject)))) {
    Object.keys(entry.record.links).filter((subject) => !isLot(subject)).forEach((subject) => found.add(subject));
  }
  return found;
};

const textsIn = (value) => {
  if (typeof value === "string") return [value, ...value.split("/")];
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).reduce((all, name) => all.concat(textsIn(value[name])), []);
};

/** Every name that these entries use: parties, products, plots, GTINs. */
export const namesIn = (entries) =>
  new Set(entries.reduce((all, { record }) => all.concat(textsIn(record.statement || record.grant || {})), []));

/** Registry records may explain a chapter whose records use their names, though they touch another subject. */
const EXPLAINS = {
  "party-registered": (event, by, names) => names.has(event.party),
  "product-registered": (event, by, names) =>
    (names.has(event.product) && names.has(by)) || (event.gtin !== undefined && names.has(event.gtin)),
  "plot-registered": (event, by, names) => names.has(event.plot),
  "rules-adopted": () => true,
};

export const explains = ({ record }, names) => {
  if (record.kind === "key") return names.has(record.grant.party);
  if (record.kind !== "statement") return false;
  const { by, event } = record.statement;
  return Object.prototype.hasOwnProperty.call(EXPLAINS, event.kind) && EXPLAINS[event.kind](event, by, names);
};
