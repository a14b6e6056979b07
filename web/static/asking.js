/**
 * What a person pasted, typed or scanned, and the proofs that the log's server answers to it.
 *
 *     https://any.host/01/…/10/…      asked of that host
 *     https://id.gs1.org/01/…         a name, not a place: asked of the log's own server (home)
 *     7QK-2M9-XTB, /lot/…             likewise
 *
 * An answer is bytes to be judged, never believed; where there is none, `Unanswered` says why.
 */
import { parseAddress, parseShort, spelledShort } from "./address.js";

export class Unanswered extends Error {
  constructor(code, facts = {}) {
    super(code);
    this.code = code;
    this.facts = facts;
  }
}

const PROOFS = "application/vnd.jizihao.proofs+json";
const PROBLEM = "application/problem+json";
const NAMES = /^https?:\/\/(id\.gs1\.org|gs1\.org)(?=\/)/i;
const LONGEST_WAIT = 20000;

const atHome = (path, home) => {
  if (!home) throw new Unanswered("no-home");
  return home + path;
};

const ofCode = (typed, home) => {
  const short = parseShort(typed);
  if (!short) throw new Unanswered("not-an-address");
  return { url: atHome(`/short/${spelledShort(short)}`, home), asked: { short } };
};

/** `{url, asked}`: where to ask for the proofs of what *text* names, and which lot the answer must be about. */
export const readAsked = (text, home) => {
  const typed = text.trim();
  if (!typed.includes("/")) return ofCode(typed, home);
  const address = parseAddress(typed);
  if (!address) throw new Unanswered("not-an-address");
  const plain = typed.replace(/[?#].*$/, "").replace(/\/$/, "");
  const path = plain.replace(NAMES, "");
  if (path.startsWith("/")) return { url: atHome(path, home), asked: { address } };
  if (!/^https?:\/\//i.test(plain)) throw new Unanswered("not-an-address");
  return { url: plain, asked: { address } };
};

const isMixed = (url) => window.location.protocol === "https:" && /^http:/i.test(url) &&
  !/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/]/i.test(url);

const within = async (work) => {
  const ended = new AbortController();
  const timer = setTimeout(() => ended.abort(), LONGEST_WAIT);
  try {
    return await work(ended.signal);
  } finally {
    clearTimeout(timer);
  }
};

const reached = async (url, signal) => {
  try {
    return await fetch(url, {
      credentials: "omit", referrerPolicy: "no-referrer", signal, headers: { Accept: `${PROOFS}, ${PROBLEM}` },
    });
  } catch (_) {
    throw new Unanswered(signal.aborted ? "too-slow" : isMixed(url) ? "mixed" : "unreachable", { url });
  }
};

/** What the server says of its refusal, if it says anything. */
const saidBy = async (answer) => {
  try {
    const { title, detail } = await answer.json();
    return [title, detail].filter((text) => typeof text === "string").join(" · ").slice(0, 300);
  } catch (_) {
    return "";
  }
};

const read = async (answer) => {
  try {
    const bundle = await answer.json();
    return typeof bundle === "object" && bundle !== null ? bundle : {};
  } catch (_) {
    throw new Unanswered("too-old");
  }
};

/** The proofs at *url*, with those that the log grew from the size *since* where one was seen before. */
export const fetchBundle = (url, since) => within(async (signal) => {
  const answer = await reached(`${url}?proofs=1${since ? `&since=${since}` : ""}`, signal);
  const isOf = (type) => (answer.headers.get("Content-Type") || "").startsWith(type);
  // Whoever knows what was asked refuses in a problem document (RFC 9457); any other host has just no such page.
  if (answer.status === 404 && !isOf(PROBLEM)) throw new Unanswered("too-old");
  if (answer.status === 404) throw new Unanswered("not-found", { said: await saidBy(answer) });
  if (!answer.ok) throw new Unanswered("refused", { status: answer.status, said: await saidBy(answer) });
  if (!isOf(PROOFS)) throw new Unanswered("too-old");
  return read(answer);
});
