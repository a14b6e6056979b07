"""The tree of marks, one mark with its licences and the account of its season, and what is one's own.

/brand/                      the tree, one's own licences, rights and honours
/brand/<mark>                a mark: licences, season, bases        (owner, holders, the offices that answer)
/brand/<mark>/<season>.csv   its members and what they marked
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from traceability import answering, brand_list, brand_register, brand_seeds, holdings, season
from traceability.brand_seeds import MarkSeed
from traceability.errors import NotAllowed, Unknown
from traceability.events.fact import legal_day
from traceability.events.registry import Role
from traceability.events.roles import MAKERS
from traceability.past import KnownParty, Past
from traceability.past.brands import KnownMark
from traceability.reading import Reader
from traceability.season import SeasonAccount
from web import charts
from web.access import me, require
from web.chapters import county
from web.chart_shapes import Chart
from web.charts import Bar
from web.language import gettext
from web.services import services
from web.words import word

blueprint = Blueprint("brand", __name__, url_prefix="/brand")

PEOPLE: tuple[Any, ...] = (*sorted(MAKERS), "regulator")
OFFICES: tuple[Role, ...] = ("regulator",)
TONNE = Decimal(1000)
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Shown:
    """A season's account as the page has it: its chart, and whose lines it may show."""

    account: SeasonAccount
    chart: Chart
    seasons: tuple[int, ...]


@blueprint.get("/")
@require(*PEOPLE)
def index() -> str:
    """Show the tree, and what the asking party holds."""
    party = me().party
    with services().reading() as reader:
        connection, on = reader.connection, today()
        return render_template(
            "brand/index.html",
            tree=brand_list.tree(connection),
            mine=[each.mark.mark for each in brand_list.tree(connection) if answers(reader, each.mark)],
            held=brand_list.licences_of(connection, party, on),
            honours=brand_list.honours_of(connection, party, on),
            indications=brand_list.indications_of(connection, party, on),
            names=holdings.names(reader),
            seeds=_offered(reader),
            on=on,
        )


def _offered(reader: Reader) -> list[tuple[MarkSeed, str]]:
    """Return the public marks that the province has not registered yet, each with the form to do it."""
    if brand_register.division_of(reader.connection, me().party) != brand_seeds.PROVINCE:
        return []
    if me().role != "regulator":
        return []
    known = {each.mark.mark for each in brand_list.tree(reader.connection)}
    fresh = (each for each in brand_seeds.mark_seeds() if each.mark not in known and each.commodities)
    return [(each, _form_of(each)) for each in fresh]


def _form_of(seed: MarkSeed) -> str:
    given: dict[str, Any] = {
        "mark": seed.mark,
        "tier": "endorsement",
        "name": seed.name_zh,
        "name_en": seed.name_en,
        "commodities": "\n".join(seed.commodities),
        "divisions": brand_seeds.PROVINCE,
        **({"from_bases": "true"} if seed.from_bases else {}),
    }
    return url_for("brand.file_mark_registered", **given)


@blueprint.get("/marks/<mark>")
@require(*PEOPLE)
def one(mark: str) -> str:
    """Show a mark with its licences; the account of its season to who answers for it."""
    with services().reading() as reader:
        known, on = known_mark(reader, mark), today()
        is_ours = answers(reader, known)
        held = brand_list.licences_for(reader.connection, mark, on)
        if not is_ours:
            # What others may mark is between them and the owner; one's own licence is one's own.
            held = tuple(each for each in held if each.licence.party == me().party)
        return render_template(
            "brand/mark.html",
            mark=known,
            is_ours=is_ours,
            held=held,
            shown=_shown(reader, known, _season(known)) if is_ours else None,
            bases=brand_list.bases_for(reader.connection, known, on) if is_ours and known.from_bases else (),
            names=holdings.names(reader),
            on=on,
        )


@blueprint.get("/marks/<mark>/<int:year>.csv")
@require(*PEOPLE)
def statistics(mark: str, year: int) -> Response:
    """Give the members of a mark and what they marked in a season, as a table for other programs."""
    with services().reading() as reader:
        known = known_mark(reader, mark)
        if not answers(reader, known):
            raise NotAllowed("other-party", party=known.owner)
        if not season.MIN_YEAR <= year <= season.MAX_YEAR:
            raise Unknown("season", str(year)[:20])
        account = season.season_account(reader.connection, mark, year)
        if account is None:
            raise Unknown("mark", mark)
        text = io.StringIO(newline="")
        csv.writer(text).writerows(_table(reader, account))
    answer = Response(text.getvalue(), mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{mark}-{year}.csv"'
    return answer


def _table(reader: Reader, account: SeasonAccount) -> Iterator[tuple[str, ...]]:
    yield ("mark", "season", "division", "party", "name", "role", "quota_kg", "applied_kg", "coded_kg")
    for each in brand_list.members(reader.connection, account):
        amounts = (each.quota_kg, each.applied_kg, each.coded_kg)
        name = each.name or ""
        yield (
            account.mark.mark,
            str(account.season),
            each.division,
            each.party,
            # A spreadsheet must not take somebody's name for a formula.
            f"'{name}" if name.startswith(_RUNS) else name,
            each.role,
            *(format(kg, "f") for kg in amounts),
        )


def today() -> date:
    """Return the legal day of now."""
    return legal_day(services().clock())


def known_mark(reader: Reader, mark: str) -> KnownMark:
    """Return the mark, or raise `Unknown`."""
    found = brand_register.known_mark(reader.connection, mark)
    if found is None:
        raise Unknown("mark", mark[:60])
    return found


def answers(reader: Reader, mark: KnownMark) -> bool:
    """Tell whether the asking party answers for *mark*, as the rules have it."""
    account = me()
    division = brand_register.division_of(reader.connection, account.party)
    author = KnownParty(account.party, account.role, division)
    past = Past(by=account.party, parties={account.party: author})
    return answering.answers_for(mark.owner, mark.divisions, past)


def only_answering(reader: Reader, mark: str) -> None:
    """Raise `NotAllowed` unless the asking party answers for *mark*."""
    known = known_mark(reader, mark)
    if not answers(reader, known):
        raise NotAllowed("other-party", party=known.owner)


def _season(mark: KnownMark) -> int:
    asked = request.args.get("season", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else mark.season(today())


def _shown(reader: Reader, mark: KnownMark, year: int) -> Shown | None:
    if not season.MIN_YEAR <= year <= season.MAX_YEAR:
        raise Unknown("season", str(year))
    account = season.season_account(reader.connection, mark.mark, year)
    if account is None:
        return None
    return Shown(account, issued_and_produced(account), season.seasons(reader.connection, mark.mark))


def issued_and_produced(account: SeasonAccount) -> Chart:
    """Draw what the land can give beside what bears the mark and what codes were issued, in tonnes."""
    names = (gettext("可产出"), gettext("已用标识"), gettext("已发码"))
    capacity = account.capacity_kg
    whole = tuple(
        None if kg is None else kg / TONNE for kg in (capacity, account.applied_kg, account.coded_kg)
    )
    rows = [Bar(gettext("合计"), whole, alarm="capacity" in account.beyond)]
    for place in account.places:
        amounts = tuple(None if kg is None else kg / TONNE for kg in (place.capacity_kg, place.applied_kg))
        rows.append(Bar(county(place.division) or place.division, amounts, alarm=place.is_beyond))
    title = gettext("%(year)s 年度：可产出与已发放", year=str(account.season))
    return charts.bars(title, rows, names=names, unit=gettext("吨"))


blueprint.add_app_template_filter(lambda kg: charts.figure(kg / TONNE, gettext("吨")), "tonnes")
blueprint.add_app_template_global(county, "county")
blueprint.add_app_template_global(lambda why: word("stop", why), "stop_word")
