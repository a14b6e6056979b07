/**
 * One entry, its path and its checkpoint in one text, c2sp.org/tlog-proof.
 *
 *     c2sp.org/tlog-proof@v1
 *     extra <base64>              may be missing; nobody vouches for it
 *     index 7
 *     <base64 hash>               the leaf's sibling first
 *
 *     <the checkpoint, a signed note>
 */
import { fromBase64, numberOf, textOf, toBase64, utf8 } from "./bytes.js";
import { Malformed } from "./errors.js";
import { formatNote, parseNote } from "./note.js";

const HEAD = "c2sp.org/tlog-proof@v1";
const LONGEST_PATH = 63;

export const formatProof = ({ index, path, note, extra }) => {
  const lines = [HEAD, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...path.map(toBase64)];
  return `${lines.join("\n")}\n\n${textOf(formatNote(note))}`;
};

/** `{index, path, note, extra}` */
export const parseProof = (text) => {
  const split = text.indexOf("\n\n");
  if (split < 0) throw new Malformed("bad-proof-text");
  const [head, ...lines] = text.slice(0, split).split("\n");
  const extra = lines.length && lines[0].startsWith("extra ") ? fromBase64(lines.shift().slice(6)) : null;
  if (extra !== null && !extra.length) throw new Malformed("bad-proof-text");
  const index = lines.shift();
  if (head !== HEAD || !index || !index.startsWith("index ") || lines.length > LONGEST_PATH) {
    throw new Malformed("bad-proof-text");
  }
  const path = lines.map((line) => fromBase64(line, 32));
  return { index: numberOf(index.slice(6)), path, note: parseNote(utf8(text.slice(split + 2))), extra };
};
