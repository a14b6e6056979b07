"""Files from outside become statements: in an order that makes sense, and each of them once.

    a partner's EPCIS document   →   one statement for each event, as the partner's claim
    a party's own rows           →   one statement for each row

A statement's id is an HMAC of what it says, under a key of this instance: who imports a file twice, or the
same events split over other files, finds them recorded. The position in the file and the file itself are not
part of it, nor the order in which an event lists its goods. Nobody can guess sealed values from an id.
"""

import hashlib
import hmac
import json
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from ledger.canonical import decimal_text, instant_text
from ledger.errors import LedgerError
from traceability import tables
from traceability.epcis import strictjson
from traceability.epcis.read import read
from traceability.errors import Invalid, Problem, Repeated, TraceError
from traceability.events import Event
from traceability.events.partner import PartnerClaimed
from traceability.journal import Journal, NotAll, Recorded
from traceability.occurrence import RANKS, occurrence_of
from traceability.portions import portions
from traceability.reading import Reader

LARGEST = 64 * 1024 * 1024
MOST = 100_000
"""How many statements one file may hold."""

PARTY = re.compile(r"[a-z0-9](?:-?[a-z0-9])*")
LONGEST_PARTY = 30
"""How the id of a party is spelt."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a file tells: where, what, and the id under which it is recorded."""

    where: str
    event: Event
    id: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one thing in a file; *answer* is an error where it was refused."""

    where: str
    answer: Recorded | TraceError | LedgerError


@dataclass(frozen=True, slots=True)
class Intake:
    """What a file tells, by whom, and whether it is a partner's claim (*source* "partner") or our own."""

    by: str
    told: tuple[Told, ...]
    source: str = "own"
    claimed_by: str | None = None


def of_document(
    written: bytes, *, key: bytes, base_url: str, by: str, source: str, largest: int = LARGEST
) -> Intake:
    """Return what an EPCIS document tells, to be stated by *by*; raise `Invalid` where it is malformed.

    In a partner's document the sender is who claims it, if the document names one in the form of a party id.
    """
    claims = read(written, base_url=base_url, largest=largest)
    if len(claims) > MOST:
        raise Invalid(Problem("", "too-many", (("most", str(MOST)),)))
    claimed_by = _sender(written, largest) if source == "partner" else None
    found: dict[str, Told] = {}
    for claim in sorted(claims, key=lambda each: _place_in_time(each.event)):
        told = Told(claim.where, claim.event, claim_id(key, by, claimed_by, claim.event))
        found.setdefault(told.id, told)
    return Intake(by, tuple(found.values()), source, claimed_by)


def of_rows(rows: Iterable[tuple[str, Event]], *, key: bytes, by: str) -> Intake:
    """Return what *rows* tell, each with where it stands; equal rows of one file are told apart."""
    seen: Counter[str] = Counter()
    found = []
    for where, event in rows:
        said = _said(event)
        seen[said] += 1
        found.append(Told(where, event, _id(key, "row", by, str(seen[said]), said)))
    return Intake(by, tuple(found))


def claim_id(key: bytes, by: str, claimed_by: str | None, event: PartnerClaimed) -> str:
    """Return the statement id of a partner's claim: the same whenever the same event is told."""
    plain = replace(event, document=None, position=0)
    return _id(key, "claim", by, claimed_by or "", _said(plain))


def record(
    journal: Journal,
    reading: Callable[[], AbstractContextManager[Reader]],
    intake: Intake,
    *,
    keep_going: bool = False,
) -> list[Outcome]:
    """Record what is not recorded yet, together unless *keep_going*, and return what came of it.

    Without *keep_going* the outcome holds refusals only, or none, and then nothing or everything was written.
    What was recorded before is not in it.
    """
    while True:
        with reading() as reader:
            fresh = _unknown(reader, intake)
        outcomes = _attempted(journal, fresh, intake, keep_going=keep_going)
        # Ids are made of the content: who finds one used was overtaken by somebody with the same file.
        if not any(isinstance(each.answer, Repeated) for each in outcomes):
            return outcomes


def _attempted(journal: Journal, fresh: Sequence[Told], intake: Intake, *, keep_going: bool) -> list[Outcome]:
    if not fresh:
        return []
    events, ids = [told.event for told in fresh], [told.id for told in fresh]
    signed = journal.stated(intake.by, *events, ids=ids, claimed_by=intake.claimed_by)
    try:
        answers = journal.attempt(signed, source=intake.source, keep_going=keep_going).result().value
        kept = [Outcome(told.where, answer) for told, answer in zip(fresh, answers, strict=True)]
    except NotAll as failed:
        every = (Outcome(told.where, answer) for told, answer in zip(fresh, failed.answers, strict=True))
        kept = [each for each in every if isinstance(each.answer, Exception)]
    return kept


def _unknown(reader: Reader, intake: Intake) -> list[Told]:
    table = tables.statement
    known = set()
    ids = [told.id for told in intake.told]
    for some in portions(ids):
        rows = reader.connection.execute(
            select(table.c.statement_id).where(table.c.by == intake.by, table.c.statement_id.in_(some))
        )
        known |= {row.statement_id for row in rows}
    return [told for told in intake.told if told.id not in known]


def _place_in_time(event: PartnerClaimed) -> tuple[bool, Any, int, int]:
    """Declarations first, so that nothing is judged by what is void; then by time, a birth before its use."""
    seen = occurrence_of(event)
    return (event.error is None, event.at, -1 if seen is None else RANKS[seen.kind], event.position)


def _sender(written: bytes, largest: int) -> str | None:
    told = strictjson.loads(written, largest=largest)
    sender = told.get("sender") if told.get("type") == "EPCISDocument" else None
    if isinstance(sender, str) and len(sender) <= LONGEST_PARTY and PARTY.fullmatch(sender):
        return sender
    return None


def _said(event: Event) -> str:
    return json.dumps([event.kind, _plain(asdict(event))], sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """Return *value* as JSON in which equal things are spelt alike; lists are sorted, for they are sets."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return sorted((_plain(part) for part in value), key=lambda part: json.dumps(part, sort_keys=True))
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return value


def _id(key: bytes, *parts: str) -> str:
    message = json.dumps(["jizihao/intake/v1", *parts]).encode()
    return uuid.UUID(bytes=hmac.digest(key, message, hashlib.sha256)[:16], version=4).urn
