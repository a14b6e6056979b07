"""The whole trade on SQLite and on PostgreSQL: the same entries are accepted, and the audit finds nothing."""

from pathlib import Path

from tests import world
from traceability import audit
from web import database


def test_a_world_with_everything_in_it_is_sound(database_url: str, tmp_path: Path) -> None:
    with world.opened(tmp_path, url=database_url) as made:
        world.everything(made)

        with database.auditing(made.services.settings) as subject:
            report = audit.audit(subject)

    assert report.findings == []
