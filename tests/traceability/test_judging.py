"""What is decided about a statement before it is written depends on earlier entries, and on nothing else."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from ledger import store
from ledger.canonical import instant_text
from tests import world
from tests.world import ORIGIN, PADDY_LOT, PLOT, RICE_LOT, World
from traceability import judging, schema
from traceability.errors import Refused
from traceability.limits import shipped_rules
from traceability.reading import Reader
from traceability.statement import Signed, stated


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world.opened(tmp_path_factory.mktemp("judging")) as opened:
        opened.whole_chain()
        yield opened


def spray(made: World, day: str, **told: object) -> Signed:
    """Return heitu's statement of a treatment, signed and not submitted."""
    words = {"at": f"{day}T08:00:00+08:00", "plot": PLOT, "name": "药", "substances": ["三环唑"], **told}
    return stated(
        schema.load("treated", words), made.services.journal.platform_key("heitu"), by="heitu", log=ORIGIN
    )


def judged(made: World, signed: Signed, source: str = "own") -> dict[str, Any]:
    """Return the record that the journal would write, in a transaction that is undone."""
    with store.writing(made.services.engine) as connection, connection.begin_nested() as undone:
        record = judging.record_of(
            Reader(connection),
            signed,
            source=source,
            rule_set=shipped_rules(),
            index=made.services.log.size(),
            recorded_at=instant_text(made.clock()),
        )
        undone.rollback()
    return record


def test_a_subject_is_linked_to_its_newest_entry(made: World) -> None:
    with made.services.reading() as reader:
        index, leaf = judging.newest(reader.connection, RICE_LOT)

        entry = reader.entry(index)

    assert entry.record["statement"]["event"]["kind"] == "inspected"
    assert leaf == b64encode(entry.leaf).decode()


def test_a_subject_that_nobody_has_touched_is_linked_to_nothing(made: World) -> None:
    with made.services.reading() as reader:
        assert judging.newest(reader.connection, "/lot/heitu/paddy/none") == []


def test_links_stand_in_the_order_of_their_names(made: World) -> None:
    with made.services.reading() as reader:
        links = judging.links(reader.connection, [RICE_LOT, PADDY_LOT, "/none"])

    assert list(links) == sorted(["/none", PADDY_LOT, RICE_LOT])


def test_a_record_links_what_it_touches_and_what_it_rests_on(made: World) -> None:
    signed = spray(made, "2026-10-08")

    record = judged(made, signed)

    key = f"urn:jizihao:key:{made.services.journal.platform_key('heitu').id}"
    assert {name for name in record["links"] if not name.startswith(key[:16])} == {
        f"urn:jizihao:plot:{PLOT}",
        "urn:jizihao:party:heitu",
    }
    assert record["statement"] == signed.statement.body
    assert record["sigs"] == [dict(each) for each in signed.signatures]
    assert record["ruling"] == {"flags": [], "rules": shipped_rules().digest, "source": "own"}


def test_judging_twice_gives_the_same(made: World) -> None:
    signed = spray(made, "2026-10-08")

    assert judged(made, signed) == judged(made, signed)


def test_the_same_breach_refuses_a_partys_own_and_flags_a_partners(made: World) -> None:
    signed = spray(made, "2026-10-08", plot="0" * 26)

    with pytest.raises(Refused) as refused:
        judged(made, signed)
    record = judged(made, signed, source="partner")

    assert [each.rule for each in refused.value.breaches] == ["unknown-plot"]
    flags = [(each["rule"], each["level"]) for each in record["ruling"]["flags"]]
    assert flags == [("unknown-plot", "hold")]


def test_the_rules_in_force_are_those_adopted_last(made: World) -> None:
    with made.services.reading() as reader:
        assert judging.rules_in_force(reader.connection) == shipped_rules().digest
