"""The pages on which papers are filled in: one address for each kind of record.

    /farm/record/treated?plot=…        what the address asks for is filled in already
    /farm/record/harvested             POST: signed, or shown again with what is wrong

Each form carries the id of its future statement, so a form that is sent twice is recorded once. The button
"one more row" sends the form, too, and gets it back with everything that was typed.
"""

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ledger.errors import LedgerError
from traceability.errors import Repeated, TraceError
from web.access import me
from web.farm import goods, inputs, land, work
from web.farm.drafts import MOST_ROWS, Draft, row_count
from web.farm.numbering import is_statement_id, new_statement_id
from web.farm.papers import Paper
from web.farm.remarks import told_of
from web.farm.room import Desk, blueprint, desk, growers
from web.forms import Form
from web.language import gettext
from web.problems import Told
from web.services import services
from web.signing import sign

PAPERS: Mapping[str, Paper] = {
    each.kind: each
    for each in (
        land.MEMBER,
        land.PLOT,
        land.PRODUCT,
        work.SPRAY,
        work.BOUGHT,
        work.APPLIED,
        work.HARVEST,
        inputs.ADJUSTED,
        goods.CODES,
        goods.VOID,
        goods.CERTIFICATE,
    )
}

Answer = str | Response | tuple[str, int]


def paper_of(kind: str) -> Paper:
    """Return the paper of a kind, or answer that there is no such page."""
    if kind not in PAPERS:
        abort(404)
    return PAPERS[kind]


def form_id(typed: Mapping[str, str]) -> str:
    """Return the id that a sent form carries; one without it is not a form of ours."""
    found = typed.get("statement_id", "")
    if not is_statement_id(found):
        abort(400)
    return found


@blueprint.get("/record/<kind>")
@growers
def paper(kind: str) -> str:
    """Show an empty form."""
    found = paper_of(kind)
    with desk() as here:
        values = found.start(here, request.args.to_dict())
        return _page(here, found, {**values, "statement_id": new_statement_id()})


@blueprint.post("/record/<kind>")
@growers
def submit(kind: str) -> Answer:
    """Sign what was typed, or show it again with what is wrong."""
    found, typed = paper_of(kind), request.form.to_dict()
    statement_id = form_id(typed)
    if "more" in typed and found.rows:
        return _one_more_row(found, typed)
    draft = Draft.of(typed, request.files)
    try:
        with desk() as here:
            event = found.read(here, draft)
        recorded = sign(services(), me().party, event, statement_id)
    except (TraceError, LedgerError) as error:
        return _again(found, {**typed, **draft.kept}, error)
    announce(recorded.index, was_known=recorded.was_known)
    return redirect(url_for("farm.entry", digest=recorded.digest))


def announce(index: int, *, was_known: bool) -> None:
    """Say on the next page what became of the form."""
    if was_known:
        flash(gettext("这张表单已经登记过，是账本第 %(index)s 条，没有重复登记。", index=index))
    else:
        flash(gettext("已签名并写入账本，第 %(index)s 条。", index=index))


def asked_for_others(error: Exception) -> bool:
    """Tell whether an error is about things that are not the asking party's: no form is shown again then."""
    return getattr(error, "code", "") in {"unknown", "not-allowed"}


def _again(found: Paper, typed: dict[str, str], error: TraceError | LedgerError) -> Answer:
    if asked_for_others(error):
        raise error
    if isinstance(error, Repeated):
        # Who went back and changed the form means another record: the next one has an id of its own.
        typed["statement_id"] = new_statement_id()
    with desk() as here:
        told = told_of(here, error, typed)
        return _page(here, found, typed, told), told.status


def _one_more_row(found: Paper, typed: dict[str, str]) -> str:
    name = f"{found.rows}.rows"
    rows = min(row_count(typed, found.rows) + 1, MOST_ROWS)
    with desk() as here:
        return _page(here, found, {**typed, name: str(rows)})


def _page(here: Desk, found: Paper, values: dict[str, str], told: Told | None = None) -> str:
    return render_template(
        "farm/form.html",
        paper=found,
        form=Form(values, told),
        desk=here,
        **found.choices(here, values),
    )
