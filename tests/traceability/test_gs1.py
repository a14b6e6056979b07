"""One code, one spelling: GS1 Digital Links, element strings, EPC URNs and our own names."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import gs1
from traceability.errors import Invalid
from traceability.gs1.check import alphanumeric_pair, check_digit_holds
from traceability.gs1.link import parse_element_string, percent_decode, percent_encode

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "conformance" / "digitallink"
BASE = "https://trace.example.cn"
LOT = "https://id.gs1.org/01/06901234560015/10/JL26-0917A"


def vectors(name: str) -> list[Any]:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the shared conformance data is not beside this clone")
    found: list[Any] = json.loads(path.read_text())["vectors"]
    return found


def spelling(text: str) -> str | None:
    """The full canonical address of *text*, or None where it is refused."""
    try:
        found = gs1.parse(text)
    except Invalid:
        return None
    return found.link.full if found.link else found.uri


@pytest.mark.parametrize(
    "text",
    [
        LOT,
        "https://trace.example.cn/01/06901234560015/10/JL26-0917A",
        "HTTPS://ANY.HOST/leading/path/01/06901234560015/10/JL26-0917A?17=271001&lang=zh#proof",
        "/01/06901234560015/10/JL26-0917A",
        "(01)06901234560015(10)JL26-0917A",
        "(10)JL26-0917A(01)06901234560015",
        "urn:epc:class:lgtin:6901234.056001.JL26-0917A",
        "https://a/01/06901234560015/10/JL26%2d0917%41",
    ],
)
def test_a_lot_has_one_name_however_it_is_written(text: str) -> None:
    found = gs1.parse(text, BASE)

    assert (found.kind, found.uri, found.gtin, found.lot) == ("lot", LOT, "06901234560015", "JL26-0917A")
    assert found.lot_uri == LOT


@pytest.mark.parametrize(
    ("text", "uri", "kind"),
    [
        ("/lot/nongan-coop/millet/2026.A", "/lot/nongan-coop/millet/2026.A", "own-lot"),
        (BASE + "/lot/nongan-coop/millet/2026.A", "/lot/nongan-coop/millet/2026.A", "own-lot"),
        ("https://TRACE.example.cn/lot/a/b/C?linkType=all", "/lot/a/b/C", "own-lot"),
        (BASE + "/lot/a/b/C/7Q2M", "/lot/a/b/C/7Q2M", "serial"),
        (BASE + "/place/mill-3", "/place/mill-3", "place"),
        ("(00)169012345600001002", "https://id.gs1.org/00/169012345600001002", "container"),
        ("urn:epc:id:sscc:6901234.1560000100", "https://id.gs1.org/00/169012345600001002", "container"),
        ("/414/6901234100808", "https://id.gs1.org/414/6901234100808", "place"),
        ("/01/06901234560015", "https://id.gs1.org/01/06901234560015", "product"),
        (LOT + "/21/7Q", LOT + "/21/7Q", "serial"),
        ("/253/6901234500011C2026-1", "https://id.gs1.org/253/6901234500011C2026-1", "other"),
    ],
)
def test_every_kind_of_name_is_told_apart(text: str, uri: str, kind: str) -> None:
    found = gs1.parse(text, BASE)

    assert (found.uri, found.kind) == (uri, kind)
    assert gs1.parse(found.uri, BASE) == found


def test_a_pack_knows_its_lot() -> None:
    packs = [LOT + "/21/7Q", "/lot/a/b/C/7Q2M", "/01/06901234560015/21/7Q", "urn:uuid:1"]

    lots = [gs1.lot_of(pack) for pack in packs]

    assert lots == [LOT, "/lot/a/b/C", "/01/06901234560015/21/7Q", "urn:uuid:1"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not-a-code"),
        ("JL26-0917A", "not-a-code"),
        ("https://id.gs1.org/01/06901234560016/10/A", "gs1-value"),
        ("https://id.gs1.org/01/6901234560015/10/A", "gs1-value"),
        ("https://id.gs1.org/01/06901234560015/10/" + "A" * 21, "gs1-value"),
        ("https://id.gs1.org/01/06901234560015/10/A%20B", "gs1-value"),
        ("https://id.gs1.org/01/06901234560015/10/吉林", "not-a-code"),
        ("https://id.gs1.org/01/06901234560015/10/A/", "not-a-code"),
        ("https://id.gs1.org/01/06901234560015/21/1/10/A", "gs1-order"),
        ("https://id.gs1.org/01/06901234560015?10=A", "gs1-order"),
        ("https://id.gs1.org/01/06901234560015/10/A?10=A", "gs1-twice"),
        ("https://id.gs1.org/01/06901234560015/10/A?89=1", "gs1-element"),
        ("https://id.gs1.org/01/06901234560015/10/A?17=260230", "gs1-value"),
        ("https://id.gs1.org/01/06901234560015/10/A?427=JL", "gs1-company"),
        ("(10)A", "gs1-key"),
        ("/x/01/06901234560015", "not-a-code"),
        ("/lot/a/b/..", "not-a-code"),
        ("/lot/A/b/c", "not-a-code"),
        ("/lot/a--b/b/c", "not-a-code"),
        ("/lot/a/b/" + "c" * 21, "not-a-code"),
        ("/lot/a/b/c%41", "not-a-code"),
        ("https://other.example/lot/a/b/c", "not-a-code"),
        ("https://trace.example.cn.evil/lot/a/b/c", "not-a-code"),
        ("urn:epc:id:sgtin:6901234.05600.1", "not-a-code"),
        ("urn:epc:id:sgtin:6901234.056001.", "not-a-code"),
        ("urn:epc:idpat:sgtin:6901234.056001.1", "not-a-code"),
        ("urn:epc:id:sscc:6901234", "not-a-code"),
        ("urn:epc:id:lgtin:6901234.056001.L1", "not-a-code"),
        ("urn:epc:class:lgtin:6901234.056001.*x*%00", "gs1-value"),
        ("https://a/" + "b/" * 1000 + "01/06901234560015", "not-a-code"),
    ],
)
def test_what_is_no_code_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        gs1.parse(text, BASE)

    assert [(problem.where, problem.code) for problem in refused.value.problems] == [("lot", code)]


def test_an_answer_gives_our_own_names_our_own_address() -> None:
    told = [gs1.address(uri, BASE + "/") for uri in ("/lot/a/b/C", LOT)]

    assert told == [BASE + "/lot/a/b/C", LOT]


def test_a_partner_s_own_names_stay_as_they_are() -> None:
    names = [
        "urn:gdst:example.org:product:lot:class:1",
        "https://example.org/things/1",
        "urn:epc:id:gid:1.2.3",
    ]

    assert [gs1.canonical(name) for name in names] == names


@given(st.text(alphabet="ABCabc0123456789!\"%&'()*+,-./:;<=>?_", min_size=1, max_size=20))
def test_any_lot_number_that_gs1_allows_survives_being_an_address(lot: str) -> None:
    uri = f"https://id.gs1.org/01/06901234560015/10/{percent_encode(lot)}"

    found = gs1.parse(uri)

    assert (found.lot, found.uri) == (lot, uri)


@given(st.text(max_size=60))
def test_nothing_but_invalid_comes_of_any_text(text: str) -> None:
    for start in ("", "/", "(", "urn:epc:id:", "https://id.gs1.org/01/"):
        try:
            found = gs1.parse(start + text, BASE)
        except Invalid:
            continue
        assert gs1.parse(found.uri, BASE).uri == found.uri


def test_a_check_pair_of_letters_is_computed_as_gs1_s_example_has_it() -> None:
    assert alphanumeric_pair("1987654Ad4X4bL5ttr2310c") == "2K"


def test_addresses_are_read_as_the_gs1_engine_reads_them() -> None:
    # Vectors that ask for shortened GTINs want what edition 1.4.0 of the syntax took away.
    cases = [case for case in vectors("parse.json") if not case["options"]["permit_zero_suppressed_gtin"]]

    told = {case["uri"]: spelling(case["uri"]) for case in cases}

    assert told == {case["uri"]: case.get("canonical") for case in cases}


@pytest.mark.parametrize("name", ["jilin_domain.json", "path_sequences.json"])
def test_addresses_of_our_trade_are_read_as_the_engine_reads_them(name: str) -> None:
    cases = vectors(name)

    told = {case["uri"]: spelling(case["uri"]) for case in cases}

    assert told == {case["uri"]: case.get("canonical") for case in cases}


def test_addresses_of_another_implementation_are_judged_as_the_engine_judges_them() -> None:
    cases = vectors("digital_link_js.json")

    told = {case["uri"]: spelling(case["uri"]) is not None for case in cases}

    assert told == {case["uri"]: case["engine_valid"] for case in cases}


def test_element_strings_are_read_as_the_engine_reads_them() -> None:
    cases = vectors("element_strings.json")

    told = {case["ai"]: spelling(case["ai"]) for case in cases}

    assert told == {case["ai"]: case.get("uri") for case in cases}


def test_addresses_are_made_of_element_strings() -> None:
    for case in vectors("generate.json"):
        if not case["ok"]:
            with pytest.raises(Invalid):
                parse_element_string(case["ai"])
            continue
        stem = (case["stem"] or "https://id.gs1.org").rstrip("/")

        made = parse_element_string(case["ai"]).full

        assert made.replace("https://id.gs1.org", stem) == case["uri"]


def test_escapes_are_written_and_read_as_the_engine_does() -> None:
    written = vectors("percent_encode.json")
    read = vectors("percent_decode.json")

    for case in written:
        assert (percent_encode(case["in"]), percent_encode(case["in"], query=True)) == (
            case["path"],
            case["query"],
        )
    for case in read:
        assert (percent_decode(case["in"]), percent_decode(case["in"], query=True)) == (
            case["path"],
            case["query"],
        )


def test_check_digits_hold_where_they_should() -> None:
    cases = vectors("check_digits.json")

    told = [(case["type"], case["value"], check_digit_holds(case["value"])) for case in cases]

    assert told == [(case["type"], case["value"], case["valid"]) for case in cases]


def test_epc_urns_name_what_their_addresses_name() -> None:
    cases = [case for case in vectors("epc_urn_to_dl.json") if case["in"].startswith("urn:")]

    told = {case["in"]: spelling(case["in"]) for case in cases}

    assert told == {case["in"]: case["canonical"] for case in cases}


def test_addresses_in_the_urn_vectors_agree_where_today_s_syntax_allows_them() -> None:
    # The CBV hash drops all but the finest qualifier, and reads older spellings; identification does neither.
    cases = [case for case in vectors("epc_urn_to_dl.json") if not case["in"].startswith("urn:")]

    told = {case["in"]: spelling(case["in"]) for case in cases}

    for case in cases:
        found = told[case["in"]]
        assert found is None or found.partition("?")[0].startswith(
            case["canonical"].split("/10/")[0].split("/21/")[0]
        )
