"""Signs of life of a server: each check by name, and figures that Prometheus reads."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from ledger import roles, store
from ledger.checkpoint import Checkpoint
from ledger.note import signed
from tests import world
from tests.engines import Owned
from tests.world import World
from web import create_app
from web.database import DERIVED_TABLES, KEPT_TABLES, LOG_TABLES, create_tables

GOOD = {"database": "ok", "head": "ok", "mark": "ok", "writer": "ok", "role": "ok", "witnesses": "ok"}


@pytest.fixture
def made(tmp_path: Path) -> Iterator[World]:
    with world.opened(tmp_path) as found:
        yield found


@pytest.fixture
def client(made: World) -> FlaskClient:
    return create_app(made.services.settings, made.services).test_client()


def figures(client: FlaskClient) -> dict[str, float]:
    """Return each sample of /metrics, by its name and label."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    samples = (sample for family in families for sample in family.samples)
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for sample in samples
    }


def test_a_server_that_is_well_is_alive_and_ready(client: FlaskClient) -> None:
    answers = [client.get("/healthz"), client.get("/readyz")]

    assert [(each.status_code, each.json) for each in answers] == [
        (200, {"status": "ok"}),
        (200, {"status": "ok", "checks": GOOD}),
    ]


def test_a_server_without_its_database_lives_and_is_not_ready(made: World, client: FlaskClient) -> None:
    made.services.engine.dispose()
    path = made.services.settings.instance / "jizihao.sqlite3"
    path.rename(path.with_name("away"))
    path.mkdir()

    answers = [client.get("/healthz"), client.get("/readyz")]
    told = figures(client)

    path.rmdir()
    path.with_name("away").rename(path)
    assert [each.status_code for each in answers] == [200, 503]
    assert answers[1].json == {
        "status": "unavailable",
        "checks": GOOD | {"database": "failed", "head": "failed", "role": "failed"},
    }
    assert (told["jizihao_check_ok database"], "jizihao_log_entries" in told) == (0, False)


def test_a_server_whose_database_is_older_than_its_mark_is_not_ready(
    made: World, client: FlaskClient
) -> None:
    log = made.services.log
    later = Checkpoint(log.origin, log.size() + 1, bytes(32)).text()
    log.high_water.raise_to(signed(later, log.signer))

    ready = client.get("/readyz")

    assert (ready.status_code, (ready.json or {})["checks"]["head"]) == (503, "failed")


def test_a_server_whose_writer_has_ended_is_not_ready(made: World, client: FlaskClient) -> None:
    made.services.writer.close()

    ready = client.get("/readyz")

    assert (ready.status_code, (ready.json or {})["checks"]) == (503, GOOD | {"writer": "failed"})


def test_the_figures_are_those_of_the_log(made: World, client: FlaskClient) -> None:
    before = figures(client)
    made.services.log.publish()
    made.clock.pass_time(seconds=90)

    after = figures(client)

    size = made.services.log.size()
    assert before["jizihao_log_entries"] == after["jizihao_log_entries"] == size
    assert (before["jizihao_log_published_entries"], after["jizihao_log_published_entries"]) == (0, size)
    assert (after["jizihao_log_witnesses"], after["jizihao_log_quorum_met"]) == (0, 1)
    assert after["jizihao_log_last_entry_seconds"] == 90
    assert after["jizihao_log_unpublished_seconds"] == 0


def test_how_long_an_entry_has_waited_to_be_published(made: World, client: FlaskClient) -> None:
    made.services.log.publish()
    made.clock.pass_time(seconds=10)
    made.say("heitu", "member-registered", member="m" + "1" * 25, name="李虚构")
    made.clock.pass_time(seconds=7)

    told = figures(client)

    assert told["jizihao_log_unpublished_seconds"] == 7


def test_labels_are_bounded_and_nothing_is_said_of_anybody(made: World, client: FlaskClient) -> None:
    said = client.get("/metrics")

    labels = set(re.findall(r'\{(\w+)="(\w+)"\}', said.text))
    assert labels == {("check", name) for name in GOOD}
    assert said.content_type.startswith("text/plain; version=")


def test_an_application_that_owns_the_log_is_ready_and_says_so(owned: Owned, tmp_path: Path) -> None:
    with world.opened(tmp_path / "owner", url=owned.owner_url) as made:
        ready = create_app(made.services.settings, made.services).test_client().get("/readyz")

    assert (ready.status_code, ready.json) == (200, {"status": "ok", "checks": GOOD | {"role": "owner"}})


def test_an_application_that_only_appends_is_ready(owned: Owned, tmp_path: Path) -> None:
    owner = store.engine_for(owned.owner_url)
    create_tables(owner)
    with store.writing(owner) as connection:
        every = (name for each in (LOG_TABLES, DERIVED_TABLES, *KEPT_TABLES) for name in each.tables)
        roles.grant(connection, owned.role, every)
    owner.dispose()

    with world.opened(tmp_path / "app", url=owned.app_url) as made:
        ready = create_app(made.services.settings, made.services).test_client().get("/readyz")

    assert (ready.status_code, ready.json) == (200, {"status": "ok", "checks": GOOD})
