"""The codes of a lot, for whoever may activate, sell or call them back: one page, in every room.

    /codes?code=…              a box for a scanned code; what waits, what was done, what may be done
    /record/codes-activated    so many codes from an index, and on what ground
    /record/codes-sold         … at the till
    /record/codes-recalled     … called back without the rest of the lot
    /record/codes-prepared     labels printed before the goods
    /blank-labels.pdf?roll=…   … and the labels themselves

    code_rooms.add_to(blueprint, "retailer", "market")

Which of them a role may state stands in `events.MAY_STATE`; the rules decide about the lot.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request, url_for

from qr import code
from qr.errors import NotIssued
from qr.label import sheet_pdf
from traceability import code_state, goods, gs1, holdings
from traceability.code_state import CodeState, Span
from traceability.errors import Invalid, Problem, Unknown
from traceability.events import may_state
from traceability.events.registry import Role
from traceability.events.roles import MAKERS
from traceability.past import KnownLot
from traceability.reading import Reader
from web import labels
from web.access import me, mine, require
from web.accounts import Account
from web.filing import Ask, Choices, Filing, Values
from web.filing import add_to as add_filing
from web.filing_asks import nothing_fixed
from web.forms import Form
from web.language import N_
from web.problems import tell
from web.recording import Answer, Given
from web.services import services
from web.words import word

MOST_LABELS = 480
"""Labels of one file: twenty sheets."""
KINDS = ("codes-activated", "codes-sold", "codes-recalled", "codes-prepared")


@dataclass(frozen=True, slots=True)
class Codes:
    """What the page says of the codes of one lot, and of the one that was scanned."""

    lot: KnownLot
    index: int | None
    state: CodeState | None
    waiting: list[Span]
    activations: list[Span]


def add_to(room: Blueprint, *roles: Role) -> None:
    """Give *room* the page of codes and the forms that people of *roles* may fill in."""
    guard = require(*roles)
    room.add_url_rule("/codes", "codes", guard(codes))
    if MAKERS & set(roles):
        room.add_url_rule("/blank-labels.pdf", "blank_labels", guard(blank_labels))
    for kind in KINDS:
        allowed = [role for role in roles if may_state(role, kind)]
        if allowed:
            add_filing(room, require(*allowed), _filing(room, kind))


def _filing(room: Blueprint, kind: str) -> Filing:
    title, lead, asks = _ASKS[kind]

    def onward(_digest: str) -> str:
        return url_for(f"{room.name}.codes", code=request.form.get("lot"))

    fixed = _blanks if kind == "codes-prepared" else nothing_fixed
    return Filing(kind=kind, title=title, lead=lead, asks=asks, onward=onward, fixed=fixed)


def _blanks(values: Values) -> Given:
    """Return the full name of the roll, and the index that follows the last one printed on it."""
    if not values.get("roll") or not values.get("product"):
        return {}
    roll = roll_name(values["roll"], values["product"])
    with services().reading() as reader:
        printed = {each.roll: each.printed for each in code_state.rolls_of(reader.connection, me().party)}
    return {"roll": roll, "first": printed.get(roll, 0)}


def roll_name(typed: str, product: str) -> str:
    """Return the full name of a roll of one's own *product*, of which the number alone was typed."""
    return typed if typed.startswith(("/", "http")) else gs1.own_lot(me().party, product, typed)


def grounds(_reader: Reader, account: Account) -> Choices:
    """Offer the grounds on which a role may activate."""
    if account.role == "regulator":
        return _worded("checked")
    return _worded("witnessed") if account.role not in MAKERS else _worded("tested", "witnessed")


def _worded(*found: str) -> Choices:
    return [(each, word("ground", each)) for each in found]


def products(reader: Reader, account: Account) -> Choices:
    """Offer the products of the asking party."""
    return [(each.product, each.name) for each in holdings.products(reader, account.party)]


_RANGE = (
    Ask(path="lot"),
    Ask(path="first", hint=N_("从哪一个序号起，第一包是 0。")),
    Ask(path="count", hint=N_("一共多少个码。")),
)

_ASKS: Mapping[str, tuple[str, str, tuple[Ask, ...]]] = {
    "codes-activated": (
        N_("启用追溯码"),
        N_("启用之后这些码才算数。谁启用、凭什么启用，消费者都看得到。"),
        (*_RANGE, Ask(path="ground", options=grounds), Ask(path="note")),
    ),
    "codes-sold": (
        N_("售出追溯码"),
        N_("卖出去的包登记一次；同一个码再出现，就可能是仿冒。"),
        (*_RANGE, Ask(path="place")),
    ),
    "codes-recalled": (
        N_("召回一部分追溯码"),
        N_("只召回这些包；整批召回请用召回。"),
        (*_RANGE, Ask(path="level"), Ask(path="cause"), Ask(path="note")),
    ),
    "codes-prepared": (
        N_("先印空白追溯码"),
        N_("先印标签，货还没有。发码时再把空白码绑定到批次，绑定之前查到的是“已印未用”。"),
        (
            Ask(path="product", options=products),
            Ask(path="roll", hint=N_("自己起的卷号，例如 26-K1，不能与批号重复；接着印就写同一个卷号。")),
            Ask(path="count", hint=N_("一共多少个码。")),
        ),
    ),
}


def codes() -> Answer:
    """Show the codes of the lot that was scanned, or the box for a code."""
    typed = request.args.get("code", "")
    if not typed:
        return _page(Form({}), None)
    try:
        return _page(Form({"code": typed}), _codes_of("".join(typed.split())))
    except (Invalid, NotIssued) as error:
        wrong = Invalid(Problem("code", "lot-not-found", (("name", typed[:80]),)))
        told = tell(error if isinstance(error, Invalid) else wrong)
        return _page(Form({"code": typed}, told, everything_at="code"), None), told.status


def _codes_of(typed: str) -> Codes:
    """Return the codes of the lot that *typed* names; raises `Invalid`, or `NotIssued` for a forgery."""
    shared = services()
    named = gs1.parse(typed, shared.base_url)
    with shared.reading() as reader:
        known = None if named.lot_uri is None else goods.known_lot(reader.connection, named.lot_uri)
        if known is None or named.lot_uri is None:
            raise Invalid(Problem("code", "lot-not-found", (("name", typed[:80]),)))
        index = None
        if named.serial is not None:
            index = code.index_of(shared.settings.serial_key, named.lot_uri, named.serial)
        return _told(reader, known, index)


def _told(reader: Reader, known: KnownLot, index: int | None) -> Codes:
    connection = reader.connection
    state = None
    if index is not None:
        state = code_state.code_state(connection, known.lot, index, is_recalled=known.recalled)
    return Codes(
        known,
        index,
        state,
        code_state.asleep(connection, known.lot),
        code_state.activations(connection, known.lot),
    )


def blank_labels() -> Response:
    """Print labels of a roll of one's own: they name product and maker, and say of the goods nothing."""
    roll, first = request.args.get("roll", ""), _number("first", 0, 10**10)
    count = _number("count", 1, MOST_LABELS)
    shared = services()
    with shared.reading() as reader:
        known = code_state.roll_of(reader.connection, roll)
        if known is None:
            raise Unknown("lot", roll)
        mine(known.party)
        blank = labels.of_roll(shared, reader, roll, known.party, known.product)
        rolls = {each.roll: each.printed for each in code_state.rolls_of(reader.connection, known.party)}
        if first + count > rolls[roll]:
            raise Invalid(Problem("first", "codes-not-of-one-issue"))
        content = sheet_pdf([blank(index) for index in range(first, first + count)], made_at=shared.clock())
    return Response(content, mimetype="application/pdf")


def _number(name: str, least: int, most: int) -> int:
    typed = request.args.get(name, "")
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 11 or not least <= int(typed) <= most:
        raise Invalid(Problem(name, "not-a-whole-number", (("found", typed[:20]),)))
    return int(typed)


def _page(form: Form, found: Codes | None) -> str:
    role = me().role
    with services().reading() as reader:
        rolls = code_state.rolls_of(reader.connection, me().party)
    return render_template(
        "release/codes.html",
        form=form,
        codes=found,
        rolls=rolls,
        most=MOST_LABELS,
        may={kind for kind in KINDS if may_state(role, kind)},
        room=request.blueprint,
    )
