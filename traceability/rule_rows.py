"""The rows of the rule files, each valid from the moment it is read, and how they are read."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal, TypeVar, cast

from traceability.reference import Row, Sourced, plain_name, rows_of
from traceability.vocabulary import Commodity

Commodities = Mapping[str, Commodity]
T = TypeVar("T")

Status = Literal["banned", "partial", "restricted"]
CapUnit = Literal["kg/ha", "kg/bag", "pieces/ha"]
Scope = Literal["yes", "no", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BanRow(Sourced):
    """A pesticide that may not be used, on some crops or at all, or only under restrictions."""

    substance: str
    names: frozenset[str]
    status: Status
    groups: frozenset[str]
    except_method: str | None
    except_groups: frozenset[str]
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalRow(Sourced):
    """Days between the last spray and the harvest of one commodity (安全间隔期), as a label has them."""

    substance: str
    names: frozenset[str]
    commodity: str
    registration: str | None
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow(Sourced):
    """The most (or least) of an analyte that one commodity may have."""

    commodity: str
    analyte: str
    names: frozenset[str]
    kind: Literal["max", "min"]
    value: Decimal
    unit: str
    standard: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapRow(Sourced):
    """The most that a hectare, or a bag, can give in a calendar year."""

    commodity: str
    most: Decimal
    unit: CapUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeRow(Sourced):
    """Whether the 承诺达标合格证 is required for a commodity."""

    commodity: str
    required: Scope


def bans_of(content: bytes) -> tuple[BanRow, ...]:
    """Read `pesticides.csv`."""
    names = ("substance_zh", "substance_en", "aliases", "status", "groups")
    columns = (*names, "except_method", "except_groups", "scope")
    return _read("pesticides.csv", content, columns, _ban, lambda row: (row.substance, row.status, row.since))


def _ban(row: Row) -> BanRow:
    groups = frozenset(row.several("groups"))
    if not groups:
        raise row.wrong("groups", "cell-empty")
    if bool(row.cells["except_method"]) != bool(row.cells["except_groups"]):
        raise row.wrong("except_groups", "cell-without-its-pair")
    return BanRow(
        substance=row.text("substance_zh"),
        names=_names(row, "substance_zh", "substance_en"),
        status=cast(Status, row.choice("status", "banned", "partial", "restricted")),
        groups=groups,
        except_method=row.optional("except_method"),
        except_groups=frozenset(row.several("except_groups")),
        scope=row.text("scope"),
        **_provenance(row),
    )


def intervals_of(content: bytes, known: Commodities) -> tuple[IntervalRow, ...]:
    """Read `intervals.csv`."""
    columns = ("substance_zh", "substance_en", "aliases", "commodity", "registration", "days")

    def parse(row: Row) -> IntervalRow:
        return IntervalRow(
            substance=row.text("substance_zh"),
            names=_names(row, "substance_zh", "substance_en"),
            commodity=_commodity(row, known),
            registration=row.optional("registration"),
            days=_days(row),
            **_provenance(row),
        )

    return _read(
        "intervals.csv",
        content,
        columns,
        parse,
        lambda row: (row.substance, row.commodity, row.registration, row.since),
    )


def limits_of(content: bytes, known: Commodities) -> tuple[LimitRow, ...]:
    """Read `limits.csv`."""
    names = ("commodity", "product_zh", "product_en", "analyte_zh", "analyte_en", "aliases")

    def parse(row: Row) -> LimitRow:
        return LimitRow(
            commodity=_commodity(row, known),
            analyte=row.text("analyte_zh"),
            names=_names(row, "analyte_zh", "analyte_en"),
            kind=cast(Literal["max", "min"], row.choice("kind", "max", "min")),
            value=row.number("value"),
            unit=row.text("unit"),
            standard=row.text("standard"),
            **_provenance(row),
        )

    return _read(
        "limits.csv",
        content,
        (*names, "kind", "value", "unit", "standard"),
        parse,
        lambda row: (row.commodity, row.analyte, row.since),
    )


def caps_of(content: bytes, known: Commodities) -> tuple[CapRow, ...]:
    """Read `yield_caps.csv`."""

    def parse(row: Row) -> CapRow:
        return CapRow(
            commodity=_commodity(row, known),
            most=row.number("most"),
            unit=cast(CapUnit, row.choice("unit", "kg/ha", "kg/bag", "pieces/ha")),
            **_provenance(row),
        )

    columns = ("commodity", "most", "unit")
    return _read("yield_caps.csv", content, columns, parse, lambda row: (row.commodity, row.since))


def scopes_of(content: bytes, known: Commodities) -> tuple[ScopeRow, ...]:
    """Read `certificate_scope.csv`."""

    def parse(row: Row) -> ScopeRow:
        return ScopeRow(
            commodity=_commodity(row, known),
            required=cast(Scope, row.choice("required", "yes", "no", "unknown")),
            **_provenance(row),
        )

    columns = ("commodity", "required")
    return _read("certificate_scope.csv", content, columns, parse, lambda row: (row.commodity, row.since))


def _read(
    file: str,
    content: bytes,
    columns: tuple[str, ...],
    parse: Callable[[Row], T],
    key: Callable[[T], object],
) -> tuple[T, ...]:
    found: dict[object, T] = {}
    for row in rows_of(file, content, *columns):
        value = parse(row)
        # Two rows for one thing from one day on would leave it to their order which is the law.
        if key(value) in found:
            raise row.wrong(columns[0], "row-stands-twice")
        found[key(value)] = value
    return tuple(found.values())


def _names(row: Row, *columns: str) -> frozenset[str]:
    told = (*(row.text(column) for column in columns), *row.several("aliases"))
    return frozenset(plain_name(each) for each in told)


def _days(row: Row) -> int:
    days = row.whole("days")
    # `events.field.Treated` takes no longer interval from a label either.
    if days > 400:
        raise row.wrong("days", "interval-too-long")
    return days


def _commodity(row: Row, known: Commodities) -> str:
    if row.cells["commodity"] not in known:
        raise row.wrong("commodity", "commodity-unknown")
    return row.cells["commodity"]


def _provenance(row: Row) -> dict[str, Any]:
    return asdict(row.sourced())
