"""The scales and instruments of one's own that a form offers, where something is weighed or measured.

An instrument that is overdue, or was never calibrated, says so in the list: the record will be marked.
"""

from datetime import date

from traceability import instruments
from traceability.reading import Reader
from web.words import word


def own_instruments(reader: Reader, party: str, on: date) -> list[tuple[str, str]]:
    """Return the instruments that *party* has registered, with what they are and how they stand that day."""
    found = instruments.instruments_of(reader.connection, party)
    return [(each.instrument, _told(each, each.state(on))) for each in found]


def _told(instrument: instruments.Instrument, state: instruments.State) -> str:
    named = f"{instrument.instrument} · {word('instrument_type', instrument.type)}"
    return f"{named} · {word('instrument_state', state)}" if state in {"overdue", "not-calibrated"} else named
