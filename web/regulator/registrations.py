"""The register: who asks to come in, on whom the office decides, and the form of each kind of organisation.

/regulator/registrations                     who waits, who is stopped, who is in
/regulator/registrations/<party>             how one party came where it stands, and what may be done
/regulator/registrations/<party>/verify      and suspend, resume, end: one form each
/regulator/register/<role>                   what this kind of organisation is asked, and nothing else

A regulator registers, and has thereby verified. The operator proposes: the regulator of the division decides.
Only an office of the state is registered by the operator at once, for without one nobody could verify.
"""

from collections.abc import Mapping
from typing import Any

from flask import abort, render_template, request, url_for

from ledger.errors import LedgerError
from traceability import register as registry
from traceability.departments import departments
from traceability.errors import NotAllowed, TraceError, Unknown
from traceability.events.fact import legal_day
from traceability.events.roles import GROWERS
from traceability.limits import shipped_rules
from traceability.reading import Reader
from traceability.register import Registered
from traceability.vocabulary import commodities
from web import filing
from web.access import me
from web.accounts import Account
from web.facts import format_fact
from web.filing import Ask, Choices, Filing, Values
from web.forms import Form
from web.language import N_, current, gettext
from web.problems import tell
from web.recording import Answer, blank, typed
from web.regulator.acting import divisions_here, party_of, registered
from web.regulator.room import OFFICES, ONLY_REGULATORS, blueprint, division_name, own_party, scope_of
from web.services import services
from web.words import word

FORMS: Mapping[str, tuple[str, ...]] = {
    "cooperative": ("uscc", "commodities", "township", "representative", "contact"),
    "enterprise": ("uscc", "commodities", "township", "representative", "contact"),
    "farm": ("commodities", "township", "contact"),
    "household": ("commodities", "permit", "township", "contact"),
    "processor": ("uscc", "permit", "commodities", "representative", "contact"),
    "brand-owner": ("uscc", "commodities", "representative", "contact"),
    "laboratory": ("uscc", "laboratory_mark", "representative", "contact"),
    "certifier": ("uscc", "permit", "representative", "contact"),
    "carrier": ("uscc", "permit", "contact"),
    "retailer": ("uscc", "permit", "contact"),
    "market": ("uscc", "township", "representative", "contact"),
    "stall": ("market", "permit", "contact"),
    "dealer": ("permit", "restricted", "uscc", "contact"),
    "regulator": ("department", "contact"),
}
"""What each kind of organisation is asked beside its id, name and division; three at first sight."""

AT_FIRST = 3

PERMITS: Mapping[str, str] = {
    "household": N_("科技示范户证书编号"),
    "processor": N_("食品生产许可证编号"),
    "certifier": N_("认证机构批准书编号"),
    "carrier": N_("道路运输经营许可证编号"),
    "retailer": N_("食品经营许可证或备案编号"),
    "stall": N_("食品经营许可证或备案编号"),
    "dealer": N_("农药经营许可证编号"),
}
"""What the permit of a trade is called; its number stays sealed."""


# The register.


@blueprint.get("/registrations")
@OFFICES
def registrations() -> str:
    """Show who is in the register of the division."""
    with services().reading() as reader:
        found = _register(reader)
    wanted = request.args.get("state", "")
    shown = [each for each in found if not wanted or each.membership.state == wanted]
    return render_template(
        "regulator/registrations.html",
        entries=shown,
        wanted=wanted,
        counts={state: sum(each.membership.state == state for each in found) for state in registry.ORDER},
        division_name=division_name,
        roles=[(role, word("role", role)) for role in FORMS],
    )


@blueprint.get("/registrations/<party>")
@OFFICES
def registration(party: str) -> str:
    """Show how one party came where it stands."""
    with services().reading() as reader:
        found = _entry(reader, party)
        steps = registry.steps_of(reader.connection, party)
    return render_template(
        "regulator/registration.html",
        entry=found,
        steps=steps,
        facts=_facts(found),
        can_decide=me().role == "regulator" and me().party != party,
    )


def _register(reader: Reader) -> list[Registered]:
    return registry.register(reader.connection, scope_of(reader), legal_day(services().clock()))


def _entry(reader: Reader, party: str) -> Registered:
    """Return the entry of a party of the division; raises `NotAllowed` or `Unknown` for another."""
    own_party(reader, party)
    found = next((each for each in _register(reader) if each.party == party), None)
    if found is None:
        raise Unknown("party", party)
    return found


def _facts(found: Registered) -> Choices:
    facts = [
        (gettext("单位编号"), found.party),
        (gettext("单位类型"), word("role", found.role)),
        (gettext("行政区划"), f"{division_name(found.division)}（{found.division}）"),
        (gettext("登记状态"), word("state", found.membership.state)),
    ]
    more = (("uscc", found.uscc), ("township", found.township), ("market", found.market))
    facts += [(word("field", name), value) for name, value in more if value]
    if found.department:
        facts.append((word("field", "department"), _department(found.department)))
    if found.role == "dealer":
        licensed = gettext("有定点资格") if found.restricted else gettext("没有登记定点资格")
        facts.append((gettext("限制使用农药"), licensed))
    return facts


def _department(code: str) -> str:
    row = departments(shipped_rules()).get(code)
    if row is None:
        return code
    return row.name_en if current() == "en" else row.name_zh


# One step: verify, suspend, resume, end.


def _may(*states: str) -> Any:
    def may(reader: Reader, _account: Account, values: Values) -> None:
        found = _entry(reader, values["party"])
        if found.membership.state not in states:
            raise NotAllowed("register-state", party=found.party)

    return may


def _about(reader: Reader, _account: Account, values: Values) -> Choices:
    return _facts(_entry(reader, values["party"]))


def _onward(_digest: str) -> str:
    return url_for("regulator.registrations")


def _step(kind: str, title: str, lead: str, asks: tuple[Ask, ...], *states: str) -> Filing:
    return Filing(
        kind=kind,
        title=title,
        lead=lead,
        asks=asks,
        fixed=lambda values: {"party": values["party"]},
        onward=_onward,
        tells=("party",),
        about=_about,
        may=_may(*states),
    )


NOTE = Ask(path="note", hint=N_("不公开，只有本机关看得到。"))
STEPS = {
    "verify": _step(
        "party-verified",
        N_("核实登记"),
        N_("核对证照和经营场所，确认它就是它所说的单位。核实之后它就可以登记生产经营。"),
        (NOTE,),
        "proposed",
        "registered",
    ),
    "suspend": _step(
        "party-suspended",
        N_("暂停单位"),
        N_("暂停期间它不能登记新的事项；更正、收货、召回和作废追溯码不受影响。"),
        (Ask(path="ground"), Ask(path="until", hint=N_("暂停的最后一天；不填就一直暂停到恢复为止。")), NOTE),
        "proposed",
        "registered",
        "verified",
    ),
    "resume": _step("party-resumed", N_("恢复单位"), N_("从现在起它可以照常登记。"), (NOTE,), "suspended"),
    "end": _step(
        "party-ended",
        N_("注销单位"),
        N_("注销之后不能恢复；它以前的记录都在，仍可更正。"),
        (Ask(path="ending"), NOTE),
        "proposed",
        "registered",
        "verified",
        "suspended",
    ),
}
for _name, _filing in STEPS.items():
    filing.add_to(blueprint, ONLY_REGULATORS, _filing, path=f"/registrations/<party>/{_name}")


# The form of each kind of organisation.


@blueprint.get("/register/<role>")
@OFFICES
def onboard(role: str) -> str:
    """Show what this kind of organisation is asked."""
    return _onboard_form(_known(role), blank())


@blueprint.post("/register/<role>")
@OFFICES
def submit_onboard(role: str) -> Answer:
    """Propose the organisation, or register it where the office is its regulator."""
    values = {**typed(request.form), "role": _known(role)}
    # A form sends each tick by itself.
    values["commodities"] = "|".join(request.form.getlist("commodities"))
    try:
        return registered(party_of(values, _kind(role)))
    except (TraceError, LedgerError) as error:
        told = tell(error)
        return _onboard_form(role, Form(values, told)), told.status


def _known(role: str) -> str:
    if role not in FORMS:
        abort(404)
    return role


def _kind(role: str) -> str:
    return "party-proposed" if me().role == "operator" and role != "regulator" else "party-registered"


def _onboard_form(role: str, form: Form) -> str:
    return render_template(
        "regulator/onboard.html",
        role=role,
        form=form,
        kind=_kind(role),
        asked=FORMS[role][:AT_FIRST],
        more=FORMS[role][AT_FIRST:],
        permit=gettext(PERMITS[role]) if role in PERMITS else word("field", "permit"),
        divisions=divisions_here(),
        choices={"department": _departments(), "market": _markets() if role == "stall" else []},
        crops=[
            (code, word("commodity", code))
            for code, row in commodities().items()
            if row.grown or role not in GROWERS
        ],
        chosen=form.value("commodities").split("|"),
    )


def _departments() -> Choices:
    return [
        (
            code,
            f"{_department(code)}（{format_fact('text', row.old_names)}）"
            if row.old_names
            else _department(code),
        )
        for code, row in departments(shipped_rules()).items()
    ]


def _markets() -> Choices:
    with services().reading() as reader:
        found = _register(reader)
    return [(each.party, each.name or each.party) for each in found if each.role == "market"]
