/**
 * The verdict of a verifier that brought its own policy: nothing that the log's server says is believed but its bytes.
 *
 *     ✗ broken      a check failed, or the answer is about another lot
 *     ◐ consistent  every hash and signature holds, but too few others have seen it, or it could not be compared
 *     ✓ proven      the log's keys are the pinned policy's, and the witnesses that it asks for have cosigned
 */
import { isOfLot, isShortOf } from "./address.js";
import { toBase64 } from "./bytes.js";
import { prover } from "./chapter.js";
import { Malformed, NotProven } from "./errors.js";
import { checkGrown } from "./history.js";
import { mentions } from "./links.js";
import { faultOf, openLog } from "./log.js";
import { upstream } from "./reach.js";
import { latestTestOf, provenOf, recallsOf } from "./standing.js";
import { tell, toldRecall, toldTest } from "./telling.js";
import { BROKEN, CONSISTENT, PROVEN, beyondOf, gapsOf } from "./verification.js";
import { words as everyWord } from "./words.js";

/** The bundle must be about the lot that was asked for: `{address}` as parseAddress gives it, or `{short}`. */
const checkAsked = ({ address, short }, lot) => {
  if (typeof lot !== "string" || lot === "") throw new Malformed("bad-bundle");
  const isAsked = short ? isShortOf(short, lot) : isOfLot(address, lot);
  if (!isAsked) throw new NotProven("other-lot", { lot });
};

/* Clocks of witnesses and phones are rarely minutes apart. */
const MOST_AHEAD = 600;

const doubtsOf = (log, { secure, compared, now }) => [
  ...(secure ? [] : ["not-secure"]),
  ...(log.published ? [] : ["not-published"]),
  ...(log.policy.quorum === "none" ? ["no-witnesses"] : log.quorum ? [] : ["no-quorum"]),
  ...(log.seen.some((second) => second > Date.parse(now) / 1000 + MOST_AHEAD) ? ["witness-ahead"] : []),
  ...(compared === false ? ["not-compared"] : []),
];

/** Each chapter with who signed it; one that does not hold bears its faults. */
const signedChapters = async (chapters, prove, mark) => {
  const found = [];
  for (const chapter of chapters) {
    try {
      found.push({ ...chapter, mark, custody: await prove(chapter.index), faults: [] });
    } catch (error) {
      found.push({ ...chapter, mark: BROKEN, custody: [], faults: [faultOf(error)] });
    }
  }
  return found;
};

const withGaps = (chapters, gaps) => chapters.map((chapter) => {
  const own = gaps.filter(({ facts }) => facts.before === chapter.index);
  return own.length ? { ...chapter, mark: BROKEN, faults: [...chapter.faults, ...own] } : chapter;
});

const knowsOf = (log, lot, { compared }) => {
  const about = [...log.entries.values()].filter((entry) => mentions(entry, lot));
  const newest = about.sort((left, right) => right.index - left.index)[0];
  const { changes } = log.schedule;
  return {
    upTo: newest ? newest.index : null, size: log.size, witnesses: log.cosigned, seen: log.seen, compared,
    policy: log.policy.digest.slice(0, 16), rotated: changes.length ? changes[changes.length - 1].index : null,
  };
};

const examined = async (log, lot, lang, beyond) => {
  // In the order of the log, whatever order they were sent in: later registrations take the place of earlier ones.
  const entries = [...log.entries.values()].sort((left, right) => left.index - right.index);
  const prove = prover(log), origins = upstream(lot, entries, beyond), words = everyWord[lang];
  const proven = await provenOf(prove, entries);
  const told = tell({ lot, origins, entries, proven, lang, words });
  const test = latestTestOf(lot, proven);
  return {
    ...told, prove, gaps: gapsOf(origins.filter((subject) => !beyond.has(subject)), entries),
    recalls: recallsOf(lot, origins, proven).map((entry) => toldRecall(entry, { lang, words })),
    test: test ? toldTest(test, { lang, words }) : null,
  };
};

const judge = async ({ bundle, policy, asked, seen, consistency, secure, lang, now }) => {
  // Whatever policy the server sent along is not looked at.
  const log = await openLog({ ...bundle, policy });
  checkAsked(asked, bundle.lot);
  const compared = seen ? await checkGrown(seen, log, consistency) : null;
  const beyond = beyondOf(bundle);
  const doubts = [...doubtsOf(log, { secure, compared, now }), ...(beyond.size ? ["cut-short"] : [])];
  const { gaps, prove, ...told } = await examined(log, bundle.lot, lang, beyond);
  const mark = doubts.length ? CONSISTENT : PROVEN;
  const chapters = withGaps(await signedChapters(told.chapters, prove, mark), gaps);
  const faults = [...log.faults.values(), ...gaps];
  const isBroken = faults.length > 0 || chapters.some((chapter) => chapter.mark === BROKEN);
  const larger = !seen || !seen.size || log.size > seen.size;
  const keeps = !isBroken && secure && log.published && log.quorum && larger;
  return {
    ...told, chapters, faults, doubts, mark: isBroken ? BROKEN : mark, lot: bundle.lot,
    knows: knowsOf(log, bundle.lot, { compared }),
    remember: keeps ? { size: log.size, root: toBase64(log.root) } : null,
  };
};

/**
 * The verdict on the *bundle* of a lot; it never throws.
 *
 *     policy        the text that is pinned here               asked    {address} or {short}: which lot was asked for
 *     seen          the largest checkpoint seen before, or null
 *     consistency   (old, size) → proof or null                secure   whether this page came over a secure connection
 *     lang, now     the reader's language, and an instant
 *
 * Returns `{mark, faults, doubts, knows, lot, head, counties, recalls, test, chapters, remember}`.
 */
export const judgeLot = async (told) => {
  try {
    return await judge(told);
  } catch (error) {
    return {
      mark: BROKEN, faults: [faultOf(error)], doubts: [], knows: null, lot: null, head: null, counties: [], recalls: [],
      test: null, chapters: [], remember: null,
    };
  }
};
