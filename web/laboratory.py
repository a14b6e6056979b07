"""The laboratory's room: what a test of one lot found, held against the limits in force, its report kept.

    /laboratory/                    a box for a lot's code, and my inspections
    /laboratory/inspect?code=…      limits that are sure are proposed, one row each; more rows for the rest
    /laboratory/reports/<digest>    the report of one of my own inspections

    report file  →  PDF, PNG or JPEG by its first bytes, at most 8 MiB  →  instance/evidence/<sha256>
                    the log has the digest of that digest: sealed

A result belongs to the sampled lot alone.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for

from traceability import goods, gs1, holdings, judging, own_records
from traceability.errors import Invalid, Problem, Unknown
from traceability.events import Event
from traceability.events.fact import legal_day
from traceability.events.quality import Inspected
from traceability.evidence import Evidence
from traceability.holdings import Lot
from traceability.limits import LimitRow
from traceability.own_records import Said
from traceability.reading import Reader
from web import deliveries
from web.access import me, require
from web.forms import Form
from web.problems import tell
from web.recording import Answer, Given, blank, event_of, filled, row_count, rows, submitted
from web.services import services

blueprint = Blueprint("laboratory", __name__, url_prefix="/laboratory")

LARGEST_REPORT = 8 * 1024 * 1024
SPARE = 3
KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""How each kind of report begins."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the form: what stands in its fields comes from the form; *limit* is what was proposed."""

    number: int
    limit: LimitRow | None


@dataclass(frozen=True, slots=True)
class Told:
    """One of my inspections, as it was last told, and whether the report that it names is kept here."""

    said: Said
    event: Inspected
    has_file: bool


@blueprint.get("/")
@require("laboratory")
def index() -> str:
    """Show the box for a code, and my inspections."""
    return _index(Form({}))


def _index(form: Form) -> str:
    with services().reading() as reader:
        said = own_records.entries(reader, me().party, limit=100)
        return render_template("laboratory/index.html", form=form, inspections=_inspections(reader, said))


def _inspections(reader: Reader, said: Sequence[Said]) -> list[Told]:
    found = []
    for each in said:
        if each.effective_kind == "inspected":
            event = own_records.opened(reader, services().sealed, reader.statement(each.entry))
            told = cast(Inspected, getattr(event, "replacement", None) or event)
            has_file = isinstance(told.report, str) and _evidence().get(told.report) is not None
            found.append(Told(each, told, has_file))
    return found


@blueprint.get("/inspect")
@require("laboratory")
def inspect() -> Answer:
    """Show the form for one lot, found by any code that stands on a pack."""
    try:
        found = _lot_of(request.args.get("code", ""))
    except (Invalid, Unknown) as error:
        told = tell(error)
        if isinstance(error, Unknown):
            told = tell(Invalid(Problem("code", "lot-not-found", (("name", error.name),))))
        return _index(Form({"code": request.args.get("code", "")}, told, everything_at="code")), told.status
    if request.args.get("code") != found.lot:
        return redirect(url_for("laboratory.inspect", code=found.lot))
    return _form(found, blank())


@blueprint.post("/inspect")
@require("laboratory")
def submit_inspection() -> Answer:
    """Record what a test found."""
    found = _lot_of(request.form.get("lot", ""))
    return submitted(
        lambda values: _inspected(found, values),
        lambda form: _form(found, form),
        lambda _digest: url_for("laboratory.index"),
    )


def _lot_of(typed: str) -> Lot:
    """Return the lot that a code names, whoever has it: a laboratory may test any."""
    named = gs1.parse("".join(typed.split()), services().base_url).lot_uri
    with services().reading() as reader:
        known = None if named is None else goods.known_lot(reader.connection, named)
        if known is None or known.maker is None:
            raise Unknown("lot", typed)
        return holdings.lot(reader, known.maker, known.lot)


def _limits(found: Lot) -> list[LimitRow]:
    """Return the limits for this kind of goods that are sure and in force today."""
    shared = services()
    with shared.reading() as reader:
        rule_set = shared.shelf.get(judging.rules_in_force(reader.connection) or "")
    today = legal_day(shared.clock())
    commodity = found.goods.commodity if found.goods is not None else ""
    proposed = {row.analyte: rule_set.limit(commodity, row.analyte, today) for row in rule_set.limits}
    return [row for row in proposed.values() if row is not None]


def _form(found: Lot, form: Form) -> str:
    limits = {row.analyte: row for row in _limits(found)}
    typed = row_count(form, "results")
    told = [form.value(f"results.{n}.proposed") or form.value(f"results.{n}.analyte") for n in range(typed)]
    shown = [Row(number, limits.get(name)) for number, name in enumerate(told)]
    fresh = [limit for name, limit in limits.items() if name not in told]
    shown += [Row(typed + number, limit) for number, limit in enumerate(fresh)]
    shown += [Row(len(shown) + number, None) for number in range(SPARE)]
    with services().reading() as reader:
        names = deliveries.names(reader)
    return render_template("laboratory/inspect.html", form=form, lot=found, rows=shown, names=names)


def _inspected(found: Lot, values: dict[str, str]) -> Event:
    results = [_result(row) for row in rows(values, "results")]
    all_passed = all(result.get("passed", False) for result in results)
    given: Given = {
        "lot": found.lot,
        "results": results,
        "verdict": "conformant" if all_passed else "non-conformant",
        **filled(values, "sample", "purpose", "sampled_on"),
    }
    report = _report()
    if report is None:
        return event_of("inspected", values, given)
    event = event_of("inspected", values, {**given, "report": hashlib.sha256(report).hexdigest()})
    # The file comes first: a digest in the log whose document nobody kept would be worth nothing.
    _evidence().keep(report)
    return event


def _evidence() -> Evidence:
    return Evidence(services().settings.instance / "evidence")


def _result(row: dict[str, str]) -> Given:
    """Return one result; whether it passed has to be said, and is never guessed from the value."""
    names = ("value", "unit", "detection_limit", "limit", "standard")
    found: Given = filled(row, *names)
    analyte = row.get("analyte") or row.get("proposed")
    if analyte:
        found["analyte"] = analyte
    if row.get("passed") in ("true", "false"):
        found["passed"] = row["passed"] == "true"
    return found


def _report() -> bytes | None:
    """Return the file that came with the form; raise `Invalid` for one that is too large or no report."""
    file = request.files.get("report")
    if file is None or not file.filename:
        return None
    content = file.stream.read(LARGEST_REPORT + 1)
    if len(content) > LARGEST_REPORT:
        raise Invalid(Problem("report", "file-too-large", (("most", str(LARGEST_REPORT // 2**20)),)))
    if kind_of(content) is None:
        raise Invalid(Problem("report", "not-a-report"))
    return content


def kind_of(content: bytes) -> str | None:
    """Return the media type of a report by its first bytes, whatever its name says."""
    return next((kind for start, kind in KINDS.items() if content.startswith(start)), None)


@blueprint.get("/reports/<digest>")
@require("laboratory")
def report(digest: str) -> Response:
    """Give the report of one of my own inspections as a file to keep."""
    shared = services()
    with shared.reading() as reader:
        said = own_records.entry(reader, me().party, digest)
        event: Any = own_records.opened(reader, shared.sealed, reader.statement(said.entry))
    name = getattr(getattr(event, "replacement", None) or event, "report", None)
    # Who signs with a key of its own may have sealed any text here; only a digest names a file.
    is_digest = isinstance(name, str) and re.fullmatch("[0-9a-f]{64}", name) is not None
    content = _evidence().get(str(name)) if is_digest else None
    kind = None if content is None else kind_of(content)
    if content is None or kind is None:
        abort(404)
    ending = kind.rpartition("/")[2]
    headers = {"Content-Disposition": f'attachment; filename="report-{said.entry}.{ending}"'}
    return Response(content, mimetype=kind, headers=headers)
