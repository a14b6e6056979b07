"""The report on the state of quality of an instance: as its log stands, or as it stood at an earlier size."""

from typing import Any

from ledger import shelf, store
from ledger.checkpoint import Checkpoint
from ledger.errors import NotProven
from ledger.note import Note
from ledger.policy import Policy
from ledger.source import Absent, Source
from ledger.trust import check_log
from traceability import quality_report
from traceability.errors import Invalid, Problem
from traceability.quality_report import Asked, Period, Wanted
from traceability.reading import Reader
from traceability.vocabulary import divisions
from web.database import Services

Json = dict[str, Any]


def wanted(period: str, division: str) -> Wanted:
    """Return what a report is to be of, or raise `Invalid` with each field that is wrong."""
    problems = []
    if division not in divisions():
        problems.append(Problem("division", "not-in-list", (("found", division[:40]),)))
    try:
        found = Period.parse(period)
    except Invalid as error:
        problems += error.problems
    if problems:
        raise Invalid(*problems)
    return Wanted(found, division)


def of_instance(shared: Services, asked: Wanted, size: int | None = None) -> Json:
    """Return the report as of the sealed head of the log, or of its first *size* entries."""
    with store.snapshot(shared.engine) as connection:
        head = shelf.read_head(connection)
        if head is None:
            raise NotProven("the log has no entry yet")
        if size is not None and size != head.size:
            if not 0 < size < head.size:
                raise NotProven("the log is not that long", facts={"size": head.size})
            return quality_report.report_at(connection, shared.log.origin, shared.shelf, asked, size)
        # What a snapshot sees is sealed: entries, rows and checkpoint are committed together.
        rules = shared.rules(Reader(connection))
        return quality_report.report_of(connection, Asked(asked, head.checkpoint(), rules))


def of_copy(source: Source, policy: Policy, asked: Wanted, size: int | None = None) -> tuple[Json, Note]:
    """Return the report from a copy whose checkpoint the log of *policy* has signed, and that checkpoint."""
    note = believed(source, policy)
    return quality_report.report_of_copy(source, Checkpoint.parse(note.text), asked, size), note


def believed(source: Source, policy: Policy) -> Note:
    """Return the checkpoint of a copy if the log of *policy* has signed it, or raise `NotProven`."""
    try:
        note = Note.parse(source.read("checkpoint"))
    except Absent as absent:
        raise NotProven("there is no checkpoint", facts={"path": absent.path}) from None
    check_log(note, policy)
    return note
