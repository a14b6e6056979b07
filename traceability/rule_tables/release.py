"""On what ground codes are activated, and from when on nobody does without.

release_policy.csv    commodity (* for all others), activation (offered | required),
                      grounds (who may look: tested | checked | witnessed), tests (purposes that count)
clone_signs.csv       sign, most: from how many on scans look like those of copied codes
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast, get_args

from traceability.events.quality import Purpose
from traceability.events.release import Ground
from traceability.reference import Row, Sourced, rows_of
from traceability.rule_tables.table import Commodities, RuleTable, provenance

Sign = Literal["scans-in-a-day", "scans-in-all", "days-between", "km-per-hour", "trade-places"]
ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow(Sourced):
    """How codes of one commodity are released."""

    commodity: str
    is_required: bool
    grounds: frozenset[str]
    tests: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneSign(Sourced):
    """A sign that a code was copied: more than *most* of what it counts."""

    sign: Sign
    most: int


def policy_of(content: bytes, known: Commodities) -> tuple[ReleaseRow, ...]:
    """Read `release_policy.csv`; a commodity stands once from one day on."""
    found: dict[tuple[str, date | None], ReleaseRow] = {}
    columns = ("commodity", "activation", "grounds", "tests")
    for row in rows_of("release_policy.csv", content, *columns):
        policy = _policy(row, known)
        if (policy.commodity, policy.since) in found:
            raise row.wrong("commodity", "row-stands-twice")
        found[policy.commodity, policy.since] = policy
    return tuple(found.values())


def _policy(row: Row, known: Commodities) -> ReleaseRow:
    if row.cells["commodity"] not in {*known, ANY}:
        raise row.wrong("commodity", "commodity-unknown")
    grounds, tests = frozenset(row.several("grounds")), frozenset(row.several("tests"))
    for column, found, allowed in (("grounds", grounds, Ground), ("tests", tests, Purpose)):
        if not found or not found <= set(get_args(allowed)):
            raise row.wrong(column, "cell-not-allowed")
    return ReleaseRow(
        commodity=row.text("commodity"),
        is_required=row.choice("activation", "offered", "required") == "required",
        grounds=grounds,
        tests=tests,
        **provenance(row),
    )


def signs_of(content: bytes, known: Commodities) -> tuple[CloneSign, ...]:  # noqa: ARG001 -- one form for all tables
    """Read `clone_signs.csv`; each sign stands once."""
    found: dict[str, CloneSign] = {}
    for row in rows_of("clone_signs.csv", content, "sign", "most"):
        sign = row.choice("sign", *get_args(Sign))
        if sign in found:
            raise row.wrong("sign", "row-stands-twice")
        found[sign] = CloneSign(sign=cast(Sign, sign), most=row.whole("most"), **provenance(row))
    return tuple(found.values())


def policy_for(rows: Iterable[ReleaseRow], commodity: str | None, on: date) -> ReleaseRow | None:
    """Return the row in force for *commodity* on that day: its own, else that of all others."""
    in_force = [row for row in rows if row.in_force(on) and row.sure]
    own = [row for row in in_force if row.commodity == commodity]
    return next(iter(own or [row for row in in_force if row.commodity == ANY]), None)


RELEASE = RuleTable("release_policy.csv", policy_of)
CLONE_SIGNS = RuleTable("clone_signs.csv", signs_of)
