"""Questions about lots that have no GTIN, and about what nobody knows."""

from pathlib import Path

import pytest

from tests import chains, world
from tests.terminal import Terminal
from tests.world import BASE_URL, PADDY_LOT, RICE_LOT

BRAN_LOT = "/lot/mifang/bran/B-1"


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    folder = tmp_path_factory.mktemp("answering")
    with world.opened(folder) as made:
        made.whole_chain()
    return Terminal(folder / "instance")


def ours(*lots: str) -> list[str]:
    """Return the addresses of lots of our own."""
    return sorted(BASE_URL + lot for lot in lots)


@pytest.mark.parametrize("spelled", [RICE_LOT, BASE_URL + RICE_LOT])
def test_a_lot_is_known_by_its_path_and_by_its_address(spelled: str, terminal: Terminal) -> None:
    ran = terminal("trace", spelled, "--back", "--json")

    assert ran.json == {
        "lot": BASE_URL + RICE_LOT,
        "direction": "back",
        "lots": ours(PADDY_LOT),
        "edges": [[BASE_URL + PADDY_LOT, BASE_URL + RICE_LOT]],
        "shares": {BASE_URL + PADDY_LOT: "1"},
    }


def test_forward_names_by_products_too(terminal: Terminal) -> None:
    assert terminal("trace", PADDY_LOT, "--forward", "--json").json["lots"] == ours(RICE_LOT, BRAN_LOT)


def test_a_recall_reaches_what_was_shipped_and_what_was_made_of_it(terminal: Terminal) -> None:
    told = terminal("recall", PADDY_LOT, "--dry-run", "--json").json

    assert told == {
        "lot": BASE_URL + PADDY_LOT,
        "affected_lots": ours(PADDY_LOT, RICE_LOT, BRAN_LOT),
        "shipped_to": ["虚构仓库"],
    }


def test_for_people_a_share_stands_beside_each_lot(terminal: Terminal) -> None:
    assert terminal("trace", RICE_LOT, "--back").out == f"{BASE_URL}{PADDY_LOT}  100.0%\n"


def test_entries_of_a_lot_are_told_with_their_kind_and_author(terminal: Terminal) -> None:
    told = terminal("entries", "--lot", RICE_LOT, "--json").json

    assert [(each["kind"], each["by"], each["lot"]) for each in told] == [
        ("processed", "mifang", BASE_URL + RICE_LOT),
        ("inspected", "jiance", BASE_URL + RICE_LOT),
    ]


def test_all_entries_are_told_from_the_opening_on(terminal: Terminal) -> None:
    told = terminal("entries", "--json").json

    assert [each["index"] for each in told] == list(range(len(told)))
    assert (told[0]["kind"], told[0]["by"], told[1]["kind"], told[1]["by"]) == (
        "log-opened",
        None,
        "key",
        "operator",
    )


def test_the_balance_is_told_for_people(terminal: Terminal) -> None:
    assert "5000 → 3700 kg" in terminal("balance").out


@pytest.mark.parametrize(
    ("lot", "code"),
    [
        ("", 2),
        (" ", 2),
        ("garbage", 2),
        ("/lot/heitu/paddy", 2),
        ("/lot/heitu/paddy/26-A/x/y", 2),
        ("/lot/HEITU/paddy/26-A", 2),
        ("https://id.gs1.org/01/09521234000012/10/A", 2),
        ("(01)09521234000013", 1),
        ("(01)09521234000013(10)", 2),
        ("(01)09521234000013(10)A(10)B", 2),
        ("https://id.gs1.org/00/095212340000000013", 2),
        ("x" * 5000, 2),
        ("/lot/heitu/paddy/26-B", 1),
        ("https://id.gs1.org/01/09521234000013/10/NOPE", 1),
        ("http://127.0.0.1:8000/lot/heitu/paddy/26-B", 1),
        ("\ud800", 2),
    ],
)
def test_a_lot_that_is_none_is_code_2_and_one_that_nobody_knows_is_code_1(
    lot: str, code: int, terminal: Terminal
) -> None:
    ran = terminal("trace", lot, "--back")

    assert (ran.code, ran.out) == (code, "")
    assert ran.err
    assert "Traceback" not in ran.err


def test_a_lot_is_no_container(terminal: Terminal) -> None:
    assert terminal("contents", RICE_LOT).code == 2


def test_a_recall_is_only_rehearsed_here(terminal: Terminal) -> None:
    ran = terminal("recall", RICE_LOT)

    assert ran.code == 2
    assert f"{BASE_URL}/sign-in" in ran.err


def test_partners_may_have_names_of_their_own(tmp_path: Path) -> None:
    made = Terminal.of_new(tmp_path / "instance")
    birth = chains.event(
        1,
        "ObjectEvent",
        "2026-09-01T08:00:00",
        action="ADD",
        quantityList=[chains.kilograms("urn:example:lot:7", 5)],
    )
    made("import", chains.write(tmp_path / "own.json", [birth]))

    ran = made("trace", "urn:example:lot:7", "--back", "--json")

    assert (ran.code, ran.json["lot"], ran.json["lots"]) == (0, "urn:example:lot:7", [])
