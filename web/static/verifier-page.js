/**
 * The verdict of the verifier as a document: only text is ever put into it, never markup that a server sent.
 */
import { format } from "./facts.js";
import { told as sentences } from "./verifier-words.js";
import { ageText, custodyText, faultText, filled } from "./verify-words.js";
import { BROKEN, CONSISTENT, PROVEN } from "./verification.js";

const SYMBOLS = { [BROKEN]: "✗", [CONSISTENT]: "◐", [PROVEN]: "✓" };

/** An element with these attributes and children; a child is an element or a text, and one that is null is left out. */
export const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  Object.keys(attributes).forEach((name) => element.setAttribute(name, attributes[name]));
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

const unique = (texts) => texts.filter((text, at) => texts.indexOf(text) === at);

/** *sentence* with the *names* in their place, as a paragraph of this kind; nothing where there are none. */
const listed = (kind, sentence, names, words) =>
  (names.length ? make("p", { class: kind }, filled(sentence, { names: names.join(words.comma) })) : null);

const definitions = (pairs) =>
  make("dl", { class: "facts" }, ...pairs.filter(([, value]) => value)
    .map(([label, value]) => make("div", {}, make("dt", {}, label), make("dd", {}, value))));

const linesOf = ({ lines }) => make("div", {}, ...lines.map((line) => make("div", {}, line.join(" · "))));

/* ---- one chapter ---- */

const whySpoilt = (chapter, lang) => unique(chapter.faults.map((one) => faultText(lang, one))).join(" ");

const whoSigned = (chapter, lang) =>
  unique(chapter.custody.map((one) => custodyText(lang, one))).join(lang === "zh" ? "；" : "; ");

const resultsOf = (results, words) => (results.length ? make("div", { class: "table-wrap results" },
  make("table", {}, make("caption", {}, words.results),
    make("thead", {}, make("tr", {}, ...results[0].map(({ label }) => make("th", { scope: "col" }, label)))),
    make("tbody", {}, ...results.map((row) => make("tr", {},
      ...row.map(({ label, text }) => make("td", { "data-label": label }, make("span", {}, text)))))))) : null);

const rowsOf = (rows) => (rows.length ? definitions(rows.map((row) => [row.label, linesOf(row)])) : null);

const notesOf = (chapter, words) => [
  chapter.voidBy === null ? null
    : make("p", {}, make("span", { class: "badge bad" }, filled(words.void, { by: chapter.voidBy }))),
  chapter.flags.length ? make("p", { class: "flags" },
    ...chapter.flags.map((flag) => make("span", { class: "badge hold" }, flag))) : null,
];

const whenOf = (chapter, words) => make("p", { class: "chapter-when" }, chapter.when,
  chapter.daysLate >= 2 ? make("span", { class: "badge hold" }, filled(words.late, { days: chapter.daysLate })) : null);

const whoOf = ({ who, party }) => (who === null ? null : make("p", { class: "chapter-who" }, who,
  who === party ? null : make("small", { class: "id" }, ` ${party}`)));

const detailsOf = (chapter, lang, words) => make("details", { class: "unfold" },
  make("summary", {}, words.more, make("span", { class: "fine" }, filled(words.entry, chapter))),
  rowsOf(chapter.rows.filter(({ main }) => !main)),
  listed("fine", words.sealed, chapter.sealed, words),
  make("p", { class: "fine" }, filled(words.recorded, chapter)));

const markOf = ({ mark }, words) =>
  make("span", { class: "mark", "data-state": mark, role: "img", "aria-label": words.marks[mark] }, SYMBOLS[mark]);

const chapterOf = (chapter, lang) => {
  const words = sentences[lang];
  return make("li", {}, make("section",
    { class: chapter.voidBy === null ? "chapter" : "chapter void", id: `c${chapter.index}` },
    make("div", { class: "chapter-head" }, make("h3", {}, chapter.kind), markOf(chapter, words)),
    whenOf(chapter, words), whoOf(chapter), ...notesOf(chapter, words),
    rowsOf(chapter.rows.filter(({ main }) => main)), resultsOf(chapter.results, words),
    listed("borne-out good", words.borneOut, chapter.borneOutBy, words),
    make("p", { class: "signed fine" }, whoSigned(chapter, lang)),
    chapter.faults.length ? make("p", { class: "error" }, whySpoilt(chapter, lang)) : null,
    detailsOf(chapter, lang, words)));
};

const timeline = (chapters, lang) => make("ol", { class: "timeline" }, ...chapters.map((one) => chapterOf(one, lang)));

const partsOf = (verdict, lang) => {
  const words = sentences[lang];
  const of = (part) => verdict.chapters.filter((chapter) => chapter.part === part);
  const folded = (part) => (of(part).length ? make("details", { class: "more" },
    make("summary", {}, make("h2", {}, words[part]), make("span", {}, String(of(part).length))),
    timeline(of(part), lang)) : null);
  const events = of("event").length ? make("section", { "aria-labelledby": "events" },
    make("h2", { id: "events" }, words.events), timeline(of("event"), lang)) : null;
  return [events, folded("aside"), folded("registration")];
};

/* ---- above the chapters ---- */

const verdictOf = (verdict, lang) => {
  const words = sentences[lang];
  const why = verdict.mark === BROKEN ? unique(verdict.faults.map((one) => faultText(lang, one)))
    : verdict.doubts.map((doubt) => words.doubts[doubt]);
  return make("section", { class: "verdict", id: "verdict" },
    make("p", { id: "verdict-record", "data-state": verdict.mark }, words.verdict[verdict.mark]),
    why.length ? make("ul", { class: "reasons" }, ...why.map((text) => make("li", {}, text))) : null);
};

const recallsOf = ({ recalls }, lang) => {
  const words = sentences[lang];
  return recalls.length ? make("section", { class: "recall", role: "alert" }, make("h2", {}, words.recall),
    ...recalls.map((recall) => make("p", {}, filled(words.recallOf, recall), make("br", {}),
      make("a", { href: `#c${recall.index}`, class: "inside" }, filled(words.recallEntry, recall))))) : null;
};

const headOf = ({ head, counties, lot }, lang) => {
  if (!lot) return null;
  const words = sentences[lang];
  const maker = head && (head.maker === head.party ? head.party : `${head.maker} (${head.party})`);
  return make("header", { class: "lot-head" },
    make("h2", { class: "lot-name" }, head ? head.name : words.unnamed),
    definitions([
      [words.lot, format(lot, "lot", { lang })], [words.kindOf, head && head.commodity], [words.maker, maker],
      [words.made, head && head.when], [words.counties, counties.join(words.comma)],
    ]));
};

const testOf = ({ test, lot }, lang) => {
  if (!lot) return null;
  const words = sentences[lang];
  return make("p", test ? { class: `note ${test.isGood ? "good" : "bad"}` } : { class: "note" },
    test ? filled(words.test, test) : words.noTest);
};

const instantOf = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}.000000Z`;

const seenText = ({ witnesses, seen }, lang, now) => {
  const words = sentences[lang].knows;
  if (!witnesses.length) return words.unseen;
  const at = instantOf(Math.max(...seen));
  return filled(words.seen,
    { names: witnesses.join(sentences[lang].comma), at: format(at, "instant", { lang }), age: ageText(lang, at, now) });
};

const COMPARED = new Map([[true, "yes"], [false, "no"], [null, "none"]]);

const knowsOf = ({ knows }, lang, now) => {
  if (!knows) return null;
  const { knowsTitle, knows: words } = sentences[lang];
  const lines = [
    knows.upTo === null ? "" : filled(words.upTo, knows), filled(words.checkpoint, knows), seenText(knows, lang, now),
    words.compared[COMPARED.get(knows.compared)], knows.rotated === null ? "" : filled(words.rotated, knows),
    words.serial, words.truth,
  ];
  return make("section", { class: "card", "aria-labelledby": "knows" }, make("h2", { id: "knows" }, knowsTitle),
    make("ul", { class: "reasons" }, ...lines.filter(Boolean).map((line) => make("li", {}, line))));
};

/** Put the *verdict* into *place*. */
export const showVerdict = (place, verdict, { lang, now }) => {
  place.replaceChildren(...[
    recallsOf(verdict, lang), verdictOf(verdict, lang), headOf(verdict, lang), testOf(verdict, lang),
    knowsOf(verdict, lang, now), ...partsOf(verdict, lang),
  ].filter(Boolean));
};

/** Say why there is nothing to judge. */
export const showError = (place, { code, facts }, lang) => {
  const { errors } = sentences[lang];
  const sentence = errors[code] || errors["broke-off"];
  place.replaceChildren(make("p", { class: "note bad", role: "alert" }, filled(sentence, facts || {})));
};

export const showWorking = (place, lang) =>
  place.replaceChildren(make("p", { class: "note" }, sentences[lang].working));

/** Whom this page trusts, as its own policy says. */
export const showPolicy = (place, policy, text, lang) => {
  const words = sentences[lang];
  const names = (list, of) => (list.length ? unique(list.map(of)).join(words.comma) : words.none);
  place.replaceChildren(
    make("h2", { id: "trusts" }, words.policyTitle), make("p", { class: "fine" }, words.policyText),
    definitions([
      [words.fingerprint, make("code", { id: "fingerprint" }, policy.digest.slice(0, 16))],
      [words.logs, names(policy.logs, ({ name }) => name)],
      [words.witnesses, names(policy.witnesses, ({ witness, name }) => `${witness} (${name})`)],
      [words.quorum, quorumText(policy, words)],
    ]),
    make("details", {}, make("summary", {}, words.file), make("pre", { class: "policy", tabindex: "0" }, text)));
};

const quorumText = ({ quorum, groups }, words) => {
  if (quorum === "none") return words.none;
  const group = groups.find(({ name }) => name === quorum);
  return group ? `${group.least} / ${group.members.length}: ${group.members.join(words.comma)}` : quorum;
};
