"""The mill's own pages: its stock, what it makes, goods that nobody traced, and boxes.

/mill/            stock, and what waits
/mill/untraced    goods that nobody traced (来源未追溯)
/mill/products    what this party makes
/mill/pack        lots into a box or onto a pallet
"""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from traceability import gs1, holdings, own_records
from traceability.errors import Invalid, Problem
from traceability.events import Event
from traceability.vocabulary import commodities
from web.access import me, require
from web.forms import Form
from web.recording import SPARE, Answer, Given, amount, blank, event_of, filled, row_count, rows, submitted
from web.services import services
from web.words import word

blueprint = Blueprint("mill", __name__, url_prefix="/mill")


LATEST = 12
PIECES = ("bag", "bottle", "box", "case", "ear", "piece", "root")


@blueprint.get("/")
@require("processor", "brand-owner")
def index() -> str:
    """Show what is in stock and what waits for somebody."""
    party = me().party
    with services().reading() as reader:
        lots = holdings.lots(reader, party)
        return render_template(
            "mill/index.html",
            stock=[each for each in lots if each.stock > 0],
            gone=[each for each in lots if each.stock <= 0][:LATEST],
            stopped=[each for each in lots if not each.may_move],
            coming=holdings.coming(reader, services().sealed, party),
            most_read=holdings.MOST_SHIPMENTS,
            entries=own_records.entries(reader, party, limit=LATEST),
            names=holdings.names(reader),
            products=holdings.products(reader, party),
        )


@blueprint.get("/untraced")
@require("processor", "brand-owner")
def untraced() -> str:
    """Show the form for goods whose origin nobody recorded."""
    return _untraced_form(blank())


@blueprint.post("/untraced")
@require("processor", "brand-owner")
def submit_untraced() -> Answer:
    """Record that such goods came in."""
    return submitted(_untraced, _untraced_form, lambda _digest: url_for("mill.index"))


def _untraced_form(form: Form) -> str:
    with services().reading() as reader:
        products = holdings.products(reader, me().party)
    return render_template("mill/untraced.html", form=form, products=products)


def _untraced(values: dict[str, str]) -> Event:
    with services().reading() as reader:
        goods = holdings.product(reader, me().party, values.get("product", ""))
        number = values.get("lot") or (
            holdings.free_number(reader, goods, services().clock()) if goods else ""
        )
    given: Given = {
        **filled(values, "product", "supplier", "told_origin"),
        **amount(values.get("amount"), goods.measure if goods else "mass"),
    }
    if goods is not None:
        given["lot"] = goods.lot(number)
    elif number:
        given["lot"] = number
    return event_of("untraced-received", values, given)


@blueprint.get("/products")
@require("processor", "brand-owner")
def products() -> str:
    """Show what this party makes, and the form for one more product."""
    return _products_page(blank())


@blueprint.post("/products")
@require("processor", "brand-owner")
def submit_product() -> Answer:
    """Record a product."""
    return submitted(_product, _products_page, lambda _digest: url_for("mill.products"))


def _products_page(form: Form) -> str:
    party = me().party
    with services().reading() as reader:
        known = holdings.products(reader, party)
        prefixes = holdings.prefixes(reader, party)
    pieces = [(code, word("piece", code)) for code in PIECES]
    kinds = [(code, word("commodity", code)) for code in commodities()]
    return render_template(
        "mill/products.html", form=form, products=known, prefixes=prefixes, kinds=kinds, pieces=pieces
    )


def _product(values: dict[str, str]) -> Event:
    names = ("product", "name", "name_en", "commodity", "measure", "piece", "piece_kg", "gtin")
    given = filled(values, *names)
    if given.get("gtin", "").isdigit():
        # People read thirteen figures below a bar code; the same number has fourteen in the log.
        given["gtin"] = given["gtin"].zfill(14)
    return event_of("product-registered", values, given)


@blueprint.get("/pack")
@require("processor", "brand-owner")
def pack() -> str:
    """Show the form for putting lots into a container."""
    return _pack_form(blank(**{"parts.0.lot": request.args.get("lot", "")}))


@blueprint.post("/pack")
@require("processor", "brand-owner")
def submit_pack() -> Answer:
    """Record what was put into a container."""
    return submitted(_packed, _pack_form, lambda _digest: url_for("mill.index"))


def _pack_form(form: Form) -> str:
    with services().reading() as reader:
        return render_template(
            "mill/pack.html",
            form=form,
            lots=holdings.in_stock(reader, me().party),
            rows=row_count(form, "parts") + SPARE,
        )


def _packed(values: dict[str, str]) -> Event:
    with services().reading() as reader:
        measures = {each.lot: each.measure for each in holdings.in_stock(reader, me().party)}
        prefixes = holdings.prefixes(reader, me().party)
    parts: list[Any] = [
        {"lot": row.get("lot", ""), **amount(row.get("amount"), measures.get(row.get("lot", ""), "mass"))}
        for row in rows(values, "parts")
    ]
    given: Given = {"parts": parts}
    if values.get("container"):
        given["container"] = container_of(values["container"], me().party, prefixes)
    return event_of("packed", values, given)


def container_of(typed: str, party: str, prefixes: tuple[str, ...]) -> str:
    """Return the identifier of one's own container: an SSCC under a licensed prefix, or a name of one's own.

    "(00)395212340000000017" or its 18 figures; "tuopan-12" is /place/<party>-tuopan-12. Raises `Invalid`.
    """
    if typed.isascii() and typed.isdigit():
        typed = f"(00){typed}"
    if typed.startswith(("(", "/", "http")):
        try:
            found = gs1.parse(typed, services().base_url)
        except Invalid as error:
            raise Invalid(
                *(Problem("container", each.code, each.facts) for each in error.problems)
            ) from error
        # The first figure of an SSCC tells nothing of its owner; the licensed prefix follows (GS1 2.2.1).
        number = found.uri.rsplit("/", 1)[-1]
        if found.kind == "container" and prefixes and number[1:].startswith(prefixes):
            return found.uri
        if found.kind == "place" and found.uri.startswith(f"/place/{party}-"):
            return found.uri
        raise Invalid(Problem("container", "container-not-yours", (("value", typed),)))
    own = f"/place/{party}-{typed.lower()}"
    try:
        return gs1.parse(own).uri
    except Invalid:
        raise Invalid(Problem("container", "container-name", (("value", typed),))) from None
