"""What leaves the room on paper: labels of packs, a label of a whole lot, the slip of a certificate.

    /farm/labels.pdf?lot=…&first=0&count=24&sheet=a4     24 labels on A4; sheet=large: 8 of twice the size
    /farm/label.svg?lot=…&index=0, label.png             one label, for a screen or a label printer
    /farm/certificate.pdf?lot=…&paper=a4                 a4, roll80, roll58

Only codes that were issued and not voided are printed; a label without a code's index names the whole lot. A
lot that is recalled, failed or held gets no labels.
"""

from collections.abc import Iterator

from flask import Response, request

from qr.code import Issue, is_issued
from qr.errors import NotIssued
from qr.label import LARGE, Label, Paper, Sheet, certificate_pdf, label_png, label_svg, sheet_pdf
from traceability import holdings
from traceability.errors import Breach, Invalid, Problem, Refused, Unknown
from traceability.events.fact import legal_day
from traceability.holdings import CodeRange, Lot
from traceability.rules.clauses import FAILED, HOUSE, RECALLED
from web import labels
from web.farm.room import Desk, blueprint, desk, growers

MOST = 960
"""Labels of one file: forty sheets of twenty-four."""

SHEETS = {"a4": Sheet(), "large": LARGE}
PAPERS = {"a4": Paper.A4, "roll80": Paper.ROLL_80, "roll58": Paper.ROLL_58}


@blueprint.get("/labels.pdf")
@growers
def labels_pdf() -> Response:
    """Print labels on sheets of A4."""
    first, count = _number("first"), _number("count", least=1, most=MOST)
    sheet = SHEETS.get(request.args.get("sheet", "a4"))
    if sheet is None:
        raise Invalid(Problem("sheet", "not-in-list", (("found", request.args["sheet"][:20]),)))
    with desk() as here:
        lot = _printable(here)
        drawn = list(_run(here, lot, first, count))
        made = sheet_pdf(drawn, made_at=here.now, sheet=sheet)
    return _file(made, "application/pdf", f"labels-{first}-{first + count - 1}.pdf")


@blueprint.get("/label.<form>")
@growers
def one_label(form: str) -> Response:
    """Draw one label."""
    if form not in {"svg", "png"}:
        raise Unknown("label", form)
    with desk() as here:
        lot = _printable(here)
        if request.args.get("index"):
            index = _number("index")
            (drawn,) = _run(here, lot, index, 1)
        else:
            index = None
            drawn = labels.of(here.shared, here.reader, lot.lot).label(None, None, None)
    name = f"label-{'lot' if index is None else index}.{form}"
    if form == "svg":
        return _file(label_svg(drawn).encode(), "image/svg+xml", name)
    return _file(label_png(drawn), "image/png", name)


@blueprint.get("/certificate.pdf")
@growers
def certificate() -> Response:
    """Print the slip of the newest certificate of a lot."""
    paper = PAPERS.get(request.args.get("paper", "a4"))
    if paper is None:
        raise Invalid(Problem("paper", "not-in-list", (("found", request.args["paper"][:20]),)))
    with desk() as here:
        lot = _printable(here)
        slip = labels.certificate_slip(here.shared, here.reader, lot.lot)
        if slip is None:
            raise Unknown("certificate", lot.lot)
        made = certificate_pdf(slip, made_at=here.now, paper=paper)
    return _file(made, "application/pdf", "certificate.pdf")


def _printable(here: Desk) -> Lot:
    """Return the lot that is asked for, if nothing forbids it to be labelled."""
    lot = here.lot(request.args.get("lot", ""))
    if not lot.may_move:
        raise Refused(*_reasons(lot))
    return lot


def _reasons(lot: Lot) -> Iterator[Breach]:
    if lot.known.recalled:
        yield Breach("lot-recalled", RECALLED, (("lot", lot.lot),))
    if lot.known.failed:
        yield Breach("lot-failed", FAILED, (("lot", lot.lot),))
    if lot.known.holds:
        yield Breach("lot-on-hold", HOUSE, (("lot", lot.lot), ("reasons", " ".join(lot.known.holds))))


def _run(here: Desk, lot: Lot, first: int, count: int) -> Iterator[Label]:
    """Yield the labels of the codes asked for that were issued and not voided, or raise `NotIssued`."""
    issues = holdings.issues(here.reader, lot.lot)
    voided = [Issue(each.first, each.count) for each in holdings.voids(here.reader, lot.lot)]
    run, found = labels.of(here.shared, here.reader, lot.lot), False
    for index in range(first, first + count):
        issue = _issue_of(index, issues)
        if issue is not None and is_issued(index, [Issue(issue.first, issue.count)], voided):
            found = True
            yield run.label(index, issue.pack, legal_day(issue.recorded_at))
    if not found:
        raise NotIssued("none of these codes was issued", facts={"lot": lot.lot})


def _issue_of(index: int, issues: list[CodeRange]) -> CodeRange | None:
    return next((each for each in issues if each.first <= index < each.first + each.count), None)


def _number(name: str, *, least: int = 0, most: int = 10**10) -> int:
    typed = request.args.get(name, "")
    if not typed.isascii() or not typed.isdigit() or len(typed) > 11 or not least <= int(typed) <= most:
        raise Invalid(Problem(name, "not-a-whole-number", (("found", typed[:20]),)))
    return int(typed)


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
