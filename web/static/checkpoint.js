/**
 * The three lines that commit to a whole tree, c2sp.org/tlog-checkpoint.
 *
 *     nongye.example/2026        the origin: whose log this is
 *     1842                       the size: how many entries it holds
 *     CsUYapGGPo4dkMgIAUqom…=    the root: base64 of 32 bytes
 */
import { fromBase64, numberOf, toBase64 } from "./bytes.js";
import { Malformed } from "./errors.js";

export const formatCheckpoint = ({ origin, size, root }) => `${origin}\n${size}\n${toBase64(root)}\n`;

/** `{origin, size, root}`; extension lines are refused, since old witnesses leave them out of what they sign. */
export const parseCheckpoint = (text) => {
  const lines = text.split("\n");
  if (lines.length !== 4 || !lines[0] || lines[3] !== "") throw new Malformed("bad-checkpoint");
  return { origin: lines[0], size: numberOf(lines[1]), root: fromBase64(lines[2], 32) };
};
