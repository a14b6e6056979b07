import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import label_codes
from traceability.errors import Invalid
from traceability.label_codes import PesticideLabel, SeedLabel

CODE = "1" + "190153" + "1" + "011" + "5" + "0" * 15 + "12345"
LABEL = PesticideLabel("PD", "190153", "own", "011", CODE[11:])


@pytest.mark.parametrize(
    "payload",
    [
        CODE,
        f"https://www.nongyao.example/q?c={CODE}",
        f"https://nongyao.example/{CODE}\n",
        " ".join(CODE[start : start + 8] for start in range(0, 32, 8)),
    ],
)
def test_a_pesticide_label_tells_its_registration_and_its_unit(payload: str) -> None:
    assert label_codes.parse(payload) == LABEL


@pytest.mark.parametrize(
    "payload",
    [
        "",
        CODE[:-1],
        CODE + "1",
        "4" + CODE[1:],
        CODE[:7] + "4" + CODE[8:],
        f"{CODE} {CODE[:-1]}6",
        "x" * 601 + CODE,
    ],
)
def test_anything_else_is_no_label(payload: str) -> None:
    with pytest.raises(Invalid) as refused:
        label_codes.parse(payload)

    assert [(each.where, each.code) for each in refused.value.problems] == [
        ("label_code", "not-a-label-code")
    ]


@pytest.mark.parametrize(
    ("registration", "fits"),
    [("PD20190153", True), ("pd20190153", True), ("PD20190154", False), ("WP20190153", False)],
)
def test_a_registration_is_the_one_that_the_code_was_cut_from(registration: str, fits: bool) -> None:
    assert LABEL.fits(registration) is fits


@pytest.mark.parametrize(
    "lines",
    [
        ["吉粳 88", "吉林虚构种业有限公司", "JZ2026000123", "https://seed.example/JZ2026000123"],
        [
            "品种名称：吉粳 88",
            "种子生产经营者名称：吉林虚构种业有限公司",
            "单元识别代码：JZ2026000123",
            "追溯网址：https://seed.example/JZ2026000123",
        ],
    ],
)
def test_a_seed_label_has_four_lines(lines: list[str]) -> None:
    assert label_codes.parse("\r\n".join(lines)) == SeedLabel(
        "吉粳 88", "吉林虚构种业有限公司", "JZ2026000123", "https://seed.example/JZ2026000123"
    )


def test_four_lines_without_an_address_are_no_seed_label() -> None:
    with pytest.raises(Invalid):
        label_codes.parse("吉粳 88\n吉林虚构种业有限公司\nJZ2026000123\njavascript:alert(1)")


@given(
    st.sampled_from("123"),
    st.text("0123456789", min_size=6, max_size=6),
    st.sampled_from("123"),
    st.text("0123456789", min_size=24, max_size=24),
)
def test_the_parts_of_a_code_give_it_again(kind: str, registration: str, made: str, rest: str) -> None:
    code = kind + registration + made + rest

    assert label_codes.pesticide(code).code == code
