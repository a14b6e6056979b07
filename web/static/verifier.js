/**
 * The verifier page that stands alone: static files with a policy of their own, served from anywhere.
 *
 *     verifier/#https://nongye.example/01/…/10/…      opens with the verdict on that lot
 *
 * It fetches a lot's proofs from the log's server, which it does not trust, and judges them by the policy beside it.
 */
import { Unanswered, fetchBundle, readAsked } from "./asking.js";
import { fromBase64 } from "./bytes.js";
import { judgeLot } from "./independent.js";
import { parsePolicy } from "./policy.js";
import { hasCamera, makeDetector, readCamera, readPhoto } from "./scanner.js";
import { readSeen, writeSeen } from "./seen.js";
import { showError, showPolicy, showVerdict, showWorking } from "./verifier-page.js";
import { told } from "./verifier-words.js";

const LANGUAGE = "jizihao/language";
const at = (id) => document.getElementById(id);

const storageOf = () => {
  try {
    return window.localStorage;
  } catch (_) {
    return null;
  }
};

const kept = (name) => {
  try {
    return storageOf().getItem(name);
  } catch (_) {
    return null;
  }
};

const state = {
  lang: kept(LANGUAGE) === "en" ? "en" : "zh", policy: null, text: null, shown: null, turn: 0, scanning: 0,
};

/* ---- the page in its language ---- */

const say = () => {
  const words = told[state.lang];
  document.documentElement.lang = state.lang === "zh" ? "zh-Hans" : "en";
  document.title = words.title;
  document.querySelectorAll("[data-say]").forEach((element) => { element.textContent = words[element.dataset.say]; });
  at("language").lang = state.lang === "zh" ? "en" : "zh-Hans";
  if (state.policy) showPolicy(at("policy"), state.policy, state.text, state.lang);
};

const show = (shown) => {
  state.shown = shown;
  shown(at("result"), state.lang);
};

/* ---- one check ---- */

const sizeSeen = (storage, origin) => {
  const seen = readSeen(storage, origin);
  return seen ? seen.size : null;
};

/** The proofs of a lot, with those that the log grew since this browser last saw it. */
const fetched = async (url, storage) => {
  const [{ name }] = state.policy.logs;
  const bundle = await fetchBundle(url, sizeSeen(storage, name));
  // A policy may list several logs; only the answer says which one the lot is in.
  const isOther = typeof bundle.origin === "string" && bundle.origin !== name;
  return isOther && readSeen(storage, bundle.origin) ? fetchBundle(url, sizeSeen(storage, bundle.origin)) : bundle;
};

const consistencyOf = (bundle) => async () => {
  try {
    return bundle.consistency.map((hash) => fromBase64(hash, 32));
  } catch (_) {
    return null;
  }
};

const judged = (bundle, asked, storage, { lang, now }) => judgeLot({
  bundle, asked, lang, now, policy: state.text, secure: window.isSecureContext,
  seen: readSeen(storage, bundle.origin), consistency: consistencyOf(bundle),
});

/** Tell screen readers what came of it. */
const announce = () => {
  const said = document.querySelector("#verdict-record, #result .note");
  at("announced").textContent = said ? said.textContent : "";
};

const finish = (mark) => {
  announce();
  document.documentElement.dataset.verified = mark;
};

/** Fetch, judge, show, and keep the largest checkpoint; a newer question takes the place of an older one. */
const check = async (text) => {
  state.turn += 1;
  const { turn } = state;
  delete document.documentElement.dataset.verified;
  show((place, lang) => showWorking(place, lang));
  try {
    const storage = storageOf();
    const { url, asked } = readAsked(text, at("form").dataset.home);
    const bundle = await fetched(url, storage);
    const verdicts = {}, now = new Date().toISOString();
    for (const lang of ["zh", "en"]) verdicts[lang] = await judged(bundle, asked, storage, { lang, now });
    if (turn !== state.turn) return;
    const { mark, remember } = verdicts.zh;
    if (remember) writeSeen(storage, bundle.origin, remember);
    show((place, lang) => showVerdict(place, verdicts[lang], { lang, now }));
    finish(mark);
  } catch (error) {
    if (turn !== state.turn) return;
    const why = error instanceof Unanswered ? error : new Unanswered("broke-off");
    show((place, lang) => showError(place, why, lang));
    finish("unanswered");
  }
};

/* ---- what a person does ---- */

const askedInHash = () => {
  const text = window.location.hash.slice(1);
  if (/^c[0-9]+$/.test(text)) return null;
  // Written by hand an address stands as it is; a program may have escaped it as a whole.
  return /^(https?%3a|%2f)/i.test(text) ? decodeURIComponent(text) : text;
};

const ask = (text) => {
  at("address").value = text;
  const hash = `#${text.trim()}`;
  if (window.location.hash === hash) check(text);
  else window.location.hash = hash;
};

const checkHash = () => {
  const text = askedInHash();
  if (!text) return;
  at("address").value = text;
  check(text);
};

const scan = async (detector) => {
  const video = at("camera");
  if (state.scanning) {
    state.scanning = 0;
    return;
  }
  state.scanning = Date.now();
  const { scanning } = state;
  video.hidden = false;
  at("scan").textContent = told[state.lang].stop;
  try {
    const text = await readCamera(detector, video, () => state.scanning !== scanning);
    if (text) ask(text);
  } catch (_) {
    at("scan-note").textContent = told[state.lang].noCamera;
  }
  state.scanning = 0;
  video.hidden = true;
  at("scan").textContent = told[state.lang].scan;
};

const readFile = async (detector, [file]) => {
  const note = at("scan-note");
  note.textContent = "";
  try {
    const text = file ? await readPhoto(detector, file) : null;
    if (text) ask(text);
    else note.textContent = told[state.lang].noCode;
  } catch (_) {
    note.textContent = told[state.lang].noCode;
  }
};

/** Camera and photo are offered only where the browser reads codes itself. */
const offerScanner = async () => {
  const detector = await makeDetector();
  at("no-scanner").hidden = detector !== null;
  if (!detector) return;
  at("photo-field").hidden = false;
  at("photo").addEventListener("change", (event) => readFile(detector, event.target.files));
  at("scan").hidden = !hasCamera();
  at("scan").addEventListener("click", () => scan(detector));
};

const changeLanguage = () => {
  state.lang = state.lang === "zh" ? "en" : "zh";
  try {
    storageOf().setItem(LANGUAGE, state.lang);
  } catch (_) {
    // Then the next visit begins in Chinese again.
  }
  say();
  if (state.shown) state.shown(at("result"), state.lang);
  announce();
};

const readPolicy = async () => {
  const answer = await fetch("policy", { cache: "no-cache" });
  if (!answer.ok) throw new Unanswered("no-policy");
  state.text = await answer.text();
  state.policy = parsePolicy(state.text);
  if (!state.policy.logs.length) throw new Unanswered("bad-policy");
};

const start = async () => {
  say();
  at("language").addEventListener("click", changeLanguage);
  try {
    await readPolicy();
  } catch (error) {
    const why = error instanceof Unanswered ? error : { code: state.text === null ? "no-policy" : "bad-policy" };
    show((place, lang) => showError(place, why, lang));
    finish("unanswered");
    return;
  }
  say();
  await offerScanner();
  at("form").addEventListener("submit", (event) => {
    event.preventDefault();
    ask(at("address").value);
  });
  window.addEventListener("hashchange", checkHash);
  document.documentElement.dataset.ready = "yes";
  checkHash();
};

start();
