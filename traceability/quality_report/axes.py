"""Two of the three axes of a division: inputs (绿色), and brands (品牌) with the account of each mark."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from ledger.canonical import decimal_text
from traceability import season, tables
from traceability.coverage import end_of, start_of
from traceability.quality_report.passing import keyed
from traceability.scope import Scope
from traceability.tables import brands as register

Json = dict[str, Any]

_INPUT_RULES = ("banned-pesticide", "pre-harvest-interval", "restricted-pesticide", "over-dose")


def told_inputs(connection: Connection, scope: Scope, since: date, until: date) -> Json:
    """Return how many treatments were recorded in the period, and how many of them break a rule of inputs."""
    said, flag, used = tables.statement, tables.flag, tables.treatment
    within = (
        said.c.void_by.is_(None),
        said.c.at >= start_of(since),
        said.c.at < end_of(until),
        scope.of_party(said.c.by),
    )
    count = select(func.count(used.c.entry.distinct())).join(said, said.c.entry == used.c.entry)
    flagged = (
        select(flag.c.rule, func.count(flag.c.entry.distinct()).label("breaches"))
        .join(said, said.c.entry == flag.c.entry)
        .where(*within, flag.c.rule.in_(_INPUT_RULES))
        .group_by(flag.c.rule)
        .order_by(flag.c.rule)
    )
    return {
        "treatments": int(connection.execute(count.where(*within)).scalar_one()),
        "flagged": keyed({row.rule: row.breaches for row in connection.execute(flagged)}),
    }


def told_brands(connection: Connection, on: date) -> list[Json]:
    """Return the account of each mark that stands, for the season in which the period ends."""
    return [_account(each) for each in _accounts(connection, on)]


def _accounts(connection: Connection, on: date) -> Iterator[season.SeasonAccount]:
    marks = connection.execute(tables.standing(register.mark)).all()
    for mark in sorted({row.mark: row for row in marks}.values(), key=lambda row: str(row.mark)):
        year = on.year if on.month >= mark.season_month else on.year - 1
        account = season.season_account(connection, mark.mark, year)
        if account is not None:
            yield account


def _account(account: season.SeasonAccount) -> Json:
    capacity = account.capacity_kg
    return {
        "mark": account.mark.mark,
        "name": account.mark.name,
        "season": account.season,
        **({} if capacity is None else {"capacity_kg": decimal_text(capacity)}),
        "quota_kg": decimal_text(account.quota_kg),
        "applied_kg": decimal_text(account.applied_kg),
        "coded_kg": decimal_text(account.coded_kg),
        "holders": len(account.holders),
        "beyond": list(account.beyond),
    }
