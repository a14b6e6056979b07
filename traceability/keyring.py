"""The keys that the log has granted so far, read from its key entries once and remembered."""

from sqlalchemy import select

from ledger.authorship import Keyring
from traceability import tables
from traceability.reading import Reader


class Keys:
    """A keyring that follows the log; safe to ask inside a transaction that may yet be undone."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._ring = Keyring(origin)
        self._read: list[tuple[int, bytes]] = []

    def ring(self, reader: Reader) -> Keyring:
        """Return the ring as of the entries that *reader*'s transaction sees."""
        table = tables.key_record
        found = [
            (row.entry, bytes(row.leaf))
            for row in reader.connection.execute(select(table).order_by(table.c.entry))
        ]
        if found != self._read:
            self._follow(reader, found)
        return self._ring

    def _follow(self, reader: Reader, found: list[tuple[int, bytes]]) -> None:
        # An undone transaction may have shown us entries that never were: their leaves give them away.
        goes_on = found[: len(self._read)] == self._read
        ring = self._ring.copy() if goes_on else Keyring(self._origin)
        for index, _ in found[len(self._read) if goes_on else 0 :]:
            ring.admit(reader.entry(index).record, index)
        self._ring, self._read = ring, found
