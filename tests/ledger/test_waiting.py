import threading
from dataclasses import dataclass

import pytest

from ledger.errors import Busy
from ledger.waiting import LARGEST_GROUP, LARGEST_GROUP_BYTES, Line


@dataclass(frozen=True)
class Piece:
    """Something that waits."""

    number: int
    size: int = 1


def test_what_waits_is_taken_together_in_its_order() -> None:
    line: Line[Piece] = Line()
    pieces = [Piece(number) for number in range(LARGEST_GROUP + 1)]
    for piece in pieces:
        line.put(piece)

    groups = [line.next_group(), line.next_group()]

    assert groups == [pieces[:LARGEST_GROUP], pieces[LARGEST_GROUP:]]


def test_a_group_is_bounded_by_its_bytes_too() -> None:
    line: Line[Piece] = Line()
    sizes = [LARGEST_GROUP_BYTES - 1, 1, 1, LARGEST_GROUP_BYTES + 1, 1]
    for number, size in enumerate(sizes):
        line.put(Piece(number, size))

    groups = [[piece.number for piece in line.next_group()] for _ in range(4)]

    # One that is larger than a group goes alone.
    assert groups == [[0, 1], [2], [3], [4]]


@pytest.mark.parametrize(("sizes", "taken"), [((1, 1, 1), 2), ((60, 40), 2), ((60, 41), 1), ((101,), 0)])
def test_more_than_may_wait_is_busy(sizes: tuple[int, ...], taken: int) -> None:
    line: Line[Piece] = Line(2, most_bytes=100)
    for number in range(taken):
        line.put(Piece(number, sizes[number]))

    refused = [number for number in range(taken, len(sizes)) if is_busy(line, Piece(number, sizes[number]))]

    assert refused == [*range(taken, len(sizes))]


def is_busy(line: Line[Piece], piece: Piece) -> bool:
    try:
        line.put(piece)
    except Busy:
        return True
    return False


def test_what_was_taken_makes_room_again() -> None:
    line: Line[Piece] = Line(1, most_bytes=100)
    line.put(Piece(0, 100))
    line.next_group()

    line.put(Piece(1, 100))

    assert line.next_group() == [Piece(1, 100)]


@pytest.mark.parametrize(("seconds", "advised"), [(0.001, 1), (1.0, 2), (30.0, 60)])
def test_busy_says_when_to_try_again(seconds: float, advised: int) -> None:
    line: Line[Piece] = Line(2 * LARGEST_GROUP)
    for _ in range(100):
        line.took(seconds)
    for number in range(2 * LARGEST_GROUP):
        line.put(Piece(number))

    with pytest.raises(Busy) as busy:
        line.put(Piece(-1))

    assert busy.value.facts == {"waiting": 2 * LARGEST_GROUP, "seconds": advised}


def test_a_closed_line_takes_nothing_and_gives_out_the_rest() -> None:
    line: Line[Piece] = Line()
    line.put(Piece(0))

    line.close()

    with pytest.raises(Busy):
        line.put(Piece(1))
    assert [line.next_group(), line.next_group()] == [[Piece(0)], []]


def test_closing_wakes_whoever_waits_for_work() -> None:
    line: Line[Piece] = Line()
    found: list[list[Piece]] = []
    waiting = threading.Thread(target=lambda: found.append(line.next_group()))
    waiting.start()

    line.close()
    waiting.join(10)

    assert found == [[]]
