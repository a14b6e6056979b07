/**
 * Each record names the newest record about each of its subjects, so nothing before it can be left out unseen.
 *
 *     "links": {"/lot/a/rice/7": [12, "<leaf hash of entry 12>"],     the newest earlier entry that touches the lot
 *               "urn:jizihao:plot:x": []}                             nothing was said of the plot before
 *
 * A record either touches a subject, and is then its newest, or refers to it, as a harvest does to its plot and a
 * statement to its key. Both are links; only those that touch are named by later ones. Whoever holds the newest entry
 * sees each gap before it; only the newest can be withheld.
 */
import { NotProven } from "./errors.js";

export const mentions = (entry, subject) => Array.isArray(entry.record.links[subject]);

const names = (link, entry) => link[0] === entry.index && link[1] === entry.leaf;

const gap = (subject, newer, link) => new NotProven("gap", { subject, before: newer.index, missing: link[0] });

const STATEMENT = /^urn:jizihao:statement:/;

/** The entries that touch *subject* before *newest*, newest first, by following the links; `NotProven` at a gap. */
export const chainBefore = (subject, newest, entryAt) => {
  const chain = [];
  for (let entry = newest, link; (link = entry.record.links[subject]).length; ) {
    const older = entryAt(link[0]);
    if (!older || older.index >= entry.index || !names(link, older)) throw gap(subject, entry, link);
    chain.push(older);
    // A statement cannot name its own digest: what later ones say of it leads back to it and ends there.
    if (!mentions(older, subject) && STATEMENT.test(subject)) break;
    if (!mentions(older, subject)) throw gap(subject, entry, link);
    entry = older;
  }
  return chain;
};

/* Nothing refers to a lot, a container or a statement without touching it. */
const REFERRED = /^urn:jizihao:(key|party|product|member|plot):/;

const checkOnChain = (subject, entry, chain) => {
  const before = chain.find(({ index }) => index < entry.index);
  const link = entry.record.links[subject];
  if (before ? !names(link, before) : link.length) throw gap(subject, entry, link);
};

/**
 * Raise `NotProven` unless what *entries* tell of *subject* has no gap: from the newest back to the first each names
 * the one before, and no other entry stands beside that chain.
 */
export const checkChain = (subject, entries) => {
  const about = entries.filter((entry) => mentions(entry, subject)).sort((left, right) => right.index - left.index);
  if (!about.length) throw new NotProven("no-entry-about", { subject });
  const byIndex = new Map(entries.map((entry) => [entry.index, entry]));
  const chain = chainBefore(subject, about[0], (index) => byIndex.get(index));
  about.slice(1).forEach((entry) => {
    checkOnChain(subject, entry, chain);
    if (!REFERRED.test(subject) && !chain.includes(entry)) throw gap(subject, about[0], [entry.index]);
  });
};
