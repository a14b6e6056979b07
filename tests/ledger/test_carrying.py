"""Rows carried from one database into another are the same rows, and their fingerprint says so."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Integer, LargeBinary, MetaData, Table, Text, update

from ledger import store
from ledger.carrying import BATCH, Carried, carry, read_again, row_count

metadata = MetaData()
thing = Table(
    "carried_thing",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("bytes", LargeBinary),
    Column("said", Text),
    Column("is_so", Boolean),
)


def rows(count: int) -> list[dict[str, Any]]:
    # Letters that two databases would sort in another order each, if they were let.
    letters = ["a", "B", "b", "_", "é", "黑", "A b", "a\tb\\N", ""]
    return [
        {
            "name": letters[number % len(letters)],
            "number": number,
            "bytes": None if number % 5 == 0 else bytes([0, 255, number % 256, 10, 92]),
            "said": None if number % 7 == 0 else f"行\n{number}\t\\.",
            "is_so": (None, True, False)[number % 3],
        }
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, BATCH, 2 * BATCH + 1])
def test_what_is_carried_is_the_same_on_either_engine(count: int, database_url: str, tmp_path: Path) -> None:
    source = store.engine_for(f"sqlite:///{tmp_path / 'source.sqlite'}")
    target = store.engine_for(database_url)
    back = store.engine_for(f"sqlite:///{tmp_path / 'back.sqlite'}")
    for engine in (source, target, back):
        with store.writing(engine) as connection:
            metadata.create_all(connection)
    with store.writing(source) as connection:
        for row in rows(count):
            connection.execute(thing.insert().values(**row))
    done: list[int] = []

    with store.snapshot(source) as one, store.writing(target) as other:
        there = carry(one, other, thing, done.append)
    with store.snapshot(target) as one, store.writing(back) as other:
        home = carry(one, other, thing)

    assert (there.rows, done[-1:]) == (count, [count] if count else [])
    with store.snapshot(source) as one, store.snapshot(target) as other, store.snapshot(back) as third:
        assert [there, home] == [read_again(each, thing) for each in (one, third)]
        assert read_again(other, thing) == there
        assert row_count(other, thing) == count
        assert list(third.execute(thing.select().order_by(thing.c.number))) == list(
            one.execute(thing.select().order_by(thing.c.number))
        )
    for engine in (source, target, back):
        engine.dispose()


@pytest.mark.parametrize(
    "change",
    [{"bytes": b""}, {"bytes": None}, {"said": ""}, {"said": None}, {"is_so": False}, {"number": 99}],
)
def test_the_fingerprint_tells_every_change(change: dict[str, Any], tmp_path: Path) -> None:
    engine = store.engine_for(f"sqlite:///{tmp_path / 'one.sqlite'}")
    with store.writing(engine) as connection:
        metadata.create_all(connection)
        row = {"name": "a", "number": 1, "bytes": b"x", "said": "y", "is_so": True}
        connection.execute(thing.insert().values(**row))
        before: Carried = read_again(connection, thing)
        connection.execute(update(thing).values(**change))

        after = read_again(connection, thing)

    engine.dispose()
    assert after.rows == before.rows
    assert after.fingerprint != before.fingerprint
