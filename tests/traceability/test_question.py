"""Questions that are composed once, on both databases."""

import pytest
from sqlalchemy import Engine, bindparam, literal_column, select
from sqlalchemy.exc import DBAPIError

from traceability import tables
from traceability.question import Question, insertion

PLANTED = {
    "entry": 7,
    "ordinal": 0,
    "lot": "/lot/heitu/paddy/26-A",
    "maker": "heitu",
    "measure": "mass",
    "how": "harvested",
    "by_product": True,
    "at": "2026-09-21T00:00:00.000000Z",
    "hash": "00",
}


@pytest.fixture
def derived(engine: Engine) -> Engine:
    """The derived tables, empty, on each database."""
    tables.metadata.create_all(engine)
    return engine


def test_a_row_comes_back_with_its_names_and_the_types_of_its_columns(derived: Engine) -> None:
    asked = select(tables.lot).where(tables.lot.c.lot == bindparam("lot"))

    with derived.begin() as connection:
        insertion(tables.lot).write(connection, [PLANTED])
        (row,) = Question(asked).rows(connection, lot=PLANTED["lot"])
        expected = connection.execute(asked, {"lot": PLANTED["lot"]}).one()

    assert row._asdict() == expected._asdict()
    assert row.by_product is True


def test_bytes_stay_bytes(derived: Engine) -> None:
    with derived.begin() as connection:
        insertion(tables.subject).write(connection, [{"subject": "a", "entry": 1, "leaf": b"\x00\xff"}])
        leaf = Question(select(tables.subject.c.leaf)).scalar(connection)

    assert bytes(leaf) == b"\x00\xff"


def test_a_value_is_bound_and_never_written_into_the_text(derived: Engine) -> None:
    asked = Question(select(tables.lot.c.lot).where(tables.lot.c.lot == bindparam("lot")).limit(1))

    with derived.begin() as connection:
        found = asked.rows(connection, lot="' OR 1 = 1 --")

    assert found == []


def test_no_row_is_none(derived: Engine) -> None:
    asked = Question(select(tables.lot.c.lot).where(tables.lot.c.lot == bindparam("lot")))

    with derived.begin() as connection:
        answers = (asked.first(connection, lot="x"), asked.scalar(connection, lot="x"))

    assert answers == (None, None)


def test_what_the_driver_raises_is_what_sqlalchemy_raises(derived: Engine) -> None:
    asked = Question(select(literal_column("no_such_column")).select_from(tables.lot))

    with pytest.raises(DBAPIError), derived.begin() as connection:
        asked.rows(connection)


def test_a_question_is_part_of_the_transaction_that_asks(derived: Engine) -> None:
    asked = Question(select(tables.lot.c.lot))

    with derived.connect() as connection:
        insertion(tables.lot).write(connection, [PLANTED])
        seen = asked.rows(connection)
        connection.rollback()
        after = asked.rows(connection)

    assert ([row.lot for row in seen], after) == ([PLANTED["lot"]], [])
