"""Where the time of a statement goes: what each part of the door took, measured from inside.

    with watched() as spent:
        services.journal.submit(...).result()
    spent["rules"]      seconds in the rules

Clocks cost something too, so this is never the run whose rate is told.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from typing import Any

from ledger import authorship
from ledger.session import Session
from traceability import indexing, judging, rules, running
from traceability.journal import Journal

_PARTS: tuple[tuple[str, Any, str], ...] = (
    ("sign", Journal, "stated"),
    ("verify", Journal, "_prepared"),
    ("past", judging, "past_of"),
    ("rules", rules, "judge"),
    ("links", judging, "links"),
    ("keys", authorship, "check_statement"),
    ("entry", Session, "append"),
    ("rows", indexing, "index_statement"),
    ("subjects", indexing, "index_subjects"),
    ("totals", running, "add"),
)
"""What each part is called, and the function that does it; none of them calls another of them."""


@contextmanager
def watched() -> Iterator[dict[str, float]]:
    """Give the seconds that each part takes while the context lasts, in all threads together."""
    spent = {name: 0.0 for name, _, _ in _PARTS}
    with ExitStack() as undo:
        for name, where, function in _PARTS:
            whole = getattr(where, function)
            setattr(where, function, _timed(whole, name, spent))
            undo.callback(setattr, where, function, whole)
        yield spent


def _timed(work: Callable[..., Any], name: str, spent: dict[str, float]) -> Callable[..., Any]:
    lock = threading.Lock()

    @wraps(work)
    def timed(*args: Any, **told: Any) -> Any:
        start = time.perf_counter()
        try:
            return work(*args, **told)
        finally:
            with lock:
                spent[name] += time.perf_counter() - start

    return timed
