"""The gate of a market (入场查验): the code on the goods, then what is known of them, then the decision.

/market/gate                    the box for a code, and what came today
/market/gate?code=…&stall=…     the goods, the state of their certificate, and the two buttons
/market/gate?commodity=…        goods without a code: what they are, and where they are said to come from
"""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for

from traceability import entry_checks, gs1, holdings
from traceability.entry_checks import Seen
from traceability.errors import Invalid, Problem, TraceError, Unknown
from traceability.events import Event
from traceability.events.fact import legal_day
from traceability.holdings import Lot
from traceability.reading import Reader
from traceability.rules.gate import expected_state
from traceability.vocabulary import commodities
from web.access import me, require
from web.forms import Form
from web.market.room import blueprint
from web.problems import tell
from web.recording import Answer, Given, amount, blank, event_of, filled, submitted
from web.services import services
from web.words import choices, word

gatekeepers = require("market")


@dataclass(frozen=True, slots=True)
class Goods:
    """What stands at the gate: a lot with what is known of it, or a kind of goods that nobody traced."""

    certificate: str
    lot: Lot | None = None
    seen: Seen | None = None
    commodity: str | None = None

    @property
    def may_come_in(self) -> bool:
        """Whether the ledger knows nothing against it."""
        return self.seen is None or self.seen.may_come_in


@blueprint.get("/gate")
@gatekeepers
def gate() -> Answer:
    """Show the box for a code, or the goods that a code names."""
    code, commodity = request.args.get("code", ""), request.args.get("commodity", "")
    start = {name: request.args.get(name, "") for name in ("code", "stall", "commodity")}
    if not code and not commodity:
        return _box(Form(start))
    try:
        with services().reading() as reader:
            found = _goods(reader, {"code": code, "commodity": commodity})
    except TraceError as error:
        told = tell(error)
        if isinstance(error, Unknown):
            told = tell(Invalid(Problem("code", "lot-not-found", (("name", error.name),))))
        return _box(Form(start, told, everything_at="code")), told.status
    return _page(found, blank(**start))


def _box(form: Form) -> str:
    today = legal_day(services().clock())
    with services().reading() as reader:
        return render_template(
            "market/gate.html",
            form=form,
            checks=entry_checks.of_day(reader, me().party, today),
            stalls=_stall_choices(reader),
            kinds=[(code, word("commodity", code)) for code in commodities()],
        )


def _stall_choices(reader: Reader) -> list[tuple[str, str]]:
    names = holdings.names(reader)
    return [
        (each.stall, " · ".join(filter(None, (each.stall, each.holder or names.get(each.vendor or "")))))
        for each in entry_checks.stalls(reader, services().sealed, me().party)
    ]


def _goods(reader: Reader, values: dict[str, str]) -> Goods:
    """Return what is at the gate; raises `Invalid` or `Unknown` for a code that names no lot."""
    rules, today = services().rules(reader), legal_day(services().clock())
    if not values.get("code"):
        kind = values.get("commodity") or None
        return Goods(expected_state(kind, None, today, rules, certified=False), commodity=kind)
    typed = "".join(values["code"].split())
    named = gs1.parse(typed, services().base_url).lot_uri
    if named is None:
        raise Unknown("lot", typed)
    seen = entry_checks.seen(reader, named, rules, today)
    lot = None if seen.known.maker is None else holdings.lot(reader, seen.known.maker, named)
    return Goods(seen.certificate, lot, seen)


def _page(found: Goods, form: Form) -> str:
    with services().reading() as reader:
        return render_template(
            "market/decide.html",
            form=form,
            found=found,
            stalls=_stall_choices(reader),
            presented=choices("presented"),
            reasons=[
                each
                for each in choices("refusal_reasons")
                # Goods that need no certificate are not turned away for having none.
                if each[0] != "no-certificate" or found.certificate != "not-required"
            ],
            names=holdings.names(reader),
        )


@blueprint.post("/gate")
@gatekeepers
def submit_check() -> Answer:
    """Record what came to the gate, and the decision."""
    values = {name: request.form.get(name, "").strip() for name in ("code", "commodity")}
    if not any(values.values()):
        return redirect(url_for("market.gate"))
    with services().reading() as reader:
        found = _goods(reader, values)
    return submitted(
        lambda typed: _checked(found, typed),
        lambda form: _page(found, form),
        lambda _digest: url_for("market.gate"),
    )


def _checked(found: Goods, values: dict[str, str]) -> Event:
    """Return the check that was typed; what the ledger knows of the goods is not typed again."""
    shown = values.get("presented", "")
    has_paper = shown == "certificate" and found.certificate in {"missing", "unknown"}
    measure = found.lot.measure if found.lot is not None else values.get("amount.unit", "kg")
    given: Given = {
        **filled(values, "stall", "presented", "rapid_test", "origin_division", "document", "note"),
        **amount(values.get("amount"), "mass" if measure in {"mass", "kg"} else "pieces"),
        "certificate_state": "attached" if has_paper else found.certificate,
    }
    decision = request.form.get("decision", "")
    if decision:
        given["decision"] = decision
    if found.seen is not None:
        given["lot"] = found.seen.known.lot
    elif found.commodity is not None:
        given["commodity"] = found.commodity
    if decision == "refused":
        given["refusal_reasons"] = request.form.getlist("refusal_reasons")
        if not given["refusal_reasons"]:
            raise Invalid(Problem("refusal_reasons", "missing"))
    return event_of("entry-checked", values, given)
