"""One append as its caller sees it: what is asked, and what is held in hands when it is answered."""

from collections.abc import Callable
from typing import Any

from ledger.log import Log
from ledger.session import Session
from ledger.writer import Writer
from tests.logs import record

DATABASE, MARK = "ledger.sqlite", "high-water"


def appending(log: Log, number: int) -> Callable[[Session], range]:
    """Return the work that appends the record of *number*."""
    return lambda session: log.append(session, [record(number)])


def answered(writer: Writer, log: Log, number: int) -> dict[str, Any]:
    """Append one record and return what its caller holds in hands: its place, and a proof under a note."""
    receipt = writer.submit(appending(log, number)).result()
    (index,) = receipt.indices
    return {"index": index, "proof": receipt.proof(index).bytes().decode()}
