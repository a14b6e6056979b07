"""Questions to the ledger: where did it come from, where did it go, what is in it, does it add up."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

import click
from sqlalchemy import select

from ledger.entry import Entry
from traceability import gs1, tables, tracing
from traceability.errors import Invalid, Unknown
from traceability.events import followup
from traceability.genealogy import Genealogy, balance, contents
from traceability.gs1 import Identifier
from traceability.reading import Reader
from traceability.recall import reach
from traceability.rows import lots_of
from traceability.statement import Statement
from traceability.telling import occurrences, of_container, of_goods
from web.commands.terminal import Command, Option, answer, as_json, code, instance, opened, wrong_usage
from web.database import Services
from web.language import N_, gettext
from web.words import word

NO_LOTS = frozenset({"container", "place"})
NO_CONTAINERS = frozenset({"lot", "own-lot", "place", "product"})


def known_lot(text: str, reader: Reader, services: Services) -> str:
    """Return the lot that *text* names, or that the pack is of which it names.

    Raises `Invalid` where it names none, `Unknown` where nothing is told of it.
    """
    found = _named(text, reader, services)
    if found.kind in NO_LOTS:
        raise wrong_usage(N_("%(found)s 不是批次。"), found=text)
    name = found.lot_uri or found.uri
    _check_told("lot", name, reader, services)
    return name


def known_container(text: str, reader: Reader, services: Services) -> str:
    """Return the container that *text* names; it raises what `known_lot` raises."""
    found = _named(text, reader, services)
    if found.kind in NO_CONTAINERS:
        raise wrong_usage(N_("%(found)s 不是箱或托盘。"), found=text)
    _check_told("container", found.uri, reader, services)
    return found.uri


def _named(text: str, reader: Reader, services: Services) -> Identifier:
    try:
        return code(text, services)
    except Invalid:
        # A partner's lots and pallets may have names of its own.
        if _is_told(reader, text, with_packs=False):
            return Identifier("other", text)
        raise


def _check_told(what: str, name: str, reader: Reader, services: Services) -> None:
    if not _is_told(reader, name):
        raise Unknown(what, gs1.address(name, services.base_url))


def _is_told(reader: Reader, name: str, *, with_packs: bool = True) -> bool:
    """Tell whether any entry speaks of *name*, or of a pack of it."""
    subject = tables.subject.c.subject
    named = subject == name
    if with_packs:
        named = named | subject.startswith(f"{name}/", autoescape=True)
    return reader.connection.execute(select(subject).where(named).limit(1)).first() is not None


def _addresses(uris: Iterable[str], services: Services) -> list[str]:
    return sorted(gs1.address(uri, services.base_url) for uri in uris)


@click.command(
    cls=Command,
    help=N_(
        "查一个批次从哪里来（--back），或做成了什么（--forward）。\n\n"
        "LOT 可以是包装上的网址、网址里的路径，或 (01)…(10)… 这样的代码。"
    ),
)
@click.argument("lot")
@click.option("--back", "direction", cls=Option, flag_value="back", help=N_("往回查：它由哪些批次做成。"))
@click.option(
    "--forward", "direction", cls=Option, flag_value="forward", help=N_("往前查：哪些批次由它做成。")
)
@as_json
@instance
def trace(lot: str, direction: str | None, *, as_json: bool) -> None:
    """Tell from which lots a lot was made, or which were made of it."""
    if direction is None:
        raise wrong_usage(N_("请写明 --back（往回查）或 --forward（往前查）。"))
    with opened() as services, services.reading() as reader:
        name = known_lot(lot, reader, services)
        is_back = direction == "back"
        told = Genealogy(tracing.flows(reader.connection, name, back=is_back))
        lots = _addresses(told.back(name) if is_back else told.forward(name), services)
        shares = {gs1.address(each, services.base_url): part for each, part in told.shares(name).items()}
        edges = [_addresses_of(edge, services) for edge in told.edges(name, back=is_back)]
        said: dict[str, Any] = {
            "lot": gs1.address(name, services.base_url),
            "direction": direction,
            "lots": lots,
            "edges": edges,
        }
        if is_back:
            said["shares"] = {each: str(part) for each, part in sorted(shares.items())}
    answer(said, [_with_share(each, shares if is_back else {}) for each in lots], as_json=as_json)


def _addresses_of(edge: tuple[str, str], services: Services) -> list[str]:
    return [gs1.address(end, services.base_url) for end in edge]


def _with_share(lot: str, shares: dict[str, Fraction]) -> str:
    return f"{lot}  {float(shares[lot]):.1%}" if lot in shares else lot


@click.command(
    "contents",
    cls=Command,
    help=N_("查一个箱或托盘里现在有哪些批次。\n\nCONTAINER 是它的 SSCC 网址、路径或 (00)… 代码。"),
)
@click.argument("container")
@as_json
@instance
def contents_of(container: str, *, as_json: bool) -> None:
    """Tell which lots are in a container."""
    with opened() as services, services.reading() as reader:
        name = known_container(container, reader, services)
        lots = _addresses(contents(name, of_container(reader, name)), services)
        said = {"container": gs1.address(name, services.base_url), "lots": lots}
    answer(said, lots, as_json=as_json)


@click.command(
    cls=Command,
    help=N_(
        "演练召回：哪些批次受影响，曾经发往哪些地点。\n\n"
        "这个命令只演练，不发布召回；召回由生产单位或监管部门登录网页后发布。"
    ),
)
@click.argument("lot")
@click.option("--dry-run", cls=Option, is_flag=True, help=N_("只演练，什么也不登记（必须写明）。"))
@as_json
@instance
def recall(lot: str, *, dry_run: bool, as_json: bool) -> None:
    """Tell whom a recall of a lot would reach."""
    with opened() as services, services.reading() as reader:
        if not dry_run:
            page = f"{services.base_url}/sign-in"
            raise wrong_usage(
                N_("召回要由负责的人登录网页发布：%(page)s。在这里只能演练，请加 --dry-run。"), page=page
            )
        name = known_lot(lot, reader, services)
        affected = [name, *tracing.forward(reader.connection, name)]
        found = reach(name, of_goods(reader, affected))
        said: dict[str, Any] = {
            "lot": gs1.address(found.lot, services.base_url),
            "affected_lots": _addresses(found.affected_lots, services),
            "shipped_to": _addresses(found.shipped_to, services),
        }
    lines = [gettext(N_("受影响的批次：")), *_indented(said["affected_lots"])]
    lines += [gettext(N_("曾经发往：")), *_indented(said["shipped_to"])]
    answer(said, lines, as_json=as_json)


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines] or ["  " + gettext(N_("（没有）"))]


@click.command("balance", cls=Command, help=N_("列出每次加工的投入和产出（公斤），并标出产出多于投入的。"))
@as_json
@instance
def balances(*, as_json: bool) -> None:
    """Tell what went in and came out of each process."""
    with opened() as services, services.reading() as reader:
        rows = [row.json() for row in balance(occurrences(reader))]
    answer(rows, [_balance_line(row) for row in rows], as_json=as_json)


def _balance_line(row: dict[str, Any]) -> str:
    mark = gettext(N_("产出多于投入")) if row["violation"] else ""
    return f"{row['eventID']}  {_kg(row['input_kg'])} → {_kg(row['output_kg'])} kg  {mark}".rstrip()


def _kg(mass: float | None) -> str:
    return "?" if mass is None else f"{mass:g}"


@click.command(cls=Command, help=N_("列出账本里的记录；用 --lot 只列一个批次的。"))
@click.option("--lot", cls=Option, metavar="LOT", help=N_("只列这个批次的记录。"))
@as_json
@instance
def entries(lot: str | None, *, as_json: bool) -> None:
    """List the entries, or those of one lot."""
    with opened() as services, services.reading() as reader:
        size = services.log.size()
        chosen: Iterable[int] = (
            range(size) if lot is None else _entries_of(known_lot(lot, reader, services), reader)
        )
        told = [_entry_said(reader.entry(index), services) for index in chosen if index < size]
    answer(told, [_entry_line(each) for each in told], as_json=as_json)


def _entries_of(lot: str, reader: Reader) -> Iterator[int]:
    table = tables.subject
    rows = reader.connection.execute(
        select(table.c.entry).where(table.c.subject == lot).order_by(table.c.entry)
    ).all()
    return (row.entry for row in rows)


def _entry_said(entry: Entry, services: Services) -> dict[str, Any]:
    record = entry.record
    said: dict[str, Any] = {
        "index": entry.index,
        "at": entry.at,
        "kind": record["kind"],
        "by": None,
        "lot": None,
    }
    if record["kind"] == "statement":
        statement = Statement.parse(record["statement"])
        event = statement.event
        told = followup.told_by(event)
        lots = [gs1.address(each, services.base_url) for each in lots_of(told)]
        said |= {"kind": event.kind, "by": statement.by, "lot": lots[0] if lots else None, "lots": lots}
        said["flags"] = [each["rule"] for each in record["ruling"]["flags"]]
    elif record["kind"] in {"key", "revocation"}:
        said["by"] = record["grant" if record["kind"] == "key" else "revocation"]["party"]
    return said


def _entry_line(said: dict[str, Any]) -> str:
    flags = "  ⚑ " + " ".join(word("rule", each) for each in said["flags"]) if said.get("flags") else ""
    parts = (
        str(said["index"]),
        said["at"][:19],
        word("kind", said["kind"]),
        said["by"] or "",
        said["lot"] or "",
    )
    return "  ".join(part for part in parts if part) + flags


COMMANDS = (trace, contents_of, recall, balances, entries)
