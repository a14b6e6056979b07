"""The marks that papers of the province name."""

import pytest

from traceability.brand_seeds import mark_seeds, seeds_of
from traceability.errors import Invalid
from traceability.reference import shipped

HEAD = "mark,name_zh,name_en,commodities,from_bases,from,until,note,source,confidence\n"


def test_the_seven_brands_of_the_province_are_offered() -> None:
    sure = [each.name_zh for each in mark_seeds() if each.sourced.sure]

    assert sure == [
        "吉林大米",
        "吉林玉米",
        "吉林杂粮杂豆",
        "吉林长白山人参",
        "吉林长白山食用菌",
        "吉林优质畜产品",
        "吉林梅花鹿",
    ]


def test_ginseng_alone_comes_from_certified_bases() -> None:
    assert [each.mark for each in mark_seeds() if each.from_bases] == ["changbaishan-ginseng"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("m,米,Rice,stones,no,,,,someone,sure\n", "commodity-unknown"),
        ("m,米,Rice,paddy,perhaps,,,,someone,sure\n", "cell-not-allowed"),
        ("m,米,Rice,paddy,no,,,,someone,sure\nm,米,Rice,paddy,no,,,,someone,sure\n", "row-stands-twice"),
    ],
)
def test_a_table_that_cannot_be_is_refused_at_its_line(line: str, code: str) -> None:
    with pytest.raises(Invalid) as error:
        seeds_of((HEAD + line).encode())

    assert [problem.code for problem in error.value.problems] == [code]


def test_the_shipped_table_is_the_one_that_is_read() -> None:
    assert seeds_of(shipped("marks.csv")) == mark_seeds()
