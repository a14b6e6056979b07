"""What the rules of credit and of draws may know."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from traceability.events.credit import DishonestyListed, DrawAnnounced
from traceability.past.known import PastStatement


@dataclass(frozen=True, slots=True)
class PastDraw:
    """A draw that was announced; *made* once it was drawn, *root* (hex) of the tree that decides it."""

    digest: str
    by: str
    event: DrawAnnounced
    made: bool
    root: str | None


@dataclass(frozen=True, slots=True)
class CreditPast:
    """What was said before of what an event names.

    *origin* is the log's; *size* is how many entries it has; *candidates* are the parties that a pool must
    name; *division* is that of the party whose credit it is, *listed* whether it is on the list already;
    *about* are the statements that the event names, by their digests; *listing* is the one that it ends,
    *ended* whether that has its end, *decided* whether an objection has its answer. *unmade* are draws that
    the office has announced and owes still, *is_drawn* whether one that it takes back was made.
    """

    origin: str = ""
    size: int = 0
    candidates: frozenset[str] = frozenset()
    division: str | None = None
    about: Mapping[str, PastStatement] = field(default_factory=dict)
    listing: DishonestyListed | None = None
    listed: bool = False
    ended: bool = False
    decided: bool = False
    draw: PastDraw | None = None
    unmade: tuple[PastDraw, ...] = ()
    is_drawn: bool = False
