"""The lists of a division, and what in them needs somebody's attention."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, abort, render_template, request, url_for
from sqlalchemy import Select

from ledger.canonical import instant_of
from traceability import report
from traceability.events.fact import legal_day
from traceability.reading import Reader
from traceability.register import waiting
from traceability.scope import Scope
from web.language import N_, gettext, ngettext
from web.regulator.lists import LISTS, as_file, consumer_reports, lot_number
from web.regulator.room import OFFICES, area_name, blueprint, parties, scope_of
from web.services import services
from web.words import word

PAGE = 50
MOST = 30
"""How much of what needs attention is shown at once; the lists have the rest."""


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that somebody should look at: what, since when, of which lot, and where to go."""

    kind: str
    badge: str
    text: str
    lot: str | None
    is_own: bool
    by: str | None
    at: str
    address: str


@blueprint.get("/")
@OFFICES
def index() -> str:
    """Show what needs attention, the newest first, and how much there is of everything."""
    with services().reading() as reader:
        scope = scope_of(reader)
        called = parties(reader)
        matters = sorted(_matters(reader, scope), key=lambda each: each.at, reverse=True)
        counts = [
            (name, gettext(listing.title), report.count(reader.connection, listing.query(scope)))
            for name, listing in LISTS.items()
        ]
        holds = report.count(reader.connection, report.open_holds(scope))
    return render_template(
        "regulator/index.html",
        area=area_name(),
        matters=matters[:MOST],
        counts=counts,
        holds=holds,
        parties=called,
        age=age,
        number=lot_number,
    )


def _matters(reader: Reader, scope: Scope) -> Iterator[Matter]:
    """Yield the newest of each kind, as many of each as one page shows."""
    for row in _newest(reader, report.open_holds(scope)):
        yield _matter(N_("暂停待核查"), "hold", word("rule", row.rule), row, is_own=row.lot_within)
    for row in _newest(reader, report.failed_tests(scope)):
        yield _matter(N_("检测不合格"), "bad", word("purpose", row.purpose), row)
    for row in _newest(reader, report.recalls(scope)):
        told = f"{word('level', row.level)} · {word('cause', row.cause)}"
        yield _matter(N_("召回"), "bad", told, row, is_own=row.lot_within)
    for row in _newest(reader, report.late_entries(scope)):
        yield _matter(N_("补登"), "plain", word("kind", row.kind), row, is_own=row.lot_within)
    for party, at in waiting(reader.connection, scope, legal_day(services().clock()))[:MOST]:
        shown = url_for("regulator.registration", party=party.party)
        told = f"{party.name or party.party} · {word('role', party.role)}"
        yield Matter(N_("申请登记"), "warn", told, None, True, party.membership.step.by, at, shown)
    for row in _newest(reader, consumer_reports(scope)):
        shown = url_for("regulator.report", report=row.digest)
        told = row.value or word("complaint", row.complaint)
        yield Matter(N_("举报"), "warn", told, row.lot, True, None, row.at, shown)


def _matter(kind: str, badge: str, told: str, row: Any, *, is_own: bool = True) -> Matter:
    address = url_for("regulator.record", index=row.entry)
    return Matter(kind, badge, told, row.lot, bool(is_own), row.by, row.recorded_at, address)


def _newest(reader: Reader, query: Select[Any]) -> list[Any]:
    return list(reader.connection.execute(query.limit(MOST)))


def age(at: str, now: datetime | None = None) -> str:
    """Return how many legal days ago *at* was, in words."""
    days = (legal_day(now or services().clock()) - legal_day(instant_of(at))).days
    if days <= 0:
        return gettext(N_("今天"))
    return ngettext("%(num)s 天前", "%(num)s 天前", days)


@blueprint.get("/list/<what>")
@OFFICES
def listed(what: str) -> str:
    """Show one page of a list."""
    listing = LISTS.get(what) or abort(404)
    with services().reading() as reader:
        query = listing.query(scope_of(reader))
        total = report.count(reader.connection, query)
        last = max(1, -(-total // PAGE))
        page = min(_page(), last)
        called = parties(reader)
        rows = reader.connection.execute(query.limit(PAGE).offset((page - 1) * PAGE))
        cells = [listing.cells(row, called) for row in rows]
    return render_template(
        "regulator/list.html",
        what=what,
        listing=listing,
        area=area_name(),
        rows=cells,
        page=page,
        last=last,
        total=total,
    )


def _page() -> int:
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1


@blueprint.get("/file/<what>.csv")
@OFFICES
def listed_file(what: str) -> Response:
    """Return the whole of a list for a spreadsheet."""
    listing = LISTS.get(what) or abort(404)
    with services().reading() as reader:
        rows = reader.connection.execute(listing.query(scope_of(reader)))
        content = as_file(listing, rows, parties(reader))
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{what}.csv"'
    return response
