"""The work queue of an office: what somebody should look into, the gravest and oldest first."""

from flask import redirect, render_template, request, url_for

from ledger.canonical import instant_text
from ledger.errors import LedgerError
from traceability import alerts, clones
from traceability.errors import TraceError, Unknown
from traceability.events.fact import legal_day
from traceability.limits import shipped_rules
from traceability.reading import Reader
from traceability.rule_tables.alerts import RISK_RULES, RiskRow
from traceability.scope import covers
from traceability.vocabulary import divisions
from web.access import me
from web.accounts import Account
from web.filing import Ask, Filing, Values, add_to
from web.language import N_, gettext
from web.problems import tell
from web.recording import Answer, event_of, record, typed
from web.regulator.counting import age
from web.regulator.lists import lot_number
from web.regulator.room import (
    OFFICES,
    ONLY_REGULATORS,
    area,
    area_name,
    blueprint,
    division_name,
    own_record,
    parties,
    scope_of,
    typed_lot,
)
from web.regulator.suspicions import suspects_known
from web.services import services
from web.words import VOCABULARIES, word

SEVERITY_BADGES = {"critical": "bad", "high": "warn", "medium": "hold", "low": "plain"}


def risk_rules(reader: Reader) -> tuple[RiskRow, ...]:
    """Return which alerts there are by the rules in force, or by those of the program."""
    try:
        found = services().rules(reader).rows(RISK_RULES)
    except LedgerError:
        found = ()
    return found or shipped_rules().rows(RISK_RULES)


def alert_word(code: str) -> str:
    """Return what an alert is called: by its own name or rule, one about a code with its number."""
    index = clones.code_of(code)
    if index is not None:
        return gettext("%(alert)s（第 %(index)s 号）", alert=word("alert", clones.ALERT), index=index)
    return word("alert" if code in VOCABULARIES["alert"] else "rule", code)


@blueprint.get("/alerts")
@OFFICES
def alerts_listed() -> str:
    """Show the queue."""
    return _page()


def _page(told: object = None) -> str:
    now = services().clock()
    with services().reading() as reader:
        found = alerts.queue(
            reader.connection, scope_of(reader), risk_rules(reader), now, copies=suspects_known(reader)
        )
        return render_template(
            "regulator/alerts.html",
            area=area_name(),
            alerts=found,
            today=legal_day(now),
            badges=SEVERITY_BADGES,
            called=alert_word,
            age=lambda alert: age(instant_text(alert.raised), now),
            number=lot_number,
            parties=parties(reader),
            may_act=me().role == "regulator",
            told=told,
            statement=typed({})["statement"],
        )


@blueprint.post("/alerts/<source>/<alert>/acknowledge")
@ONLY_REGULATORS
def acknowledge_alert(source: str, alert: str) -> Answer:
    """Say that this office looks into the alert."""
    own_source(source)
    values = typed(request.form)
    try:
        event = event_of("alert-acknowledged", values, {"source": source, "alert": alert})
        record(event, values["statement"])
    except (TraceError, LedgerError) as error:
        told = tell(error)
        return _page(told), told.status
    return redirect(url_for("regulator.alerts_listed"))


def own_source(source: str) -> None:
    """Raise unless the statement behind an alert is of this division, or about it."""
    with services().reading() as reader:
        _own_source(reader, source)


def _own_source(reader: Reader, source: str) -> None:
    entry = alerts.entry_of(reader.connection, source)
    if entry is None:
        raise Unknown("statement", source[:16])
    if not alerts.is_warning_within(reader.connection, scope_of(reader), entry):
        own_record(reader, entry)


def _may_end(reader: Reader, _account: Account, values: Values) -> None:
    _own_source(reader, values["source"])


def _may_raise(reader: Reader, _account: Account, values: Values) -> None:
    if values.get("lot"):
        typed_lot(reader, values["lot"])


def _divisions(_reader: Reader, _account: Account) -> list[tuple[str, str]]:
    return [(code, division_name(code)) for code in divisions() if covers(area(), code)]


def _back(_digest: str) -> str:
    return url_for("regulator.alerts_listed")


END = Filing(
    kind="alert-done",
    title=N_("办结预警"),
    lead=N_("写明查到什么、怎么处理的。"),
    asks=(Ask(path="alert_outcome"), Ask(path="case", folded=True), Ask(path="note")),
    fixed=lambda values: {"source": values["source"], "alert": values["alert"]},
    about=lambda _reader, _account, values: [(word("field", "alert"), alert_word(values["alert"]))],
    may=_may_end,
    onward=_back,
)

RAISE = Filing(
    kind="alert-raised",
    title=N_("发布风险预警"),
    lead=N_("规则没有发现、但应当有人去看的风险。"),
    asks=(
        Ask(path="severity"),
        Ask(path="division", options=_divisions),
        Ask(path="lot", widget="lot"),
        Ask(path="until"),
        Ask(path="note"),
    ),
    may=_may_raise,
    onward=_back,
)

add_to(blueprint, ONLY_REGULATORS, END, path="/alerts/<source>/<alert>/done")
add_to(blueprint, ONLY_REGULATORS, RAISE, path="/alerts/new")
