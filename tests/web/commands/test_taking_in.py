"""Files from outside: what is recorded, what is refused, and that nothing broken leaves a trace."""

import io
import json
import stat
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests import chains, world
from tests.terminal import Terminal
from tests.world import PLOT, RICE_LOT

HARVEST = "kind,at,lot,product,数量（公斤）,地块\n采收,2026-03-02 08:00,26-A,paddy,5000," + PLOT + "\n"


@pytest.fixture
def fresh(tmp_path: Path) -> Terminal:
    return Terminal.of_new(tmp_path / "instance")


@pytest.fixture
def peopled(tmp_path: Path) -> Terminal:
    with world.opened(tmp_path):
        pass
    return Terminal(tmp_path / "instance")


def workbook(*rows: tuple[Any, ...]) -> bytes:
    """Return an XLSX file whose first sheet has these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bomb() -> bytes:
    """Return a small archive that says that it unpacks to more than anybody should read."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(5):
            archive.writestr(f"xl/{number}.xml", b"\0" * (60 * 1024 * 1024))
    return target.getvalue()


def epcis(**changes: Any) -> bytes:
    """Return a document of one event with *changes*; None takes a member away."""
    told = chains.events()[5] | changes
    return json.dumps(
        chains.document([{name: value for name, value in told.items() if value is not None}])
    ).encode()


BROKEN = {
    "empty.json": b"",
    "cut.json": b'{"type": "EPCISDocument"',
    "list.json": b"[1, 2]",
    "text.json": b'"text"',
    "number.json": b"7",
    "null.json": b"null",
    "twice.json": b'{"type": "EPCISDocument", "type": "EPCISDocument"}',
    "nan.json": b'{"type": NaN}',
    "latin.json": b'{"type": "\xe9"}',
    "deep.json": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "surrogate.json": b'{"type": "\\ud800"}',
    "long-number.json": epcis(quantityList=[{"epcClass": chains.F1, "quantity": 10}]).replace(
        b"10}", b"1" * 5000 + b"}"
    ),
    "no-time.json": epcis(eventTime=None),
    "bad-time.json": epcis(eventTime="2026-13-01T00:00:00Z"),
    "no-zone.json": epcis(eventTimeZoneOffset=None),
    "bad-action.json": epcis(action="MOVE"),
    "bad-type.json": epcis(type="HarvestEvent"),
    "text-quantity.json": epcis(quantityList=[{"epcClass": chains.F1, "quantity": "10"}]),
    "bad-uri.json": epcis(epcList=["not a uri"]),
    "unknown-member.json": epcis(harvest="yes"),
    "empty.csv": b"",
    "only-headings.csv": b"\n\n",
    "no-kind.csv": b"at,lot\n2026-03-01,1\n",
    "same-heading.csv": b"kind,lot,lot\nharvested,1,2\n",
    "deep-heading.csv": b"kind,a.b.c.d.e.f.g.h\nharvested,1\n",
    "huge-index.csv": b"kind,plots.99999999.plot\nharvested,1\n",
    "unknown-kind.csv": b"kind,at\nstolen,2026-03-01\n",
    "unknown-field.csv": b"kind,at,colour\nharvested,2026-03-01,red\n",
    "more-cells.csv": b"kind,at\nharvested,2026-03-01,red\n",
    "bad-number.csv": b"kind,at,lot,product,amount.kg\nharvested,2026-03-01,/lot/a/b/c,b,many\n",
    "bad-quote.csv": b'kind,at\n"harvested,2026-03-01\n',
    "nul.csv": b"kind,at\0\nharvested,2026-03-01\n",
    "wide.csv": b"kind" + b"," * 300 + b"x\n",
    "long-cell.csv": b"kind,at\nharvested," + b"9" * 5000 + b"\n",
    "binary.csv": bytes(range(256)) * 10,
    "text.xlsx": b"this is not a workbook",
    "broken.xlsx": b"PK\x03\x04" + b"\0" * 200,
    "cut.xlsx": workbook(("kind", "at"), ("harvested", "2026-03-01"))[:-200],
    "no-sheet.xlsx": b"PK\x05\x06" + b"\0" * 18,
    "formula.xlsx": workbook(
        ("kind", "at", "lot", "product", "amount.kg"), ("harvested", "2026-03-01", "A", "p", "=1+1")
    ),
    "bomb.xlsx": bomb(),
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_broken_file_is_code_2_names_what_is_wrong_and_writes_nothing(
    name: str, fresh: Terminal, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(BROKEN[name])

    ran = fresh("import", tmp_path / name, "--json")

    assert ran.code == 2
    assert (ran.json["recorded"], ran.json["flagged"]) == (0, [])
    assert all(each["reason"] and each["rule"] for each in ran.json["refused"])
    assert ran.json["refused"]
    assert "Traceback" not in ran.err
    assert fresh.size == 3
    assert not (tmp_path / "instance" / "evidence").exists()


@pytest.mark.parametrize("name", ["missing.json", "."])
def test_a_file_that_cannot_be_read_is_code_2(name: str, fresh: Terminal, tmp_path: Path) -> None:
    ran = fresh("import", tmp_path / name)

    assert ran.code == 2
    assert str(tmp_path) in ran.err


def test_the_field_that_is_wrong_is_named(fresh: Terminal, tmp_path: Path) -> None:
    (tmp_path / "wrong.json").write_bytes(BROKEN["bad-time.json"])

    ran = fresh("import", tmp_path / "wrong.json", "--json")

    assert [each["where"] for each in ran.json["refused"]] == ["epcisBody.eventList[0].eventTime"]


def test_rows_are_a_partys_own_statements(peopled: Terminal, tmp_path: Path) -> None:
    (tmp_path / "harvest.csv").write_text(HARVEST, encoding="utf-8")

    ran = peopled("import", tmp_path / "harvest.csv", "--as", "heitu", "--json")

    assert (ran.code, ran.json["recorded"], ran.json["refused"]) == (0, 1, [])
    (entry,) = peopled("entries", "--lot", "/lot/heitu/paddy/26-A", "--json").json
    assert (entry["kind"], entry["by"]) == ("harvested", "heitu")


def test_rows_imported_twice_change_nothing(peopled: Terminal, tmp_path: Path) -> None:
    (tmp_path / "harvest.csv").write_text(HARVEST, encoding="utf-8")
    peopled("import", tmp_path / "harvest.csv", "--as", "heitu")

    ran = peopled("import", tmp_path / "harvest.csv", "--as", "heitu", "--json")

    assert (ran.code, ran.json) == (0, {"recorded": 0, "refused": [], "flagged": []})


def test_rows_from_chinese_excel_and_from_a_workbook_are_the_same(peopled: Terminal, tmp_path: Path) -> None:
    (tmp_path / "harvest.csv").write_bytes(HARVEST.encode("gb18030"))
    cells = [line.split(",") for line in HARVEST.splitlines()]
    rows = [tuple(cells[0]), (*cells[1][:4], 5000, cells[1][5])]
    (tmp_path / "harvest.xlsx").write_bytes(workbook(*rows))
    peopled("import", tmp_path / "harvest.csv", "--as", "heitu")

    ran = peopled("import", tmp_path / "harvest.xlsx", "--as", "heitu", "--json")

    assert (ran.code, ran.json["recorded"]) == (0, 0)


TWO_ROWS = HARVEST + "采收,2026-03-02 09:00,26-B,nosuch,10," + PLOT + "\n"


def test_a_row_that_breaks_a_rule_refuses_the_whole_file(peopled: Terminal, tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text(TWO_ROWS, encoding="utf-8")
    before = peopled.size

    ran = peopled("import", tmp_path / "two.csv", "--as", "heitu", "--json")

    assert (ran.code, ran.json["recorded"]) == (1, 0)
    assert [(each["where"], each["rule"]) for each in ran.json["refused"]] == [("row 3", "unknown-product")]
    assert peopled.size == before


def test_whoever_keeps_going_records_the_rest(peopled: Terminal, tmp_path: Path) -> None:
    (tmp_path / "two.csv").write_text(TWO_ROWS + "采收,gestern,,,,\n", encoding="utf-8")
    before = peopled.size

    ran = peopled("import", tmp_path / "two.csv", "--as", "heitu", "--keep-going", "--json")

    assert (ran.code, ran.json["recorded"]) == (1, 1)
    assert {each["where"].split(":")[0] for each in ran.json["refused"]} == {"row 3", "row 4"}
    assert peopled.size == before + 1
    assert peopled("audit").code == 0


def test_an_unknown_party_is_wrong_usage(peopled: Terminal, tmp_path: Path) -> None:
    (tmp_path / "harvest.csv").write_text(HARVEST, encoding="utf-8")

    assert peopled("import", tmp_path / "harvest.csv", "--as", "nobody").code == 2


def test_a_party_may_not_state_what_its_role_does_not_do(peopled: Terminal, tmp_path: Path) -> None:
    (tmp_path / "harvest.csv").write_text(HARVEST, encoding="utf-8")

    ran = peopled("import", tmp_path / "harvest.csv", "--as", "jiance", "--json")

    assert ran.code == 1
    assert "may-not-state" in {each["rule"] for each in ran.json["refused"]}


def test_a_partners_claim_is_recorded_with_its_flags(fresh: Terminal, tmp_path: Path) -> None:
    told = [
        chains.events()[5],
        chains.event(
            9,
            "TransformationEvent",
            "2026-09-02T08:00:00",
            inputQuantityList=[chains.kilograms(chains.F1, 90)],
            outputQuantityList=[chains.kilograms(chains.P1, 91)],
        ),
    ]

    ran = fresh("import", chains.write(tmp_path / "chain.json", told), "--json")

    flags = [{(flag["rule"], flag["level"]) for flag in each["flags"]} for each in ran.json["flagged"]]
    assert (ran.code, ran.json["recorded"], ran.json["refused"]) == (0, 2, [])
    assert flags == [
        {("external-unverified", "warn")},
        {("external-unverified", "warn"), ("mass-balance", "hold")},
    ]


def test_a_claim_with_a_used_id_and_other_content_is_recorded_and_flagged(
    fresh: Terminal, tmp_path: Path
) -> None:
    birth = chains.events()[5]
    other = birth | {"quantityList": [chains.kilograms(chains.F1, 101)]}
    fresh("import", chains.write(tmp_path / "one.json", [birth]))

    ran = fresh("import", chains.write(tmp_path / "two.json", [other]), "--json")

    assert (ran.code, ran.json["recorded"]) == (0, 1)
    assert "event-id-reused" in {flag["rule"] for flag in ran.json["flagged"][0]["flags"]}


def test_nobody_voids_the_claim_of_another_by_repeating_its_id(fresh: Terminal, tmp_path: Path) -> None:
    birth, void = chains.events()[5], {"declarationTime": "2026-09-05T00:00:00Z"}
    fresh("import", chains.write(tmp_path / "one.json", [birth], sender="acme"))

    fresh("import", chains.write(tmp_path / "two.json", [birth | {"errorDeclaration": void}], sender="other"))

    assert fresh("entries", "--lot", chains.F1, "--json").json[0]["by"] == "operator"
    assert fresh("trace", chains.F1, "--back").code == 0


def test_a_claim_upon_our_own_lot_that_nobody_handed_out_is_flagged(tmp_path: Path) -> None:
    with world.opened(tmp_path) as made:
        made.whole_chain()
    terminal = Terminal(tmp_path / "instance")
    taken = chains.event(
        1,
        "TransformationEvent",
        "2026-11-01T08:00:00",
        inputQuantityList=[chains.kilograms(world.BASE_URL + RICE_LOT, 100)],
        outputQuantityList=[chains.kilograms(chains.P1, 90)],
    )

    ran = terminal("import", chains.write(tmp_path / "taken.json", [taken]), "--json")

    assert ("not-held", "hold") in {(each["rule"], each["level"]) for each in ran.json["flagged"][0]["flags"]}
    assert terminal("trace", chains.P1, "--back", "--json").json["lots"][-1] == world.BASE_URL + RICE_LOT


def test_a_partys_own_epcis_obeys_the_rules_of_forms(peopled: Terminal, tmp_path: Path) -> None:
    file = chains.write(tmp_path / "chain.json", chains.events())
    before = peopled.size

    ran = peopled("import", file, "--as", "mifang", "--json")

    assert (ran.code, ran.json["recorded"]) == (1, 0)
    assert {each["rule"] for each in ran.json["refused"]} >= {"unknown-product"}
    assert peopled.size == before


def test_the_document_is_kept_for_its_owner_alone(fresh: Terminal, tmp_path: Path) -> None:
    file = chains.write(tmp_path / "chain.json", chains.events())
    fresh("import", file)

    (kept,) = (tmp_path / "instance" / "evidence").iterdir()

    assert kept.read_bytes() == file.read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_an_empty_sheet_can_be_filled_in(suffix: str, peopled: Terminal, tmp_path: Path) -> None:
    sheet = tmp_path / f"sheet{suffix}"

    ran = peopled("template", "harvested", "--out", sheet)

    assert ran.code == 0
    # The row of the template names its kind and nothing else; each field that it lacks is told.
    told = peopled("import", sheet, "--json")
    assert told.code == 2
    assert {"row 2: at", "row 2: lot"} <= {each["where"] for each in told.json["refused"]}
