"""A fact reads the same wherever it is written: the rules of static/facts.js, tried on the server's side."""

import json
import shutil
import subprocess
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from ledger.errors import Malformed
from traceability.quantity import Amount
from web.facts import format_fact

ROOT = Path(__file__).resolve().parents[2]
CASES: list[tuple[str, Any, str, str, str]] = [
    ("text", "水稻", "", "水稻", "水稻"),
    ("text", 12, "", "12", "12"),
    ("text", True, "", "true", "true"),
    ("text", ["吡虫啉", "三环唑"], "", "吡虫啉、三环唑", "吡虫啉, 三环唑"),
    ("party", "dadi-coop", "", "dadi-coop", "dadi-coop"),
    ("number", "0", "", "0", "0"),
    ("number", "999", "", "999", "999"),
    ("number", "1000", "", "1,000", "1,000"),
    ("number", "-1234.5678", "", "-1,234.5678", "-1,234.5678"),
    ("number", 1200, "", "1,200", "1,200"),
    ("mass", "3090.5", "", "3,090.5 公斤", "3,090.5 kg"),
    ("mass", "123456789", "", "123,456,789 公斤", "123,456,789 kg"),
    ("pieces", 1200, "穗", "1,200 穗", "1,200 ears"),
    ("pieces", 1200, "捆", "1,200 捆", "1,200 捆"),
    ("amount", {"kg": "12.5"}, "", "12.5 公斤", "12.5 kg"),
    ("amount", {"pieces": 3}, "袋", "3 袋", "3 bags"),
    ("date", "2026-09-21", "", "2026-09-21", "2026-09-21"),
    ("instant", "2026-09-21T08:00:59.999999Z", "", "2026-09-21 16:00", "2026-09-21 16:00"),
    ("instant", "2026-12-31T16:00:00.000000Z", "", "2027-01-01 00:00", "2027-01-01 00:00"),
    ("share", "0.125", "", "12.5%", "12.5%"),
    ("share", "1", "", "100%", "100%"),
    ("share", "0", "", "0%", "0%"),
    ("share", "0.05", "", "5%", "5%"),
    ("share", "0.005", "", "0.5%", "0.5%"),
    ("share", "0.3333", "", "33.33%", "33.33%"),
    ("word:process", "milling", "", "碾米", "milling"),
    ("word:process", "puffing", "", "puffing", "puffing"),
    ("word:nothing", "milling", "", "milling", "milling"),
    ("word:by_product", True, "", "true", "true"),
    ("lot", "https://id.gs1.org/01/09520000000011/10/A%2F1", "", "A/1", "A/1"),
    ("lot", "/lot/dadi/paddy/JL26", "", "JL26", "JL26"),
]


@pytest.mark.parametrize(("form", "value", "unit", "zh", "en"), CASES)
def test_a_fact_is_put_in_its_form(form: str, value: Any, unit: str, zh: str, en: str) -> None:
    shown = [format_fact(form, value, language, unit=unit) for language in ("zh", "en")]

    assert shown == [zh, en]


def test_what_an_event_has_reads_like_what_its_entry_has() -> None:
    shown = [
        format_fact("mass", Decimal("3090.500"), "zh"),
        format_fact("amount", Amount(kg=Decimal("1E+3")), "zh"),
        format_fact("amount", Amount(pieces=1200), "en", unit="ear"),
        format_fact("date", date(2026, 9, 21), "zh"),
        format_fact("instant", datetime(2026, 9, 21, 8, tzinfo=UTC), "zh"),
        format_fact("share", Fraction(1, 3), "zh"),
        format_fact("share", Fraction(1, 8), "zh"),
        format_fact("word:passed", False, "zh"),
    ]

    assert shown == [
        "3,090.5 公斤",
        "1,000 公斤",
        "1,200 ears",
        "2026-09-21",
        "2026-09-21 16:00",
        "33.3%",
        "12.5%",
        "不合格",
    ]


def test_what_nobody_stated_is_said_to_be_missing() -> None:
    assert [format_fact("mass", None, "zh"), format_fact("lot", None, "en")] == ["未提供", "not stated"]


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("number", "007"),
        ("number", "1.50"),
        ("mass", "1e3"),
        ("share", "1/3"),
        ("number", ""),
        ("amount", "12"),
    ],
)
def test_a_number_in_a_second_spelling_is_refused(form: str, value: object) -> None:
    with pytest.raises(ValueError, match="not a"):
        format_fact(form, value, "zh")


@pytest.mark.parametrize("value", ["2026-09-21", "2026-02-30T00:00:00.000000Z", "2026-09-21T08:00:00Z"])
def test_an_instant_in_a_second_spelling_is_refused(value: str) -> None:
    with pytest.raises(Malformed):
        format_fact("instant", value, "zh")


def test_pieces_need_the_name_of_a_piece() -> None:
    with pytest.raises(ValueError, match="pieces of what"):
        format_fact("amount", {"pieces": 3}, "zh")


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js to run static/facts.js")
def test_the_browser_formats_every_fact_alike() -> None:
    script = """
      import { format } from "ROOT/web/static/facts.js";
      import { words } from "ROOT/web/static/words.js";
      const cases = JSON.parse(process.argv[1]);
      const told = (lang, unit) => ({ lang, unit, units: new Set([unit]), words: words[lang] });
      const shown = cases.map(([form, value, unit]) =>
        ["zh", "en"].map((lang) => format(value, form, told(lang, unit))));
      console.log(JSON.stringify(shown));
    """.replace("ROOT", str(ROOT))
    cases = json.dumps([case[:3] for case in CASES])

    run = subprocess.run(
        ["node", "--input-type=module", "-e", script, cases], capture_output=True, text=True, check=True
    )

    assert json.loads(run.stdout) == [[case[3], case[4]] for case in CASES]
