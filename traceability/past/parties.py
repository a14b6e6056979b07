"""What rules may know of a party's way through the register, and of who decides on it.

proposed ── verified ── suspended ── resumed ── … ── ended
registered (by a regulator: verified at once; by the operator: registered, and not verified)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

State = Literal["proposed", "registered", "verified", "suspended", "ended"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step that is not void; *office* is the role of who took it."""

    index: int
    step: str
    by: str
    day: date
    office: str | None = None
    ground: str | None = None
    until: date | None = None

    @classmethod
    def of(cls, row: Any, office: str | None) -> "Step":
        """Return the step that a row of `party_step` tells, taken by an office of that role."""
        until = None if row.until is None else date.fromisoformat(row.until)
        return cls(row.entry, row.step, row.by, date.fromisoformat(row.day), office, row.ground, until)


@dataclass(frozen=True, slots=True)
class Membership:
    """Where a party stands on a day, and the step that brought it there."""

    state: State
    step: Step

    @property
    def may_work(self) -> bool:
        """Whether it may state what happens to goods."""
        return self.state in {"registered", "verified"}


def membership_of(steps: Iterable[Step], on: date) -> Membership | None:
    """Return where a party stands on the day *on* after *steps*, oldest first; None where it never came in.

    What a party says anew of itself after it was verified is proposed again; an end is for good, and a
    suspension outlasts whatever the party says meanwhile.
    """
    latest: dict[str, Step] = {each.step: each for each in steps}
    ended, stopped, resumed = latest.get("ended"), latest.get("suspended"), latest.get("resumed")
    if ended is not None:
        return Membership("ended", ended)
    if stopped is not None and _is_in_force(stopped, resumed, on):
        return Membership("suspended", stopped)
    return _admission(latest)


def _is_in_force(stopped: Step, resumed: Step | None, on: date) -> bool:
    is_over = resumed is not None and resumed.index > stopped.index
    return not is_over and (stopped.until is None or on <= stopped.until)


def _admission(latest: Mapping[str, Step]) -> Membership | None:
    asked = [latest[each] for each in ("proposed", "registered") if each in latest]
    asking = max(asked, key=lambda each: each.index, default=None)
    verified = latest.get("verified")
    if verified is not None and (asking is None or verified.index > asking.index):
        return Membership("verified", verified)
    if asking is None:
        return None
    if asking.step == "proposed":
        return Membership("proposed", asking)
    return Membership("verified" if asking.office == "regulator" else "registered", asking)


@dataclass(frozen=True, slots=True)
class PartiesPast:
    """Where the speaker stands, and where the party stands that a step of the register is about.

    *markets*: the roles of the markets that are named; *department*: which office the speaker is;
    *commodities*: what the party of the step grows or makes.
    """

    speaker: Membership | None = None
    subject: Membership | None = None
    subject_role: str = ""
    subject_division: str = ""
    department: str | None = None
    commodities: tuple[str, ...] = ()
    roles: Mapping[str, str] = field(default_factory=dict)
