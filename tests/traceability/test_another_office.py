"""What another county's office may neither do nor undo: to laboratories, goods, honours, credit of others."""

from collections.abc import Iterator
from hashlib import sha256

import pytest

from tests.world import RICE_LOT, World, opened
from traceability.errors import Refused
from traceability.events.registry import PartyRegistered

YEARS = {"since": "2026-01-01", "until": "2028-12-31"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Yield a world with the office of a second county; the province has granted what there is."""
    with opened(tmp_path_factory.mktemp("offices")) as made:
        for party, division in (("shulan", "220283"), ("changchun", "220100"), ("qu", "220102")):
            made.services.register_party(
                PartyRegistered(
                    at=made.clock(), party=party, role="regulator", division=division, name="虚构局"
                )
            )
        made.harvest(lot="/lot/heitu/paddy/26-W", kg="10")
        yield made


def answers(world: World, kind: str, **told: object) -> dict[str, list[str]]:
    """Return what refuses a statement of each office, the one of the place last."""
    return {by: _refused(world, by, kind, **told) for by in ("shulan", "yushu")}


def _refused(world: World, by: str, kind: str, **told: object) -> list[str]:
    try:
        world.say(by, kind, **told)
    except Refused as found:
        return [each.rule for each in found.breaches]
    return []


def test_a_certificate_is_changed_by_an_office_of_its_holders_place(world: World) -> None:
    granted = {
        "scheme": "green-food",
        "grantee": "mifang",
        "number": "LB-1",
        "goods": ["milled-rice"],
        **YEARS,
    }
    digest = world.say("sheng", "scheme-certified", **granted).digest

    told = answers(world, "scheme-changed", certificate=digest, new_state="withdrawn")

    assert told == {"shulan": ["not-your-certificate"], "yushu": []}


def test_an_accreditation_is_changed_by_an_office_of_the_laboratorys_place(world: World) -> None:
    granted = {"party": "jiance", "scheme": "CMA", "number": "CMA-1", **YEARS}
    digest = world.say("sheng", "laboratory-accredited", **granted).digest

    # The laboratory is Changchun's, and neither county's.
    told = answers(world, "accreditation-changed", accreditation=digest, new_state="withdrawn")

    assert told == {"shulan": ["not-your-certificate"], "yushu": ["not-your-certificate"]}
    assert (
        _refused(world, "sheng", "accreditation-changed", accreditation=digest, new_state="withdrawn") == []
    )


def test_an_honour_is_withdrawn_by_an_office_of_its_holders_place(world: World) -> None:
    honour = {"honour": "time-honoured", "party": "mifang", "authority": "虚构商务厅", "year": 2019}
    world.say("sheng", "credential-recorded", credential="old-name", **honour)

    told = answers(world, "credential-withdrawn", credential="old-name", why="misuse")

    assert told == {"shulan": ["right-not-yours"], "yushu": []}


def test_a_bad_record_is_made_good_and_an_objection_answered_by_an_office_of_the_place(world: World) -> None:
    record = world.say("heitu", "input-bought", name="虚构尿素", category="fertiliser", amount="5", unit="kg")
    objection = world.say("heitu", "credit-objected", target=record.digest).digest

    repaired = answers(world, "credit-repaired", target=record.digest, party="heitu")
    decided = answers(world, "credit-objection-decided", target=objection, upheld=True)

    assert (repaired, decided) == ({"shulan": ["another-division"], "yushu": []},) * 2


def test_a_listing_is_ended_by_an_office_of_the_place(world: World) -> None:
    fact = world.say(
        "heitu", "input-bought", name="虚构肥", category="fertiliser", amount="5", unit="kg"
    ).digest
    told = {"party": "heitu", "legal_basis": "虚构依据", "facts": [fact], "excludes": ["brand-mark"]}
    listed = world.say("yushu", "dishonesty-listed", **told, since="2026-04-01", until="2027-03-31").digest

    lifted = answers(world, "dishonesty-lifted", target=listed, lift_cause="listed-in-error")

    assert lifted == {"shulan": ["another-division"], "yushu": []}


def test_a_shoppers_report_is_answered_by_an_office_of_the_makers_place(world: World) -> None:
    world.harvest(lot="/lot/heitu/paddy/26-Q", kg="10")
    receipt = sha256(b"a number").hexdigest()
    told = {"receipt": receipt, "complaint": "label", "lot": "/lot/heitu/paddy/26-Q", "text": "日期印错"}
    report = world.say("operator", "report-received", **told).digest

    found = answers(world, "report-answered", consumer_report=report, report_status="accepted")

    assert found == {"shulan": ["outside-the-division"], "yushu": []}


def test_a_reward_is_granted_by_an_office_of_the_makers_place(world: World) -> None:
    world.harvest(lot="/lot/heitu/paddy/26-P", kg="10")
    receipt = sha256(b"another number").hexdigest()
    told = {"receipt": receipt, "complaint": "label", "lot": "/lot/heitu/paddy/26-P", "text": "日期印错"}
    report = world.say("operator", "report-received", **told).digest
    for status in ("accepted", "confirmed"):
        world.say("yushu", "report-answered", consumer_report=report, report_status=status)

    found = answers(world, "reward-granted", consumer_report=report, reward="二百元（虚构）")

    assert found == {"shulan": ["outside-the-division"], "yushu": []}


def test_a_shoppers_report_is_answered_where_the_goods_are_sold_too(world: World) -> None:
    world.whole_chain()
    world.hand_over(RICE_LOT, "100", by="mifang", to="chaoshi")
    told = {"receipt": sha256(b"a third number").hexdigest(), "complaint": "quality", "lot": RICE_LOT}
    report = world.say("operator", "report-received", **told, text="结块").digest

    accepted = world.say("qu", "report-answered", consumer_report=report, report_status="accepted")

    assert not accepted.flags


def test_a_laboratory_is_accredited_by_an_office_of_its_place(world: World) -> None:
    told = {"party": "jiance", "scheme": "CATL", "number": "CATL-1", **YEARS}

    found = {
        by: _refused(world, by, "laboratory-accredited", **told) for by in ("yushu", "changchun", "sheng")
    }

    # A county does not speak for the laboratory of its prefecture, which lies above it.
    assert found == {"yushu": ["outside-the-division"], "changchun": [], "sheng": []}


PADDY = "/lot/heitu/paddy/26-H"
HELD = {"hold_cause": "contamination"}


def test_a_lot_is_stopped_by_an_office_of_its_makers_place(world: World) -> None:
    world.harvest(lot=PADDY, kg="10")

    assert answers(world, "hold-placed", lot=PADDY, **HELD) == {
        "shulan": ["outside-the-division"],
        "yushu": [],
    }


def test_a_lot_is_stopped_where_it_is_kept_too(world: World) -> None:
    world.say("mifang", "untraced-received", lot="/lot/mifang/rice/H-1", product="rice", amount={"kg": "9"})
    told = {"lot": "/lot/mifang/rice/H-1", **HELD}
    before = _refused(world, "qu", "hold-placed", **told)

    world.hand_over("/lot/mifang/rice/H-1", "9", by="mifang", to="chaoshi", token="H" * 32)

    assert (before, _refused(world, "qu", "hold-placed", **told)) == (["outside-the-division"], [])


def test_a_lot_is_called_back_by_an_office_of_its_makers_place(world: World) -> None:
    world.harvest(lot="/lot/heitu/paddy/26-R", kg="10")

    found = answers(world, "recalled", lot="/lot/heitu/paddy/26-R", level=2, cause="contamination")

    assert found == {"shulan": ["outside-the-division"], "yushu": []}


def test_the_recall_of_another_county_is_not_for_a_strange_office_to_end(world: World) -> None:
    lot = "/lot/heitu/paddy/26-S"
    world.harvest(lot=lot, kg="10")
    recall = world.say("heitu", "recalled", lot=lot, level=2, cause="contamination").digest

    found = answers(world, "recall-started", recall=recall)

    assert found == {"shulan": ["not-your-recall"], "yushu": []}


@pytest.mark.parametrize(
    ("subject", "refused"),
    [
        ({"party": "heitu"}, ["outside-the-division"]),
        ({"lot": "/lot/heitu/paddy/26-W"}, ["outside-the-division"]),
        ({"lot": "/lot/heitu/paddy/26-W", "party": "chaoshi"}, ["outside-the-division"]),
        ({"lot": "/lot/nobody/paddy/26-Z"}, []),
        ({}, []),
    ],
    ids=["a party", "a lot", "both", "a lot that nobody knows", "nothing of them"],
)
def test_an_office_warns_of_what_its_division_has(
    world: World, subject: dict[str, str], refused: list[str]
) -> None:
    told = {"severity": "high", **subject}

    found = {
        "shulan": _refused(world, "shulan", "alert-raised", division="220283", **told),
        "yushu": _refused(world, "yushu", "alert-raised", division="220182", **told),
    }

    assert found == {"shulan": refused, "yushu": []}


def test_an_office_warns_those_of_its_own_division(world: World) -> None:
    assert answers(world, "alert-raised", severity="low", division="220182") == {
        "shulan": ["outside-the-division"],
        "yushu": [],
    }


@pytest.mark.parametrize(("by", "kind"), [("sheng", "alert-raised"), ("heitu", "harvested")])
def test_an_alert_is_taken_up_by_an_office_whom_it_concerns(world: World, by: str, kind: str) -> None:
    warning = {"severity": "high", "division": "220182"}
    late = {"lot": "/lot/heitu/paddy/26-L", "kg": "1", "at": "2026-03-01T08:00:00+08:00"}
    said = world.say(by, kind, **warning) if kind == "alert-raised" else world.harvest(**late)
    alert = {"source": said.digest, "alert": "alert-raised" if by == "sheng" else said.flags[0]["rule"]}

    found = answers(world, "alert-done", **alert, alert_outcome="no-risk")

    assert found == {"shulan": ["outside-the-division"], "yushu": []}
