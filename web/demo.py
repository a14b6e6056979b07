"""One invented year in Jilin, told to a new ledger statement by statement, each at the hour of its telling.

    data/demo/
      organisations.csv members.csv products.csv plots.csv    a row is a registration
      season.jsonl, and a file for each topic                 a line is a statement
      people.csv                                              a row is a person who may sign in

    {"name": "resolve-c1", "by": "yushu-jianguan", "recorded": "2026-10-19T10:25:00+08:00",
     "event": {"kind": "hold-resolved", "at": …, "target": {"of": "spray-c1-late"}}}

The times are simulated: the clock stands at each `recorded` in turn, and goes on for real after the last.
What was told in one sitting (one `recorded`) is recorded together or not at all. A statement's id is made
from its name, so that a load which was cut short goes on where it stopped, and a second one changes nothing.
"""

import csv
import hashlib
import io
import json
import os
import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, cast

from sqlalchemy import select

from ledger import store
from traceability import schema, tables
from traceability.errors import NotAllowed
from traceability.events import Event
from traceability.events.registry import Role
from traceability.reference import shipped
from traceability.statement import Signed
from web import accounts
from web.clock import SeasonClock
from web.database import OPERATOR, Services

SHOWN = "https://id.gs1.org/01/09528888000017/10/JD2610A"
"""The lot whose label the demo shows first."""

CHAPTERS = (
    "season.jsonl",
    "cases.jsonl",
    "release.jsonl",
    "moving.jsonl",
    "selling.jsonl",
    "parties.jsonl",
    "inputs.jsonl",
    "brands.jsonl",
    "growing.jsonl",
    "making.jsonl",
    "credit.jsonl",
    "testing.jsonl",
    "certifying.jsonl",
)
"""The files that tell the season, each the part of one topic; what was told first is recorded first."""

PEOPLE_FILE = "demo-people.json"

# No letter that is read as another; twelve of them are 58 bits.
_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"

Progress = Callable[[int, int], None]
"""Told after each sitting: how many statements are recorded, and of how many."""


@dataclass(frozen=True, slots=True)
class Told:
    """One statement of the season, its references still by name."""

    name: str
    by: str
    recorded: datetime
    kind: str
    fields: Mapping[str, Any]

    @property
    def statement_id(self) -> str:
        """Return the id that this name always has, in the form of a random UUID (RFC 9562, version 4)."""
        made = hashlib.sha256(b"jizihao/demo/v1\0" + self.name.encode()).digest()
        return uuid.UUID(bytes=made[:16], version=4).urn

    def event(self, digests: Mapping[str, str]) -> Event:
        """Return the event, with the digest of a statement wherever its name stands."""
        return schema.load(self.kind, _resolved(self.fields, digests))


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody who may sign in to the demo; the password was made for this instance alone."""

    name: str
    party: str
    role: Role
    division: str
    language: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class DemoPeople:
    """Who may sign in, and the file that keeps their passwords for its owner."""

    people: tuple[DemoPerson, ...]
    kept_in: Path


def load(services: Services, progress: Progress) -> DemoPeople:
    """Record what is not yet recorded of the season, and return who may sign in.

    `services.clock` is a `SeasonClock`. Nothing else may write meanwhile: the season would date it.
    """
    _Teller(services).tell(season(), progress)
    return _people(services)


def begins() -> datetime:
    """Return when the ledger of the demo is opened: the day before its first statement."""
    return season()[0].recorded - timedelta(days=1)


@cache
def season() -> tuple[Told, ...]:
    """Return every statement of the year, in the order of its telling."""
    return tuple(sorted((*_registrations(), *_season_lines()), key=lambda told: told.recorded))


class _Teller:
    """Tells a season to one instance, and remembers by which digest each statement is called there."""

    def __init__(self, services: Services) -> None:
        if not isinstance(services.clock, SeasonClock):
            raise TypeError("the demo season needs a SeasonClock")
        self._services = services
        self._clock = services.clock
        self._digests: dict[str, str] = {}

    def tell(self, statements: tuple[Told, ...], progress: Progress) -> None:
        known, done = self._known(), 0
        try:
            for recorded, sitting in groupby(statements, key=lambda told: told.recorded):
                self._clock.set_to(recorded)
                done += self._sitting(tuple(sitting), known)
                progress(done, len(statements))
        finally:
            self._clock.go_on()

    def _known(self) -> dict[tuple[str, str], str]:
        table = tables.statement
        with self._services.reading() as reader:
            rows = reader.connection.execute(select(table.c.by, table.c.statement_id, table.c.digest))
            return {(row.by, row.statement_id): row.digest for row in rows}

    def _sitting(self, sitting: tuple[Told, ...], known: Mapping[tuple[str, str], str]) -> int:
        """Record the statements of one instant that are not known, and return how many there are in all."""
        fresh = []
        for told in sitting:
            # Salts are random: said again, the statement would have another digest, and be another one.
            digest = known.get((told.by, told.statement_id))
            if digest is None:
                fresh.append(signed := self._signed(told))
                digest = signed.statement.digest
            self._digests[told.name] = digest
        if fresh:
            self._services.journal.submit(*fresh).result()
        return len(sitting)

    def _signed(self, told: Told) -> Signed:
        journal = self._services.journal
        if told.kind in {"party-registered", "party-proposed"}:
            self._grant_key(told.fields["party"], told.fields["role"])
        (signed,) = journal.stated(told.by, told.event(self._digests), ids=[told.statement_id])
        return signed

    def _grant_key(self, party: str, role: str) -> None:
        try:
            self._services.journal.platform_key(party)
        except NotAllowed:
            self._services.grant_platform_key(party, role)


def _resolved(value: Any, digests: Mapping[str, str]) -> Any:
    """Return *value* with {"of": name} replaced by a digest, at any depth."""
    if isinstance(value, Mapping):
        if set(value) == {"of"}:
            return digests[value["of"]]
        return {name: _resolved(inner, digests) for name, inner in value.items()}
    return [_resolved(inner, digests) for inner in value] if isinstance(value, list) else value


def _season_lines() -> Iterator[Told]:
    for line in (line for name in CHAPTERS for line in shipped(f"demo/{name}").decode("utf-8").splitlines()):
        found = json.loads(line)
        event = found["event"]
        fields = {name: value for name, value in event.items() if name != "kind"}
        yield Told(
            found["name"], found["by"], datetime.fromisoformat(found["recorded"]), event["kind"], fields
        )


def _registrations() -> Iterator[Told]:
    """Yield the rows of the tables as statements: their columns are the fields of the event."""
    for row in _rows("organisations.csv"):
        yield _registered("party", row, by=row.pop("registered_by"), name=row["party"])
    for row in _rows("members.csv"):
        yield _registered("member", row, by=row.pop("party"), name=row["member"])
    for row in _rows("plots.csv"):
        yield _registered("plot", row, by=row.pop("party"), name=row.pop("field"))
    for row in _rows("products.csv"):
        party = row.pop("party")
        yield _registered("product", row, by=party, name=f"{party}/{row['product']}")


def _registered(what: str, row: dict[str, str], *, by: str, name: str) -> Told:
    recorded = row.pop("recorded")
    fields = {"at": recorded, **row}
    return Told(f"{what} {name}", by, datetime.fromisoformat(recorded), f"{what}-registered", fields)


def _rows(name: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table by column, empty cells left out."""
    text = shipped(f"demo/{name}").decode("utf-8")
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        yield {column: cell for column, cell in row.items() if cell}


def _people(services: Services) -> DemoPeople:
    """Return the people of the demo with the passwords that this instance made for them, now or before."""
    path = services.settings.instance / PEOPLE_FILE
    kept = {each["name"]: each["password"] for each in _kept(path)}
    people = tuple(_person(row, kept.get(row["sign_in"]) or _password()) for row in _rows("people.csv"))
    # 1. The passwords, where their owner finds them. A crash here leaves passwords without accounts.
    if {person.name for person in people} != set(kept):
        _keep(path, people)
    # 2. The accounts that are not there yet; whose password was lost gets the new one.
    for person in people:
        _admit(services, person, is_new=person.name not in kept)
    return DemoPeople(people, path)


def _person(row: Mapping[str, str], password: str) -> DemoPerson:
    places = {each["party"]: (each["role"], each["division"]) for each in _rows("organisations.csv")}
    role, division = places.get(row["party"], (OPERATOR, "220000"))
    return DemoPerson(row["sign_in"], row["party"], cast(Role, role), division, row["language"], password)


def _password() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def _kept(path: Path) -> Iterable[dict[str, str]]:
    return cast(list[dict[str, str]], json.loads(path.read_text("utf-8"))) if path.exists() else []


def _keep(path: Path, people: Iterable[DemoPerson]) -> None:
    half = path.with_suffix(".new")
    half.unlink(missing_ok=True)
    # Unreadable to others from its first moment, and never half a file under its name.
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(person) for person in people], file, ensure_ascii=False, indent=1)
    half.replace(path)


def _admit(services: Services, person: DemoPerson, *, is_new: bool) -> None:
    with store.writing(services.engine) as connection:
        account = accounts.find(connection, services.kept_key, person.name)
        if account is None:
            accounts.create(connection, services.kept_key, **asdict(person))
        elif is_new:
            accounts.set_password(connection, services.kept_key, account, person.password)
