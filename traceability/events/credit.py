"""Who can be relied on: what is said against a party's record, serious dishonesty, and draws by lot (双随机).

credit-objected            a party says that a record in its file is wrong
credit-objection-decided   an office answers; one that is upheld takes the record out of the reckoning
credit-repaired            a bad record is made good (信用修复); it stays, and weighs nothing any more
dishonesty-listed          an office puts a party on the list of serious dishonesty (严重失信), for a term
dishonesty-repaired        … and lets it leave early
dishonesty-lifted          … or says that it should not have stood there
draw-announced             from whom lots will be drawn, and which size of the log will be the seed
draw-made                  what the root of the tree of that size drew
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.registry import Role
from traceability.events.roles import ALL, REGULATORS

Grade = Literal["A", "B", "C", "D"]
Exclusion = Literal["procurement", "subsidy", "award", "brand-mark"]
LiftCause = Literal["listed-in-error", "objection-upheld", "court-decision"]

MOST_CANDIDATES = 2000
"""An entry holds no more than 64 KiB; a larger division is drawn county by county."""

_BASIS_LETTERS = 400
_INSPECTOR = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _check_basis(basis: str) -> None:
    if not basis.strip() or len(basis) > _BASIS_LETTERS:
        raise ValueError("a legal basis is named, in no more than 400 letters")


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditObjected(Event):
    """A party objects to a statement that its file counts against it."""

    kind: ClassVar[str] = "credit-objected"

    target: str
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditObjectionDecided(Event):
    """An office has looked into an objection."""

    kind: ClassVar[str] = "credit-objection-decided"

    target: str
    upheld: bool
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRepaired(Event):
    """A bad record of a party is made good; from its day on it weighs nothing."""

    kind: ClassVar[str] = "credit-repaired"

    target: str
    party: str
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class DishonestyListed(Event):
    """A party stands on the list of serious dishonesty from *since* to *until*, both days included.

    *facts* are the digests of the statements that it rests on; *excludes* is what it is kept from.
    """

    kind: ClassVar[str] = "dishonesty-listed"

    party: str
    legal_basis: str
    facts: tuple[str, ...]
    since: date
    until: date
    excludes: tuple[Exclusion, ...]
    note: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        _check_basis(self.legal_basis)
        if not self.facts or len(set(self.facts)) != len(self.facts):
            raise ValueError("a listing rests on facts, each named once")
        if not self.excludes or len(set(self.excludes)) != len(self.excludes):
            raise ValueError("a listing keeps a party from something, each named once")
        if self.until < self.since:
            raise ValueError("a term ends after it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class DishonestyRepaired(Event):
    """A listed party has made good; *since* is the first day on which it is listed no longer."""

    kind: ClassVar[str] = "dishonesty-repaired"

    target: str
    since: date
    legal_basis: str
    note: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        _check_basis(self.legal_basis)


@dataclass(frozen=True, slots=True, kw_only=True)
class DishonestyLifted(Event):
    """A party should not have been listed; from the day of this statement it is not."""

    kind: ClassVar[str] = "dishonesty-lifted"

    target: str
    lift_cause: LiftCause
    note: Private = private()


@dataclass(frozen=True, slots=True)
class PoolGroup:
    """The parties of one credit grade; each has *weight* lots in the urn."""

    grade: Grade
    weight: int
    parties: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 <= self.weight <= 1000:
            raise ValueError("a weight is a whole number from 1 to 1000")
        if not self.parties or list(self.parties) != sorted(set(self.parties)):
            raise ValueError("the parties of a group are sorted, each once")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawAnnounced(Event):
    """Lots will be drawn among all parties of *roles* in *division*, and among the *inspectors*.

    *inspectors* are codes of the office's own; who bears one is not public. *seed_size* is a size that the
    log has not reached: the root of its tree will be the seed. *commitment* is the SHA-256 of a secret word
    of the office, so that who keeps the log cannot foresee the draw either.
    """

    kind: ClassVar[str] = "draw-announced"

    division: str
    roles: tuple[Role, ...]
    pool: tuple[PoolGroup, ...]
    inspectors: tuple[str, ...]
    count: int
    each: int
    seed_size: int
    commitment: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        self._check_pool()
        if list(self.inspectors) != sorted(set(self.inspectors)):
            raise ValueError("inspectors are sorted, each once")
        if not all(_INSPECTOR.fullmatch(each) for each in self.inspectors):
            raise ValueError("an inspector is named by a code of letters and digits")
        if not 1 <= self.each <= len(self.inspectors):
            raise ValueError("no more inspectors go to a party than there are")
        if self.commitment is not None and not _DIGEST.fullmatch(self.commitment):
            raise ValueError("a commitment is a SHA-256 in hex")

    def _check_pool(self) -> None:
        grades = [group.grade for group in self.pool]
        if grades != sorted(set(grades)):
            raise ValueError("the groups of a pool are sorted by grade, each once")
        named = [party for group in self.pool for party in group.parties]
        if len(named) != len(set(named)) or len(named) > MOST_CANDIDATES:
            raise ValueError("a pool names each party once, and no more than 2000")
        if not 1 <= self.count <= len(named):
            raise ValueError("no more parties are drawn than there are")
        if not self.roles or list(self.roles) != sorted(set(self.roles)):
            raise ValueError("the roles of a pool are sorted, each once")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A party that was drawn, and the inspectors who go there."""

    party: str
    inspectors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawMade(Event):
    """The draw that *target* announced, made with the tree of *size* entries under *root* (hex).

    *word* is the secret word of the commitment, told now that it can change nothing.
    """

    kind: ClassVar[str] = "draw-made"

    target: str
    size: int
    root: str
    drawn: tuple[Drawn, ...]
    word: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not _DIGEST.fullmatch(self.root):
            raise ValueError("a root is a SHA-256 in hex")


KINDS: tuple[type[Event], ...] = (
    CreditObjected,
    CreditObjectionDecided,
    CreditRepaired,
    DishonestyListed,
    DishonestyRepaired,
    DishonestyLifted,
    DrawAnnounced,
    DrawMade,
)

MAY_STATE: dict[str, frozenset[str]] = {
    "credit-objected": ALL,
    "credit-objection-decided": REGULATORS,
    "credit-repaired": REGULATORS,
    "dishonesty-listed": REGULATORS,
    "dishonesty-repaired": REGULATORS,
    "dishonesty-lifted": REGULATORS,
    "draw-announced": REGULATORS,
    "draw-made": REGULATORS,
}
