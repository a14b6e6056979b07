"""How a maker means to work, and what its control points (关键控制点) found.

HACCP is encouraged by 农产品质量安全法 art. 26.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.processing import Process
from traceability.events.roles import MAKERS, REGULATORS

Parameter = Literal[
    "temperature",
    "time",
    "harvest-to-blanch",
    "moisture",
    "ph",
    "water-activity",
    "pressure",
    "metal",
    "weight",
    "other",
]
Remedy = Literal["reprocessed", "sorted-out", "downgraded", "destroyed", "equipment-adjusted", "other"]

_CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST_CODE = 40


def check_code(code: str) -> None:
    """Raise `ValueError` unless *code* is short: small letters, figures, hyphens between them."""
    if len(code) > _LONGEST_CODE or not _CODE.fullmatch(code):
        raise ValueError(f"not a short name of small letters, figures and hyphens: {code}")


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """One step of a template; one that need not be told is optional."""

    process: Process
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateDeclared(Event):
    """A way of making something: what goes in, which steps in which order, what comes out.

    A maker's template is its own; a regulator's is for everybody. Goods are kinds of the rule set. *most* is
    the highest outturn, products in per cent of inputs; beyond it a process is marked, never refused.
    """

    kind: ClassVar[str] = "template-declared"

    template: str
    name: str
    steps: tuple[TemplateStep, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    by_products: tuple[str, ...] = ()
    most: Decimal | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_code(self.template)
        if not self.steps or not self.inputs or not self.outputs:
            raise ValueError("a template has steps, inputs and outputs")
        if self.most is not None and self.most <= 0:
            raise ValueError("an outturn is more than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlPointDeclared(Event):
    """A control point of a maker: at which step what is measured, between which limits, how often.

    Told again under the same name it is as it was told last. *harvest-to-blanch* is reckoned from the harvest
    to the blanching, in hours, whenever a process tells when it blanched.
    """

    kind: ClassVar[str] = "control-point-declared"

    point: str
    name: str
    process: Process
    parameter: Parameter
    unit: str
    least: Decimal | None = None
    most: Decimal | None = None
    every_hours: Decimal | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_code(self.point)
        if self.least is None and self.most is None:
            raise ValueError("a control point has a limit")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError("the lower limit of a control point is not above the upper one")
        if self.every_hours is not None and self.every_hours <= 0:
            raise ValueError("a control point is looked at every so many hours, more than none")
        if self.parameter == "harvest-to-blanch" and self.unit != "h":
            raise ValueError("the time from harvest to blanching is told in hours: h")


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlMeasured(Event):
    """What a control point showed while these lots were made."""

    kind: ClassVar[str] = "control-measured"

    point: str
    value: Decimal
    lots: tuple[str, ...]
    instrument: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.lots or len(set(self.lots)) != len(self.lots):
            raise ValueError("a measurement names the lots that it stands for, each once")


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectiveActionTaken(Event):
    """What a maker did after a control point failed; the hold ends only when a second party has looked."""

    kind: ClassVar[str] = "corrective-action-taken"

    measurement: str
    remedy: Remedy
    lots: tuple[str, ...]
    note: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.lots or len(set(self.lots)) != len(self.lots):
            raise ValueError("a corrective action names its lots, each once")


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityDeclared(Event):
    """How much a maker can put through one process in a day, in kilograms of what goes in."""

    kind: ClassVar[str] = "capacity-declared"

    process: Process
    kg_a_day: Decimal

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.kg_a_day <= 0:
            raise ValueError("a capacity is more than nothing")


KINDS: tuple[type[Event], ...] = (
    TemplateDeclared,
    ControlPointDeclared,
    ControlMeasured,
    CorrectiveActionTaken,
    CapacityDeclared,
)

MAY_STATE: dict[str, frozenset[str]] = {
    TemplateDeclared.kind: MAKERS | REGULATORS,
    ControlPointDeclared.kind: MAKERS,
    ControlMeasured.kind: MAKERS,
    CorrectiveActionTaken.kind: MAKERS,
    CapacityDeclared.kind: MAKERS,
}
