"""What a test found, and what an issuer promises."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import LABORATORIES, TRADERS
from traceability.quantity import Amount

Purpose = Literal["routine", "supervision", "self-check", "commissioned", "rapid"]
Verdict = Literal["conformant", "non-conformant"]
Basis = Literal["controlled", "self-tested", "commissioned-test"]
Promise = Literal["producer", "buyer"]


def report_mark(digest: str) -> str:
    """Return the mark of the report file with the SHA-256 *digest* (hex): the same for the same file."""
    return sha256(b"jizihao/report/v1\0" + bytes.fromhex(digest)).hexdigest()


@dataclass(frozen=True, slots=True)
class Result:
    """One analyte: the value found (absent: not detected), its unit, and the laboratory's word on it.

    *standard* and *edition* hold the limit; *test_method* is the standard that was tested by, *rapid* one
    that is quick.
    """

    analyte: str
    unit: str
    passed: bool
    value: Decimal | None = None
    detection_limit: Decimal | None = None
    limit: Decimal | None = None
    standard: str | None = None
    test_method: str | None = None
    edition: str | None = None
    rapid: bool = False
    instrument: str | None = None

    def __post_init__(self) -> None:
        if self.value is not None and self.value < 0:
            raise ValueError("a concentration is not negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected(Event):
    """A laboratory tested a sample of one lot; the result belongs to that lot alone.

    *retest_of* is the objection that it answers; *report_mark* is the same for the same file and tells
    nothing of it (`report_mark`).
    """

    kind: ClassVar[str] = "inspected"

    lot: str
    sample: str
    purpose: Purpose
    sampled_on: date
    results: tuple[Result, ...]
    verdict: Verdict
    report: Private = private()
    retest_of: str | None = None
    report_mark: str | None = None

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if not self.results:
            raise ValueError("an inspection has results")
        if (self.verdict == "conformant") != all(result.passed for result in self.results):
            raise ValueError("the verdict follows from the results")


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateIssued(Event):
    """The 承诺达标合格证 of a lot (农产品质量安全法 art. 39; Order 2025 No. 4, in force 2026-02-01).

    The promiser is who states it, the time of issue is *at*. *supersedes* is the certificate of the same lot
    in whose place it stands; *tests* are the inspections that its basis rests on.
    """

    kind: ClassVar[str] = "certificate-issued"

    lot: str
    number: str
    name: str
    amount: Amount
    division: str
    basis: Basis
    contact: Private = private()
    promise: Promise | None = None
    contact_on_pack: bool = False
    supersedes: str | None = None
    tests: tuple[str, ...] = ()


KINDS: tuple[type[Event], ...] = (Inspected, CertificateIssued)

MAY_STATE: dict[str, frozenset[str]] = {
    Inspected.kind: LABORATORIES,
    CertificateIssued.kind: TRADERS,
}
