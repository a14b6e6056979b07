"""What shoppers report (质量举报) and how content they are, with no word of who they are.

    report-received   the platform states the receipt: the SHA-256 of the number that the shopper has
    report-answered   accepted, investigated, closed: the shopper sees it under the number
    reward-granted    an office grants a reward; how much is sealed
    reward-paid       … and pays it to whoever brings the number, which this statement tells
    ratings-counted   how many gave one, two, three, four or five, on one day, of the goods of one division

Eighty random bits of a number are not found by trying. Once it is told it pays no second reward.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import OFFICES, REGULATORS

Complaint = Literal["counterfeit", "quality", "label", "hygiene", "no-code", "other"]
ReportStatus = Literal["accepted", "investigating", "confirmed", "unfounded"]


@dataclass(frozen=True, slots=True)
class Ratings:
    """How many shoppers rated goods that were made in one division from one to five; *party* is the maker."""

    division: str
    party: str
    ones: int
    twos: int
    threes: int
    fours: int
    fives: int

    def __post_init__(self) -> None:
        if min(self.counts) < 0 or not any(self.counts):
            raise ValueError("somebody has rated, and nobody less than no times")

    @property
    def counts(self) -> tuple[int, ...]:
        """How many gave one, two, three, four, five."""
        return (self.ones, self.twos, self.threes, self.fours, self.fives)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportReceived(Event):
    """A shopper has reported something of a lot; *receipt* is the hex SHA-256 of the number."""

    kind: ClassVar[str] = "report-received"

    receipt: str
    complaint: Complaint
    lot: str
    text: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if len(self.receipt) != 64 or set(self.receipt) - set("0123456789abcdef"):
            raise ValueError("a receipt is a SHA-256 in hex")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAnswered(Event):
    """An office says how far it has come with a report; *case* is the case that it opened."""

    kind: ClassVar[str] = "report-answered"

    consumer_report: str
    report_status: ReportStatus
    case: str | None = None
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardGranted(Event):
    """An office grants a reward for a report that was confirmed (举报奖励)."""

    kind: ClassVar[str] = "reward-granted"

    consumer_report: str
    reward: Private = private()
    document: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardPaid(Event):
    """The reward was paid to whoever brought the number of the report."""

    kind: ClassVar[str] = "reward-paid"

    consumer_report: str
    report_number: str
    document: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingsCounted(Event):
    """What shoppers' ratings of one legal day add up to; each day is counted once."""

    kind: ClassVar[str] = "ratings-counted"

    counted_day: date
    ratings: tuple[Ratings, ...]

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        named = [(each.division, each.party) for each in self.ratings]
        if not named or len(set(named)) != len(named):
            raise ValueError("a day has ratings, each maker once")


KINDS: tuple[type[Event], ...] = (
    ReportReceived,
    ReportAnswered,
    RewardGranted,
    RewardPaid,
    RatingsCounted,
)

MAY_STATE: dict[str, frozenset[str]] = {
    "report-received": OFFICES,
    "report-answered": REGULATORS,
    "reward-granted": REGULATORS,
    "reward-paid": REGULATORS,
    "ratings-counted": frozenset({"operator"}),
}
