"""While pages are served: soon after midnight the scans and ratings of the day that is over are told.

Every process tries, and the log takes the first: a day is counted once. What goes wrong is written down and
tried again; `jizihao scans digest` does the same by hand.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError

from ledger.errors import LedgerError
from traceability.errors import Refused, TraceError
from web import scan_days, shopper_says
from web.database import Services

PAUSE_SECONDS = 600.0

told = logging.getLogger("jizihao.scans")
"""What went wrong while nobody was looking."""


def _count_scans(shared: Services) -> None:
    for day in scan_days.waiting(shared):
        scan_days.count(shared, day)


def _count_ratings(shared: Services) -> None:
    shopper_says.count_days(shared)


_JOBS = (_count_scans, _count_ratings)


@contextmanager
def counting(shared: Services, *, pause: float = PAUSE_SECONDS) -> Iterator[None]:
    """Tell the log of the scans and ratings of each day that is over, as long as this is held."""
    over = threading.Event()
    thread = threading.Thread(target=_count, args=(shared, over, pause), name="counting-scans", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _count(shared: Services, over: threading.Event, pause: float) -> None:
    while not over.wait(pause):
        for job in _JOBS:
            try:
                job(shared)
            except Refused:
                # Another process was quicker.
                continue
            except (LedgerError, TraceError, SQLAlchemyError, OSError) as why:
                told.error("counting scans: %s: %s", type(why).__name__, str(why).splitlines()[:1])
