"""The rows of marks, licences, their use, bases, rights, honours and stories."""

import json
from collections.abc import Iterable
from dataclasses import astuple
from datetime import date
from decimal import Decimal
from typing import Any

from ledger.canonical import decimal_text, instant_text
from traceability import brand_register
from traceability.events import bases, brands, credentials
from traceability.rows.writing import Rows, add_own
from traceability.tables import brands as register


def _list(values: Iterable[Any]) -> str:
    """Spell a list so that one list has one spelling."""
    return json.dumps(list(values), ensure_ascii=False, separators=(",", ":"))


@add_own.register
def _(event: brands.MarkRegistered, rows: Rows) -> None:
    rows.add(
        register.mark,
        mark=event.mark,
        tier=event.tier,
        name=event.name,
        name_en=event.name_en,
        owner=event.owner,
        above=event.above,
        commodities=_list(event.commodities),
        divisions=_list(event.divisions),
        criteria=_list(astuple(each) for each in event.criteria),
        threshold=event.threshold,
        season_month=event.season_month,
        from_bases=event.from_bases,
        gi=event.gi,
        trademarks=_list(astuple(each) for each in event.trademarks),
    )


@add_own.register
def _(event: brands.MarkRetired, rows: Rows) -> None:
    rows.add(register.mark_end, mark=event.mark, day=event.day.isoformat(), ground=event.why)


@add_own.register
def _(event: brands.AdmissionAssessed, rows: Rows) -> None:
    rows.add(
        register.assessment,
        digest=rows.statement.digest,
        mark=event.mark,
        party=event.party,
        product=event.product,
        scores=_list(astuple(each) for each in event.scores),
        day=event.day.isoformat(),
    )


@add_own.register
def _(event: brands.LicenceGranted, rows: Rows) -> None:
    rows.add(
        register.licence,
        licence=event.licence,
        mark=event.mark,
        party=event.party,
        products=_list(sorted(event.products)),
        quota_kg=decimal_text(event.quota_t * 1000),
        since=event.since.isoformat(),
        until=event.until.isoformat(),
        under=event.under,
    )


_CHANGES = {
    brands.LicenceSuspended.kind: "suspended",
    brands.LicenceResumed.kind: "resumed",
    brands.LicenceRevoked.kind: "revoked",
}


@add_own.register(brands.LicenceSuspended)
@add_own.register(brands.LicenceResumed)
@add_own.register(brands.LicenceRevoked)
def _(event: brands.LicenceSuspended | brands.LicenceResumed | brands.LicenceRevoked, rows: Rows) -> None:
    rows.add(
        register.licence_change,
        licence=event.licence,
        what=_CHANGES[event.kind],
        day=event.day.isoformat(),
        ground=event.why,
    )


@add_own.register
def _(event: brands.MarkApplied, rows: Rows) -> None:
    connection = rows.connection
    kg = event.amount.measured("mass", rows.measures.scale(event.lot).piece_kg) or Decimal(0)
    # What a licence is used for uses up every licence that it leans on, and is its holder's account.
    for each in brand_register.licences_above(connection, event.licence):
        season = _season(rows, each.mark, event.day)
        rows.add(
            register.mark_use,
            lot=event.lot,
            mark=each.mark,
            licence=each.licence,
            applied=event.licence,
            party=each.party,
            season=season,
            at=instant_text(event.at),
            kg=decimal_text(kg),
        )
        rows.count(brand_register.of_licence(each.licence, season), kg)
        division = brand_register.division_of(connection, each.party)
        rows.count(brand_register.of_holder(each.mark, season, division, each.party), kg)
    season = _season(rows, event.mark, event.day)
    for share in event.bases:
        raw = decimal_text(share.raw_kg)
        rows.add(register.base_use, base=share.base, season=season, lot=event.lot, kg=raw)
        rows.count(brand_register.of_base(share.base, season), share.raw_kg)


def _season(rows: Rows, mark: str, day: date) -> int:
    known = brand_register.known_mark(rows.connection, mark)
    return day.year if known is None else known.season(day)


@add_own.register
def _(event: brands.SeasonBasisSet, rows: Rows) -> None:
    rows.add(
        register.season_basis,
        mark=event.mark,
        season=event.season,
        commodity=event.commodity,
        division=event.division,
        area_ha=decimal_text(event.area_ha),
        yield_kg_ha=decimal_text(event.yield_kg_ha),
        outturn_percent=decimal_text(event.outturn_percent),
    )


@add_own.register
def _(event: bases.BaseCertified, rows: Rows) -> None:
    rows.add(
        register.base,
        base=event.base,
        mark=event.mark,
        party=event.party,
        division=event.division,
        commodity=event.commodity,
        area_ha=decimal_text(event.area_ha),
        capacity_kg=decimal_text(event.capacity_kg),
        since=event.since.isoformat(),
        until=event.until.isoformat(),
    )
    for plot in event.plots:
        rows.add(register.base_plot, base=event.base, plot=plot)


@add_own.register
def _(event: bases.BaseTested, rows: Rows) -> None:
    rows.add(
        register.base_test,
        base=event.base,
        specimen=event.specimen,
        sampled_on=event.sampled_on.isoformat(),
        verdict=event.verdict,
    )


@add_own.register
def _(event: bases.BaseWithdrawn, rows: Rows) -> None:
    rows.add(register.base_end, base=event.base, day=event.day.isoformat(), ground=event.why)


@add_own.register
def _(event: credentials.GiUserAuthorised, rows: Rows) -> None:
    rows.add(
        register.gi_user,
        gi=event.gi,
        party=event.party,
        products=_list(sorted(event.products)),
        since=event.since.isoformat(),
        until=event.until.isoformat(),
    )


@add_own.register
def _(event: credentials.GiUserWithdrawn, rows: Rows) -> None:
    rows.add(
        register.gi_user_end,
        gi=event.gi,
        party=event.party,
        day=event.day.isoformat(),
        ground=event.why,
    )


@add_own.register
def _(event: credentials.CredentialRecorded, rows: Rows) -> None:
    rows.add(
        register.credential,
        credential=event.credential,
        honour=event.honour,
        party=event.party,
        product=event.product,
        authority=event.authority,
        year=event.year,
        until=None if event.until is None else event.until.isoformat(),
    )


@add_own.register
def _(event: credentials.CredentialWithdrawn, rows: Rows) -> None:
    rows.add(register.credential_end, credential=event.credential, day=event.day.isoformat())


@add_own.register
def _(event: credentials.StoryTold, rows: Rows) -> None:
    rows.add(
        register.story,
        party=rows.statement.by,
        product=event.product,
        mark=event.mark,
        tongue=event.tongue,
        published=event.published,
    )
