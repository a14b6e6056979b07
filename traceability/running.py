"""Running totals: what earlier entries add up to, kept up to date entry by entry.

    add         an entry that stands: its moves, codes and flows are counted
    take_back   entries that are void from now on: counted no longer

A question about a lot then costs the same however much has happened to it. Why a lot may not move on is
written down at the lot itself, and handed on to all that is made of it:

    flag "hold" on F1  ──►  burden (F1, "hold failed-test")
    F1 → P1 → M1       ──►  burden (P1, …), (M1, …)          and off again when the hold is resolved

Journal, rebuild and audit all come through here (`indexing`), so all three end with the same rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from ledger.canonical import decimal_text
from traceability import gs1, tables
from traceability.codes_left import codes_of
from traceability.question import Question, insertion, replacement
from traceability.rows import Rows
from traceability.tables.running import account, burden, flow, holding, lot_total, tally

NOTHING = Decimal(0)
RECALLED, UNTRACED, HOLD = "recalled", "untraced", "hold "
"""What burdens a lot; a hold names its rule."""

_TOTAL = Question(select(lot_total).where(lot_total.c.lot == bindparam("lot")))
_HOLDING = Question(
    select(holding.c.amount).where(holding.c.lot == bindparam("lot"), holding.c.party == bindparam("party"))
)
_HOLDINGS = Question(
    select(holding.c.party, holding.c.amount)
    .where(holding.c.lot == bindparam("lot"))
    .order_by(holding.c.party)
)
_ACCOUNT = Question(select(account.c.total).where(account.c.account == bindparam("account")))
_BURDENS = Question(select(burden.c.what).where(burden.c.lot == bindparam("lot")).order_by(burden.c.what))
_LAST = Question(
    select(tables.statement.c.at)
    .join(tables.subject, tables.subject.c.entry == tables.statement.c.entry)
    .where(tables.subject.c.subject == bindparam("lot"), tables.statement.c.void_by.is_(None))
    .order_by(tables.statement.c.at.desc())
    .limit(1)
)


def total(connection: Connection, name: str) -> Decimal:
    """Return what the changes of the account called *name* add up to (`Rows.count`)."""
    return Decimal(_ACCOUNT.scalar(connection, account=name) or 0)


def total_of(connection: Connection, lot: str) -> Any | None:
    """Return the row of `lot_total`, or None where no entry ever touched *lot*."""
    return _TOTAL.first(connection, lot=lot)


def held_by(connection: Connection, lot: str, parties: Iterable[str]) -> dict[str, Decimal]:
    """Return how much of *lot* each of *parties* has that ever had any."""
    found = ((party, _HOLDING.scalar(connection, lot=lot, party=party)) for party in sorted(set(parties)))
    return {party: Decimal(amount) for party, amount in found if amount is not None}


def holdings(connection: Connection, lot: str) -> dict[str, Decimal]:
    """Return how much of *lot* each party has that ever had any."""
    return {row.party: Decimal(row.amount) for row in _HOLDINGS.rows(connection, lot=lot)}


def burdens(connection: Connection, lot: str) -> tuple[str, ...]:
    """Return what burdens *lot*: `RECALLED`, `UNTRACED`, or `HOLD` and a rule; sorted."""
    return tuple(row.what for row in _BURDENS.rows(connection, lot=gs1.lot_of(lot)))


# An entry that stands.


def add(connection: Connection, rows: Rows, touched: Iterable[str], at: str) -> None:
    """Count the entry whose *rows* are written, which *touched* these subjects at the time *at*."""
    _count(connection, _moves(rows.of(tables.stock)), lots_of(touched), at, rows)
    _tally(connection, rows.of(tally), 1)
    fresh: dict[str, set[str]] = defaultdict(set)
    for lot, what in _own_of(rows):
        fresh[lot].add(what)
    for lot, what in _handed_on(connection, rows.of(flow)):
        fresh[lot].add(what)
    _hand_on(connection, fresh)
    _settle(connection, _freed(connection, rows.of(tables.resolution)))


def lots_of(touched: Iterable[str]) -> list[str]:
    """Return the subjects that may be lots, sorted."""
    return sorted(each for each in touched if not each.startswith("urn:jizihao:"))


def _moves(stock: Iterable[Any]) -> list[tuple[str, str, str, Decimal]]:
    return [(row["lot"], row["party"], row["why"], Decimal(row["change"])) for row in stock]


def _count(
    connection: Connection,
    moves: Sequence[tuple[str, str, str, Decimal]],
    lots: list[str],
    at: str,
    rows: Rows,
) -> None:
    coded = {row["lot"]: row for row in rows.of(tables.code_issue)}
    voided = {row["lot"] for row in rows.of(tables.code_void)}
    for lot in sorted({*lots, *(move[0] for move in moves)}):
        totals = _totals(connection, lot)
        _add_moves(totals, (move for move in moves if move[0] == lot), 1)
        totals["last"] = max(at, totals["last"] or "") if lot in lots else totals["last"]
        if lot in coded:
            issue = coded[lot]
            totals["coded"] += issue["packs"] * Decimal(issue["pack"])
            totals["next_code"] = max(totals["next_code"], issue["first"] + issue["packs"])
        if lot in voided:
            totals["coded"] = codes_of(connection, lot).amount
        _keep(connection, totals)
    _hold(connection, moves, 1)


def _totals(connection: Connection, lot: str) -> dict[str, Any]:
    row = _TOTAL.first(connection, lot=lot)
    if row is None:
        zero = {"born": NOTHING, "consumed": NOTHING, "coded": NOTHING}
        return {"lot": lot, **zero, "next_code": 0, "moves": 0, "last": None}
    found = dict(row._asdict())
    return {**found, **{name: Decimal(found[name]) for name in ("born", "consumed", "coded")}}


def _add_moves(totals: dict[str, Any], moves: Iterable[tuple[str, str, str, Decimal]], sign: int) -> None:
    for _, _, why, change in moves:
        totals["moves"] += sign
        if why == "born":
            totals["born"] += sign * change
        elif why == "consumed":
            totals["consumed"] -= sign * change


def _keep(connection: Connection, totals: Mapping[str, Any]) -> None:
    spelt = {name: decimal_text(totals[name]) for name in ("born", "consumed", "coded")}
    replacement(lot_total).write(connection, [{**totals, **spelt}])


def _hold(connection: Connection, moves: Iterable[tuple[str, str, str, Decimal]], sign: int) -> None:
    changes: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for lot, party, _, change in moves:
        changes[lot, party] += sign * change
    kept = []
    for (lot, party), change in sorted(changes.items()):
        before = Decimal(_HOLDING.scalar(connection, lot=lot, party=party) or 0)
        kept.append({"lot": lot, "party": party, "amount": decimal_text(before + change)})
    if kept:
        replacement(holding).write(connection, kept)


def _tally(connection: Connection, changes: Iterable[Any], sign: int) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in changes:
        sums[row["account"]] += sign * Decimal(row["change"])
    kept = [
        {"account": name, "total": decimal_text(total(connection, name) + change)}
        for name, change in sorted(sums.items())
    ]
    if kept:
        replacement(account).write(connection, kept)


# Entries that are void from now on.

_STOCK, _TALLY, _FLOWS, _ISSUED, _VOIDED, _FLAGGED, _RECALLS, _BORN, _RESOLVES = (
    Question(select(table).where(table.c.entry == bindparam("entry")))
    for table in (
        tables.stock,
        tally,
        flow,
        tables.code_issue,
        tables.code_void,
        tables.flag,
        tables.recall,
        tables.lot,
        tables.resolution,
    )
)
_TOUCHED = Question(select(tables.subject.c.subject).where(tables.subject.c.entry == bindparam("entry")))
_INS, _OUTS = (
    Question(
        select(flow.c.lot)
        .where(flow.c.process == bindparam("process"), flow.c.goes_in.is_(side))
        .distinct()
        .order_by(flow.c.lot)
    )
    for side in (True, False)
)


def take_back(connection: Connection, entries: Iterable[int]) -> None:
    """Count *entries*, which are void already in `statement`, no longer."""
    for index in entries:
        moves = _moves(row._asdict() for row in _STOCK.rows(connection, entry=index))
        touched = lots_of(row.subject for row in _TOUCHED.rows(connection, entry=index))
        for lot in sorted({*touched, *(move[0] for move in moves)}):
            totals = _totals(connection, lot)
            _add_moves(totals, (move for move in moves if move[0] == lot), -1)
            totals["last"] = _LAST.scalar(connection, lot=lot)
            totals["coded"] = codes_of(connection, lot).amount
            _keep(connection, totals)
        _hold(connection, moves, -1)
        _tally(connection, [row._asdict() for row in _TALLY.rows(connection, entry=index)], -1)
        _settle(connection, set(_no_longer(connection, index)))


def _no_longer(connection: Connection, index: int) -> Iterator[str]:
    """Take the flows of the entry out, and yield each lot whose burdens may be others without the entry."""
    flows = _FLOWS.rows(connection, entry=index)
    for process in sorted({row.process for row in flows}):
        yield from (row.lot for row in _OUTS.rows(connection, process=process))
    connection.execute(delete(flow).where(flow.c.entry == index))
    yield from (gs1.lot_of(row.lot) for row in _FLAGGED.rows(connection, entry=index) if row.lot is not None)
    for question in (_RECALLS, _BORN):
        yield from (gs1.lot_of(row.lot) for row in question.rows(connection, entry=index))
    yield from _freed(connection, [row._asdict() for row in _RESOLVES.rows(connection, entry=index)])


# Burdens: a lot's own, and those that it has from what it was made of.


def _own_of(rows: Rows) -> Iterator[tuple[str, str]]:
    """Yield each burden that the entry itself lays on a lot."""
    for row in rows.of(tables.flag):
        if row["level"] == "hold" and row["lot"] is not None:
            yield gs1.lot_of(row["lot"]), HOLD + row["rule"]
    yield from ((gs1.lot_of(row["lot"]), RECALLED) for row in rows.of(tables.recall))
    yield from ((gs1.lot_of(row["lot"]), UNTRACED) for row in rows.of(tables.lot) if row["how"] == "untraced")


def _handed_on(connection: Connection, flows: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Yield each burden that the lots of a process get from those that went in."""
    for process in sorted({row["process"] for row in flows}):
        whats = {
            what for row in _INS.rows(connection, process=process) for what in burdens(connection, row.lot)
        }
        for row in _OUTS.rows(connection, process=process) if whats else ():
            yield from ((row.lot, what) for what in sorted(whats))


_USED_IN, _MADE_IN = (
    Question(
        select(flow.c.process).where(flow.c.lot == bindparam("lot"), flow.c.goes_in.is_(side)).distinct()
    )
    for side in (True, False)
)


def _children(connection: Connection, lot: str) -> Iterator[str]:
    for used in _USED_IN.rows(connection, lot=lot):
        yield from (row.lot for row in _OUTS.rows(connection, process=used.process))


def _parents(connection: Connection, lot: str) -> Iterator[str]:
    for made in _MADE_IN.rows(connection, lot=lot):
        yield from (row.lot for row in _INS.rows(connection, process=made.process))


def _hand_on(connection: Connection, fresh: Mapping[str, set[str]]) -> None:
    """Write burdens down, and hand them on to all that was made of their lots, until nothing is new."""
    waiting = [(lot, frozenset(whats)) for lot, whats in sorted(fresh.items())]
    while waiting:
        lot, whats = waiting.pop()
        new = sorted(whats - set(burdens(connection, lot)))
        if new:
            insertion(burden).write(connection, [{"lot": lot, "what": what} for what in new])
            waiting += [(child, frozenset(new)) for child in set(_children(connection, lot))]


def _settle(connection: Connection, lots: set[str]) -> None:
    """Find the burdens of *lots* and of all that was made of them anew, for a reason may have gone."""
    reached, waiting = set(lots), sorted(lots)
    while waiting:
        children = set(_children(connection, waiting.pop())) - reached
        reached |= children
        waiting += sorted(children)
    kept = {lot: _own(connection, lot) for lot in sorted(reached)}
    for lot in kept:
        connection.execute(delete(burden).where(burden.c.lot == lot))
    for lot, own in kept.items():
        for parent in set(_parents(connection, lot)) - reached:
            own |= set(burdens(connection, parent))
    _hand_on(connection, kept)


_HELD = Question(
    select(tables.flag.c.rule, tables.statement.c.digest)
    .join(tables.statement, tables.statement.c.entry == tables.flag.c.entry)
    .where(tables.flag.c.lot == bindparam("lot"), tables.flag.c.level == "hold")
    .where(tables.statement.c.void_by.is_(None))
)
_RESOLVED = Question(tables.standing(tables.resolution, tables.resolution.c.target == bindparam("digest")))
_IS_RECALLED = Question(tables.standing(tables.recall, tables.recall.c.lot == bindparam("lot")).limit(1))
_IS_UNTRACED = Question(
    tables.standing(tables.lot, tables.lot.c.lot == bindparam("lot"), tables.lot.c.how == "untraced").limit(1)
)
_FLAGS_OF = Question(
    select(tables.flag.c.lot)
    .join(tables.statement, tables.statement.c.entry == tables.flag.c.entry)
    .where(tables.statement.c.digest == bindparam("digest"), tables.flag.c.level == "hold")
)


def _own(connection: Connection, lot: str) -> set[str]:
    """Return the burdens that entries about *lot* itself lay on it, and nobody has resolved."""
    found = {
        HOLD + row.rule
        for row in _HELD.rows(connection, lot=lot)
        if _RESOLVED.first(connection, digest=row.digest) is None
    }
    if _IS_RECALLED.first(connection, lot=lot) is not None:
        found.add(RECALLED)
    if _IS_UNTRACED.first(connection, lot=lot) is not None:
        found.add(UNTRACED)
    return found


def _freed(connection: Connection, resolutions: Iterable[Any]) -> set[str]:
    """Return the lots that the targets of *resolutions* hold, or held."""
    digests = sorted({row["target"] for row in resolutions})
    found = (row.lot for digest in digests for row in _FLAGS_OF.rows(connection, digest=digest))
    return {gs1.lot_of(lot) for lot in found if lot is not None}
