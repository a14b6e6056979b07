"""What rules may know of samples, reports, objections, accreditations and instruments: plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from traceability.past.known import KnownParty

OFFICIAL = frozenset({"routine", "supervision"})
"""The purposes of samplings that an office orders, and that targets are measured by."""


@dataclass(frozen=True, slots=True)
class PastSampling:
    """A sampling that is not void; *office* is whose it is, *office_division* where that office is.

    *office_says*: that office has itself told of it, or confirmed it.
    """

    sample: str
    lot: str
    purpose: str
    sampled_on: date
    laboratory: str | None
    office: str
    office_division: str
    is_tested: bool
    office_says: bool = True


@dataclass(frozen=True, slots=True)
class PastReport:
    """A report that a later statement names; *retested* where another stands in its place."""

    digest: str
    by: str
    lot: str
    sample: str
    purpose: str
    office: str | None
    retested: bool = False


@dataclass(frozen=True, slots=True)
class PastNotice:
    """The newest notice of a result: who was told when, and until which day one may object."""

    party: str
    at: datetime
    until: date | None


@dataclass(frozen=True, slots=True)
class PastObjection:
    """An objection that stands, and the re-test that was ordered upon it: by whom, and until when."""

    digest: str
    inspection: str
    by: str
    laboratory: str | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class PastAccreditation:
    """An accreditation with its changes in the order of their days; *analytes* none: not told."""

    digest: str
    by: str
    party: str
    number: str
    since: date
    until: date
    analytes: tuple[str, ...]
    changes: tuple[tuple[date, str], ...] = ()

    def in_force(self, on: date) -> bool:
        """Tell whether it is in force on that day: within its days, not suspended, not withdrawn."""
        state = "resumed"
        for day, told in self.changes:
            if day <= on and state != "withdrawn":
                state = told
        return self.since <= on <= self.until and state == "resumed"


@dataclass(frozen=True, slots=True)
class PastInstrument:
    """A party's instrument, and its newest calibration; *due* none: it was never calibrated."""

    instrument: str
    due: date | None = None
    passed: bool = False


@dataclass(frozen=True, slots=True)
class SamplesPast:
    """What rules of samples and tests may know.

    *samplings* are all of the lot, *sampled_parties* who made or has it, of whoever speaks; *tested_for* are
    the purposes of the reports that stand of the sample; *elsewhere* is another lot from
    which the same laboratory expects a sample of this number; *repeated* names a sample with the same file or
    values, and which of the two it is.
    """

    samplings: tuple[PastSampling, ...] = ()
    tested_for: frozenset[str] = frozenset()
    elsewhere: str | None = None
    report: PastReport | None = None
    notice: PastNotice | None = None
    objection: PastObjection | None = None
    has_objection: bool = False
    sampled_parties: frozenset[str] = frozenset()
    accreditations: tuple[PastAccreditation, ...] = ()
    instruments: Mapping[str, PastInstrument] = field(default_factory=dict)
    parties: Mapping[str, KnownParty] = field(default_factory=dict)
    repeated: tuple[tuple[str, str], ...] = ()
