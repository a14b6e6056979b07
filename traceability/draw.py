"""Drawing lots so that anybody can draw them again: who is inspected, and by whom (双随机一公开).

    seed    = SHA-256("jizihao/draw/v1\\n" || checkpoint || announcement "\\n" || word "\\n")
                checkpoint      the three lines of c2sp.org/tlog-checkpoint: origin, size, root
                announcement    the digest (hex) of the statement that announced the draw
                word            the office's secret word, told with the draw; an empty line if it has none
    blocks  = SHA-256(seed || n), n = 0, 1, 2, … in 8 bytes, cut into words of 8 bytes; all big-endian
    number below m: the next word w, skipped if w >= 2^64 - 2^64 mod m; else w mod m

One party after the other: a number below the sum of the weights of those who are left, counted off along the
pool (grades from A, parties by their ids); who is hit is drawn and leaves. For each of them, as soon as it
is drawn, inspectors likewise, each of weight 1, from all of them anew. No word is used twice, and a party of
weight 4 is four times as likely to be the next as one of weight 1.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from struct import iter_unpack, pack

from ledger.checkpoint import Checkpoint
from traceability.events.credit import DrawAnnounced, Drawn, PoolGroup

_DOMAIN = b"jizihao/draw/v1\n"
_WORDS = 1 << 64


def seed_of(checkpoint: Checkpoint, announcement: str, word: str | None = None) -> bytes:
    """Return the 32 bytes that decide the draw whose announcement has that digest."""
    told = f"{checkpoint.text()}{announcement}\n{word or ''}\n"
    return sha256(_DOMAIN + told.encode()).digest()


def commitment_of(word: str) -> str:
    """Return what an office announces of its secret word: a SHA-256 in hex."""
    return sha256(b"jizihao/draw-word/v1\n" + word.encode()).hexdigest()


class Numbers:
    """Numbers that follow from a seed, each as likely as any other below its bound."""

    def __init__(self, seed: bytes) -> None:
        self._words = _words(seed)

    def below(self, bound: int) -> int:
        """Return the next number from 0 to before *bound*, which is from 1 to 2^63."""
        fair = _WORDS - _WORDS % bound
        return next(word for word in self._words if word < fair) % bound


def _words(seed: bytes) -> Iterator[int]:
    number = 0
    while True:
        block = sha256(seed + pack(">Q", number)).digest()
        yield from (word for (word,) in iter_unpack(">Q", block))
        number += 1


def draw(seed: bytes, announced: DrawAnnounced) -> tuple[Drawn, ...]:
    """Return who is drawn, in the order of drawing, and which inspectors go there, sorted."""
    numbers = Numbers(seed)
    urn = [(party, group.weight) for group in announced.pool for party in group.parties]
    drawn = []
    for _ in range(announced.count):
        party = _one(numbers, urn)
        visitors = _several(numbers, announced.inspectors, announced.each)
        drawn.append(Drawn(party, tuple(sorted(visitors))))
    return tuple(drawn)


def _one(numbers: Numbers, urn: list[tuple[str, int]]) -> str:
    """Take one party out of the urn."""
    number = numbers.below(sum(weight for _, weight in urn))
    for place, (party, weight) in enumerate(urn):
        if number < weight:
            del urn[place]
            return party
        number -= weight
    raise AssertionError("a number below the sum of the weights falls on somebody")


def _several(numbers: Numbers, inspectors: Sequence[str], count: int) -> list[str]:
    left = [(each, 1) for each in inspectors]
    return [_one(numbers, left) for _ in range(count)]


def pool_of(grades: Sequence[tuple[str, str]], weights: dict[str, int]) -> tuple[PoolGroup, ...]:
    """Return the pool of the parties whose (party, grade) are given, each with the weight of its grade."""
    found = []
    for grade in sorted({grade for _, grade in grades}):
        parties = tuple(sorted(party for party, theirs in grades if theirs == grade))
        found.append(PoolGroup(grade, weights[grade], parties))  # type: ignore[arg-type]  # the words of the table are grades
    return tuple(found)
