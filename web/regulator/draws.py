"""Draws by lot of the division (双随机一公开): announced with a seed to come, drawn once the log is there."""

from flask import render_template, url_for

from traceability import credit
from traceability.draw import pool_of
from traceability.draw_standing import DrawStanding, drawn_again, draws, standing_draw
from traceability.errors import NotAllowed, Unknown
from traceability.events.roles import TRADERS
from traceability.reading import Reader
from traceability.recollection.credit import candidates_of
from traceability.rule_tables.credit import GRADES
from traceability.scope import covers
from traceability.tables import credit as credit_tables
from traceability.tree_root import root_at
from traceability.vocabulary import divisions
from web.access import me
from web.accounts import Account
from web.filing import Ask, Choices, Filing, Values, add_to
from web.filing_members import content_of
from web.language import N_, gettext
from web.recording import Given
from web.regulator.credit import today
from web.regulator.room import OFFICES, ONLY_REGULATORS, area, area_name, blueprint, division_name, parties
from web.services import services
from web.words import word

AHEAD = 20
"""How many entries the log grows, at least, before the seed is known: nobody can see so far."""


@blueprint.get("/draws")
@OFFICES
def draws_listed() -> str:
    """Show the draws of the division."""
    with services().reading() as reader:
        return render_template(
            "regulator/draws.html",
            area=area_name(),
            draws=[each for each in draws(reader) if covers(area(), each.event.division)],
            parties=parties(reader),
            may_act=me().role == "regulator",
            own=me().party,
        )


def _within(_reader: Reader, _account: Account) -> Choices:
    return [(code, division_name(code)) for code in divisions() if covers(area(), code)]


def _roles(_reader: Reader, _account: Account) -> Choices:
    return [(role, word("role", role)) for role in sorted(TRADERS)]


def _next_size(_reader: Reader, _account: Account) -> str:
    return str(services().log.size() + AHEAD)


def _several(values: Values, name: str) -> list[str]:
    told = content_of("lines", values.get(name, "")) if values.get(name) else []
    return sorted({str(each) for each in told}) if isinstance(told, list) else []


def _pool(values: Values) -> Given:
    """Return who is in the urn: everybody of those roles in that division, by the grade of today."""
    roles, division, on = _several(values, "roles"), values.get("division", ""), today()
    with services().reading() as reader:
        rules = services().rules(reader)
        named = candidates_of(reader.connection, division, tuple(roles))
        whose = credit.registered_in(reader.connection, division)
        found = credit.grades_of(reader.connection, sorted(named), whose, on, rules)
        lots: dict[str, int] = {row.grade: row.lots for row in rules.rows(GRADES) if row.in_force(on)}
    grades = [(party, each.grade) for party, each in sorted(found.items())]
    pool = [
        {"grade": group.grade, "weight": group.weight, "parties": list(group.parties)}
        for group in pool_of(grades, lots)
    ]
    return {"roles": roles, "inspectors": _several(values, "inspectors"), "pool": pool}


ANNOUNCE = Filing(
    kind="draw-announced",
    title=N_("公告随机抽查"),
    lead=N_(
        "名录库由系统按登记列全，权重按信用等级；种子是账本增长到某一条时的树根，现在谁都不知道。"
        "检查人员只填代号，姓名留在本单位。"
    ),
    asks=(
        Ask(path="division", options=_within),
        Ask(path="roles", options=_roles),
        Ask(path="inspectors", hint=N_("一行一个代号，例如 E01。")),
        Ask(path="count", label=N_("抽取家数")),
        Ask(path="each"),
        Ask(path="seed_size", start=_next_size),
        Ask(
            path="commitment",
            hint=N_("可不填。用 jizihao draw commit 算出暗语的摘要，连保管账本的人也无法预知结果。"),
            folded=True,
        ),
    ),
    fixed=_pool,
    onward=lambda _digest: url_for("regulator.draws_listed"),
)


def _draw_of(reader: Reader, digest: str) -> DrawStanding:
    table = credit_tables.draw
    row = reader.connection.execute(table.select().where(table.c.digest == digest)).first()
    found = None if row is None else standing_draw(reader, row.entry)
    if found is None:
        raise Unknown("draw", digest[:16])
    return found


def _may_draw(reader: Reader, _account: Account, values: Values) -> None:
    _draw_of(reader, values.get("target", ""))


def _result(values: Values) -> Given:
    """Return what the log's own tree draws; whatever is still missing, the rules tell."""
    with services().reading() as reader:
        found = _draw_of(reader, values.get("target", ""))
        size = found.event.seed_size
        drawn = drawn_again(reader, services().log.origin, found, values.get("word") or None)
        root = root_at(reader.connection, size).hex() if found.is_ready else "00" * 32
    told = [{"party": each.party, "inspectors": list(each.inspectors)} for each in drawn or ()]
    return {"size": size, "root": root, "drawn": told}


MAKE = Filing(
    kind="draw-made",
    title=N_("抽取并公布结果"),
    lead=N_("结果由种子算出，没有人能挑选；签名登记后立即公开。"),
    asks=(
        Ask(path="target", widget="hidden"),
        Ask(path="word", hint=N_("公告时约定了暗语的，在这里说出来，一字不差。")),
    ),
    fixed=_result,
    may=_may_draw,
    onward=lambda _digest: url_for("regulator.draws_listed"),
)


def _may_withdraw(reader: Reader, _account: Account, values: Values) -> None:
    found = _draw_of(reader, values.get("target", ""))
    if found.by != me().party:
        raise NotAllowed("other-record")


def _withdrawn(reader: Reader, _account: Account, values: Values) -> Choices:
    found = _draw_of(reader, values.get("target", ""))
    told = (
        gettext(N_("公开页面会列为放弃的抽查")) if found.is_ready else gettext(N_("种子还不能算出，可以撤回"))
    )
    return [
        (gettext(N_("公告")), gettext(N_("第 %(index)s 条"), index=found.announced_entry)),
        (gettext(N_("状态")), told),
    ]


WITHDRAW = Filing(
    kind="corrected",
    title=N_("撤回抽查公告"),
    lead=N_("种子还不能算出时随时可以撤回。之后只有约定过暗语、又说不出暗语的抽查可以放弃，放弃会公开列出。"),
    asks=(Ask(path="target", widget="hidden"), Ask(path="reason"), Ask(path="note")),
    may=_may_withdraw,
    about=_withdrawn,
    onward=lambda _digest: url_for("regulator.draws_listed"),
)

add_to(blueprint, ONLY_REGULATORS, WITHDRAW, path="/draws/withdraw")
add_to(blueprint, ONLY_REGULATORS, ANNOUNCE, path="/draws/announce")
add_to(blueprint, ONLY_REGULATORS, MAKE, path="/draws/make")
