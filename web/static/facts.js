/**
 * How a value of a record stands on a page, letter by letter. This is the normative text: whoever writes a page
 * formats by these rules, and the shopper's browser formats the proven value again and compares.
 *
 *     <span class="fact" data-entry="12" data-at="/statement/event/amount/kg" data-form="mass">3,090 公斤</span>
 *
 * `data-at` is a JSON pointer (RFC 6901) into the entry's record; "@at" is the instant of the entry itself and
 * "@index" its place in the log. On both sides runs of white space count as one space and none at the ends.
 *
 *     form          the record has            the page shows (zh | en)
 *     text          any scalar                as it is
 *     number        "12.5" or 1200            whole part in groups of three: 1,200   -1,234.5678
 *     mass          "3090.5" (kg)             3,090.5 公斤 | 3,090.5 kg
 *     pieces        1200                      1,200 <unit>; data-unit is the `piece` of a registered product on
 *                                             this page, shown as the word of vocabulary "piece"
 *     amount        {"kg":…} or {"pieces":…}  as mass or pieces
 *     date          "2026-09-21"              2026-09-21
 *     instant       "…T08:00:00.000000Z"      2026-09-21 16:00   (UTC+8, cut to the minute)
 *     share         "0.125"                   12.5%
 *     word:<vocab>  a code                    words[language][vocab][code]; the code itself where there is no word
 *     party         an id                     as it is
 *     lot           a lot's URI               its last path part, percent-decoded
 *     absent        nothing                   未提供 | not stated; so does every other form where the record has nothing
 *     sealed        {"sealed":"<base64>"}     the value that data-salt opens. Without data-value the text itself is
 *                                             the value; with it data-value is the value as JSON, shown in form data-as
 *
 * A list in any of these forms is its items joined by "、" (zh) or ", " (en). true and false are the codes "true"
 * and "false".
 */
import { equal, fromBase64 } from "./bytes.js";
import { dumps, valueAt } from "./canonical.js";
import { Malformed } from "./errors.js";
import { sha256 } from "./sha256.js";

const KILOGRAM = { zh: "公斤", en: "kg" };
const COMMA = { zh: "、", en: ", " };
export const NOT_STATED = { zh: "未提供", en: "not stated" };

export const collapsed = (text) => text.replace(/\s+/g, " ").replace(/^ | $/g, "");

const DECIMAL = /^(-?)(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/;

const grouped = (value) => {
  const found = DECIMAL.exec(String(value));
  if (!found) throw new Malformed("not-a-number");
  return found[1] + found[2].replace(/\B(?=([0-9]{3})+$)/g, ",") + (found[3] || "");
};

/** A decimal times a hundred, by moving its point. */
const percent = (value) => {
  const found = DECIMAL.exec(String(value));
  if (!found) throw new Malformed("not-a-number");
  const digits = (found[3] || ".").slice(1).padEnd(2, "0");
  const whole = (found[2] + digits.slice(0, 2)).replace(/^0+(?=[0-9])/, "");
  return `${found[1]}${whole}${digits.length > 2 ? `.${digits.slice(2)}` : ""}%`;
};

const instant = (value) => {
  const moment = new Date(`${String(value).slice(0, 19)}Z`);
  if (Number.isNaN(moment.getTime())) throw new Malformed("not-an-instant");
  return new Date(moment.getTime() + 8 * 3600 * 1000).toISOString().slice(0, 16).replace("T", " ");
};

const ownWord = (words, vocabulary, code) => {
  const has = (object, name) => object !== undefined && Object.prototype.hasOwnProperty.call(object, name);
  return has(words, vocabulary) && has(words[vocabulary], code) ? words[vocabulary][code] : code;
};

const pieces = (value, { unit, words, units }) => {
  if (!units.has(unit)) throw new Malformed("unit-unknown", { unit: String(unit) });
  return `${grouped(value)} ${ownWord(words, "piece", unit)}`;
};

const mass = (value, { lang }) => `${grouped(value)} ${KILOGRAM[lang]}`;

const amount = (value, told) => {
  if (value !== null && typeof value === "object") {
    return value.kg !== undefined ? mass(value.kg, told) : pieces(value.pieces, told);
  }
  throw new Malformed("not-an-amount");
};

const lastPart = (value) => decodeURIComponent(String(value).split("/").pop());

const FORMS = {
  text: String, party: String, date: String,
  number: grouped, share: percent, instant, mass, pieces, amount, lot: lastPart,
};

const formatOne = (value, form, told) => {
  if (form.startsWith("word:")) return ownWord(told.words, form.slice(5), String(value));
  if (!Object.prototype.hasOwnProperty.call(FORMS, form)) throw new Malformed("form-unknown", { form });
  if (form !== "amount" && typeof value === "object") throw new Malformed("not-a-scalar");
  return FORMS[form](value, told);
};

/** The text of *value*; *told* holds `lang`, `words` of that language, `unit` and the known `units`. */
export const format = (value, form, told) =>
  Array.isArray(value)
    ? value.map((item) => formatOne(item, form, told)).join(COMMA[told.lang])
    : formatOne(value, form, told);

/** SHA-256 over the bytes that a sealed value commits to (docs/formats.md, clear and sealed). */
export const sealOf = ({ statement, pointer, salt, value }) =>
  sha256(dumps(["jizihao/sealed/v1", statement, pointer, salt, value]));

const EVENT = "/statement/event";

const sealedText = (found, fact, { record }, told) => {
  const value = fact.value === undefined ? collapsed(fact.text) : JSON.parse(fact.value);
  const opened = sealOf({
    statement: record.statement.id, pointer: fact.at.slice(EVENT.length), salt: fact.salt, value,
  });
  if (!fact.at.startsWith(`${EVENT}/`) || !equal(opened, fromBase64(found.sealed, 32))) {
    throw new Malformed("seal-differs");
  }
  return format(value, fact.value === undefined ? "text" : fact.as || "text", told);
};

const valueOf = (entry, at) => {
  if (at === "@at") return entry.at;
  return at === "@index" ? entry.index : valueAt(entry.record, at);
};

/** What the page ought to show for *fact*, from the proven *entry*. */
export const textOfFact = (fact, entry, told) => {
  const found = valueOf(entry, fact.at);
  if (found === undefined) return NOT_STATED[told.lang];
  if (fact.form === "absent") throw new Malformed("not-absent");
  if (fact.form !== "sealed") return format(found, fact.form, { ...told, unit: fact.unit });
  return sealedText(found, fact, entry, told);
};

/** Null where the page agrees with the record, else what both say. */
export const differenceOf = (fact, entry, told) => {
  const shown = collapsed(fact.text);
  const whether = { entry: fact.entry, at: fact.at, shown };
  try {
    const recorded = collapsed(textOfFact(fact, entry, told));
    return shown === recorded ? null : { code: "fact-differs", facts: { ...whether, recorded } };
  } catch (error) {
    if (error instanceof Malformed && error.code === "seal-differs") return { code: "seal-differs", facts: whether };
    return { code: "fact-without-record", facts: whether };
  }
};
