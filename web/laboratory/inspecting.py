"""What a test of one lot found, held against the limits in force, its report kept.

    /laboratory/inspect?code=…      limits that are sure are proposed, one row each; more rows for the rest
    …&sample=…                      of a sample that waits: number, day and purpose stand there already
    …&retest_of=…                   of an objection: the re-test that takes the place of the first report
    /laboratory/reports/<digest>    the report of one of my own inspections

    report file  →  PDF, PNG or JPEG by its first bytes, at most 8 MiB  →  instance/evidence/<sha256>
                    the log has the digest of that digest: sealed

A result belongs to the sampled lot alone.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, abort, redirect, render_template, request, url_for

from traceability import goods, gs1, holdings, own_records
from traceability.errors import Invalid, Problem, Unknown
from traceability.events import Event
from traceability.events.fact import legal_day
from traceability.events.quality import report_mark
from traceability.holdings import Lot
from traceability.limits import LimitRow
from traceability.reading import Reader
from traceability.samples import samples
from traceability.tables import testing
from traceability.test_panel import Suggested, panel_of
from web.access import me, require
from web.forms import Form
from web.laboratory.room import blueprint, desk_page, evidence
from web.problems import tell
from web.recording import Answer, Given, blank, event_of, filled, row_count, rows, submitted
from web.services import services

LARGEST_REPORT = 8 * 1024 * 1024
SPARE = 3
KINDS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
"""How each kind of report begins."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the form: what stands in its fields comes from the form; *limit* is what was proposed."""

    number: int
    limit: LimitRow | None


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
        return desk_page(
            Form({"code": request.args.get("code", "")}, told, everything_at="code")
        ), told.status
    if request.args.get("code") != found.lot:
        asked: dict[str, Any] = {**request.args.to_dict(), "code": found.lot}
        return redirect(url_for("laboratory.inspect", **asked))
    return _form(found, blank(**_of_sample(found.lot, request.args)))


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


def _of_sample(lot: str, asked: Mapping[str, str]) -> dict[str, str]:
    """Return what is known of the sample that the address names; nothing where nobody told of its taking."""
    table, number = testing.sampling, asked.get("sample", "")
    with services().reading() as reader:
        found = samples(reader.connection, table.c.lot == lot, table.c.sample == number, limit=1)
    if not found:
        return {}
    purpose = found[0].purpose
    if asked.get("retest_of") and purpose == "rapid":
        purpose = "supervision"
    known = {"sample": number, "sampled_on": found[0].sampled_on.isoformat(), "purpose": purpose}
    return {**known, **filled(asked, "retest_of")}


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
        rule_set = shared.rules(reader)
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
        names = holdings.names(reader)
        panel = _panel(reader, found)
    return render_template(
        "laboratory/inspect.html", form=form, lot=found, rows=shown, names=names, panel=panel
    )


def _panel(reader: Reader, found: Lot) -> list[Suggested]:
    """Return what was used on the plots of a lot, which its test should look for."""
    shared = services()
    rules = shared.rules(reader)
    return panel_of(reader.connection, found.lot, rules, legal_day(shared.clock()))


def _inspected(found: Lot, values: dict[str, str]) -> Event:
    results = [_result(row) for row in rows(values, "results")]
    all_passed = all(result.get("passed", False) for result in results)
    given: Given = {
        "lot": found.lot,
        "results": results,
        "verdict": "conformant" if all_passed else "non-conformant",
        **filled(values, "sample", "purpose", "sampled_on", "retest_of"),
    }
    report = _report()
    if report is None:
        return event_of("inspected", values, given)
    digest = hashlib.sha256(report).hexdigest()
    event = event_of("inspected", values, {**given, "report": digest, "report_mark": report_mark(digest)})
    # The file comes first: a digest in the log whose document nobody kept would be worth nothing.
    evidence().keep(report)
    return event


def _result(row: dict[str, str]) -> Given:
    """Return one result; whether it passed has to be said, and is never guessed from the value."""
    names = ("value", "unit", "detection_limit", "limit", "standard", "edition", "test_method", "instrument")
    found: Given = filled(row, *names)
    if row.get("rapid"):
        found["rapid"] = True
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
    content = evidence().get(str(name)) if is_digest else None
    kind = None if content is None else kind_of(content)
    if content is None or kind is None:
        abort(404)
    ending = kind.rpartition("/")[2]
    headers = {"Content-Disposition": f'attachment; filename="report-{said.entry}.{ending}"'}
    return Response(content, mimetype=kind, headers=headers)
