"""Running totals are what the standing entries add up to, whatever was told, withdrawn, held and resolved."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from tests import world
from tests.world import PLOT, World
from traceability import goods, running, tables, tracing
from traceability.errors import Refused
from traceability.genealogy import Genealogy
from traceability.reading import Reader, stored_entry
from traceability.replay import difference, rebuild, scratch_engine
from traceability.tables.cases import recall_step
from traceability.tables.running import holding
from traceability.telling import occurrences

QUICK = settings(deadline=None, max_examples=6, suppress_health_check=list(HealthCheck))
NUMBERS = count()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world.opened(tmp_path_factory.mktemp("running")) as opened:
        opened.at("2026-09-21T08:00:00+08:00")
        yield opened


@dataclass
class History:
    """What is told in one example, each step chosen by a number."""

    made: World
    lots: list[str] = field(default_factory=list)
    stated: list[tuple[str, str]] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    recalls: list[tuple[str, str]] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)

    def tell(self, choice: int) -> None:
        """Take the step that *choice* stands for; what is refused leaves no trace."""
        steps: Sequence[Callable[[int], None]] = (
            self._harvest,
            self._bring_in,
            *[self._blend] * 5,
            self._fail,
            self._recall,
            *[self._dispose] * 3,
            self._resolve,
            self._withdraw,
        )
        before = self._rows()
        self.made.clock.now += timedelta(minutes=1)
        try:
            steps[choice % len(steps)](choice // len(steps))
        except Refused:
            assert self._rows() == before

    def _rows(self) -> dict[str, int]:
        with self.made.services.reading() as reader:
            return {
                table.name: reader.connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in tables.metadata.sorted_tables
            }

    def _said(self, by: str, kind: str, **told: Any) -> str:
        digest = self.made.say(by, kind, **told).digest
        self.stated.append((by, digest))
        return digest

    def _new(self) -> str:
        return f"/lot/heitu/paddy/H{next(NUMBERS)}"

    def _some(self, choice: int) -> str | None:
        return self.lots[choice % len(self.lots)] if self.lots else None

    def _harvest(self, choice: int) -> None:
        amount, lot = {"kg": str(1 + choice % 9)}, self._new()
        shares = [{"plot": PLOT, "amount": amount}]
        self._said("heitu", "harvested", lot=lot, product="paddy", amount=amount, plots=shares)
        self.lots.append(lot)

    def _bring_in(self, choice: int) -> None:
        lot = self._new()
        amount = {"kg": str(1 + choice % 9)}
        self._said("heitu", "untraced-received", lot=lot, product="paddy", amount=amount)
        self.lots.append(lot)

    def _blend(self, choice: int) -> None:
        chosen = (
            {self.lots[(choice + step * 7) % len(self.lots)] for step in range(2)} if self.lots else set()
        )
        if not chosen:
            return
        lot = self._new()
        self._said(
            "heitu",
            "processed",
            process="blending",
            inputs=[{"lot": each, "amount": {"kg": "0.5"}} for each in sorted(chosen)],
            outputs=[{"lot": lot, "product": "paddy", "amount": {"kg": str(Decimal("0.5") * len(chosen))}}],
        )
        self.lots.append(lot)

    def _fail(self, choice: int) -> None:
        if (lot := self._some(choice)) is not None:
            told = {"analyte": "镉", "unit": "mg/kg", "value": "0.9", "limit": "0.2", "passed": False}
            self.held.append(
                self._said(
                    "jiance",
                    "inspected",
                    lot=lot,
                    sample=f"S{next(NUMBERS)}",
                    purpose="commissioned",
                    sampled_on="2026-09-21",
                    results=[told],
                    verdict="non-conformant",
                )
            )

    def _recall(self, choice: int) -> None:
        if choice % 3 == 0 and (lot := self._some(choice)) is not None:
            recall = self._said("heitu", "recalled", lot=lot, level=2, cause="other")
            self.recalls.append((recall, lot))

    def _dispose(self, choice: int) -> None:
        if not self.recalls:
            return
        recall, lot = self.recalls[choice % len(self.recalls)]
        if recall not in self.begun:
            self._said("heitu", "recall-started", recall=recall)
            self.begun.add(recall)
        elif choice % 5 == 0:
            self._said("heitu", "recall-recovered", recall=recall, lot=lot, amount={"kg": "0.5"})
        else:
            # What came back lay in no books, the rest did; now and then more is told than there is.
            much = {"kg": str(Decimal(1 + choice % 4) / 2)}
            told = {"recall": recall, "lot": lot, "amount": much, "disposal": "destroyed"}
            self._said("heitu", "recall-disposed", **told, **({"from_stock": much} if choice % 3 else {}))

    def _resolve(self, choice: int) -> None:
        if self.held:
            self._said("yushu", "hold-resolved", target=self.held[choice % len(self.held)])

    def _withdraw(self, choice: int) -> None:
        if self.stated:
            by, digest = self.stated[choice % len(self.stated)]
            self.made.say(by, "corrected", target=digest, reason="did-not-occur")


def burdens_of(reader: Reader, lot: str, graph: Genealogy) -> set[str]:
    """Return what burdens *lot*, found by reading all that is told of it and of all behind it."""
    found: set[str] = set()
    for each in [lot, *graph.back(lot)]:
        found |= running._own(reader.connection, each)
    return found


def holdings_of(connection: Connection) -> dict[tuple[str, str], Decimal]:
    """Return how much of each lot each party has, added up from every move that stands."""
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in connection.execute(tables.standing(tables.stock)):
        sums[row.lot, row.party] += Decimal(row.change)
    return {key: amount for key, amount in sums.items() if amount}


def disposed_of(connection: Connection, lot: str) -> Decimal:
    """Return how much of *lot* was disposed of from stock: no more than is told to have been destroyed."""
    rows = connection.execute(tables.standing(tables.stock, tables.stock.c.lot == lot))
    gone = -sum((Decimal(row.change) for row in rows if row.why == "disposed"), Decimal(0))
    steps = connection.execute(tables.standing(recall_step, recall_step.c.lot == lot))
    assert gone <= sum(Decimal(row.amount) for row in steps if row.step == "disposed")
    return gone


@QUICK
@given(chance=st.randoms(use_true_random=False))
def test_what_runs_is_what_the_entries_say(made: World, chance: Random) -> None:
    history = History(made)

    for _ in range(25):
        history.tell(chance.randrange(10_000))

    with made.services.reading() as reader:
        connection = reader.connection
        graph = Genealogy(occurrences(reader))
        for lot in history.lots:
            known = goods.known_lot(connection, lot)
            assert tracing.back(connection, lot) == graph.back(lot)
            assert tracing.forward(connection, lot) == graph.forward(lot)
            assert Genealogy(tracing.flows(connection, lot, back=True)).shares(lot) == graph.shares(lot)
            assert set(running.burdens(connection, lot)) == burdens_of(reader, lot, graph)
            # Mass is never created: what is there was born; what was born is there, used up or destroyed.
            gone = disposed_of(connection, lot)
            assert known is None or sum(known.stock.values()) == known.born - known.consumed - gone
            assert known is None or all(amount >= 0 for amount in (*known.stock.values(), known.born))
        kept = {(row.lot, row.party): Decimal(row.amount) for row in connection.execute(select(holding))}
        assert {key: amount for key, amount in kept.items() if amount} == holdings_of(connection)


def test_the_entries_give_every_running_row_again(made: World) -> None:
    engine = scratch_engine()
    entries = [each.entry for each in made.services.log.entries(0, made.services.log.size())]
    with engine.connect() as again, made.services.reading() as reader:
        rebuild(again, entries, lambda _, index: stored_entry(reader.connection, index))

        found = [difference(reader.connection, again, table) for table in tables.metadata.sorted_tables]

    engine.dispose()
    assert [each for each in found if each is not None] == []


@pytest.mark.parametrize("first", ["heitu", "mifang"])
def test_the_order_of_independent_events_changes_no_answer(tmp_path: Path, first: str) -> None:
    second = {"heitu": "mifang", "mifang": "heitu"}[first]
    lots = {"heitu": "/lot/heitu/paddy/A", "mifang": "/lot/mifang/paddy-bought/B"}
    products = {"heitu": "paddy", "mifang": "paddy-bought"}
    with world.opened(tmp_path) as made:
        made.at("2026-09-21T08:00:00+08:00")
        told = {"name": "虚构收购稻谷", "commodity": "paddy", "measure": "mass"}
        made.say("mifang", "product-registered", product="paddy-bought", **told)

        for by in (first, second):
            amount = {"kg": "7"}
            made.say(by, "untraced-received", lot=lots[by], product=products[by], amount=amount)
        made.say("heitu", "recalled", lot=lots["heitu"], level=1, cause="other")

        with made.services.reading() as reader:
            found = {lot: goods.known_lot(reader.connection, lot) for lot in sorted(lots.values())}

    assert {
        lot: known and (known.born, known.stock, known.recalled, known.untraced)
        for lot, known in found.items()
    } == {
        lots["heitu"]: (Decimal(7), {"heitu": Decimal(7)}, True, True),
        lots["mifang"]: (Decimal(7), {"mifang": Decimal(7)}, False, True),
    }
