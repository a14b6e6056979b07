"""What rules may know of how a maker means to work, and of what went through its processes before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from traceability.events.making import ControlMeasured, ControlPointDeclared, TemplateDeclared

SECONDS_AN_HOUR = 3600


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """A control point as it was declared last, since when, and when it was last looked at."""

    declared: ControlPointDeclared
    since: datetime
    measured_at: datetime | None = None

    def is_overdue(self, at: datetime) -> bool:
        """Tell whether at that time nobody has looked at the point for more hours than were declared.

        Hours from the harvest are told with the process itself, so that nobody waits for a look at them.
        """
        every = self.declared.every_hours
        if every is None or self.declared.parameter == "harvest-to-blanch":
            return False
        # Compared as numbers: hours beyond a thousand years are never over, and no timedelta holds them.
        waited = (at - (self.measured_at or self.since)).total_seconds() / SECONDS_AN_HOUR
        return Decimal(waited) > every


@dataclass(frozen=True, slots=True)
class PastMeasurement:
    """A measurement that a later statement is about: whether it failed, and whether something was done."""

    digest: str
    by: str
    event: ControlMeasured
    failed: bool
    remedied: bool


@dataclass(frozen=True, slots=True)
class MakingPast:
    """The declared template that an event names, its maker's points and capacity, and its lots' harvests.

    *done_kg* went through the same process on the same legal day before; *harvested_at* is the earliest
    harvest behind each lot that went in.
    """

    template: TemplateDeclared | None = None
    points: tuple[KnownPoint, ...] = ()
    capacity_kg: Decimal | None = None
    done_kg: Decimal = Decimal(0)
    harvested_at: Mapping[str, datetime] = field(default_factory=dict)
    measurement: PastMeasurement | None = None
