/**
 * Checks the shopper's page in the shopper's own browser, and writes beside each chapter what came of it.
 *
 * Without this module the page says that the server vouches. The verdict itself is made in verification.js; this one
 * only reads the document and paints.
 */
import { format } from "./facts.js";
import { consistencyFrom } from "./history.js";
import { readPin, writePin } from "./keys.js";
import { BROKEN, CONSISTENT, PROVEN, check } from "./verification.js";
import { ageText, custodyText, faultText, filled, sentences } from "./verify-words.js";

export { check } from "./verification.js";

export const SYMBOLS = { [BROKEN]: "✗", [CONSISTENT]: "◐", [PROVEN]: "✓" };

/** What the document shows, as plain values. */
export const readPage = (root, { address, secure }) => ({
  chapters: Array.from(root.querySelectorAll(".chapter"), (element) =>
    ({ id: element.id, subject: element.dataset.subject })),
  facts: Array.from(root.querySelectorAll(".fact"), (element) => {
    const { entry, at, form, unit, salt, value, as } = element.dataset;
    const chapter = element.closest(".chapter");
    const text = element.textContent;
    return { chapter: chapter ? chapter.id : null, entry: Number(entry), at, form, unit, salt, value, as, text };
  }),
  recallShown: isShown(root.querySelector("#recall")),
  pack: packOf(root.querySelector("#pack")),
  address, secure,
});

/** A banner that is hidden, or empty, tells nobody anything. */
const isShown = (element) =>
  element !== null && element.getClientRects().length > 0 && element.textContent.trim() !== "";

/** What the page says of the one pack that was scanned. */
const packOf = (element) =>
  element === null ? null : {
    index: Number(element.dataset.index), state: element.dataset.packState,
    text: element.querySelector(".badge").textContent.trim(),
  };

const unique = (texts) => texts.filter((text, at) => texts.indexOf(text) === at);

const SEPARATOR = { zh: "", en: " " };

const explain = (lang, chapter, doubts) => {
  if (chapter.mark === BROKEN) return unique(chapter.faults.map((one) => faultText(lang, one))).join(SEPARATOR[lang]);
  const custody = unique(chapter.custody.map((one) => custodyText(lang, one))).join(lang === "zh" ? "；" : "; ");
  return [custody, ...doubts.slice(0, 1).map((doubt) => sentences[lang].doubts[doubt])].filter(Boolean)
    .join(lang === "zh" ? "。" : ". ");
};

/** The element of *name* inside *parent*, made where the page has none. */
const within = (parent, name, tag) => {
  const found = parent.querySelector(`.${name}`);
  if (found) return found;
  const made = parent.ownerDocument.createElement(tag);
  made.className = name;
  parent.appendChild(made);
  return made;
};

const paintMark = (element, lang, chapter, doubts) => {
  const mark = within(element, "mark", "span");
  const why = explain(lang, chapter, doubts);
  mark.textContent = SYMBOLS[chapter.mark];
  mark.dataset.state = chapter.mark;
  mark.title = why;
  mark.setAttribute("role", "img");
  mark.setAttribute("aria-label", `${sentences[lang].marks[chapter.mark]} — ${why}`);
  within(element, "mark-why", "p").textContent = why;
};

const COMPARED = new Map([[true, "yes"], [false, "no"], [null, "none"]]);

export const knowsText = (lang, knows, now) => {
  const told = sentences[lang].knows;
  const facts = { ...knows, at: format(knows.at, "instant", { lang }), age: ageText(lang, knows.at, now) };
  const compared = told.compared[COMPARED.get(knows.compared)];
  const rotated = knows.rotated === null ? "" : told.rotated;
  return [told.upTo, told.age, told.witnesses[knows.witnesses ? 1 : 0], compared, rotated, told.policy].filter(Boolean)
    .map((sentence) => filled(sentence, facts)).join(SEPARATOR[lang]);
};

const verdictText = (lang, { mark, faults, doubts }) => {
  const told = sentences[lang];
  const more = mark === BROKEN ? faults.map((one) => faultText(lang, one)) : doubts.map((one) => told.doubts[one]);
  // Where the page's length is the only doubt, the keys are those of an earlier visit.
  const isPart = mark !== BROKEN && doubts.length > 0 && doubts.every((one) => one === "cut-short");
  return [told.verdict[isPart ? "part" : mark], ...unique(more)].join(SEPARATOR[lang]);
};

const write = (root, id, text, state) => {
  const element = root.querySelector(`#${id}`);
  if (!element) return;
  element.textContent = text;
  if (state) element.dataset.state = state;
};

/** A chapter that the proofs do not know. */
const unknown = (id) => ({ mark: BROKEN, faults: [{ code: "chapter-differs", facts: { chapter: id } }], custody: [] });

/** Put the *verdict* into the document. */
export const paint = (root, lang, verdict, now) => {
  for (const element of root.querySelectorAll(".chapter")) {
    const chapter = verdict.chapters.find(({ id }) => id === element.id) || unknown(element.id);
    paintMark(element, lang, chapter, verdict.doubts);
  }
  write(root, "verdict-record", verdictText(lang, verdict), verdict.mark);
  if (verdict.knows) write(root, "verify-knows", knowsText(lang, verdict.knows, now));
};

const storageOf = () => {
  try {
    return window.localStorage;
  } catch (_) {
    return null;
  }
};

const bundleOf = (root) => {
  try {
    return JSON.parse(root.querySelector("#bundle").textContent) || {};
  } catch (_) {
    return {};
  }
};

/** Read, check, paint, and keep what may be kept. */
export const run = async (root) => {
  const bundle = bundleOf(root);
  const lang = bundle.lang === "en" ? "en" : "zh";
  const page = readPage(root, { address: window.location.pathname, secure: window.isSecureContext });
  const storage = storageOf();
  const pins = { ...readPin(storage, bundle.origin), consistency: consistencyFrom("/log/") };
  const now = new Date().toISOString();
  const verdict = await check(bundle, page, pins, now);
  if (verdict.remember) writePin(storage, bundle.origin, verdict.remember);
  paint(root, lang, verdict, now);
  root.documentElement.dataset.verified = verdict.mark;
  return verdict;
};

if (typeof document !== "undefined" && document.getElementById("bundle")) run(document);
