"""One form, signed once: what is recorded under a form's own id is not recorded again.

Sealed fields have random salts, so the same words sent twice would be two statements of one id. Therefore
the id is looked up before anything is signed, and what was said then, its sealed values opened, is compared
with what is said now: the same is answered with the first record, other words are `Repeated`.
"""

from traceability import own_records
from traceability.errors import Repeated
from traceability.events import Event
from traceability.journal import Recorded
from web.database import Services


def sign(shared: Services, party: str, event: Event, statement_id: str, *, is_whole: bool = True) -> Recorded:
    """Record *event* for *party* under the form's id, and wait for the seal; the same again gets the first.

    A form that leaves the time or a lot's number to us (not *is_whole*) makes another event the second time;
    then the id alone decides. Raises `Repeated` where a whole form's id was used for other words, and what
    `Journal.record` raises.
    """
    known = _known(shared, party, event, statement_id, is_whole=is_whole)
    if known is not None:
        return known
    try:
        return shared.journal.record(party, event, ids=[statement_id])[0]
    except Repeated:
        # The same form, sent twice at once: the other one was quicker.
        known = _known(shared, party, event, statement_id, is_whole=is_whole)
        if known is None:
            raise
        return known


def _known(
    shared: Services, party: str, event: Event, statement_id: str, *, is_whole: bool
) -> Recorded | None:
    with shared.reading() as reader:
        entry = own_records.entry_with_id(reader, party, statement_id)
        if entry is None:
            return None
        statement = reader.statement(entry.entry)
        if is_whole and own_records.opened(reader, shared.sealed, statement) != event:
            raise Repeated(party, statement_id)
        flags = reader.entry(entry.entry).record["ruling"]["flags"]
        return Recorded(entry.entry, entry.digest, tuple(flags), was_known=True)
