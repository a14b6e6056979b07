"""Rows that cannot be rebuilt are sealed: who changes one behind the application's back is noticed."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert, select

from ledger.dsse import AuthorKey
from ledger.errors import NotProven
from traceability import kept, tables
from traceability.disclosure import SealedValue
from traceability.kept import PlatformKeys, SealedValues, row_holds, row_mac, sealed_row
from traceability.lockbox import Lockbox

KEY = b"k" * 32
ROW: dict[str, Any] = {"name": "wang", "many": 3, "active": True, "salt": b"\x01\x02", "none": None}
VALUES = tuple(SealedValue("urn:uuid:1", pointer, bytes(32), "虚构") for pointer in ("/clerk", "/to"))


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    kept.metadata.create_all(engine)
    tables.metadata.create_all(engine)
    with engine.connect() as made:
        yield made
    engine.dispose()


def test_a_row_holds_under_its_seal() -> None:
    row = sealed_row(KEY, "account", ROW)

    assert row_holds(KEY, "account", row)
    assert {name: value for name, value in row.items() if name != "mac"} == ROW


@pytest.mark.parametrize(
    "change",
    [
        {"name": "wangx"},
        {"name": b"wang"},
        {"many": 4},
        {"many": "3"},
        {"active": False},
        {"salt": b"\x01\x03"},
        {"salt": "AQI="},
        {"none": ""},
        {"none": 0},
        {"mac": bytes(32)},
        {"other": 1},
    ],
    ids=str,
)
def test_another_value_does_not(change: dict[str, Any]) -> None:
    row = sealed_row(KEY, "account", ROW) | change

    assert not row_holds(KEY, "account", row)


def test_a_row_is_sealed_for_its_table_and_key() -> None:
    row = sealed_row(KEY, "account", ROW)

    assert not row_holds(KEY, "report", row)
    assert not row_holds(b"l" * 32, "account", row)


values = (
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(max_size=4) | st.binary(max_size=4)
)


@given(one=values, other=values)
def test_two_values_never_share_a_seal(one: Any, other: Any) -> None:
    alike = (type(one), one) == (type(other), other)

    assert (row_mac(KEY, "t", {"a": one}) == row_mac(KEY, "t", {"a": other})) == alike


@given(one=values, other=values)
def test_two_values_do_not_change_places(one: Any, other: Any) -> None:
    alike = (type(one), one) == (type(other), other)

    there, back = row_mac(KEY, "t", {"a": one, "b": other}), row_mac(KEY, "t", {"a": other, "b": one})

    assert (there == back) == alike


def test_what_opens_a_statement_is_kept_for_it_alone(connection: Connection) -> None:
    sealed = SealedValues(KEY)
    sealed.keep(connection, "heitu", VALUES)

    assert sealed.of_statement(connection, "urn:uuid:1") == {each.pointer: each for each in VALUES}
    assert sealed.of_statement(connection, "urn:uuid:2") == {}


def test_every_kept_row_bears_a_seal(connection: Connection) -> None:
    SealedValues(KEY).keep(connection, "heitu", VALUES)
    PlatformKeys(KEY, Lockbox(KEY)).keep(connection, "heitu", AuthorKey(KEY), KEY)

    for table in kept.metadata.sorted_tables:
        rows = connection.execute(select(table)).all()
        assert rows
        assert all(row_holds(KEY, table.name, row._asdict()) for row in rows)


def test_erasing_takes_salt_and_value_of_what_is_named(connection: Connection) -> None:
    sealed = SealedValues(KEY)
    sealed.keep(connection, "heitu", VALUES)

    gone = sealed.erase(connection, "urn:uuid:1", ["/to", "/vehicle"])

    assert gone == 1
    assert set(sealed.of_statement(connection, "urn:uuid:1")) == {"/clerk"}
    assert len(connection.execute(select(kept.sealed_value)).all()) == 1


def test_what_was_hidden_is_kept_and_not_shown(connection: Connection) -> None:
    sealed = SealedValues(KEY)
    sealed.keep(connection, "heitu", VALUES)
    common = {"by": "heitu", "kind": "x", "source": "own", "rules": "", "at": "", "recorded_at": ""}
    connection.execute(
        insert(tables.statement), common | {"entry": 1, "statement_id": "urn:uuid:1", "digest": "d"}
    )
    hidden = {"entry": 2, "ordinal": 0, "target": "d", "field": "/to", "done": "hidden"}
    connection.execute(insert(tables.erasure), hidden)

    assert set(sealed.of_statement(connection, "urn:uuid:1")) == {"/clerk"}
    assert len(connection.execute(select(kept.sealed_value)).all()) == 2


def test_a_key_in_custody_is_encrypted_and_comes_back(connection: Connection) -> None:
    key, keys = AuthorKey(b"\x05" * 32), PlatformKeys(KEY, Lockbox(KEY))
    keys.keep(connection, "heitu", key, b"\x05" * 32)

    (row,) = connection.execute(select(kept.platform_key)).all()

    assert b"\x05" * 8 not in bytes(row.seed)
    assert [each.id for each in keys.of_party(connection, "heitu")] == [key.id]
    assert keys.of_party(connection, "mifang") == []


def test_a_key_that_was_put_in_the_place_of_another_is_noticed(connection: Connection) -> None:
    keys = PlatformKeys(KEY, Lockbox(KEY))
    for seed in (b"\x05" * 32, b"\x06" * 32):
        keys.keep(connection, "heitu", AuthorKey(seed), seed)
    first, second = connection.execute(select(kept.platform_key)).all()

    moved = kept.platform_key.update().where(kept.platform_key.c.key_id == first.key_id)
    connection.execute(moved.values(seed=second.seed))

    with pytest.raises(NotProven):
        keys.of_party(connection, "heitu")
