"""Credit of the division: grades, the whole dossier of a party, and what an office says of it."""

from datetime import date, timedelta

from flask import render_template, url_for

from traceability import cases, credit, report, tables
from traceability.errors import Unknown
from traceability.events import roles
from traceability.events.fact import legal_day
from traceability.reading import Reader
from traceability.rule_tables.credit import GRADES, WEIGHTS
from traceability.tables import credit as credit_tables
from web.access import me
from web.accounts import Account
from web.filing import Ask, Filing, Values, add_to
from web.language import N_
from web.regulator.lists import lot_number
from web.regulator.room import (
    OFFICES,
    ONLY_REGULATORS,
    area_name,
    blueprint,
    own_party,
    own_record,
    parties,
    scope_of,
    shopper_path,
    typed_party,
)
from web.services import services

LATEST = 100
LISTING_YEARS = 3


def today() -> date:
    """Return the legal day of now."""
    return legal_day(services().clock())


@blueprint.get("/credit")
@OFFICES
def credit_listed() -> str:
    """Show the grade of each party of the division, the worst first, and the objections that wait."""
    with services().reading() as reader:
        called = parties(reader)
        whose = scope_of(reader).of_party
        found = credit.grades_of(reader.connection, _graded(reader), whose, today(), services().rules(reader))
        return render_template(
            "regulator/credit.html",
            area=area_name(),
            reckonings=sorted(found.values(), key=lambda each: (each.score, each.party)),
            objections=_waiting(reader, called.own),
            parties=called,
            may_act=me().role == "regulator",
        )


def _graded(reader: Reader) -> list[str]:
    """Return who of the division has a grade, sorted: everybody but the offices, who give them."""
    rows = reader.connection.execute(report.parties(scope_of(reader)))
    return sorted({row.party for row in rows if row.role not in roles.OFFICES})


def _waiting(reader: Reader, own: frozenset[str]) -> list[tuple[str, str, int]]:
    """Return party, digest and entry of each objection of the division that nobody has answered."""
    table, answer = credit_tables.objection, credit_tables.objection_decision
    answered = {row.target for row in reader.connection.execute(tables.standing(answer))}
    rows = reader.connection.execute(tables.standing(table)).all()
    return [
        (row.party, row.digest, row.entry) for row in rows if row.party in own and row.digest not in answered
    ]


@blueprint.get("/dossier/<party>")
@OFFICES
def dossier(party: str) -> str:
    """Show everything that is known of a party: its credit, tests, cases and records on one page."""
    with services().reading() as reader:
        row = own_party(reader, party)
        rules = services().rules(reader)
        found = credit.reckoning_of(reader.connection, party, today(), rules)
        return render_template(
            "regulator/dossier.html",
            row=row,
            name=row.name or party,
            found=found,
            weights=[each for each in rules.rows(WEIGHTS) if each.in_force(found.on)],
            grades=[each for each in rules.rows(GRADES) if each.in_force(found.on)],
            tests=[line.record for line in found.lines if line.record.record in TESTS],
            cases=cases.cases_of(reader.connection, party),
            records=reader.connection.execute(report.records_of(party).limit(LATEST)).all(),
            listings=[each for each in credit.listings(reader.connection, today()) if each.party == party],
            today=today(),
            parties=parties(reader),
            number=lot_number,
            path=shopper_path,
            may_act=me().role == "regulator",
        )


TESTS = frozenset({"test-passed", "failed-result"})


# What is filed.


def _may_list(reader: Reader, _account: Account, values: Values) -> None:
    if values.get("party"):
        typed_party(reader, values["party"])


def _may_speak(reader: Reader, _account: Account, values: Values) -> None:
    """Let an office speak of what was stated in its division, or of who is registered there."""
    digest = values.get("target", "")
    said = tables.statement
    row = reader.connection.execute(said.select().where(said.c.digest == digest)).first()
    if row is None:
        raise Unknown("statement", digest[:16])
    own_record(reader, row.entry)


def _may_end(reader: Reader, _account: Account, values: Values) -> None:
    table = credit_tables.dishonesty
    found = tables.standing(table, table.c.digest == values.get("target", ""))
    row = reader.connection.execute(found).first()
    if row is None:
        raise Unknown("statement", values.get("target", "")[:16])
    own_party(reader, row.party)


def _may_repair(reader: Reader, account: Account, values: Values) -> None:
    _may_list(reader, account, values)
    _may_speak(reader, account, values)


def _own_parties(reader: Reader, _account: Account) -> list[tuple[str, str]]:
    called = parties(reader)
    return [(each, called.called(each)) for each in _graded(reader)]


def _credit_page(_digest: str) -> str:
    return url_for("regulator.credit_listed")


LIST = Filing(
    kind="dishonesty-listed",
    title=N_("列入严重失信名单"),
    lead=N_("写明法律依据、事实记录和期限；名单对所有人公开，机器可读。"),
    asks=(
        Ask(path="party", options=_own_parties),
        Ask(path="legal_basis", hint=N_("例如：农产品质量安全法 第七十条。")),
        Ask(path="facts", hint=N_("作为依据的记录的摘要，一行一个；可从单位档案里复制。")),
        Ask(path="excludes"),
        Ask(path="since", start=lambda _reader, _account: today().isoformat()),
        Ask(
            path="until",
            start=lambda _reader, _account: (today() + timedelta(days=365 * LISTING_YEARS)).isoformat(),
        ),
        Ask(path="note", folded=True),
    ),
    may=_may_list,
    onward=_credit_page,
)

REPAIR_LISTING = Filing(
    kind="dishonesty-repaired",
    title=N_("信用修复，移出名单"),
    lead=N_("写明从哪天起移出，依据是什么。"),
    asks=(
        Ask(path="target", widget="hidden"),
        Ask(path="since", start=lambda _reader, _account: today().isoformat()),
        Ask(path="legal_basis"),
        Ask(path="note", folded=True),
    ),
    may=_may_end,
    onward=_credit_page,
)

LIFT = Filing(
    kind="dishonesty-lifted",
    title=N_("撤销列入"),
    lead=N_("列入本身有误时撤销；撤销后不再计入信用档案，记录仍在账本里。"),
    asks=(Ask(path="target", widget="hidden"), Ask(path="lift_cause"), Ask(path="note", folded=True)),
    may=_may_end,
    onward=_credit_page,
)

DECIDE = Filing(
    kind="credit-objection-decided",
    title=N_("处理信用异议"),
    lead=N_("异议成立，这条记录就不再计入；不成立，照常计入。"),
    asks=(Ask(path="target", widget="hidden"), Ask(path="upheld"), Ask(path="note")),
    may=_may_speak,
    onward=_credit_page,
)

REPAIR = Filing(
    kind="credit-repaired",
    title=N_("不良记录修复"),
    lead=N_("单位已经整改：从今天起这条记录不再计分，但仍列在档案里。"),
    asks=(Ask(path="target", widget="hidden"), Ask(path="party", widget="hidden"), Ask(path="note")),
    may=_may_repair,
    onward=_credit_page,
)

add_to(blueprint, ONLY_REGULATORS, LIST, path="/credit/list")
add_to(blueprint, ONLY_REGULATORS, REPAIR_LISTING, path="/credit/repair-listing")
add_to(blueprint, ONLY_REGULATORS, LIFT, path="/credit/lift")
add_to(blueprint, ONLY_REGULATORS, DECIDE, path="/credit/decide")
add_to(blueprint, ONLY_REGULATORS, REPAIR, path="/credit/repair")
