"""Which keys the entries of a log tell of, found by a quick look at the beginning of each.

    …,"record":{"kind":"log-opened"…      the log's own first keys, and its registrars
    …,"record":{"change":…                the log's own keys change
    …,"record":{"grant":…                 a key of an author
    …,"record":{"kind":"revocation"…      its end

Validity is judged by the place of entries (entry-format, 4). So once these few are read, in their order,
every statement can be checked by itself, by any process, in any order.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from ledger.authorship import Keyring, MayState, check_statement
from ledger.canonical import Json, respelt
from ledger.crew import Crew
from ledger.entry import Entry
from ledger.errors import LedgerError
from ledger.finding import Finding
from ledger.keys import VerifierKey
from ledger.marks import blob
from ledger.rotation import KeySchedule
from ledger.segment import Segment
from ledger.vantage import Vantage

_BEGINNINGS = (b'"record":{"kind":"log-opened"', b'"record":{"change":', b'"record":{"grant":')
_REVOCATION = b'"record":{"kind":"revocation"'
_STATEMENT = b'"record":{"kind":"statement"'
# RFC 8785 sorts members: time, place and link, of known length, stand before the record.
_ENOUGH = 160


@dataclass
class KeysTold:
    """The keys of authors, and those of the log itself; the latter are None where entry 0 names none."""

    ring: Keyring
    schedule: KeySchedule | None = None

    def admit(self, index: int, spelt: bytes) -> None:
        """Take over what an entry tells; what is wrong with it is said by whoever replays the log."""
        try:
            record = Entry.parse(spelt).record
        except LedgerError:
            return
        with suppress(LedgerError, LookupError, TypeError):
            self.ring.admit(record, index)
        with suppress(LedgerError, LookupError, TypeError):
            if index == 0:
                self.schedule = KeySchedule.opened(self.ring.origin, record)
            elif self.schedule is not None:
                self.schedule.admit(record, index)

    def schedule_for(self, own: Iterable[VerifierKey]) -> KeySchedule | None:
        """Return the schedule if the trusted keys *own* are among those that it names for some size."""
        trusted = set(own)
        schedule = self.schedule
        if schedule is None or not schedule.changes:
            return None
        return schedule if trusted <= set(schedule.every()) else None


def tells_of_keys(spelt: bytes) -> bool:
    """Say whether an entry is one of those few, by its beginning."""
    beginning = spelt[:_ENOUGH]
    return any(each in beginning for each in (*_BEGINNINGS, _REVOCATION))


def keys_told(vantage: Vantage, crew: Crew, origin: str, segments: Iterable[Segment]) -> KeysTold:
    """Return what the entries of *segments* tell of keys."""
    told = KeysTold(Keyring(origin))
    for found in crew.map(_telling, vantage, segments):
        for index, spelt in found:
            told.admit(index, spelt)
    return told


def _telling(vantage: Vantage, segment: Segment) -> list[tuple[int, bytes]]:
    with vantage.opened() as view:
        found = view.rows(
            _QUERIES[vantage.dialect], segment.start, segment.end, _STATEMENT, *_BEGINNINGS, _REVOCATION
        )
    return [(index, blob(spelt)) for index, spelt in found]


def _query(contains: str) -> str:
    asked = contains.format(f"substr(bytes, 1, {_ENOUGH})")
    # Nearly every entry is a statement, and then nothing else is asked.
    return (
        'SELECT "index", bytes FROM ledger_entry WHERE "index" >= ? AND "index" < ?'  # noqa: S608 -- our own
        f' AND NOT {asked} AND ({asked} OR {asked} OR {asked} OR {asked}) ORDER BY "index"'
    )


_QUERIES = {"sqlite": _query("(instr({}, ?) > 0)"), "postgresql": _query("(position(?::bytea in {}) > 0)")}


@dataclass(frozen=True)
class Signatures:
    """A further look at each entry: whether a statement bears the signatures of keys valid at its place."""

    ring: Keyring
    may_state: MayState

    def __call__(self, index: int, record: dict[str, Json]) -> tuple[Finding, ...]:
        """Return what is wrong with the signatures under *record*, the one of the entry at *index*."""
        if record.get("kind") != "statement":
            return ()
        try:
            check_statement(
                record,
                self.ring.grant,
                origin=self.ring.origin,
                index=index,
                may_state=self.may_state,
                spell=respelt,
            )
        except LedgerError as error:
            facts = {"reason": str(error), **error.facts}
            return (Finding("signature-wrong", f"entry {index}", index, facts),)
        return ()
