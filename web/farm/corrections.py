"""An earlier record put right: it stays in the log for ever, and a new one says that it counts no longer.

/farm/correct/<digest>                      which of the two is it?
/farm/correct/<digest>?reason=did-not-occur void, with nothing in its place
/farm/correct/<digest>?reason=incorrect     the form again, filled in as it was, to be mended
"""

from dataclasses import replace
from typing import cast

from flask import abort, redirect, render_template, request, url_for

from ledger.errors import LedgerError
from traceability import own_records, schema
from traceability.errors import Repeated, TraceError
from traceability.events import Event
from traceability.events.followup import Corrected
from traceability.own_records import Said
from web.access import me
from web.farm.drafts import MOST_ROWS, Draft, row_count
from web.farm.forms import PAPERS, Answer, announce, asked_for_others, form_id
from web.farm.numbering import new_statement_id
from web.farm.papers import Paper
from web.farm.remarks import told_of
from web.farm.room import Desk, blueprint, desk, growers
from web.farm.telling import Telling
from web.farm.views import correctable, opened
from web.forms import Form
from web.problems import Told
from web.services import services
from web.signing import sign

REGISTRATIONS = frozenset({"member-registered", "plot-registered", "product-registered"})
"""What later records name must stay; only what is said of it may change."""


def reasons_for(said: Said) -> tuple[str, ...]:
    """Return the reasons that may be given for a record of this kind."""
    reasons = () if said.kind in REGISTRATIONS else ("did-not-occur",)
    return (*reasons, "incorrect") if said.kind in PAPERS else reasons


@blueprint.get("/correct/<digest>")
@growers
def correct(digest: str) -> str:
    """Ask what was wrong, and show the form for it."""
    with desk() as here:
        said = _target(here, digest)
        reasons = reasons_for(said)
        asked = request.args.get("reason", reasons[0] if len(reasons) == 1 else "")
        if asked and asked not in reasons:
            abort(404)
        values = {"reason": asked, "statement_id": new_statement_id(), "made_at": here.clock_text}
        if asked == "incorrect":
            values = {**PAPERS[said.kind].fill(here, opened(here, said)), **values}
        return _page(here, said, values)


@blueprint.post("/correct/<digest>")
@growers
def submit_correction(digest: str) -> Answer:
    """Sign the correction, or show it again with what is wrong."""
    typed = request.form.to_dict()
    statement_id, draft = form_id(typed), Draft.of(typed, request.files)
    if "more" in typed:
        return _one_more_row(digest, typed)
    try:
        with desk() as here:
            event = _correction(here, _target(here, digest), draft)
        recorded = sign(services(), me().party, event, statement_id)
    except (TraceError, LedgerError) as error:
        return _again(digest, {**typed, **draft.kept}, error)
    announce(recorded.index, was_known=recorded.was_known)
    return redirect(url_for("farm.entry", digest=recorded.digest))


def _target(here: Desk, digest: str) -> Said:
    """Return the record to be put right; raises `Unknown`, or `NotAllowed` for one of somebody else."""
    return own_records.entry(here.reader, here.party, digest)


def _correction(here: Desk, said: Said, draft: Draft) -> Event:
    told = {
        "at": draft.instant("made_at"),
        "clerk": here.account.name,
        "target": said.digest,
        "reason": draft.text("reason"),
        "note": draft.text("note"),
    }
    found = schema.load("corrected", {name: value for name, value in told.items() if value is not None})
    wanted = cast(Corrected, found)
    if wanted.reason != "incorrect" or said.kind not in PAPERS:
        return wanted
    return replace(wanted, replacement=PAPERS[said.kind].read(here, draft))


def _again(digest: str, typed: dict[str, str], error: TraceError | LedgerError) -> Answer:
    if asked_for_others(error):
        raise error
    if isinstance(error, Repeated):
        typed["statement_id"] = new_statement_id()
    with desk() as here:
        told = told_of(here, error, typed)
        return _page(here, _target(here, digest), typed, told), told.status


def _one_more_row(digest: str, typed: dict[str, str]) -> str:
    with desk() as here:
        said = _target(here, digest)
        table = PAPERS[said.kind].rows if said.kind in PAPERS else ""
        rows = min(row_count(typed, table) + 1, MOST_ROWS)
        return _page(here, said, {**typed, f"{table}.rows": str(rows)})


def _page(here: Desk, said: Said, values: dict[str, str], told: Told | None = None) -> str:
    paper: Paper | None = PAPERS.get(said.kind)
    choices = {} if paper is None or values.get("reason") != "incorrect" else paper.choices(here, values)
    return render_template(
        "farm/correct.html",
        desk=here,
        said=said,
        reasons=reasons_for(said),
        correctable=correctable(said),
        paper=paper,
        form=Form(values, told),
        lines=Telling(here).lines(opened(here, said)),
        **choices,
    )
