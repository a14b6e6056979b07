"""A file from outside, whatever its kind, on its way into the ledger.

    EPCIS JSON    a partner's claims, recorded by the operator; a party's own statements where one is named
    CSV, XLSX     a party's own rows, the operator's where none is named

Only what is malformed is refused of a partner's claims; a party's own statements obey the rules that forms
obey. A file stands or falls as a whole unless whoever imports it says to keep going.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ledger.errors import LedgerError
from traceability import intake
from traceability.errors import Invalid, Problem, Refused, TraceError
from traceability.events import Event
from traceability.evidence import Evidence
from traceability.intake import LARGEST, Intake, Outcome
from traceability.journal import Recorded
from web import sheet_events, spreadsheet
from web.database import OPERATOR, Services
from web.problems import tell


@dataclass
class Imported:
    """What came of a file, in the members that `jizihao import --json` answers with."""

    recorded: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)
    flagged: list[dict[str, Any]] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """Return the answer for machines."""
        return {"recorded": self.recorded, "refused": self.refused, "flagged": self.flagged}


class Unreadable(Exception):
    """The file is not in a form that can be imported; nothing was written. *problem* says what is wrong."""

    def __init__(self, problem: Invalid) -> None:
        super().__init__(str(problem))
        self.problem = problem


def import_file(
    services: Services, written: bytes, name: str, *, party: str | None = None, keep_going: bool = False
) -> Imported:
    """Record what the bytes *written* of the file *name* tell; raise `Unreadable` where it is malformed.

    With *party* they are that party's own statements.
    """
    if len(written) > LARGEST:
        raise Unreadable(Invalid(Problem("file", "too-large", (("most", str(LARGEST)),))))
    broken: list[tuple[str, Invalid]] = []
    try:
        taken = _taken(services, written, name, party, broken)
    except Invalid as problem:
        raise Unreadable(problem) from None
    if broken and not keep_going:
        # Every row is named that must be mended, not only the first.
        raise Unreadable(
            Invalid(*(_placed(where, each) for where, wrong in broken for each in wrong.problems))
        )
    if _is_epcis(written, name):
        Evidence(services.settings.instance / "evidence").keep(written)
    outcomes = intake.record(services.journal, services.reading, taken, keep_going=keep_going)
    return _summed(outcomes, broken)


def _taken(
    services: Services, written: bytes, name: str, party: str | None, broken: list[tuple[str, Invalid]]
) -> Intake:
    key, base_url = services.settings.mac_key, services.base_url
    if _is_epcis(written, name):
        return intake.of_document(
            written,
            key=key,
            base_url=base_url,
            by=party or OPERATOR,
            source="own" if party is not None and party != OPERATOR else "partner",
        )
    by = party or OPERATOR
    found = sheet_events.events(spreadsheet.rows(written), by=by, base_url=base_url)
    return intake.of_rows(_sound(found, broken), key=key, by=by)


def _sound(
    found: Iterable[tuple[str, Event | Invalid]], broken: list[tuple[str, Invalid]]
) -> Iterable[tuple[str, Event]]:
    for where, event in found:
        if isinstance(event, Invalid):
            broken.append((where, event))
        else:
            yield where, event


def _placed(where: str, problem: Problem) -> Problem:
    return Problem(f"{where}: {problem.where}" if problem.where else where, problem.code, problem.facts)


def _is_epcis(written: bytes, name: str) -> bool:
    """Tell whether the file is JSON by its first letter, or by its name where it has none."""
    if spreadsheet.is_workbook(written):
        return False
    start = written[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return start in {b"{", b"["} or Path(name).suffix.lower() in {".json", ".jsonld"}


def _summed(outcomes: Sequence[Outcome], broken: Sequence[tuple[str, Invalid]]) -> Imported:
    answer = Imported()
    for where, wrong in broken:
        answer.refused += _refusals(where, wrong)
    for outcome in outcomes:
        if isinstance(outcome.answer, Recorded):
            answer.recorded += 1
            if outcome.answer.flags:
                flags = [dict(flag) for flag in outcome.answer.flags]
                answer.flagged.append({"where": outcome.where, "index": outcome.answer.index, "flags": flags})
        else:
            answer.refused += _refusals(outcome.where, outcome.answer)
    return answer


def _refusals(where: str, error: TraceError | LedgerError) -> list[dict[str, str]]:
    """Return each reason why something was refused, in the reader's words."""
    told = tell(error)
    if isinstance(error, Refused | Invalid) and told.sentences:
        return [
            {"where": _joined(where, each.where), "rule": each.code, "reason": each.text}
            for each in told.sentences
        ]
    return [{"where": where, "rule": told.code, "reason": told.detail}]


def _joined(where: str, inner: str) -> str:
    return f"{where}: {inner}" if inner else where
