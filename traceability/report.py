"""What a regulator counts: the parties of a division, their lots, and what went wrong with them.

    parties lots flags failed_tests recalls     queries, the newest rows first; what is void stays out
    open_holds late_entries                     those flags that somebody should look at
    records_about records_of record             statements, void ones too

Pure reading from the derived tables: a page takes a slice of a query, a file takes all of it.
"""

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Table,
    and_,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from traceability import subjects, tables
from traceability.retesting import FAILED, retests
from traceability.scope import Scope, standing

LATE = "late-entry"
"""The rule whose flag says that somebody told late."""


def count(connection: Connection, query: "Select[tuple[object, ...]]") -> int:
    """Return how many rows *query* has."""
    return int(
        connection.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    )


def has_party(connection: Connection, scope: Scope, party: str) -> bool:
    """Tell whether *party* is registered within *scope*."""
    return connection.execute(parties(scope).where(tables.party.c.party == party)).first() is not None


def has_lot(connection: Connection, scope: Scope, lot: str) -> bool:
    """Tell whether *lot* was made or held within *scope*."""
    return connection.execute(scope.lots(lot)).first() is not None


def is_lot(lot: str) -> ColumnElement[bool]:
    """Return the condition that any entry bears or moves *lot*."""
    return or_(
        select(tables.lot.c.entry).where(tables.lot.c.lot == lot).exists(),
        select(tables.stock.c.entry).where(tables.stock.c.lot == lot).exists(),
    )


def parties(scope: Scope) -> "Select[tuple[object, ...]]":
    """Select the registered parties; a sealed name is absent."""
    table, said = tables.party, tables.statement
    columns = (table.c.party, table.c.role, table.c.division, table.c.name, table.c.uscc, table.c.entry)
    return (
        select(*columns, said.c.statement_id, said.c.recorded_at)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), scope.of_party(table.c.party))
        .order_by(table.c.entry.desc())
    )


def lots(scope: Scope) -> "Select[tuple[object, ...]]":
    """Select each lot once, with its product, its first maker, and what stands in its way.

    *recalled*, *held* and *untraced* also tell of what was made from such a lot; *failed* only of the
    lot that was tested.
    """
    born, goods = _births(), _products()
    return (
        select(
            born.c.lot,
            born.c.maker,
            born.c.how,
            born.c.at,
            born.c.measure,
            born.c.entry,
            born.c.recorded_at,
            goods.c.name.label("product_name"),
            goods.c.name_en.label("product_name_en"),
            goods.c.commodity,
            goods.c.piece,
            _is_in(born, _made_from(_recalled(), "recalled_lots")).label("recalled"),
            _is_in(born, select(_failed().subquery())).label("failed"),
            _is_in(born, _made_from(_held(), "held_lots")).label("held"),
            _is_in(born, _made_from(_untraced(), "untraced_lots")).label("untraced"),
        )
        .outerjoin(goods, and_(goods.c.party == born.c.product_party, goods.c.product == born.c.product))
        .where(born.c.nth == 1, scope.of_lot(born.c.lot))
        .order_by(born.c.entry.desc(), born.c.lot)
    )


def _births() -> Subquery:
    """Return every birth of a lot that stands, numbered for each lot from its first."""
    table, said = tables.lot, tables.statement
    order = func.row_number().over(partition_by=table.c.lot, order_by=(table.c.entry, table.c.ordinal))
    return (
        select(table, said.c.recorded_at, order.label("nth"))
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None))
        .subquery("birth")
    )


def _products() -> Subquery:
    """Return each product as it was last registered."""
    table, said = tables.product, tables.statement
    order = func.row_number().over(
        partition_by=(table.c.party, table.c.product), order_by=table.c.entry.desc()
    )
    found = (
        select(table, order.label("nth"))
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None))
        .subquery("registered_product")
    )
    return select(found).where(found.c.nth == 1).subquery("goods")


def _is_in(born: Subquery, found: "Select[tuple[str]]") -> ColumnElement[bool]:
    return born.c.lot.in_(found)


def _made_from(seeds: "Select[tuple[str]]", name: str) -> "Select[tuple[str]]":
    """Select the lots of *seeds* and all that was made of them, however many steps on."""
    reached: CTE = seeds.cte(name, recursive=True)
    went_in, came_out, said = tables.item.alias(), tables.item.alias(), tables.statement
    made = (
        select(came_out.c.uri)
        .join(went_in, went_in.c.entry == came_out.c.entry)
        .join(said, said.c.entry == came_out.c.entry)
        .join(reached, reached.c.lot == went_in.c.uri)
        .where(went_in.c.part == "input", came_out.c.part == "output", said.c.void_by.is_(None))
    )
    # UNION, not UNION ALL: claims may make a lot its own ancestor.
    return select(reached.union(made).c.lot)


def _recalled() -> "Select[tuple[str]]":
    return standing(tables.recall, select(tables.recall.c.lot))


def _failed() -> "Select[tuple[str]]":
    """Select the lots with a failed test that no re-test has overturned."""
    failed, again = tables.inspection.c.verdict == FAILED, retests()
    overturned = select(again.c.inspection).where(again.c.nth == 1, again.c.retest_verdict != FAILED)
    return standing(tables.inspection, select(tables.inspection.c.lot)).where(
        failed, tables.statement.c.digest.not_in(overturned)
    )


def _untraced() -> "Select[tuple[str]]":
    return standing(tables.lot, select(tables.lot.c.lot)).where(tables.lot.c.how == "untraced")


def _held() -> "Select[tuple[str]]":
    table, said = tables.flag, tables.statement
    unresolved = said.c.digest.not_in(_resolved_targets())
    held = standing(table, select(table.c.lot))
    return held.where(table.c.level == "hold", table.c.lot.is_not(None), unresolved)


def _resolved_targets() -> "Select[tuple[str]]":
    return standing(tables.resolution, select(tables.resolution.c.target))


def flags(scope: Scope) -> "Select[tuple[object, ...]]":
    """Select what the rules remarked; *resolved*: by a second party; *lot_within*: the lot is of *scope*."""
    table, said = tables.flag, tables.statement
    resolved = said.c.digest.in_(_resolved_targets())
    return (
        select(
            table.c.entry,
            table.c.ordinal,
            table.c.rule,
            table.c.level,
            table.c.lot,
            table.c.told,
            said.c.by,
            said.c.claimed_by,
            said.c.kind,
            said.c.digest,
            said.c.at,
            said.c.recorded_at,
            resolved.label("resolved"),
            scope.of_lot(table.c.lot).label("lot_within"),
        )
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), _concerns(scope, table.c.lot))
        .order_by(table.c.entry.desc(), table.c.ordinal)
    )


def _concerns(scope: Scope, lot: ColumnElement[str | None]) -> ColumnElement[bool]:
    """Return the condition that a statement was made within, or is about a lot within."""
    said = tables.statement
    if scope.divisions is None:
        return true()
    return or_(scope.of_party(said.c.by), scope.of_party(said.c.claimed_by), scope.of_lot(lot))


def open_holds(scope: Scope) -> "Select[tuple[object, ...]]":
    """Select the flags that keep a lot, or a record, on hold."""
    unresolved = tables.statement.c.digest.not_in(_resolved_targets())
    return flags(scope).where(tables.flag.c.level == "hold", unresolved)


def late_entries(scope: Scope) -> "Select[tuple[object, ...]]":
    """Select the flags of what was told long after it happened."""
    return flags(scope).where(tables.flag.c.rule == LATE)


def failed_tests(scope: Scope) -> "Select[tuple[object, ...]]":
    """Select the tests that a lot did not pass."""
    table, said = tables.inspection, tables.statement
    columns = (table.c.entry, table.c.lot, table.c.by, table.c.purpose, table.c.sampled_on, table.c.verdict)
    return (
        select(*columns, said.c.digest, said.c.at, said.c.recorded_at)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), table.c.verdict == "non-conformant", scope.of_lot(table.c.lot))
        .order_by(table.c.entry.desc())
    )


def recalls(scope: Scope) -> "Select[tuple[object, ...]]":
    """Select the recalls: of whole lots (*packs* is 0), and of so many *packs* of a lot from *first* on."""
    said, whole, part = tables.statement, tables.recall, tables.release.code_recall
    table = union_all(
        select(*_called(whole), literal(0).label("first"), literal(0).label("packs")),
        select(*_called(part), part.c.first, part.c.packs),
    ).subquery("called")
    return (
        select(table, said.c.by, said.c.at, said.c.recorded_at)
        .add_columns(scope.of_lot(table.c.lot).label("lot_within"))
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), _concerns(scope, table.c.lot))
        .order_by(table.c.entry.desc())
    )


def _called(table: Table) -> "tuple[ColumnElement[object], ...]":
    return table.c.entry, table.c.lot, table.c.level, table.c.cause


def records_about(subject: str) -> "Select[tuple[object, ...]]":
    """Select the statements that touch *subject*, void ones too, the newest first."""
    said, about = tables.statement, tables.subject
    return (
        select(said)
        .join(about, about.c.entry == said.c.entry)
        .where(about.c.subject == subject)
        .order_by(said.c.entry.desc())
    )


def records_of(party: str) -> "Select[tuple[object, ...]]":
    """Select the statements of *party*, and those that were made in its name, the newest first."""
    said = tables.statement
    return (
        select(said).where(or_(said.c.by == party, said.c.claimed_by == party)).order_by(said.c.entry.desc())
    )


def record(scope: Scope, index: int) -> "Select[tuple[object, ...]]":
    """Select the statement of the entry at *index* if it was made within or is about what is within."""
    said, about = tables.statement, tables.subject
    named = select(about.c.subject).where(about.c.entry == index, scope.of_lot(about.c.subject))
    flagged = select(tables.flag.c.lot).where(tables.flag.c.entry == index, scope.of_lot(tables.flag.c.lot))
    by = or_(scope.of_party(said.c.by), scope.of_party(said.c.claimed_by))
    member = literal(subjects.party("")) + tables.party.c.party
    parties = select(member).where(scope.of_party(tables.party.c.party))
    registered = select(about.c.subject).where(about.c.entry == index, about.c.subject.in_(parties))
    within = or_(by, named.exists(), flagged.exists(), registered.exists())
    return select(said).where(said.c.entry == index, within)


def holdings(party: str) -> "Select[tuple[object, ...]]":
    """Select what moved to and from *party*, lot by lot; the changes of a lot add up to what it holds."""
    table, said = tables.stock, tables.statement
    return (
        select(table.c.lot, table.c.change)
        .join(said, said.c.entry == table.c.entry)
        .where(said.c.void_by.is_(None), table.c.party == party)
        .order_by(table.c.lot, table.c.entry)
    )
