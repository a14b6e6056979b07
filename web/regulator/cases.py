"""Cases of the division: what is open, what is overdue, and each case step by step until it is closed."""

from datetime import date

from flask import render_template, request, url_for

from traceability import cases, own_records, subjects
from traceability.cases import Case
from traceability.errors import Unknown
from traceability.events.fact import legal_day
from traceability.reading import Reader
from web.access import me
from web.accounts import Account
from web.filing import Ask, Filing, Values, add_to
from web.language import N_, gettext
from web.regulator.lists import lot_number
from web.regulator.room import (
    OFFICES,
    ONLY_REGULATORS,
    area_name,
    blueprint,
    own_party,
    parties,
    scope_of,
    shopper_path,
    typed_lot,
    typed_party,
)
from web.services import services
from web.words import word

BADGES = {
    "opened": "warn",
    "ordered": "warn",
    "reported": "hold",
    "passed": "good",
    "failed": "bad",
    "closed": "plain",
}

NEXT = {
    "opened": ("correction_ordered", "case_closed"),
    "ordered": ("correction_ordered", "case_closed"),
    "reported": ("reinspected", "case_closed"),
    "passed": ("case_closed",),
    "failed": ("correction_ordered", "case_closed"),
    "closed": (),
}
"""Which forms an office may fill in next."""


def today() -> date:
    """Return the legal day of now."""
    return legal_day(services().clock())


@blueprint.get("/cases")
@OFFICES
def cases_listed() -> str:
    """Show the cases of the division, the open ones first."""
    with services().reading() as reader:
        scope = scope_of(reader)
        found = cases.cases(reader.connection, scope)
        return render_template(
            "regulator/cases.html",
            area=area_name(),
            cases=sorted(found, key=lambda each: (each.state == "closed", each.entry)),
            tally=cases.tally(found, today()),
            today=today(),
            badges=BADGES,
            parties=parties(reader),
            number=lot_number,
            may_act=me().role == "regulator",
        )


def own_case(reader: Reader, digest: str) -> Case:
    """Return a case against a party within; else raise as `own_party` does."""
    found = cases.case(reader.connection, digest)
    if found is None:
        raise Unknown("case", digest[:16])
    own_party(reader, found.respondent)
    return found


@blueprint.get("/cases/<case>")
@OFFICES
def case(case: str) -> str:
    """Show one case with what each step says; the sealed words are opened for the office."""
    with services().reading() as reader:
        found = own_case(reader, case)
        return render_template(
            "regulator/case.html",
            case=found,
            notes=notes_of(reader, found),
            onward=[f"regulator.file_{each}" for each in NEXT[found.state]] if _may_act() else [],
            today=today(),
            badges=BADGES,
            parties=parties(reader),
            number=lot_number,
            path=shopper_path,
        )


def _may_act() -> bool:
    return me().role == "regulator"


def notes_of(reader: Reader, found: Case) -> dict[int, str]:
    """Return the words of each step of a case by its entry, unless they were erased."""
    notes = {}
    for entry in (found.entry, *(each.entry for each in found.steps)):
        event = own_records.opened(reader, services().sealed, reader.statement(entry))
        told = getattr(event, "replacement", None) or event
        note = getattr(told, "note", None)
        if isinstance(note, str):
            notes[entry] = note
    return notes


# What is filed.


def _may_open(reader: Reader, _account: Account, values: Values) -> None:
    if values.get("respondent"):
        typed_party(reader, values["respondent"], "respondent")
    if values.get("lot"):
        typed_lot(reader, values["lot"])


def _may_step(reader: Reader, _account: Account, values: Values) -> None:
    own_case(reader, values["case"])


def _about(reader: Reader, _account: Account, values: Values) -> list[tuple[str, str]]:
    found = own_case(reader, values["case"])
    return [
        (gettext("被处置单位"), parties(reader).called(found.respondent)),
        (gettext("立案原因"), word("case_cause", found.cause)),
        (gettext("进度"), word("case_state", found.state)),
    ]


def _own_parties(reader: Reader, _account: Account) -> list[tuple[str, str]]:
    called = parties(reader)
    return [(each, called.called(each)) for each in sorted(called.own)]


def _case_page(_digest: str) -> str:
    return url_for("regulator.case", case=(request.view_args or {})["case"])


def _of_case(values: Values) -> dict[str, str]:
    return {"case": values["case"]}


def evidence_of(reader: Reader, _account: Account) -> list[tuple[str, str]]:
    """Offer the tests and findings that a re-inspection of the case in the address may name."""
    found = cases.case(reader.connection, str((request.view_args or {}).get("case", "")))
    if found is None:
        return []
    about = [subjects.cases.cases_of(found.respondent), *([found.lot] if found.lot else [])]
    return [
        (each.digest, f"{word('kind', each.kind)} · {each.day.isoformat()} · #{each.entry}")
        for each in cases.checks_after(reader.connection, about, found.entry)
    ]


OPEN = Filing(
    kind="case-opened",
    title=N_("立案"),
    lead=N_("对辖区内的单位立案：写明原因；检验不合格的，填那条检验记录。"),
    asks=(
        Ask(path="respondent", options=_own_parties),
        Ask(path="case_cause"),
        Ask(path="lot", widget="lot"),
        Ask(path="inspection", folded=True),
        Ask(path="source", widget="hidden"),
        Ask(path="note"),
    ),
    may=_may_open,
    onward=lambda digest: url_for("regulator.case", case=digest),
)

ORDER = Filing(
    kind="correction-ordered",
    title=N_("责令改正"),
    lead=N_("写明改什么、到哪天为止；那天也算在内。被处置单位能看到说明。"),
    asks=(Ask(path="measures"), Ask(path="until"), Ask(path="note")),
    fixed=_of_case,
    about=_about,
    may=_may_step,
    onward=_case_page,
)

LOOK_AGAIN = Filing(
    kind="reinspected",
    title=N_("复查"),
    lead=N_("引用整改之后的一次检验，或一次现场检查；结论要与它一致。"),
    asks=(Ask(path="inspection", options=evidence_of), Ask(path="passed"), Ask(path="note")),
    fixed=_of_case,
    about=_about,
    may=_may_step,
    onward=_case_page,
)

CLOSE = Filing(
    kind="case-closed",
    title=N_("结案"),
    asks=(Ask(path="case_outcome"), Ask(path="document"), Ask(path="note")),
    fixed=_of_case,
    about=_about,
    may=_may_step,
    onward=_case_page,
)

add_to(blueprint, ONLY_REGULATORS, OPEN, path="/cases/new")
add_to(blueprint, ONLY_REGULATORS, ORDER, path="/cases/<case>/order")
add_to(blueprint, ONLY_REGULATORS, LOOK_AGAIN, path="/cases/<case>/look-again")
add_to(blueprint, ONLY_REGULATORS, CLOSE, path="/cases/<case>/close")
