"""A page on which one kind of record is filled in and signed, made from the class of its event.

    STALL = Filing(
        kind="stall-rented",
        title=N_("登记摊位"),
        lead=N_("每个摊位登记一次。"),
        asks=(
            Ask(path="lot", options=lots_here),                 a list to choose from
            Ask(path="amount.kg"),                              a number, with its unit beside it
            Ask(path="results.*.value"),                        a column: rows grow by "one more row"
            Ask(path="report", widget="file"),                  a document: its SHA-256 is told
            Ask(path="note"),                                   several lines; sealed if the class seals it
        ),
        fixed=lambda values: {"party": me().party, "case": values["case"]},
        onward=onward_to("market.index"),
    )
    add_to(blueprint, require("market"), STALL, path="/cases/<case>/answer")

One endpoint, `file_stall_rented`, answers GET and POST. Labels are the FIELDS of the terms, words those of
VOCABULARIES, `?lot=…` in the address fills in a field. Who may ask is the *guard*'s to say, about which thing
is for `may`, which raises `NotAllowed` or `Unknown` on both ways, and `Invalid` for what was typed. Optional
members are folded where a form would ask for more than `MOST_AT_ONCE` things. `fixed` tells what is not
asked: it reads what was typed and what the path of the address says. What it tells beyond what the class
requires is named in `tells`, for everything that becomes public stands on the form before it is signed.
"""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, redirect, request

from ledger.errors import LedgerError
from traceability import gs1
from traceability.errors import Invalid, NotAllowed, TraceError, Unknown
from traceability.events import Event
from traceability.reading import Reader
from traceability.statement import new_id
from web import enclosures
from web.access import me
from web.filing_asks import Ask, Choices, Filing, Values, from_address, onward_to
from web.filing_members import Member, content_of
from web.filing_offers import every_commodity, lots_here, own_products, partners
from web.filing_page import page
from web.filing_rows import closed_up, column, named, one_more_row, row_count
from web.forms import Form
from web.problems import Told, tell
from web.recording import STATEMENT, Answer, Given, event_of, nested, record, typed
from web.services import services

__all__ = [
    "Ask",
    "Choices",
    "Filing",
    "Values",
    "add_to",
    "every_commodity",
    "from_address",
    "lot_typed",
    "lots_here",
    "onward_to",
    "own_products",
    "partners",
]

UNIT = "unit"


def add_to(
    blueprint: Blueprint, guard: Callable[[Any], Any], filing: Filing, path: str | None = None
) -> None:
    """Give *blueprint* the page of *filing* at *path* (by default /record/<kind>), behind *guard*."""

    def view(**of_address: str) -> Answer:
        return _submitted(filing, of_address) if request.method == "POST" else _asked(filing, of_address)

    blueprint.add_url_rule(
        path or f"/record/{filing.kind}", filing.endpoint, guard(view), methods=["GET", "POST"]
    )


# The two ways of a request.


def _asked(filing: Filing, of_address: Values) -> str:
    values = {name: text.strip() for name, text in request.args.items()} | of_address
    _read_lots(filing, values)
    with services().reading() as reader:
        filing.may(reader, me(), values)
        return page(filing, reader, Form({**values, STATEMENT: new_id()}))


def _submitted(filing: Filing, of_address: Values) -> Answer:
    values = {**_typed(filing), **of_address}
    _read_lots(filing, values)
    members = [member for _, member in filing.members()]
    try:
        with services().reading() as reader:
            filing.may(reader, me(), values)
            starts = _starts(filing, reader)
        _keep_files(members, values)
        values = closed_up(members, values, starts)
        if "more" in request.form:
            return _again(filing, one_more_row(values, request.form["more"]), None)
        digest = record(_event(filing, values), values[STATEMENT])
    except (Unknown, NotAllowed):
        raise
    except (TraceError, LedgerError) as error:
        return _again(filing, values, tell(error))
    return redirect(filing.onward(digest))


def _again(filing: Filing, values: Values, told: Told | None) -> Answer:
    with services().reading() as reader:
        return page(filing, reader, Form(values, told)), 200 if told is None else told.status


def _typed(filing: Filing) -> Values:
    """Return what was typed; the ticks of one list stand in lines."""
    values = typed(request.form, is_closed_up=False)
    values.pop("more", None)
    several = [member for _, member in filing.members() if member.widget == "several"]
    for name in list(values):
        if any(column(name, member) is not None for member in several):
            values[name] = "\n".join(request.form.getlist(name))
    return values


def _read_lots(filing: Filing, values: Values) -> None:
    """Put the lot in the place of a scanned address, before anybody asks whose it is."""
    for _, member in filing.members():
        for name in [each for each in values if member.widget == "lot"]:
            if column(name, member) is not None and values[name]:
                values[name] = lot_typed(values[name])


def _keep_files(members: Iterable[Member], values: Values) -> None:
    """Keep the documents that came with the form; *values* has the token of each, or of an earlier one."""
    for member in members:
        for name, upload in request.files.items() if member.widget == "file" else ():
            if upload.filename and column(name, member) is not None:
                values[name] = enclosures.keep(services(), upload, me().party, where=name)


def _starts(filing: Filing, reader: Reader) -> Values:
    return {
        named(member, 0): text
        for ask, member in filing.members()
        if ask.start is not None and (text := ask.start(reader, me()))
    }


# From what was typed to the event.


def _event(filing: Filing, values: Values) -> Event:
    told: Given = {}
    for _, member in filing.members():
        for row in range(row_count(member.group, values) if member.group else 1):
            name = named(member, row)
            if values.get(name) and member.path != "at":
                told |= _content(member, name, values)
    fixed = filing.fixed(values)
    unsaid = set(fixed) - filing.told()
    if unsaid:
        raise TypeError(f"{filing.kind}: {sorted(unsaid)} would become public unsaid; name them in `tells`")
    return event_of(filing.kind, values, {**nested(told), **fixed})


def _content(member: Member, name: str, values: Values) -> Given:
    text = values[name]
    match member.widget:
        case "amount":
            unit = "pieces" if values.get(f"{name}.{UNIT}") == "pieces" else "kg"
            return {f"{name}.{unit}": content_of("number", text)}
        case "file":
            digest = enclosures.digest_of(text, me().party)
            return {} if digest is None else {name: digest}
    return {name: content_of(member.widget, text)}


def lot_typed(text: str) -> str:
    """Return the lot that a scanned address or a typed code names; what names none stays as it was typed."""
    try:
        found = gs1.parse("".join(text.split()), services().base_url).lot_uri
    except Invalid:
        return text
    return found or text
