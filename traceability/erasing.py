"""An erasure is done when no file holds the value any more: first the row goes, then what it left behind.

    erased, recorded ─ COMMIT ─ let go of what is left in the database's files ─ the receipt

The second step needs a moment in which nobody reads what was there before. Where it does not come, the
receipt does all the same, and the next erasure or the next start tries again.
"""

import threading
from collections.abc import Iterable
from concurrent.futures import Future
from typing import TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from ledger import residue
from ledger.errors import LedgerError
from ledger.store import snapshot
from traceability import kept, tables
from traceability.events import followup
from traceability.statement import Signed

T = TypeVar("T")


def erases(signed: Iterable[Signed]) -> bool:
    """Tell whether one of these statements erases a value for good."""
    events = (each.statement.event for each in signed)
    return any(isinstance(event, followup.Erased) and event.done == "erased" for event in events)


def after(answer: "Future[T]", engine: Engine) -> "Future[T]":
    """Return what *answer* brings, once the database has let go of what was erased."""
    told: Future[T] = Future()

    def finish() -> None:
        try:
            receipt = answer.result()
        except BaseException as error:
            # Whoever waits must be told, whatever it was.
            told.set_exception(error)
            return
        residue.let_go(engine, kept.sealed_value)
        told.set_result(receipt)

    threading.Thread(target=finish, name="erasing", daemon=True).start()
    return told


def finish_earlier(engine: Engine) -> bool:
    """Let go of what earlier erasures may have left, if there were any; False where it has to wait again."""
    done = tables.erasure.c.done
    try:
        with snapshot(engine) as connection:
            was_erased = connection.execute(select(done).where(done == "erased").limit(1)).first()
    except (LedgerError, SQLAlchemyError):
        # The table may be missing, as before a rebuild: that is no reason not to start.
        return False
    return was_erased is None or residue.let_go(engine, kept.sealed_value)
