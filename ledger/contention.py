"""What a database says when it is busy with others, or gone, told apart from what is wrong.

    Busy          others hold what we need: a lock was not free in time, transactions met, no place is left
    Unreachable   nobody answers: the server is stopped, starting or cut off; what was being committed when it
                  went may stand or not

Both mean: nothing is wrong with what was asked, and the same may be asked again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ledger.errors import Busy, LedgerError, Unreachable

# How long to wait before asking again, in seconds.
BUSY_SECONDS, UNREACHABLE_SECONDS = 2, 5

# SQLite's result codes (sqlite.org/rescode.html): BUSY and LOCKED; the lowest byte is the primary one.
_SQLITE_BUSY = frozenset({5, 6})
# PostgreSQL's SQLSTATE (its manual, appendix A): serialization_failure, deadlock_detected,
# lock_not_available, query_canceled (by a time limit), too_many_connections, out_of_memory.
_POSTGRESQL_BUSY = frozenset({"40001", "40P01", "55P03", "57014", "53300", "53200"})
# admin_shutdown, crash_shutdown, cannot_connect_now; class 08 is that of lost connections.
_POSTGRESQL_GONE = frozenset({"57P01", "57P02", "57P03"})


def install(engine: Engine) -> None:
    """Let all that *engine* does raise `Busy` and `Unreachable` for what they are."""
    event.listen(engine, "handle_error", _told)


def _told(context: ExceptionContext) -> LedgerError | None:
    # The pool asks a connection whether it still lives, and replaces it itself where it does not.
    return None if context.is_pre_ping else verdict(context.original_exception, is_lost=context.is_disconnect)


def verdict(error: BaseException, *, is_lost: bool = False) -> LedgerError | None:
    """Return the verdict on what a driver raised, or None where it is neither busy nor gone."""
    state = getattr(error, "sqlstate", None)
    if state in _POSTGRESQL_BUSY or getattr(error, "sqlite_errorcode", -1) & 0xFF in _SQLITE_BUSY:
        return Busy("the database is busy with others", facts={"seconds": BUSY_SECONDS})
    # The driver of PostgreSQL has no SQLSTATE to tell where nobody answered at all.
    is_silent = state is None and type(error).__module__.startswith("psycopg") and _is_operational(error)
    if is_lost or is_silent or state in _POSTGRESQL_GONE or (state or "").startswith("08"):
        return Unreachable("the database does not answer", facts={"seconds": UNREACHABLE_SECONDS})
    return None


def _is_operational(error: BaseException) -> bool:
    return any(each.__name__ == "OperationalError" for each in type(error).__mro__)


@contextmanager
def waiting() -> Iterator[None]:
    """Raise the same verdicts where SQLAlchemy itself says that a connection is lost, or not to be had."""
    try:
        yield
    except PendingRollbackError as why:
        raise Unreachable("the database went away", facts={"seconds": UNREACHABLE_SECONDS}) from why
    except PoolTimeout as why:
        raise Busy("every connection is in use", facts={"seconds": BUSY_SECONDS}) from why
