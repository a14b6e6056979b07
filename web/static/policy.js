/**
 * Whose signatures suffice to believe a checkpoint, c2sp.org/tlog-policy.
 *
 *     log nongye.example/2026+e1695a3a+AUjgW0k…= https://nongye.example/log/
 *     witness province witness.example/w1+4e93bdaa+BAbL7K7…=
 *     group   both 2 province college
 *     quorum  both                          or "none"
 */
import { numberOf, toHex, utf8 } from "./bytes.js";
import { Malformed } from "./errors.js";
import { COSIGNATURE_ED25519, ED25519, MLDSA44, parseKey } from "./note.js";
import { sha256 } from "./sha256.js";

const refuse = (line) => {
  throw new Malformed("bad-policy", { line });
};

/** The key of a log or witness; one of another kind signs nothing in this place. */
const keyed = (vkey, kinds, line) => {
  const key = { vkey, ...parseKey(vkey) };
  if (!kinds.includes(key.kind)) refuse(line);
  return key;
};

const LINES = {
  log: (found, [vkey, ...url], line) => {
    if (!vkey || url.length > 1) refuse(line);
    found.logs.push({ ...keyed(vkey, [ED25519, MLDSA44], line), url: url[0] });
  },
  witness: (found, [name, vkey, ...url], line) => {
    if (!vkey || url.length > 1 || found.names.has(name)) refuse(line);
    found.names.add(name);
    found.witnesses.push({ witness: name, ...keyed(vkey, [COSIGNATURE_ED25519, MLDSA44], line) });
  },
  group: (found, [name, threshold, ...members], line) => {
    const counted = new Set(members);
    if (!members.length || found.names.has(name) || counted.size !== members.length) refuse(line);
    if (!members.every((member) => found.names.has(member) && !found.members.has(member))) refuse(line);
    const least = { any: 1, all: members.length }[threshold] || numberOf(threshold);
    if (least < 1 || least > members.length) refuse(line);
    members.forEach((member) => found.members.add(member));
    found.names.add(name);
    found.groups.push({ name, least, members });
  },
  quorum: (found, [name, ...more], line) => {
    if (more.length || found.quorum !== null || !(name === "none" || found.names.has(name))) refuse(line);
    found.quorum = name;
  },
};

const keysDiffer = (keys) => new Set(keys.map(({ publicKey }) => toHex(publicKey))).size === keys.length;

/** `{logs, witnesses, groups, quorum, digest}`; `digest` is the hex by which two people compare policies. */
export const parsePolicy = (text) => {
  const found = { logs: [], witnesses: [], groups: [], quorum: null, names: new Set(["none"]), members: new Set() };
  text.split("\n").forEach((line, at) => {
    const [kind, ...words] = line.split(/[ \t]+/).filter(Boolean);
    if (kind === undefined || kind.startsWith("#")) return;
    if (!Object.prototype.hasOwnProperty.call(LINES, kind)) refuse(at + 1);
    LINES[kind](found, words, at + 1);
  });
  if (found.quorum === null || !keysDiffer(found.logs) || !keysDiffer(found.witnesses)) refuse(0);
  const { logs, witnesses, groups, quorum } = found;
  return { logs, witnesses, groups, quorum, digest: toHex(sha256(utf8(text))) };
};

/** Whether the witnesses named in *cosigned* are enough; members stand above their group. */
export const quorumMet = ({ groups, quorum }, cosigned) => {
  const counted = new Set(cosigned);
  for (const { name, least, members } of groups) {
    if (members.filter((member) => counted.has(member)).length >= least) counted.add(name);
  }
  return quorum === "none" || counted.has(quorum);
};

/** Addresses vouch for nothing: of a log or witness only the words before its address count. */
const COUNTED = { log: 2, witness: 3 };

/** What *text* asks for, without addresses and comments, and without the keys of the log *origin*, which may change. */
export const vouching = (text, origin) =>
  text.split("\n").map((line) => line.split(/[ \t]+/).filter(Boolean))
    .filter(([kind]) => kind !== undefined && !kind.startsWith("#"))
    .filter(([kind, vkey]) => kind !== "log" || !String(vkey).startsWith(`${origin}+`))
    .map((words) => words.slice(0, COUNTED[words[0]] || words.length).join(" ")).join("\n");
