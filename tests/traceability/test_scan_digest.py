"""A day of scans has one spelling and one root, and no line can be changed, added or left out unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Malformed
from ledger.merkle import EMPTY_ROOT, check_inclusion, leaf_hash, prove_inclusion, root_of
from tests.verdicts import is_proven
from traceability.scan_digest import DayOfScans, Scanned

NINE, TEN = "2026-10-01T01:00:00.000000Z", "2026-10-01T02:00:00.000000Z"
LINES = tuple(
    Scanned("/lot/a/rice/1", pack, place, 2, NINE, TEN) for pack in (0, 7) for place in ("", "shop")
)
DAY = DayOfScans(LINES)


def test_the_file_is_lines_in_their_order() -> None:
    assert DayOfScans.of(reversed(LINES)) == DAY
    assert DAY.text().split(b"\n")[0] == (
        b'{"first":"2026-10-01T01:00:00.000000Z","last":"2026-10-01T02:00:00.000000Z",'
        b'"lot":"/lot/a/rice/1","pack":0,"place":"","scans":2}'
    )
    assert (DAY.lots, DAY.codes, DAY.scans) == (1, 2, 8)


@given(
    st.lists(
        st.builds(
            Scanned,
            st.sampled_from(["/lot/a/rice/1", "巷"]),
            st.integers(0, 2**35),
            st.sampled_from(["", "shop"]),
            st.integers(1, 9),
            st.just(NINE),
            st.sampled_from([NINE, TEN]),
        ),
        unique_by=lambda each: (each.lot, each.pack, each.place),
    )
)
def test_a_file_is_read_as_it_was_written(lines: list[Scanned]) -> None:
    day = DayOfScans.of(lines)

    assert DayOfScans.parse(day.text()) == day


def test_a_day_without_scans_has_the_root_of_nothing() -> None:
    assert (DayOfScans(()).root(), DayOfScans.parse(b"")) == (EMPTY_ROOT.hex(), DayOfScans(()))


def test_one_line_is_proven_without_the_others() -> None:
    leaves = [leaf_hash(each.line()) for each in DAY.lines]

    def read(level: int, index: int) -> bytes:
        return root_of(leaves[index << level : (index + 1) << level])

    proof = prove_inclusion(read, index=2, size=4)

    root = bytes.fromhex(DAY.root())
    assert is_proven(check_inclusion, proof, size=4, root=root, index=2, leaf=leaves[2])


@pytest.mark.parametrize(
    "bent",
    [
        DAY.text()[:-1],
        DAY.text() + b"\n",
        DAY.text().replace(b'"scans":2', b'"scans":02'),
        DAY.text().replace(b'"scans":2', b'"scans":0'),
        DAY.text().replace(b'"scans":2', b'"scans":2.0'),
        DAY.text().replace(b'"scans":2', b'"scans":true'),
        DAY.text().replace(b'"pack":7', b'"pack":-7'),
        DAY.text().replace(b'"place":""', b'"place":null'),
        DAY.text().replace(b",", b", ", 1),
        DAY.text().replace(NINE.encode(), b"2026-10-03T01:00:00.000000Z"),
        b"".join(each.line() + b"\n" for each in reversed(LINES)),
        DAY.text() * 2,
        b"[]\n",
        b"\xff\n",
    ],
)
def test_every_other_spelling_is_refused(bent: bytes) -> None:
    with pytest.raises(Malformed):
        DayOfScans.parse(bent)


@pytest.mark.parametrize("count", range(4))
def test_a_line_that_is_left_out_changes_the_root(count: int) -> None:
    fewer = DayOfScans(tuple(each for number, each in enumerate(LINES) if number != count))

    assert fewer.root() != DAY.root()
