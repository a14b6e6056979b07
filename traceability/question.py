"""A query that is composed once and asked thousands of times, as cheaply as the database can answer it.

    _PARTY = Question(standing(tables.party, tables.party.c.party == bindparam("party")))
    _PARTY.rows(connection, party="heitu")     → rows with the names of the columns

For a row found by its key, SQLAlchemy's way from a query to the driver takes five times as long as the driver
itself; the door asks some twenty such questions of each statement. Here the query is spelt once for each kind
of database and handed to the driver. Values are bound, never written into the text.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError

Row = Any
"""A tuple whose items also have the names of the columns."""

_Convert = Callable[[Any], Any]
# The names of a row are known only when its query is spelt, which no type can say.
_named: Callable[..., Any] = namedtuple


@dataclass(frozen=True, slots=True)
class _Spelt:
    """A query as one kind of database takes it."""

    text: str
    fixed: Mapping[str, Any]
    names: Sequence[str] | None
    row: Callable[[Iterable[Any]], Row]
    converts: tuple[tuple[int, _Convert], ...]

    def values(self, given: Mapping[str, Any]) -> Any:
        values = {**self.fixed, **given}
        return values if self.names is None else [values[name] for name in self.names]

    def read(self, found: Sequence[Any]) -> Row:
        if not self.converts:
            return self.row(found)
        items = list(found)
        for place, convert in self.converts:
            items[place] = convert(items[place])
        return self.row(items)


class Question:
    """A SELECT whose values are all named by `bindparam`; lists of values are not for it."""

    def __init__(self, select: Select[Any]) -> None:
        self._select = select
        self._spelt: dict[str, _Spelt] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Row]:
        """Return every row."""
        dialect = connection.dialect
        spelt = self._spelt.get(dialect.name) or self._for(dialect)
        cursor = _cursor(connection)
        try:
            cursor.execute(spelt.text, spelt.values(values))
            found = cursor.fetchall()
        except _errors(dialect) as error:
            raise _failed(connection, error) from error
        return [spelt.read(each) for each in found] if spelt.converts else list(map(spelt.row, found))

    def first(self, connection: Connection, **values: Any) -> Row | None:
        """Return the first row, or None."""
        found = self.rows(connection, **values)
        return found[0] if found else None

    def scalar(self, connection: Connection, **values: Any) -> Any:
        """Return the first value of the first row, or None."""
        row = self.first(connection, **values)
        return None if row is None else row[0]

    def _for(self, dialect: Dialect) -> _Spelt:
        if dialect.name not in self._spelt:
            compiled = self._select.compile(dialect=dialect)
            columns = self._select.selected_columns
            row = _named("row", [column.key for column in columns], rename=True)
            found = ((place, column.type.dialect_impl(dialect)) for place, column in enumerate(columns))
            converts = ((place, kind.result_processor(dialect, None)) for place, kind in found)
            self._spelt[dialect.name] = _Spelt(
                str(compiled),
                compiled.params,
                tuple(compiled.positiontup) if compiled.positiontup is not None else None,
                row._make,
                tuple((place, convert) for place, convert in converts if convert is not None),
            )
        return self._spelt[dialect.name]


class Insertion:
    """The INSERT of whole rows into one table; a column that a row does not name is NULL.

    One that *replaces* takes the place of the row that has the same primary key.
    """

    def __init__(self, table: Table, *, replaces: bool = False) -> None:
        self._table = table
        self._replaces = replaces
        self._names = tuple(table.c.keys())
        self._text: dict[str, str] = {}

    def write(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert *rows*."""
        dialect = connection.dialect
        if dialect.name not in self._text:
            self._text[dialect.name] = self._spelt(dialect)
        text, names = self._text[dialect.name], self._names
        whole: list[Any] = (
            [[row.get(name) for name in names] for row in rows]
            if dialect.positional
            else [{name: row.get(name) for name in names} for row in rows]
        )
        cursor = _cursor(connection)
        try:
            cursor.executemany(text, whole)
        except _errors(dialect) as error:
            raise _failed(connection, error) from error

    def _spelt(self, dialect: Dialect) -> str:
        if not self._replaces:
            return str(self._table.insert().compile(dialect=dialect))
        # The two spell it alike, each by a class of its own.
        insert = (postgresql if dialect.name == "postgresql" else sqlite).insert(self._table)
        keys = [column.name for column in self._table.primary_key.columns]
        others = {each.name: insert.excluded[each.name] for each in self._table.c if each.name not in keys}
        return str(insert.on_conflict_do_update(index_elements=keys, set_=others).compile(dialect=dialect))


@cache
def insertion(table: Table) -> Insertion:
    """Return the INSERT into *table*."""
    return Insertion(table)


@cache
def replacement(table: Table) -> Insertion:
    """Return the INSERT into *table* that takes the place of the row with the same primary key."""
    return Insertion(table, replaces=True)


_CURSOR = "jizihao.question"


def _cursor(connection: Connection) -> Any:
    """Return the driver's cursor for questions inside the connection's transaction.

    Each connection of the driver keeps one: every question reads its rows to the end before the next.
    """
    if not connection.in_transaction():
        connection.begin()
    kept = connection.info
    if _CURSOR not in kept:
        kept[_CURSOR] = connection.connection.cursor()
    return kept[_CURSOR]


def _errors(dialect: Dialect) -> type[Exception]:
    return dialect.loaded_dbapi.Error


def _failed(connection: Connection, error: Exception) -> BaseException:
    # Whoever catches what SQLAlchemy raises must meet this too. Nobody knows in what state the cursor is.
    connection.info.pop(_CURSOR).close()
    return DBAPIError.instance(None, None, error, _errors(connection.dialect))
