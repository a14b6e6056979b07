"""The scales and instruments of a party, and whether what they show may be believed today (量值溯源)."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import Connection

from traceability import tables
from traceability.tables import testing

SOON = timedelta(days=30)

State = Literal["sound", "due-soon", "overdue", "not-calibrated"]


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument, with the day of its newest calibration and the day on which it is due again."""

    instrument: str
    type: str
    calibrated: date | None = None
    due: date | None = None
    passed: bool = False

    def state(self, on: date) -> State:
        """Return how it stands on that day; the day on which it is due is its last good one."""
        if self.due is None or not self.passed:
            return "not-calibrated"
        if on > self.due:
            return "overdue"
        return "due-soon" if self.due - on <= SOON else "sound"


def instruments_of(connection: Connection, party: str) -> list[Instrument]:
    """Return the instruments that *party* has registered, by their names."""
    table, done = testing.instrument, testing.calibration
    last = {
        row.instrument: row
        for row in sorted(
            connection.execute(tables.standing(done, done.c.party == party)),
            key=lambda row: (row.day, row.entry),
        )
    }
    found = {
        row.instrument: row.type for row in connection.execute(tables.standing(table, table.c.party == party))
    }
    return [
        Instrument(name, kind)
        if name not in last
        else Instrument(
            name,
            kind,
            date.fromisoformat(last[name].day),
            date.fromisoformat(last[name].due),
            last[name].outcome == "passed",
        )
        for name, kind in sorted(found.items())
    ]
