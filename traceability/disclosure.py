"""Private fields as salted digests; the values are kept where they can be erased.

    digest = SHA-256 over RFC 8785 of ["jizihao/sealed/v1", statement id, pointer, salt, value]

The salt is 32 fresh random bytes for each field and is kept only beside the value: who erases both
leaves a digest that nobody can open again, and chain and proofs go on without them.
"""

import hashlib
import secrets
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any, cast

from ledger import canonical
from ledger.errors import NotProven
from traceability.codec import sealing
from traceability.events.fact import Event, Sealed


@dataclass(frozen=True, slots=True)
class SealedValue:
    """What opens one sealed field of one statement."""

    statement_id: str
    pointer: str
    salt: bytes
    value: str

    @property
    def digest(self) -> bytes:
        """Return the 32 bytes that stand for this value in the log."""
        spelling = [
            "jizihao/sealed/v1",
            self.statement_id,
            self.pointer,
            b64encode(self.salt).decode(),
            self.value,
        ]
        return hashlib.sha256(canonical.dumps(spelling)).digest()


def check_opens(value: SealedValue, sealed: Sealed) -> None:
    """Raise `NotProven` unless *value* is what *sealed* stands for."""
    if value.digest != sealed.digest:
        raise NotProven("the value is not the one that was sealed", facts={"pointer": value.pointer})


def seal(event: Event, statement_id: str) -> tuple[Event, tuple[SealedValue, ...]]:
    """Return *event* with every private value sealed, and the values with their salts."""
    values: list[SealedValue] = []
    return cast(Event, _sealed(event, statement_id, "", values)), tuple(values)


def _sealed(part: Any, statement_id: str, pointer: str, values: list[SealedValue]) -> Any:
    changes: dict[str, Any] = {}
    for member in sealing(type(part)):
        content = getattr(part, member.name)
        inner = f"{pointer}/{member.name}"
        if member.is_private and isinstance(content, str):
            value = SealedValue(statement_id, inner, secrets.token_bytes(32), content)
            values.append(value)
            changes[member.name] = Sealed(value.digest)
        elif is_dataclass(content) and not isinstance(content, Sealed):
            changes[member.name] = _sealed(content, statement_id, inner, values)
        elif isinstance(content, tuple):
            changes[member.name] = tuple(
                _sealed(each, statement_id, f"{inner}/{position}", values) if is_dataclass(each) else each
                for position, each in enumerate(content)
            )
    return replace(part, **changes) if changes else part


def sealed_fields(event: Event) -> dict[str, Sealed]:
    """Return each sealed field of *event* by its JSON pointer within the event."""
    return dict(_sealed_in(event, ""))


def _sealed_in(part: Any, pointer: str) -> Iterator[tuple[str, Sealed]]:
    for member in sealing(type(part)):
        content = getattr(part, member.name)
        inner = f"{pointer}/{member.name}"
        if isinstance(content, Sealed):
            yield inner, content
        elif isinstance(content, tuple):
            for position, each in enumerate(content):
                if is_dataclass(each):
                    yield from _sealed_in(each, f"{inner}/{position}")
        elif is_dataclass(content):
            yield from _sealed_in(content, inner)


def opened(event: Event, values: Mapping[str, SealedValue]) -> Event:
    """Return *event* with each sealed field in the clear that *values*, by pointer, opens."""
    return cast(Event, _opened(event, values, ""))


def _opened(part: Any, values: Mapping[str, SealedValue], pointer: str) -> Any:
    changes = dict(_changes(part, values, pointer))
    return replace(part, **changes) if changes else part


def _changes(part: Any, values: Mapping[str, SealedValue], pointer: str) -> Iterator[tuple[str, Any]]:
    for member in sealing(type(part)):
        content, inner = getattr(part, member.name), f"{pointer}/{member.name}"
        if isinstance(content, Sealed):
            if inner in values and values[inner].digest == content.digest:
                yield member.name, values[inner].value
        elif isinstance(content, tuple):
            yield (
                member.name,
                tuple(
                    _opened(each, values, f"{inner}/{position}") if is_dataclass(each) else each
                    for position, each in enumerate(content)
                ),
            )
        elif is_dataclass(content):
            yield member.name, _opened(content, values, inner)
