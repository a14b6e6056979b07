"""What a record is about: the names under which its entry is found again, and linked to what came before.

An entry *touches* a subject when it becomes the newest entry of that subject; it *refers* to one when it
relies on the subject's newest entry without becoming it. Both are links; so a harvest is bound to every
treatment of its plot, and a statement to its key not having been revoked before it.

    https://id.gs1.org/01/…/10/…      a lot under a licensed GTIN
    /lot/<party>/<product>/<lot>      another lot
    https://id.gs1.org/00/…           a container
    urn:jizihao:…                     party:<id>, product:<party>:<id>, member:<id>, plot:<id>,
                                      key:<hex SHA-256>, statement:<hex digest>
"""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch

from traceability.events import Event


@dataclass(frozen=True, slots=True)
class Subjects:
    """The subjects that one record touches, and those that it refers to."""

    touched: frozenset[str]
    referred: frozenset[str]


def key(key_id: str) -> str:
    """Return the subject of the key with this id (base64 of SHA-256)."""
    return f"urn:jizihao:key:{b64decode(key_id).hex()}"


def statement(digest: str) -> str:
    """Return the subject of the statement with this digest (hex)."""
    return f"urn:jizihao:statement:{digest}"


def plot(plot_id: str) -> str:
    """Return the subject of a plot."""
    return f"urn:jizihao:plot:{plot_id}"


def party(party_id: str) -> str:
    """Return the subject of a party."""
    return f"urn:jizihao:party:{party_id}"


def product(party_id: str, product_id: str) -> str:
    """Return the subject of a party's product."""
    return f"urn:jizihao:product:{party_id}:{product_id}"


def member(member_id: str) -> str:
    """Return the subject of a cooperative's member."""
    return f"urn:jizihao:member:{member_id}"


def of_statement(
    by: str, event: Event, key_ids: tuple[str, ...], target: tuple[str, Event] | None = None
) -> Subjects:
    """Return the subjects of a statement by *by*, signed with the keys *key_ids*.

    *target* is the author and event of the statement that this one is about: a correction touches the lots
    of what it corrects, so that whoever follows a lot meets it.
    """
    changed = set(touched(event, by))
    if target is not None:
        changed |= set(touched(target[1], target[0]))
    leant_on = {key(each) for each in key_ids} | {party(by)} | set(referred(event, by))
    if event.member is not None:
        leant_on.add(member(event.member))
    return Subjects(frozenset(changed), frozenset(leant_on - changed))


@singledispatch
def touched(event: Event, by: str) -> Iterator[str]:
    """Yield what the event, stated by *by*, changes or says something of."""
    raise NotImplementedError(event.kind)


@singledispatch
def referred(event: Event, by: str) -> Iterator[str]:
    """Yield what the event relies on without changing it; most kinds on nothing but their author."""
    return iter(())
