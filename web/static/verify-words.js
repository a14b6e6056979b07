/**
 * What the shopper's browser says of its checks, in both languages; {names} are facts of the verdict.
 *
 * Codes of faults come from errors.js' errors; a test sees that each has its sentence here.
 */
const UNREADABLE = [
  "bad-bundle", "bad-checkpoint", "bad-key", "bad-name", "bad-note", "bad-number", "bad-policy", "bad-proof-text",
  "bad-record", "entry-twice", "forbidden-character", "forbidden-value", "not-an-entry", "not-base64", "not-canonical",
  "not-hex", "not-json", "not-nfc", "not-utf8", "too-deep", "wrong-length", "unknown-kind", "not-a-number",
  "not-an-instant", "not-an-amount", "not-a-scalar", "not-absent", "form-unknown", "unit-unknown",
  "key-not-canonical", "key-no-point", "key-small-order", "key-mixed-order",
];

const sharing = (codes, sentence) => codes.reduce((all, code) => ({ ...all, [code]: sentence }), {});

export const sentences = {
  zh: {
    marks: { broken: "核对不符", consistent: "内部一致", proven: "已核实" },
    verdict: {
      broken: "✗ 记录核对不符：本页有内容未通过您浏览器的核对，请勿轻信。",
      part: "◐ 本页讲到的记录都已核实：每一个签名和哈希全部吻合，公钥与您以前访问时保存的相同。",
      consistent: "◐ 记录内部一致：您的浏览器重新计算了每一个签名和哈希，全部吻合；但所用的公钥来自本次访问。",
      proven: "✓ 记录已核实：您的浏览器重新计算了每一个签名和哈希，全部吻合；公钥与您以前访问时保存的一致。",
    },
    doubts: {
      "not-secure": "本页不是经由安全连接（HTTPS）打开的，最高只能标为 ◐。",
      "nothing-kept": "此浏览器不保存数据，无法与以前的访问比对。",
      "first-visit": "这是首次访问：公钥已保存在此浏览器中，下次访问即可比对。",
      "not-published": "最新的检查点刚刚封存，还没有公布：它缺少抗量子签名和见证人的签名。稍后刷新即可。",
      "no-quorum": "签署检查点的见证人不足。",
      "not-compared": "日志比您上次看到的更长，但服务器没有给出前后一致的证明。",
      "cut-short": "但这一批的来源太多，本页只讲了一部分，也只核对了这一部分。",
    },
    custody: {
      author: "由 {party} 用自己的密钥签名",
      platform: "平台代签：由平台代 {party} 签名",
      claimed: "（{party} 转录；原主张方：{claimedBy}）",
    },
    knows: {
      upTo: "本批次的记录到第 {upTo} 条为止是完整的；更新的记录仍可能被隐瞒，审计能够发现。",
      age: "日志检查点共 {size} 条，本页最新一条封存于 {at}（{age}）。",
      witnesses: ["没有独立见证人签署过此检查点。", "有 {witnesses} 位独立见证人签署过此检查点。"],
      compared: {
        yes: "与您上次看到的日志前后一致。", no: "未能与您上次看到的日志比对。", none: "",
      },
      rotated: "日志自己的密钥在第 {rotated} 条更换过：旧密钥和新密钥都签署了这次更换。",
      policy: "信任策略指纹：{policy}",
    },
    ages: { minutes: "{n} 分钟前", hours: "{n} 小时前", days: "{n} 天前", ahead: "时间晚于本机时钟" },
    faults: {
      ...sharing(UNREADABLE, "记录的格式不正确，无法核对（{code}）。"),
      "bad-key-change": "第 {index} 条所记的日志密钥更换不成立。",
      "bad-proof": "证明路径的长度不对。",
      "bad-replacement": "替换密钥的记录不成立。",
      "chain-broken": "第 {index} 条记录与它前面的一条接不上。",
      "chapter-differs": "本页的章节与核对材料不一致（{chapter}）。",
      "chapter-of-another": "没有可信的记录把本章与这一批次联系起来。",
      "check-failed": "核对中断，不能视为通过。",
      "checkpoint-not-signed": "检查点没有日志的有效签名。",
      "entry-missing": "缺少第 {index} 条记录。",
      "fact-differs": "页面显示“{shown}”，记录却是“{recorded}”。",
      "fact-of-another": "页面把第 {entry} 条（另一对象的记录）当作此处的依据。",
      "fact-without-record": "页面显示“{shown}”，无法与记录对应。",
      gap: "第 {before} 条之前缺少一条记录（第 {missing} 条）。",
      "handover-missing": "缺少日志换密钥（第 {index} 条）时新旧密钥共同签署的检查点。",
      "handover-not-seen": "日志换密钥（第 {index} 条）时的检查点没有足够的见证人签署。",
      "handover-not-signed": "日志换密钥（第 {index} 条）时的检查点没有新旧密钥的共同签名。",
      "index-outside": "记录的序号超出日志。",
      "key-granted-twice": "同一密钥被登记了两次。",
      "key-not-linked": "无法确认 {party} 的密钥在签名时没有被吊销。",
      "key-not-yet": "{party} 的密钥在第 {granted} 条才登记，此前不能签名。",
      "key-revoked": "{party} 的密钥已在第 {revoked} 条被吊销。",
      "key-unknown": "签名所用的密钥没有在日志中登记。",
      "keys-changed": "日志或登记机构的密钥、信任策略与您以前访问时保存的不同。",
      "left-out": "第 {index} 条记录与本批次有关，页面却没有显示。",
      "log-key-not-opened": "信任策略所列的日志密钥不是日志现用的密钥，也没有记录证明它们已经更换。",
      "may-not-state": "签名方的身份（{role}）无权作出此类陈述（{kind}）。",
      "no-entry-about": "没有关于 {subject} 的记录。",
      "no-log-key": "信任策略没有列出此日志的密钥。",
      "no-opening": "缺少日志的首条记录，或它不成立。",
      "no-possession": "新密钥的持有者没有签名。",
      "no-registrar": "密钥没有登记机构的签名。",
      "not-consistent": "日志与您以前看到的互相矛盾：历史被改写或被分叉。",
      "other-index": "第 {index} 条处放的是第 {found} 条记录。",
      "other-log": "记录属于另一个日志（{log}）。",
      "other-lot": "本页的核对材料属于另一批次（{lot}）。",
      "other-party": "签名的密钥属于 {party}，不属于 {by}。",
      "other-root": "记录不在日志检查点之下：内容被改动，或证明是别的记录的。",
      "other-subject": "第 {index} 条记录与本章的对象无关。",
      "recall-hidden": "第 {index} 条是召回记录，页面却没有显示召回。",
      "pack-differs": "按记录，本包（第 {index} 号码）的状态是 {state}，页面显示的不是。",
      "test-hidden": "第 {index} 条是最近一次检测，页面上方显示的却不是它。",
      "seal-differs": "页面显示“{shown}”，与记录中封存的值不符。",
      "wound-back": "日志只有 {size} 条，而您以前看到过 {seen} 条；请刷新页面，若仍如此则日志被倒退。",
      "wrong-note-signature": "检查点上 {name} 的签名是错的。",
      "wrong-signature": "签名与内容不符。",
    },
  },
  en: {
    marks: { broken: "check failed", consistent: "self-consistent", proven: "proven" },
    verdict: {
      broken: "✗ The record does not hold: something on this page failed your browser's checks. Do not rely on it.",
      part: "◐ The records that this page tells are proven: every signature and hash agrees, and the keys are those "
        + "that this browser kept from an earlier visit.",
      consistent: "◐ The record is consistent: your browser recomputed every signature and hash, and all of them agree; "
        + "but the keys came from this same visit.",
      proven: "✓ The record is proven: your browser recomputed every signature and hash, and all of them agree; "
        + "the keys are those it kept from an earlier visit.",
    },
    doubts: {
      "not-secure": "This page did not come over a secure connection (HTTPS), so it gets no more than ◐.",
      "nothing-kept": "This browser keeps nothing, so nothing can be compared with an earlier visit.",
      "first-visit": "This is the first visit: the keys are kept in this browser now, and the next visit compares them.",
      "not-published": "The latest checkpoint was sealed a moment ago and is not published yet: its quantum-safe signature "
        + "and the witnesses' are missing. Reload in a moment.",
      "no-quorum": "Too few witnesses signed the checkpoint.",
      "not-compared": "The log has grown since your last visit, but the server gave no proof that it only grew.",
      "cut-short": "But this lot comes from so much that the page tells a part of it, and only that part was checked.",
    },
    custody: {
      author: "signed by {party} with its own key",
      platform: "signed by the platform for {party}",
      claimed: " (recorded by {party}, as claimed by {claimedBy})",
    },
    knows: {
      upTo: "The record of this lot is complete up to entry {upTo}; newer records could still be withheld; "
        + "an audit finds that.",
      age: "The log's checkpoint holds {size} entries; the newest on this page was sealed at {at} ({age}).",
      witnesses: ["No independent witness has signed this checkpoint.",
        "Independent witnesses that signed this checkpoint: {witnesses}."],
      compared: {
        yes: "It agrees with what you saw of the log before.", no: "It was not compared with what you saw before.",
        none: "",
      },
      rotated: "The log changed its own key at entry {rotated}: the old key and the new one both signed the change.",
      policy: "Fingerprint of the trust policy: {policy}",
    },
    ages: { minutes: "{n} minutes ago", hours: "{n} hours ago", days: "{n} days ago", ahead: "later than this clock" },
    faults: {
      ...sharing(UNREADABLE, "A record is not in its right form and cannot be checked ({code})."),
      "bad-key-change": "The change of the log's keys at entry {index} does not hold.",
      "bad-proof": "The path of a proof has the wrong length.",
      "bad-replacement": "The replacement of a key does not hold.",
      "chain-broken": "Entry {index} does not follow from the entry before it.",
      "chapter-differs": "The chapters of this page are not those of its proofs ({chapter}).",
      "chapter-of-another": "No proven record links this chapter to the lot.",
      "check-failed": "A check broke off; that does not count as passed.",
      "checkpoint-not-signed": "The checkpoint has no valid signature of the log.",
      "entry-missing": "Entry {index} is missing.",
      "fact-differs": "The page says “{shown}”, the record says “{recorded}”.",
      "fact-of-another": "The page rests this on entry {entry}, a record about something else.",
      "fact-without-record": "The page says “{shown}”, which cannot be compared with the record.",
      gap: "A record before entry {before} is missing (entry {missing}).",
      "handover-missing": "The checkpoint that old and new keys signed when the log's key changed (entry {index}) is missing.",
      "handover-not-seen": "Too few witnesses signed the checkpoint at which the log's key changed (entry {index}).",
      "handover-not-signed": "Old and new keys did not both sign the checkpoint at which the log's key changed "
        + "(entry {index}).",
      "index-outside": "An entry's index lies outside the log.",
      "key-granted-twice": "One key was registered twice.",
      "key-not-linked": "Nothing shows that the key of {party} was not revoked before it signed.",
      "key-not-yet": "The key of {party} was registered only at entry {granted}.",
      "key-revoked": "The key of {party} was revoked at entry {revoked}.",
      "key-unknown": "The key that signed was never registered in the log.",
      "keys-changed": "The keys of the log or its registrars, or the trust policy, differ from those kept before.",
      "left-out": "Entry {index} concerns this lot, and the page does not show it.",
      "log-key-not-opened": "The log keys of the trust policy are none that the log uses, and no record proves that they were changed.",
      "may-not-state": "A signer of this role ({role}) may not state this ({kind}).",
      "no-entry-about": "There is no record about {subject}.",
      "no-log-key": "The trust policy lists no key of this log.",
      "no-opening": "The first entry of the log is missing or does not hold.",
      "no-possession": "The holder of a new key did not sign.",
      "no-registrar": "No registrar signed for a key.",
      "not-consistent": "The log contradicts what you saw of it before: its history was rewritten or forked.",
      "other-index": "Entry {found} stands in the place of entry {index}.",
      "other-log": "A record belongs to another log ({log}).",
      "other-lot": "The proofs on this page are those of another lot ({lot}).",
      "other-party": "The key that signed belongs to {party}, not to {by}.",
      "other-root": "A record is not under the log's checkpoint: it was changed, or its proof is another record's.",
      "other-subject": "Entry {index} is not about the subject of this chapter.",
      "recall-hidden": "Entry {index} is a recall, and the page shows none.",
      "pack-differs": "By the records the code of this pack (number {index}) is {state}; the page says otherwise.",
      "test-hidden": "Entry {index} is the latest test, and the page shows another one above.",
      "seal-differs": "The page says “{shown}”, which is not the value sealed in the record.",
      "wound-back": "The log has {size} entries, but you saw {seen} before. Reload; if this stays, the log was wound back.",
      "wrong-note-signature": "The signature of {name} on the checkpoint is wrong.",
      "wrong-signature": "A signature does not fit what it stands under.",
    },
  },
};

/** *sentence* with the facts in place of their {names}. */
export const filled = (sentence, facts) =>
  sentence.replace(/\{([A-Za-z]+)\}/g, (whole, name) => (facts[name] === undefined ? "?" : String(facts[name])));

export const faultText = (lang, { code, facts }) => {
  const told = sentences[lang].faults;
  return filled(told[code] || told["check-failed"], { ...facts, code });
};

/** Who signed, and whether with a key of their own. */
export const custodyText = (lang, { party, custody, claimedBy }) => {
  const told = sentences[lang].custody;
  return filled(told[custody] + (claimedBy ? told.claimed : ""), { party, claimedBy });
};

/** How long before *now* the instant *at* was, roughly. */
export const ageText = (lang, at, now) => {
  const minutes = Math.floor((new Date(now) - new Date(`${at.slice(0, 19)}Z`)) / 60000);
  const told = sentences[lang].ages;
  if (minutes < -1) return told.ahead;
  if (minutes < 120) return filled(told.minutes, { n: Math.max(0, minutes) });
  return minutes < 48 * 60
    ? filled(told.hours, { n: Math.floor(minutes / 60) })
    : filled(told.days, { n: Math.floor(minutes / 1440) });
};
