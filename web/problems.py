"""Errors in words: what is wrong, in which field, under which clause, and what to do next.

Everything below speaks in codes and facts; here alone they become sentences, in the reader's language.

    tell(error)              → Told: a status, a title, a way out, and a sentence for each field or rule
    told.document()          → the same as RFC 9457 `application/problem+json`, for programs
    told.by_field()          → {"amount.kg": ["…"]}, for a form that is shown again with what was typed

    try: …
    except (Invalid, Refused) as error:
        told = tell(error)
        return render_template("farm/harvest.html", form=Form(request.form, told)), told.status
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from werkzeug.exceptions import HTTPException

from ledger.errors import Busy, LedgerError, Unreachable
from qr.errors import CodeError, NotIssued
from traceability.errors import (
    Breach,
    Facts,
    Invalid,
    NotAllowed,
    Problem,
    Refused,
    Repeated,
    TraceError,
    Unknown,
)
from web import sentences
from web.facts import format_fact
from web.language import current, gettext
from web.language import told as put
from web.settings import NotSetUp
from web.words import VOCABULARIES, word

# How a fact is shown, by its name. Amounts are in the measure of the lot, which a breach does not tell.
FORMS: Mapping[str, str] = {
    "free": "number",
    "ground": "word:ground",
    "grows": "word:commodity",
    "held": "number",
    "inputs": "number",
    "lot": "lot",
    "missing": "number",
    "most": "number",
    "outputs": "number",
    "reaped": "number",
    "received": "number",
    "replacement": "word:kind",
    "wanted": "number",
}
RETRY_SECONDS = 2
"""How long to wait before asking a busy ledger again, where it does not say itself."""

_ROW = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT.*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is wrong at one place (a field path, or "" for the whole) by one code or rule."""

    where: str
    code: str
    text: str
    level: str = "refuse"
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """An error in words."""

    status: int
    code: str
    title: str
    detail: str
    sentences: tuple[Sentence, ...] = ()
    retry_seconds: int | None = None

    def document(self, instance: str | None = None) -> dict[str, Any]:
        """Return the members of an RFC 9457 problem document."""
        said: dict[str, Any] = {
            "type": f"urn:jizihao:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if instance is not None:
            said["instance"] = instance
        if self.sentences:
            said["errors"] = [_error(sentence) for sentence in self.sentences]
        return said

    def by_field(self) -> dict[str, list[str]]:
        """Return the sentences of each field path."""
        found: dict[str, list[str]] = {}
        for sentence in self.sentences:
            found.setdefault(sentence.where, []).append(sentence.text)
        return found

    def lines(self) -> list[str]:
        """Return title and sentences as a terminal shows them."""
        return (
            [self.title, *(_line(sentence) for sentence in self.sentences)]
            if self.sentences
            else [self.detail]
        )


def tell(error: Exception) -> Told:
    """Return *error* in words of the reader's language; one that nobody foresaw tells nothing of itself."""
    if isinstance(error, TraceError):
        return _tell_trade(error)
    if isinstance(error, LedgerError):
        status, text = sentences.LEDGER.get(type(error).__name__, (422, sentences.LEDGER["Malformed"][1]))
        title = put(sentences.TITLES["ledger"], {})
        return Told(status, "ledger", title, gettext(text), retry_seconds=_seconds(error))
    if isinstance(error, CodeError):
        status = 404 if isinstance(error, NotIssued) else 422
        return Told(
            status, error.code, put(sentences.TITLES["code"], {}), put(sentences.CODES[error.code], {})
        )
    if isinstance(error, NotSetUp):
        facts = {"setting": error.setting, "value": error.value}
        text = put(sentences.NOT_SET_UP[error.code], facts)
        return Told(503, "not-set-up", put(sentences.TITLES["not-set-up"], {}), text)
    return _tell_page(error.code or 500) if isinstance(error, HTTPException) else _tell_page(500)


def _seconds(error: LedgerError) -> int | None:
    """Return after how many seconds the same may be asked again; None where it would be refused again."""
    if not isinstance(error, Busy | Unreachable):
        return None
    return int(error.facts.get("seconds", RETRY_SECONDS))


def tell_breaches(breaches: Iterable[Breach]) -> tuple[Sentence, ...]:
    """Return each breach in words: those that refuse, and those that are recorded as flags."""
    return tuple(_breach(each) for each in breaches)


def tell_expired() -> Told:
    """Return what is said when the hidden token of a form no longer holds."""
    return Told(400, "expired", put(sentences.TITLES["expired"], {}), gettext(sentences.EXPIRED))


def _tell_trade(error: TraceError) -> Told:
    title = put(sentences.TITLES[error.code], {})
    detail = put(sentences.PAGES[422][1], {})
    match error:
        case Invalid():
            return Told(422, error.code, title, detail, tuple(_problem(each) for each in error.problems))
        case Refused():
            way_out = gettext(sentences.REFUSED_WAY_OUT)
            return Told(422, error.code, title, way_out, tell_breaches(error.breaches))
        case Unknown():
            text = sentences.UNKNOWN.get(error.what, sentences.UNKNOWN_OTHERWISE)
            return Told(404, error.code, title, put(text, {"name": error.name}))
        case NotAllowed():
            text = sentences.NOT_ALLOWED.get(error.reason, sentences.NOT_ALLOWED_OTHERWISE)
            return Told(403, error.code, title, put(text, {"reason": error.reason, **_shown(error.facts)}))
        case Repeated():
            return Told(409, error.code, title, put(sentences.REPEATED, {"statement_id": error.statement_id}))
    return Told(422, error.code, title, detail)


def _tell_page(status: int) -> Told:
    nearest = status if status in sentences.PAGES else 400 if status < 500 else 500
    title, detail = sentences.PAGES[nearest]
    return Told(status, f"http-{status}", gettext(title), gettext(detail))


def _problem(problem: Problem) -> Sentence:
    text = sentences.FIELD_PROBLEMS.get(problem.code, sentences.OTHERWISE)
    where = {"field": field_name(problem.where), "where": problem.where, "code": problem.code}
    facts = {**where, **_shown(problem.facts)}
    # What stands there is called "found" in forms and "value" in codes and documents.
    facts = {"found": facts.get("value", "—"), "value": facts.get("found", "—"), **facts}
    if problem.code == "impossible":
        reason = facts.get("found", "")
        facts["found"] = put(sentences.IMPOSSIBLE[reason], {}) if reason in sentences.IMPOSSIBLE else reason
    return Sentence(problem.where, problem.code, put(text, facts))


def _breach(breach: Breach) -> Sentence:
    text = sentences.RULE_PROBLEMS.get(breach.rule, sentences.RULE_OTHERWISE)
    shown = _shown(breach.facts)
    listed = "；".join(f"{field_name(name)}：{value}" for name, value in shown.items())
    if current() == "en":
        listed = "; ".join(f"{field_name(name)}: {value}" for name, value in shown.items())
    facts = {"rule": word("rule", breach.rule), "clause": breach.clause, "facts": listed, **shown}
    return Sentence("", breach.rule, put(text, facts), breach.level, breach.clause)


def field_name(where: str) -> str:
    """Return the name of the field at a path such as `results[2].value`, with its row counted from one."""
    steps = [step for step in where.replace("]", "").replace("[", ".").split(".") if step]
    names = [step for step in steps if not _ROW.fullmatch(step)]
    rows = [int(step) + 1 for step in steps if _ROW.fullmatch(step)]
    name = word("field", names[-1]) if names else where
    return gettext("%(name)s（第 %(row)s 行）", name=name, row=rows[-1]) if rows else name


def _shown(facts: Facts) -> dict[str, str]:
    return {name: _fact(name, value) for name, value in facts}


def _fact(name: str, value: str) -> str:
    try:
        return format_fact(_form(name, value), _instant(value))
    except (ValueError, OverflowError, LedgerError):
        # A message about an error must not fail over the form of a fact.
        return value


def _form(name: str, value: str) -> str:
    if name in VOCABULARIES:
        return f"word:{name}"
    if name == "kg" or name.endswith("_kg"):
        return "mass"
    if _DAY.fullmatch(value):
        return "date"
    return "instant" if _INSTANT.fullmatch(value) else FORMS.get(name, "text")


def _instant(value: str) -> str | datetime:
    """Return the moment that *value* spells with any offset, as rules tell it, or else *value*."""
    return datetime.fromisoformat(value) if _INSTANT.fullmatch(value) else value


def _error(sentence: Sentence) -> dict[str, str]:
    said = {"where": sentence.where, "code": sentence.code, "detail": sentence.text}
    if sentence.clause:
        said |= {"clause": sentence.clause, "level": sentence.level}
    return said


def _line(sentence: Sentence) -> str:
    return f"  {sentence.where}: {sentence.text}" if sentence.where else f"  {sentence.text}"
