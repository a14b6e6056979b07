"""Certificates: those of my lots, those that I collected, and those that I was granted and use up.

/certificates/                        my certificates, received lots without one, what I was granted
/certificates/<digest>                one certificate as it is printed: A4, 80 mm or 58 mm wide, with its code
/certificates/<digest>.pdf?paper=…    the same as a file for a printer
/certificates/<digest>/collect        I have it, and keep it        …/report   it is wrong: the origin is told
/certificates/<digest>/replace        a new one in its place; the old one is never edited
/certificates/granted/…               use, base: by the holder; granted, changed: by certifier or regulator
"""

from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import Blueprint, Response, render_template, request

from qr.label import Paper, certificate_pdf
from traceability import certificates, holdings, own_records, report, tables
from traceability.certificates import Fault, Granted, Issued
from traceability.errors import Invalid, NotAllowed, Problem, Unknown
from traceability.events import roles
from traceability.events.fact import legal_day
from traceability.events.followup import told_by
from traceability.events.quality import CertificateIssued
from traceability.holdings import Lot
from traceability.reading import Reader
from traceability.scope import Scope, covers
from traceability.tables import certifying
from web import labels
from web.access import me, require
from web.accounts import Account
from web.facts import format_fact
from web.filing import Ask, Choices, Filing, Values, add_to, lots_here, onward_to, partners
from web.language import N_, gettext
from web.services import services
from web.words import choices, word

blueprint = Blueprint("certificates", __name__, url_prefix="/certificates")

TRADERS = require(*sorted(roles.TRADERS))  # type: ignore[arg-type]  # the set holds roles only
MAKERS = require(*sorted(roles.MAKERS))  # type: ignore[arg-type]  # likewise
CERTIFIERS = require("regulator", "certifier")
EVERYBODY = require()

PAPERS = {"a4": Paper.A4, "roll80": Paper.ROLL_80, "roll58": Paper.ROLL_58}


@dataclass(frozen=True, slots=True)
class Held:
    """A lot that the party has, and how it stands with its certificate."""

    lot: Lot
    state: certificates.State
    certificate: Issued | None


@blueprint.get("/")
@EVERYBODY
def index() -> str:
    """Show what the party issued, holds, and was granted; a certifier sees what it granted."""
    party, today = me().party, legal_day(services().clock())
    with services().reading() as reader:
        connection = reader.connection
        return render_template(
            "certificates/index.html",
            issued=certificates.certificates(connection, certifying.certificate_detail.c.by == party),
            held=_held(reader, party, today),
            granted=certificates.granted_to(connection, party),
            faults=_faults(reader),
            given=certificates.granted(connection, certifying.scheme_certificate.c.by == party),
            names=holdings.names(reader),
            today=today,
        )


def _faults(reader: Reader) -> list[Fault]:
    """Return the certificates of this office's division that somebody says are wrong."""
    if me().role != "regulator":
        return []
    found = certificates.faults(reader.connection)
    return [each for each in found if covers(me().division, each.division[:6])]


def _held(reader: Reader, party: str, today: date) -> list[Held]:
    """Return the lots that the party has of others, with the newest certificate of each."""
    rules = services().rules(reader)
    found = []
    for lot in holdings.lots(reader, party):
        if lot.known.maker == party or lot.stock <= 0 or lot.goods is None:
            continue
        state = certificates.state_of(reader.connection, lot.lot, lot.goods.commodity, rules, today)
        live = [
            each for each in certificates.of_lot(reader.connection, lot.lot) if each.superseded_by is None
        ]
        found.append(Held(lot, state, live[0] if live else None))
    return found


# One certificate.


def _known(reader: Reader, digest: str) -> Issued:
    found = certificates.certificate_named(reader.connection, digest)
    if found is None:
        raise Unknown("certificate", digest[:16])
    return found


def _readable(reader: Reader, digest: str) -> Issued:
    """Return a certificate that I issued, or of a lot that I have or had; an office reads its division's."""
    found = _known(reader, digest)
    if found.by == me().party or _answers_for(reader, found):
        return found
    moved = tables.stock
    own = tables.standing(moved, moved.c.lot == found.lot, moved.c.party == me().party).limit(1)
    if reader.connection.execute(own).first() is None:
        raise NotAllowed("other-party", party=found.by)
    return found


def _answers_for(reader: Reader, found: Issued) -> bool:
    """Tell whether an office asks: of the lot's or the author's division, or of the one it names."""
    if me().role != "regulator":
        return me().role == "operator"
    scope = Scope.of(reader.connection, me().division)
    return (
        covers(me().division, found.division[:6])
        or report.has_lot(reader.connection, scope, found.lot)
        or report.has_party(reader.connection, scope, found.by)
    )


@blueprint.get("/<digest>")
@EVERYBODY
def certificate(digest: str) -> str:
    """Show one certificate as it is printed."""
    paper = request.args.get("paper", "a4")
    if paper not in PAPERS:
        raise Invalid(Problem("paper", "not-in-list", (("found", paper[:20]),)))
    with services().reading() as reader:
        found = _readable(reader, digest)
        slip = labels.slip_of(services(), reader, found.entry)
        return render_template(
            "certificates/certificate.html",
            certificate=found,
            slip=slip,
            code=labels.code_svg(slip.url),
            paper=paper,
            papers=tuple(PAPERS),
            is_buyer=found.by != me().party and me().role not in {"regulator", "operator"},
            names=holdings.names(reader),
        )


@blueprint.get("/<digest>.pdf")
@EVERYBODY
def certificate_file(digest: str) -> Response:
    """Give one certificate as a file for a printer."""
    paper = PAPERS.get(request.args.get("paper", "a4"))
    if paper is None:
        raise Invalid(Problem("paper", "not-in-list", (("found", request.args["paper"][:20]),)))
    with services().reading() as reader:
        found = _readable(reader, digest)
        if found.superseded_by is not None:
            # What was replaced is shown as such, and no longer printed.
            raise Unknown("certificate", found.number)
        slip = labels.slip_of(services(), reader, found.entry)
    content = certificate_pdf(slip, made_at=services().clock(), paper=paper)
    headers = {"Content-Disposition": f'attachment; filename="certificate-{found.entry}.pdf"'}
    return Response(content, mimetype="application/pdf", headers=headers)


def _digest() -> str:
    return str((request.view_args or {})["digest"])


def _certificate() -> Issued:
    with services().reading() as reader:
        return _known(reader, _digest())


def _of_lot(_values: Values) -> dict[str, str]:
    found = _certificate()
    return {"lot": found.lot, "certificate": found.digest}


def _may_read(reader: Reader, _account: Account, values: Values) -> None:
    _readable(reader, values["digest"])


def _may_replace(reader: Reader, account: Account, values: Values) -> None:
    found = _known(reader, values["digest"])
    if found.by != account.party:
        raise NotAllowed("other-party", party=found.by)


def _about(reader: Reader, _account: Account, values: Values) -> Choices:
    found = _known(reader, values["digest"])
    return [
        (gettext(N_("批号")), format_fact("lot", found.lot)),
        (gettext(N_("编号")), found.number),
        (gettext(N_("承诺主体")), holdings.names(reader).get(found.by, found.by)),
    ]


def _event(reader: Reader) -> CertificateIssued:
    event = own_records.opened(reader, services().sealed, reader.statement(_known(reader, _digest()).entry))
    return cast(CertificateIssued, told_by(event))


def _replaced(_values: Values) -> dict[str, str]:
    found = _certificate()
    return {"lot": found.lot, "supersedes": found.digest}


COLLECT = Filing(
    kind="certificate-collected",
    title=N_("收取合格证"),
    lead=N_("收购时要收取合格证，并至少保存六个月；没有合格证的不收。"),
    asks=(),
    fixed=_of_lot,
    about=_about,
    may=_may_read,
    onward=onward_to("certificates.index"),
)

REPORT = Filing(
    kind="certificate-reported",
    title=N_("反映合格证有误"),
    lead=N_("反映给产地的监管部门。只有「问题」一项公开，说明不公开。"),
    asks=(Ask(path="fault"), Ask(path="note")),
    fixed=_of_lot,
    about=_about,
    may=_may_read,
    onward=onward_to("certificates.index"),
)

REPLACE = Filing(
    kind="certificate-issued",
    title=N_("换开合格证"),
    lead=N_("原来的合格证不会修改，由这一张代替。"),
    asks=(
        Ask(path="number"),
        Ask(path="name", start=lambda reader, _account: _event(reader).name),
        Ask(path="amount"),
        Ask(path="division", start=lambda reader, _account: _event(reader).division),
        Ask(path="basis", start=lambda reader, _account: _event(reader).basis),
        Ask(path="contact", folded=False),
        Ask(path="contact_on_pack", folded=True),
        Ask(path="promise", folded=True),
    ),
    fixed=_replaced,
    tells=("supersedes",),
    about=_about,
    may=_may_replace,
    onward=onward_to("certificates.index"),
)


# What was granted.


def _live_ones(reader: Reader, account: Account) -> Choices:
    today = legal_day(services().clock())
    own = certificates.granted_to(reader.connection, account.party)
    return [(each.scheme.digest, granted_words(each)) for each in own if each.scheme.state(today) == "live"]


def _changeable(reader: Reader, account: Account) -> Choices:
    given = certifying.scheme_certificate.c.by == account.party
    conditions = () if account.role == "regulator" else (given,)
    found = certificates.granted(reader.connection, *conditions)
    return [(each.scheme.digest, granted_words(each)) for each in found]


def granted_words(found: Granted) -> str:
    """Return what a granted certificate is called in a list: its scheme, number and holder."""
    return f"{word('scheme', found.scheme.scheme)} · {found.number} · {found.scheme.holder}"


def _goods(_reader: Reader, _account: Account) -> Choices:
    return choices("commodity")


def _plots(reader: Reader, account: Account) -> Choices:
    table = tables.plot
    rows = reader.connection.execute(tables.standing(table, table.c.party == account.party))
    return [
        (row.plot, f"{row.plot[:6]} · {word('commodity', row.commodity)} · {row.area_ha} ha") for row in rows
    ]


USE = Filing(
    kind="scheme-used",
    title=N_("使用认证标志"),
    lead=N_("按证书的产品范围和核准产量登记，用完为止。"),
    asks=(
        Ask(path="certificate", options=_live_ones, widget="choice"),
        Ask(path="lot", options=lots_here, widget="choice"),
        Ask(path="amount"),
    ),
    onward=onward_to("certificates.index"),
)

BASE = Filing(
    kind="scheme-base-registered",
    title=N_("登记认证基地"),
    lead=N_("地块面积计入证书的认证面积，不能超过。"),
    asks=(
        Ask(path="certificate", options=_live_ones, widget="choice"),
        Ask(path="plots.*.plot", options=_plots, widget="choice"),
        Ask(path="plots.*.area_ha"),
    ),
    onward=onward_to("certificates.index"),
)

GRANT = Filing(
    kind="scheme-certified",
    title=N_("颁发认证或标识"),
    lead=N_("无公害农产品和省名牌已经停止，不在这里登记。"),
    asks=(
        Ask(path="scheme", options=lambda _reader, _account: _schemes(), widget="choice"),
        Ask(path="grantee", options=partners, widget="choice"),
        Ask(path="number"),
        Ask(path="since"),
        Ask(path="until"),
        Ask(path="goods", options=_goods, widget="several", folded=False),
        Ask(path="tonnage_kg", folded=True),
        Ask(path="area_ha", folded=True),
        Ask(path="indication", folded=True),
        Ask(path="registry", folded=True),
        Ask(path="promise", widget="long", folded=True),
        Ask(path="document", folded=True),
    ),
    onward=onward_to("certificates.index"),
)

CHANGE = Filing(
    kind="scheme-changed",
    title=N_("变更认证或标识"),
    asks=(
        Ask(path="certificate", options=_changeable, widget="choice"),
        Ask(path="new_state"),
        Ask(path="note"),
    ),
    onward=onward_to("certificates.index"),
)


def _schemes() -> Choices:
    laboratories = {"CMA", "CATL", "CNAS"}
    return [(code, text) for code, text in choices("scheme") if code not in laboratories]


for _guard, _filing, _path in (
    (TRADERS, COLLECT, "/<digest>/collect"),
    (TRADERS, REPORT, "/<digest>/report"),
    (TRADERS, REPLACE, "/<digest>/replace"),
    (TRADERS, USE, "/granted/use"),
    (MAKERS, BASE, "/granted/base"),
    (CERTIFIERS, GRANT, "/granted/new"),
    (CERTIFIERS, CHANGE, "/granted/change"),
):
    add_to(blueprint, _guard, _filing, path=_path)
