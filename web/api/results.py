"""Test results and certificates for programs: of one lot with its proofs, and of everybody without names.

GET /api/v1/lots/<lot>/results       every test of the lot, where its entry stands, and whether it counts
GET /api/v1/lots/<lot>/certificates  its certificates, those it was sold under, and what stands in its way:
                                     what a bank, an insurer or a buyer looks at (proofs: /v1/entries/<index>)
GET /api/v1/open/results[.csv]       counts by month, county, goods and purpose; for everybody
"""

import csv
import io
from dataclasses import asdict
from datetime import date, timedelta

from flask import Response, jsonify

from traceability import certificates, goods, gs1, open_results
from traceability.errors import Invalid, Problem
from traceability.events import followup
from traceability.events.fact import legal_day
from traceability.events.quality import Inspected
from traceability.gs1.link import percent_encode
from traceability.open_results import OpenResult
from traceability.reading import Reader
from traceability.retesting import first_retest, reports_of
from web.access import require
from web.api.door import Json, blueprint, known_lot, query
from web.services import services

LONGEST = timedelta(days=366)
BYTE_ORDER_MARK = "\ufeff"
COLUMNS = tuple(OpenResult.__annotations__)


def _lot(lot: str, reader: Reader) -> str:
    # The server has read %2F as a slash; what is left of other escapes is spelt again.
    return known_lot("/" + "/".join(percent_encode(step) for step in lot.split("/")), reader)


@blueprint.get("/v1/lots/<path:lot>/results")
@require()
def lot_results(lot: str) -> Response:
    """List the tests of one lot, the oldest first."""
    query()
    with services().reading() as reader:
        name = _lot(lot, reader)
        told = [_test(reader, row) for row in reports_of(reader.connection, name)]
    return jsonify(lot=gs1.address(name, services().base_url), results=told)


def _test(reader: Reader, row: tuple[int, str]) -> Json:
    index, digest = row
    statement = reader.statement(index)
    told = followup.told_by(statement.event)
    again = first_retest(reader.connection, digest)
    said: Json = {"index": index, "statement": digest, "laboratory": statement.by}
    if isinstance(told, Inspected):
        said |= {
            "sample": told.sample,
            "purpose": told.purpose,
            "sampled_on": told.sampled_on.isoformat(),
            "verdict": told.verdict,
            "analytes": [each.analyte for each in told.results],
        }
    return {**said, "replaced_by": None if again is None else again.entry}


@blueprint.get("/v1/lots/<path:lot>/certificates")
@require()
def lot_certificates(lot: str) -> Response:
    """Tell how a lot stands: its own certificates, what it was sold under, and what stands in its way."""
    query()
    shared = services()
    today = legal_day(shared.clock())
    with shared.reading() as reader:
        name = _lot(lot, reader)
        known = goods.known_lot(reader.connection, name, holders=())
        rules = shared.rules(reader)
        commodity = "" if known is None or known.product is None else known.product.commodity
        said: Json = {
            "lot": gs1.address(name, shared.base_url),
            "state": certificates.state_of(reader.connection, name, commodity, rules, today),
            "certificates": [
                {
                    "index": each.entry,
                    "number": each.number,
                    "by": each.by,
                    "division": each.division,
                    "superseded_by": each.superseded_by,
                }
                for each in certificates.of_lot(reader.connection, name)
            ],
            "schemes": [
                {
                    "index": each.entry,
                    "scheme": each.scheme.scheme,
                    "number": each.number,
                    "holder": each.scheme.holder,
                    "until": each.scheme.until.isoformat(),
                    "state": each.scheme.state(today),
                }
                for each in certificates.used_on(reader.connection, name)
            ],
            "recalled": known is not None and known.recalled,
            "failed": known is not None and known.failed,
            "held": [] if known is None else sorted(known.holds),
        }
    return jsonify(said)


# For everybody.


@blueprint.get("/v1/open/results")
def open_data() -> Response:
    """Return the anonymous counts as JSON."""
    return jsonify(results=[asdict(each) for each in _open()])


@blueprint.get("/v1/open/results.csv")
def open_data_file() -> Response:
    """Return the anonymous counts as a comma-separated file (RFC 4180)."""
    written = io.StringIO()
    written.write(BYTE_ORDER_MARK)
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows(list(asdict(each).values()) for each in _open())
    headers = {"Content-Disposition": 'attachment; filename="results.csv"'}
    return Response(written.getvalue(), mimetype="text/csv", headers=headers)


def _open() -> list[OpenResult]:
    asked = query("since", "until")
    today = legal_day(services().clock())
    since, until = _day(asked, "since", today - LONGEST), _day(asked, "until", today)
    if not timedelta() <= until - since <= LONGEST:
        raise Invalid(Problem("until", "not-in-list", (("found", until.isoformat()),)))
    with services().reading() as reader:
        return list(open_results.open_results(reader.connection, None, since, until))


def _day(asked: dict[str, str], name: str, otherwise: date) -> date:
    if name not in asked:
        return otherwise
    try:
        found = date.fromisoformat(asked[name])
    except ValueError:
        raise Invalid(Problem(name, "not-a-date", (("found", asked[name][:40]),))) from None
    if found.isoformat() != asked[name]:
        raise Invalid(Problem(name, "not-a-date", (("found", asked[name][:40]),)))
    return found
