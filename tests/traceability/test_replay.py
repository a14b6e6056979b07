"""The log read again from its first entry gives the same rows and verdicts, and shows what differs."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, text

from ledger import store
from ledger.entry import Entry
from ledger.errors import Malformed
from tests import world
from tests.world import ORIGIN, World
from traceability import audit, tables
from traceability.disclosure import sealed_fields
from traceability.reading import stored_entry
from traceability.replay import Replay, compared, rebuild, scratch_engine
from web import database


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world.opened(tmp_path_factory.mktemp("replay")) as opened:
        world.everything(opened)
        yield opened


@pytest.fixture
def entries(made: World) -> list[Entry]:
    return [each.entry for each in made.services.log.entries(0, made.services.log.size())]


@pytest.fixture
def scratch() -> Iterator[Connection]:
    engine = scratch_engine()
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def followed(made: World, scratch: Connection, entries: list[Entry]) -> list[tuple[str, int | None]]:
    """Return what the second telling of *entries* finds."""
    again = Replay(ORIGIN, made.services.shelf, scratch, lambda _, index: entries[index])
    return [(each.what, each.index) for entry in entries for each in again.follow(entry)]


def rows(connection: Connection) -> dict[str, list[Any]]:
    """Return every derived row."""
    return {
        table.name: sorted(map(repr, connection.execute(select(table))))
        for table in tables.metadata.sorted_tables
    }


def test_every_decision_is_made_again_as_it_was(
    made: World, scratch: Connection, entries: list[Entry]
) -> None:
    assert followed(made, scratch, entries) == []


def test_the_second_telling_ends_with_the_same_rows(
    made: World, scratch: Connection, entries: list[Entry]
) -> None:
    followed(made, scratch, entries)

    with made.services.reading() as reader:
        assert rows(scratch) == rows(reader.connection)
        assert list(compared(reader.connection, scratch, report=lambda *_: None)) == []


def test_rebuilt_rows_are_the_same(made: World, scratch: Connection, entries: list[Entry]) -> None:
    count = rebuild(scratch, entries, lambda _, index: entries[index])

    with made.services.reading() as reader:
        assert rows(scratch) == rows(reader.connection)
    assert count == len(entries)


def test_rebuilding_in_place_changes_nothing(made: World, entries: list[Entry]) -> None:
    with store.writing(made.services.engine) as connection:
        before = rows(connection)

        rebuild(connection, entries, stored_entry)

        assert rows(connection) == before


def changed(entry: Entry, *way: str | int, value: Any) -> Entry:
    """Return *entry* with another value at the end of *way* in its record."""
    record = deepcopy(entry.record)
    part: Any = record
    for step in way[:-1]:
        part = part[step]
    part[way[-1]] = value
    return Entry(entry.index, entry.at, entry.prev, record)


def first(entries: list[Entry], kind: str) -> int:
    """Return the place of the first statement of an event of *kind*."""
    return next(
        entry.index
        for entry in entries
        if entry.record.get("statement", {}).get("event", {}).get("kind") == kind
    )


FLAG = {"rule": "late-entry", "clause": "x", "level": "warn", "facts": {}}
FORGERIES: dict[str, tuple[tuple[str, ...], Any, str]] = {
    "links": (("links",), {}, "links-differ"),
    "a flag": (("ruling", "flags"), [FLAG], "verdict-differs"),
    "a flag that is none": (("ruling", "flags"), [{"rule": "late-entry"}], "entry-not-readable"),
    "a flag with a rule that is none": (("ruling", "flags"), [FLAG | {"rule": {}}], "entry-not-readable"),
    "a ruling that is none": (("ruling",), {}, "entry-not-readable"),
    "rules": (("ruling", "rules"), "00" * 32, "rule-set-differs"),
    "a fact": (("statement", "event", "amount", "kg"), "5001", "signature-wrong"),
    "a fact that is none": (("statement", "event", "amount"), [], "entry-not-readable"),
    "the author": (("statement", "by"), "mifang", "signature-wrong"),
    "signatures": (("sigs",), [], "signature-wrong"),
    "a signature that is none": (("sigs",), [{"key": "x"}], "signature-wrong"),
    "signatures that are none": (("sigs",), 7, "signature-wrong"),
}


@pytest.mark.parametrize("forged", FORGERIES)
def test_a_record_that_was_changed_is_found(
    made: World, scratch: Connection, entries: list[Entry], forged: str
) -> None:
    way, value, what = FORGERIES[forged]
    index = first(entries, "harvested")
    entries[index] = changed(entries[index], *way, value=value)

    found = followed(made, scratch, entries[: index + 1])

    assert (what, index) in found
    assert {place for _, place in found} == {index}


def test_a_key_entry_that_nobody_vouched_for_is_found(
    made: World, scratch: Connection, entries: list[Entry]
) -> None:
    entries[1] = changed(entries[1], "sigs", 0, "sig", value="A" * 86 + "==")

    assert followed(made, scratch, entries[:2]) == [("key-entry-wrong", 1)]


def test_an_entry_that_is_no_record_of_ours_is_not_rebuilt(
    made: World, scratch: Connection, entries: list[Entry]
) -> None:
    entries[3] = changed(entries[3], "kind", value="gossip")

    with pytest.raises(Malformed):
        rebuild(scratch, entries, lambda _, index: entries[index])


def test_rules_read_nothing_that_is_sealed(tmp_path: Path) -> None:
    with world.opened(tmp_path) as made:
        world.everything(made)
        for index in range(made.services.log.size()):
            erase_all(made, index)

        with database.auditing(made.services.settings) as subject:
            report = audit.audit(subject)
        with made.services.reading() as reader:
            left = reader.connection.execute(text("SELECT count(*) FROM sealed_value")).scalar()

    assert report.findings == []
    assert (left, report.checked["sealed_fields"] > 10) == (0, True)


def erase_all(made: World, index: int) -> None:
    """Let the author of the statement at *index* erase whatever it sealed."""
    with made.services.reading() as reader:
        if reader.entry(index).record["kind"] != "statement":
            return
        statement = reader.statement(index)
    if fields := sorted(sealed_fields(statement.event)):
        told = {"target": statement.digest, "fields": fields, "done": "erased", "cause": "order"}
        made.say(statement.by, "erased", **told)


def test_a_scratch_index_begins_empty(scratch: Connection) -> None:
    assert {name: found for name, found in rows(scratch).items() if found} == {}
