"""What rules may know of how a maker means to work, and of what went through its processes before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from traceability.events.making import ControlMeasured, ControlPointDeclared, TemplateDeclared


@dataclass(frozen=True, slots=True)
class KnownPoint:
    """A control point as it was declared last, since when, and when it was last looked at."""

    declared: ControlPointDeclared
    since: datetime
    measured_at: datetime | None = None


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
