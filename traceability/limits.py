"""Legal limits and intervals, in force on a date: the rule set that events are judged by.

    rules.version          which set this is
    commodities.csv        kinds of goods, and the groups that bans speak of
    pesticides.csv         banned, partly banned and restricted pesticides
    intervals.csv          days between a spray and a harvest
    limits.csv             residues and contaminants
    yield_caps.csv         the most that a plot can give in a year
    certificate_scope.csv  who needs the 承诺达标合格证
    the rest               the tables of the topics (`rule_tables`); an older set may lack them

Every look-up but that of a cap answers with sure rows only: what nobody checked against the official text
is kept to be checked, and neither refuses nor is shown as law.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, TypeVar, cast

from ledger import canonical
from traceability.errors import Invalid, Problem
from traceability.reference import plain_name, shipped
from traceability.rule_rows import (
    BanRow,
    CapRow,
    IntervalRow,
    LimitRow,
    ScopeRow,
    bans_of,
    caps_of,
    intervals_of,
    limits_of,
    scopes_of,
)
from traceability.rule_tables import TABLES, RuleTable
from traceability.vocabulary import ALL, Commodity, commodities, commodities_of, divisions

__all__ = [
    "FIRST_FILES",
    "RULE_FILES",
    "BanRow",
    "CapRow",
    "IntervalRow",
    "LimitRow",
    "RuleSet",
    "ScopeRow",
    "commodities",
    "digest_of",
    "divisions",
    "shipped_rules",
]

FIRST_FILES = (
    "certificate_scope.csv",
    "commodities.csv",
    "intervals.csv",
    "limits.csv",
    "pesticides.csv",
    "rules.version",
    "yield_caps.csv",
)
"""The files that every rule set has."""

RULE_FILES = tuple(sorted((*FIRST_FILES, *(table.file for table in TABLES))))
"""The files of a rule set of today."""

R = TypeVar("R")

_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.-]{0,31}")


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rows of one version, and the digest that entries name it by."""

    version: str
    files: Mapping[str, str]
    commodities: Mapping[str, Commodity]
    bans: tuple[BanRow, ...]
    intervals: tuple[IntervalRow, ...]
    limits: tuple[LimitRow, ...]
    caps: tuple[CapRow, ...]
    scopes: tuple[ScopeRow, ...]
    topics: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    digest: str = field(init=False)
    """The hex SHA-256 by which entries name this rule set."""

    def __post_init__(self) -> None:
        # Each entry names it, so it is not computed for each of them.
        object.__setattr__(self, "digest", digest_of(self.version, self.files))

    @classmethod
    def load(cls, files: Mapping[str, bytes]) -> "RuleSet":
        """Read the bytes of the files of one set; `Invalid` names the file, line and column that is wrong.

        A set from before a topic's table existed lacks the file, and has no rows of it.
        """
        for name in sorted(set(FIRST_FILES) - set(files)):
            raise Invalid(Problem(name, "file-missing"))
        for name in sorted(set(files) - set(RULE_FILES)):
            raise Invalid(Problem(name, "file-unknown"))
        known = commodities_of(files["commodities.csv"])
        return cls(
            version=_version(files["rules.version"]),
            files={name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)},
            commodities=known,
            bans=bans_of(files["pesticides.csv"]),
            intervals=intervals_of(files["intervals.csv"], known),
            limits=limits_of(files["limits.csv"], known),
            caps=caps_of(files["yield_caps.csv"], known),
            scopes=scopes_of(files["certificate_scope.csv"], known),
            topics={each.file: each.read(files[each.file], known) for each in TABLES if each.file in files},
        )

    def rows(self, table: RuleTable[R]) -> tuple[R, ...]:
        """Return the rows of a topic's table; none where this set is older than the table."""
        return cast("tuple[R, ...]", self.topics.get(table.file, ()))

    def banned(self, substance: str, on: date, commodity: str | None, method: str = "spray") -> BanRow | None:
        """Return the sure ban of *substance* on that day for that commodity, if there is one."""
        found = (
            row
            for row in self._about(substance, on)
            if row.status != "restricted" and self._bans(row, commodity, method)
        )
        return next(found, None)

    def restricted(self, substance: str, on: date) -> BanRow | None:
        """Return the sure row that restricts who may sell and use *substance* on that day."""
        return next((row for row in self._about(substance, on) if row.status == "restricted"), None)

    def interval(
        self, substance: str, commodity: str, registration: str | None, on: date | None = None
    ) -> IntervalRow | None:
        """Return the longest sure interval for this substance, crop and registration."""
        name = plain_name(substance)
        found = [
            row
            for row in self.intervals
            if row.sure
            and name in row.names
            and row.commodity == commodity
            and row.registration in (None, registration)
            and (on is None or row.in_force(on))
        ]
        return max(found, key=lambda row: row.days, default=None)

    def limit(self, commodity: str, analyte: str, on: date) -> LimitRow | None:
        """Return the sure limit of *analyte* in that commodity on that day."""
        name = plain_name(analyte)
        found = (
            row
            for row in self.limits
            if row.sure and row.commodity == commodity and name in row.names and row.in_force(on)
        )
        return next(found, None)

    def cap(self, commodity: str, on: date | None = None) -> CapRow | None:
        """Return the cap of a commodity, a sure one before an estimate: look at its `sure`."""
        found = [row for row in self.caps if row.commodity == commodity and (on is None or row.in_force(on))]
        return min(found, key=lambda row: not row.sure, default=None)

    def requires_certificate(self, commodity: str, on: date) -> bool | None:
        """Tell whether the commodity needs a 承诺达标合格证 on that day; None where that is not known."""
        for row in self.scopes:
            if row.sure and row.commodity == commodity and row.in_force(on) and row.required != "unknown":
                return row.required == "yes"
        return None

    def _about(self, substance: str, on: date) -> Iterator[BanRow]:
        name = plain_name(substance)
        return (row for row in self.bans if row.sure and name in row.names and row.in_force(on))

    def _bans(self, row: BanRow, commodity: str | None, method: str) -> bool:
        known = self.commodities.get(commodity or "")
        # Of unknown goods it is only sure that they belong to what is banned for all.
        groups = frozenset((ALL,)) if known is None else known.groups
        if row.except_method == method and (known is None or groups & row.except_groups):
            return False
        return bool(groups & row.groups)


def digest_of(version: str, files: Mapping[str, str]) -> str:
    """Return the hex SHA-256 of the set's manifest, the RFC 8785 bytes of its version and its files.

    {"files":[["limits.csv","<hex SHA-256>"],…],"version":"2026.1"}, files sorted by name
    """
    named = [[name, files[name]] for name in sorted(files)]
    return hashlib.sha256(canonical.dumps({"files": named, "version": version})).hexdigest()


@cache
def shipped_rules() -> RuleSet:
    """Return the rule set that is installed with the program."""
    return RuleSet.load({name: shipped(name) for name in RULE_FILES})


def _version(content: bytes) -> str:
    text = content.decode("utf-8", "replace").removesuffix("\n")
    if not _VERSION.fullmatch(text):
        raise Invalid(Problem("rules.version:1", "not-a-version", (("found", text),)))
    return text
