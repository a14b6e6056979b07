"""One sealed value of a registration, opened for whoever it belongs to."""

from traceability.kept import SealedValues
from traceability.reading import Reader


def opened_field(reader: Reader, sealed: SealedValues, index: int, name: str) -> str | None:
    """Return a private field of what the entry at *index* registers or puts in its place."""
    values = sealed.of_statement(reader.connection, reader.statement(index).id)
    found = values.get(f"/{name}") or values.get(f"/replacement/{name}")
    return None if found is None else found.value
