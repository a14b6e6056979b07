"""What does not agree, as an inspection reports it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not agree: what, in which row, and the facts."""

    what: str
    where: str
    index: int | None = None
    facts: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Findings:
    """What an inspection found, and the tree that it saw; the root is None where entries are missing.

    *examined* is what a further look at each sound entry found. The first *vouched* entries were taken from a
    kept checkpoint; the bytes of all others were read.
    """

    size: int
    root: bytes | None
    found: tuple[Finding, ...]
    examined: tuple[Finding, ...] = ()
    vouched: int = 0

    @property
    def sound(self) -> bool:
        """Whether everything agrees."""
        return not self.found and not self.examined
