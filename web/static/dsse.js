/**
 * Signed bytes: "DSSEv1 " LEN(T) " " T " " LEN(B) " " B, with T the kind of thing and B its RFC 8785 bytes.
 *
 * One T for each kind of signed thing, so that a signature under one is never a signature under another.
 */
import { concat, fromBase64, toBase64, toHex, utf8 } from "./bytes.js";
import { dumps } from "./canonical.js";
import { sha256 } from "./sha256.js";

export const STATEMENT = "application/vnd.jizihao.statement.v1+json";
export const KEY = "application/vnd.jizihao.key.v1+json";
export const REVOCATION = "application/vnd.jizihao.revocation.v1+json";

export const pae = (kind, body) => {
  const type = utf8(kind);
  return concat(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${body.length} `), body);
};

export const keyId = (publicKey) => toBase64(sha256(publicKey));
export const keySubject = (id) => `urn:jizihao:key:${toHex(fromBase64(id, 32))}`;
export const statementDigest = (statement) => toHex(sha256(pae(STATEMENT, dumps(statement))));
