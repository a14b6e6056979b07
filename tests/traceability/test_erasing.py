"""What was erased is in no file of the instance, even while others had the database open."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from ledger import residue, store
from tests import world
from tests.world import World
from traceability import erasing, kept
from traceability.errors import Refused
from web.database import open_services

DEALER = "虚构农资店·勿留痕迹"


def erase(made: World) -> None:
    """Let heitu name a dealer and have the name erased."""
    told = {"name": "虚构尿素", "category": "fertiliser", "amount": "50", "unit": "kg", "dealer": DEALER}
    target = made.say("heitu", "input-bought", **told)
    cause = "order"
    made.say("heitu", "erased", target=target.digest, fields=["/dealer"], done="erased", cause=cause)


def traces(folder: Path) -> list[str]:
    """Return the names of the files in which the erased words stand."""
    return sorted(
        path.name for path in folder.rglob("*") if path.is_file() and DEALER.encode() in path.read_bytes()
    )


def test_an_erased_value_is_in_no_file(tmp_path: Path) -> None:
    with world.opened(tmp_path) as made:
        erase(made)

        found = traces(tmp_path)

    assert found == []


def test_a_reader_in_the_way_is_waited_for_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(residue, "PATIENCE_MILLISECONDS", 10)
    with world.opened(tmp_path) as made:
        settings = made.services.settings
        reader = sqlite3.connect(settings.instance / "jizihao.sqlite3", isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM ledger_entry").fetchone()
        erase(made)
        held = traces(tmp_path)
        reader.close()

        open_services(settings).close()

        found = traces(tmp_path)

    assert held == ["jizihao.sqlite3-wal"]
    assert found == []


def test_a_table_that_others_hold_is_let_go_of_later(tmp_path: Path, postgresql_url: str) -> None:
    emptied(postgresql_url)
    with world.opened(tmp_path, url=postgresql_url) as made:
        engine = made.services.engine
        with engine.begin() as holding:
            holding.execute(text("LOCK TABLE sealed_value IN SHARE ROW EXCLUSIVE MODE"))
            held = residue.let_go(engine, kept.sealed_value)

        erase(made)

        assert (held, erasing.finish_earlier(engine)) == (False, True)


def emptied(url: str) -> None:
    engine = store.engine_for(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()


def test_an_erasure_that_is_refused_is_told_like_any_other(tmp_path: Path) -> None:
    with world.opened(tmp_path) as made, pytest.raises(Refused):
        made.say("heitu", "erased", target="0" * 64, fields=["/dealer"], done="erased", cause="order")
