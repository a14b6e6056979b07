"""The ring of keys follows the log, and forgets what a transaction showed and then undid."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from ledger import store
from ledger.dsse import AuthorKey
from tests import world
from tests.world import ORIGIN, World
from traceability import indexing, judging
from traceability.keyring import Keys
from traceability.reading import Reader
from web.database import key_record

NEW = AuthorKey(b"\x11" * 32)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as opened:
        yield opened


def grant(made: World, key: AuthorKey) -> dict[str, object]:
    """Return the record that grants *key* to heitu."""
    registrar = made.services.registrar()
    return key_record(ORIGIN, key, registrar, party="heitu", role="cooperative", custody="author")


def enter(connection: Connection, made: World, key: AuthorKey) -> None:
    """Append a key entry in an open transaction, as the journal does."""
    log = made.services.log
    from ledger.session import Session  # noqa: PLC0415 -- for this one use

    session = Session(connection, log.tip(connection), made.clock())
    named = indexing.key_subjects(grant(made, key)["grant"])  # type: ignore[arg-type]  # a grant
    (index,) = session.append([grant(made, key) | {"links": judging.links(connection, named)}])
    reader = Reader(connection)
    indexing.index_entry(reader, reader.entry(index))


def test_every_granted_key_is_in_the_ring(made: World) -> None:
    with made.services.reading() as reader:
        ring = Keys(ORIGIN).ring(reader)

    assert {each.party for each in ring.grants()} == {"operator", *(party for party, *_ in world.PARTIES)}
    assert list(ring.registrars()) == [made.services.registrar().id]


def test_the_ring_is_read_once_while_nothing_changes(made: World) -> None:
    keys = Keys(ORIGIN)

    with made.services.reading() as reader:
        assert keys.ring(reader) is keys.ring(reader)


def test_a_new_key_joins_and_an_ended_one_stays_with_its_end(made: World) -> None:
    keys, journal = Keys(ORIGIN), made.services.journal
    with made.services.reading() as reader:
        before = keys.ring(reader)
    index = journal.register_key(grant(made, NEW))

    with made.services.reading() as reader:
        after = keys.ring(reader)

    assert before.grant(NEW.id) is None
    found = after.grant(NEW.id)
    assert found is not None
    assert (found.party, found.custody, found.granted, found.revoked) == ("heitu", "author", index, None)


def test_what_an_undone_transaction_showed_is_forgotten(made: World) -> None:
    keys = Keys(ORIGIN)
    with store.appending(made.services.engine) as connection:
        undone = connection.begin_nested()
        enter(connection, made, NEW)
        seen = keys.ring(Reader(connection)).grant(NEW.id)
        undone.rollback()

        after = keys.ring(Reader(connection)).grant(NEW.id)

    assert seen is not None
    assert after is None


def test_another_key_in_the_same_place_is_not_mistaken_for_the_first(made: World) -> None:
    keys, other = Keys(ORIGIN), AuthorKey(b"\x12" * 32)
    with store.appending(made.services.engine) as connection:
        for key in (NEW, other):
            undone = connection.begin_nested()
            enter(connection, made, key)
            ring = keys.ring(Reader(connection))
            known = [each.id for each in (NEW, other) if ring.grant(each.id) is not None]
            undone.rollback()

            assert known == [key.id]
