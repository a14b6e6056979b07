"""What everybody may know of credit: the list of serious dishonesty, the file of a party, and the draws.

/credit                     the list of serious dishonesty (严重失信名单), and what else there is
/credit/dishonest.json      the same for procurement systems; historical listings end on their day
/credit/dishonest.csv
/credit/party/<party>       the good and bad records of a party, and its grade, line by line
/credit/draws               draws by lot, with who was drawn and how to draw again
/credit/draws/<entry>
/credit/draws/<entry>/grades        which grades of its pool are others than the files give
/credit/mine                the file of the party that is signed in, and where it objects

All of it is read from the log, which is public anyway. Where a name is sealed, the party's id stands.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from traceability import credit, tables
from traceability.credit import Listing, Reckoning
from traceability.draw_standing import DrawStanding, draws, standing_draw, tallies
from traceability.errors import NotAllowed, Unknown
from traceability.events import roles
from traceability.events.fact import legal_day
from traceability.portions import portions
from traceability.reading import Reader
from traceability.rule_tables.credit import GRADES, WEIGHTS
from web.access import limiter, me, require
from web.accounts import Account
from web.filing import Ask, Filing, Values, add_to, onward_to
from web.language import N_
from web.services import services

blueprint = Blueprint("credit", __name__, url_prefix="/credit")

EVERYBODY = require(
    "cooperative",
    "farm",
    "household",
    "enterprise",
    "processor",
    "brand-owner",
    "retailer",
    "market",
    "stall",
    "dealer",
    "carrier",
    "laboratory",
    "certifier",
)
"""Whoever has a file of its own; offices look at files in their own room."""

COLUMNS = (
    "party",
    "name",
    "uscc",
    "state",
    "legal_basis",
    "excludes",
    "since",
    "until",
    "off",
    "ended_told",
    "listed_by",
    "entry",
    "facts",
    "ended_by",
)
LATEST = 200
"""How many draws one page lists."""
LIMITS = "60 per minute"
GRADE_LIMITS = "10 per minute"
"""The grades of a whole pool are read from all files of its division."""

BYTE_ORDER_MARK = "\ufeff"
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def today() -> date:
    """Return the legal day of now."""
    return legal_day(services().clock())


def registered(reader: Reader, names: Iterable[str]) -> Mapping[str, Any]:
    """Return the newest registration of each of *names*; a sealed name is absent there."""
    table, found = tables.party, dict[str, Any]()
    for some in portions(sorted(set(names))):
        rows = reader.connection.execute(tables.standing(table, table.c.party.in_(some)))
        found |= {row.party: row for row in rows}
    return found


@blueprint.get("")
def index() -> str:
    """Show the list of serious dishonesty."""
    with services().reading() as reader:
        found = credit.listings(reader.connection, today())
        return render_template(
            "credit/index.html",
            listings=found,
            known=registered(reader, (each.party for each in found)),
            today=today(),
            badges=BADGES,
        )


BADGES = {"listed": "bad", "not-yet": "warn", "ended": "plain", "repaired": "good", "lifted": "plain"}


@blueprint.get("/dishonest.json")
def dishonest_json() -> Response:
    """Give the list to programs: whom to keep from what, on which ground, from when until when."""
    with services().reading() as reader:
        found = credit.listings(reader.connection, today())
        known = registered(reader, (each.party for each in found))
        document = {
            "as_of": today().isoformat(),
            "origin": services().log.origin,
            "listings": [_told(each, known) for each in found],
        }
    return _open_to_all(jsonify(document))


@blueprint.get("/dishonest.csv")
def dishonest_csv() -> Response:
    """Give the list as a table."""
    written = io.StringIO()
    written.write(BYTE_ORDER_MARK)
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    with services().reading() as reader:
        found = credit.listings(reader.connection, today())
        known = registered(reader, (each.party for each in found))
        for each in found:
            writer.writerow([_cell(_told(each, known).get(name, "")) for name in COLUMNS])
    response = Response(written.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="dishonest.csv"'
    return _open_to_all(response)


def _cell(value: Any) -> str:
    text = "|".join(map(str, value)) if isinstance(value, list) else str(value)
    # A spreadsheet must not take somebody's words for a formula.
    return f"'{text}" if text.startswith(_RUNS) else text


def _open_to_all(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _told(found: Listing, known: Mapping[str, Any]) -> dict[str, Any]:
    row = known.get(found.party)
    told = {
        "party": found.party,
        "name": None if row is None else row.name,
        "uscc": None if row is None else row.uscc,
        "state": found.state,
        "legal_basis": found.basis,
        "excludes": list(found.excludes),
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "off": None if found.off is None else found.off.isoformat(),
        "ended_told": found.ended_told,
        "ended_by": found.ended_by,
        "listed_by": found.listed_by,
        "entry": found.entry,
        "facts": list(found.facts),
    }
    return {name: value for name, value in told.items() if value is not None}


# The file of a party.


@blueprint.get("/party/<party>")
@limiter.limit(LIMITS)
def party(party: str) -> str:
    """Show the public file of a party: every record with its entry, and what they add up to."""
    with services().reading() as reader:
        known = registered(reader, [party]).get(party)
        # Offices give grades, and have none.
        if known is None or known.role in roles.OFFICES:
            raise Unknown("party", party)
        found = credit.reckoning_of(reader.connection, party, today(), services().rules(reader))
        return file_page(reader, found, name=known.name or party, may_object=False)


@blueprint.get("/mine")
@EVERYBODY
def mine() -> str:
    """Show a party its own file; each bad record can be objected to."""
    with services().reading() as reader:
        found = credit.reckoning_of(reader.connection, me().party, today(), services().rules(reader))
        known = registered(reader, [me().party]).get(me().party)
        name = me().party if known is None else known.name or me().party
        return file_page(reader, found, name=name, may_object=True)


def file_page(reader: Reader, found: Reckoning, *, name: str, may_object: bool) -> str:
    """Return the page of a calculation."""
    rules, on = services().rules(reader), found.on
    return render_template(
        "credit/file.html",
        found=found,
        name=name,
        may_object=may_object,
        weights=[row for row in rules.rows(WEIGHTS) if row.in_force(on)],
        grades=[row for row in rules.rows(GRADES) if row.in_force(on)],
    )


# Draws.


@blueprint.get("/draws")
def drawn_lots() -> str:
    """Show every draw, the newest first."""
    with services().reading() as reader:
        counted, abandoned = tallies(reader.connection)
        return render_template(
            "credit/draws.html",
            draws=draws(reader, limit=LATEST),
            tallies=counted,
            abandoned=abandoned,
            known=registered(reader, (each.by for each in counted)),
        )


@blueprint.get("/draws/<int:entry>")
def drawn_lot(entry: int) -> str | Response:
    """Show one draw, and how anybody draws it again."""
    with services().reading() as reader:
        # No database has to look for an index that its own numbers do not reach.
        found = standing_draw(reader, entry) if entry < services().log.size() else None
        if found is None:
            raise Unknown("draw", str(entry)[:20])
        if entry != found.announced_entry:
            return redirect(url_for("credit.drawn_lot", entry=found.announced_entry))
        named = [found.by, *(party for group in found.event.pool for party in group.parties)]
        return render_template("credit/draw.html", found=found, known=registered(reader, named))


@blueprint.get("/draws/<int:entry>/grades")
@limiter.limit(GRADE_LIMITS)
def drawn_by_grade(entry: int) -> str:
    """Show which grades of a pool are others than the credit files give for the day of the announcement."""
    with services().reading() as reader:
        found = standing_draw(reader, entry) if entry < services().log.size() else None
        if found is None:
            raise Unknown("draw", str(entry)[:20])
        named = [party for group in found.event.pool for party in group.parties]
        return render_template(
            "credit/draw_grades.html",
            found=found,
            differing=_graded_otherwise(reader, found),
            known=registered(reader, named),
        )


def _graded_otherwise(reader: Reader, found: DrawStanding) -> list[tuple[str, str, str]]:
    """Return each party of the pool with the grade that was told and the one that its file gives."""
    told = {party: group.grade for group in found.event.pool for party in group.parties}
    said = tables.statement
    named = select(said.c.rules).where(said.c.entry == found.announced_entry)
    rules = services().shelf.get(reader.connection.execute(named).scalar_one())
    whose = credit.registered_in(reader.connection, found.event.division)
    files = credit.grades_of(reader.connection, sorted(told), whose, found.event.day, rules)
    return [
        (party, grade, files[party].grade)
        for party, grade in sorted(told.items())
        if files[party].grade != grade
    ]


# Objecting.


def _may_object(reader: Reader, account: Account, values: Values) -> None:
    found = credit.records(reader.connection, credit.only(account.party), today())
    if values.get("target") and values["target"] not in {each.digest for each in found}:
        raise NotAllowed("other-record")


OBJECT = Filing(
    kind="credit-objected",
    title=N_("对信用记录提出异议"),
    lead=N_("写明哪里不对。监管部门处理之前，这条记录照常计入，旁边标明异议处理中。"),
    asks=(Ask(path="target", widget="hidden"), Ask(path="note")),
    may=_may_object,
    onward=onward_to("credit.mine"),
)

add_to(blueprint, EVERYBODY, OBJECT, path="/object")
