"""How often each pack code was scanned on one day, as a file, and the one number that commits to it.

    {"first":"…","last":"…","lot":"/lot/…","pack":7,"place":"","scans":3}    a line for each code and place

Lines are canonical JSON, sorted by lot, pack and place; *place* is the trader who scanned, "" for shoppers.
The root is that of the tree of RFC 6962 over the lines without their line feeds, so that one line can be
shown, and proven, without any other. Whoever scanned stands nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ledger import canonical
from ledger.canonical import instant_of
from ledger.errors import Malformed
from ledger.merkle import leaf_hash, root_of

_MEMBERS = {"first": str, "last": str, "lot": str, "pack": int, "place": str, "scans": int}


@dataclass(frozen=True, slots=True, order=True)
class Scanned:
    """The scans of one code at one place on one day; *first* and *last* as the log writes instants."""

    lot: str
    pack: int
    place: str
    scans: int
    first: str
    last: str

    def __post_init__(self) -> None:
        if self.pack < 0 or self.scans < 1 or instant_of(self.first) > instant_of(self.last):
            raise ValueError("what was scanned was scanned once at least, and first before last")

    def line(self) -> bytes:
        """Return the one spelling of this line, without its line feed."""
        return canonical.dumps({name: getattr(self, name) for name in _MEMBERS})


@dataclass(frozen=True, slots=True)
class DayOfScans:
    """All lines of one day, in their order, each code and place once."""

    lines: tuple[Scanned, ...]

    def __post_init__(self) -> None:
        keys = [(each.lot, each.pack, each.place) for each in self.lines]
        if keys != sorted(set(keys)):
            raise ValueError("lines stand in their order, each code and place once")

    @classmethod
    def of(cls, scanned: Iterable[Scanned]) -> "DayOfScans":
        """Return the day with these lines, whatever order they come in."""
        return cls(tuple(sorted(scanned)))

    @classmethod
    def parse(cls, content: bytes) -> "DayOfScans":
        """Read a file, or raise `Malformed`: every spelling is refused but the one that `text` gives."""
        try:
            day = cls(tuple(_read(line) for line in content.split(b"\n")[:-1]))
        except (KeyError, TypeError, ValueError) as error:
            raise Malformed("not a day of scans") from error
        if day.text() != content:
            raise Malformed("not the one spelling of a day of scans")
        return day

    def text(self) -> bytes:
        """Return the bytes of the file."""
        return b"".join(each.line() + b"\n" for each in self.lines)

    def root(self) -> str:
        """Return the root over the lines, in hex."""
        return root_of(leaf_hash(each.line()) for each in self.lines).hex()

    @property
    def lots(self) -> int:
        """How many lots were scanned."""
        return len({each.lot for each in self.lines})

    @property
    def codes(self) -> int:
        """How many codes were scanned."""
        return len({(each.lot, each.pack) for each in self.lines})

    @property
    def scans(self) -> int:
        """How often codes were scanned."""
        return sum(each.scans for each in self.lines)


def _read(line: bytes) -> Scanned:
    found = canonical.loads(line)
    if not isinstance(found, dict) or {name: type(value) for name, value in found.items()} != _MEMBERS:
        raise Malformed("not a line of a day of scans")
    return Scanned(**found)
