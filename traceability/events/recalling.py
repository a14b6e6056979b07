"""How a recall goes on once it is called, and how an office stops a lot before enough is known to recall it.

    recalled             (followup) the lot, the level, the cause: the clocks begin
    recall-started       the sale is stopped, and the plan stands (食品召回管理办法: 24, 48 or 72 hours)
    notice-sent          somebody who has or had the goods was told; who it is stays sealed
    notice-acknowledged  a holder has read it, and says how much is still there
    recall-recovered     so much of a lot came back
    recall-disposed      so much of it was destroyed, or made fit for use again; off the stock as far as told
    recall-completed     it is over: what was not recovered, and why (10, 20 or 30 working days)
    hold-placed          an office stops a lot and all that is made of it
    hold-lifted          … and lets it go on

A recall or a hold is named by the digest of the statement that called it.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

from traceability.events.fact import Event, Private, private
from traceability.events.roles import MAKERS, REGULATORS, TRADERS
from traceability.quantity import Amount

Disposal = Literal["destroyed", "made-harmless", "relabelled", "returned-to-maker", "other-disposal"]
STILL_THERE: frozenset[str] = frozenset({"relabelled", "returned-to-maker"})
"""After these the goods are still somebody's: a label changes no amount, and going back is a shipment."""

MissingBecause = Literal["eaten", "sold-on", "lost", "not-found", "other"]
HoldCause = Literal[
    "export-alert", "failed-test", "contamination", "clone-suspected", "consumer-report", "other"
]


@dataclass(frozen=True, slots=True)
class Missing:
    """What of a lot a recall did not bring back, and why."""

    lot: str
    amount: Amount
    missing_because: MissingBecause


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallStarted(Event):
    """The sale of the recalled goods is stopped, and those who have them are being told."""

    kind: ClassVar[str] = "recall-started"

    recall: str
    notice: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSent(Event):
    """Somebody who has or had some of a lot was told of a recall or a hold (*about*)."""

    kind: ClassVar[str] = "notice-sent"

    about: str
    lot: str
    amount: Amount | None = None
    to: Private = private()
    contact: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeAcknowledged(Event):
    """A holder has read of a recall or a hold (*about*) and has stopped the lot; *amount* is still there."""

    kind: ClassVar[str] = "notice-acknowledged"

    about: str
    lot: str
    amount: Amount | None = None
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallRecovered(Event):
    """Some of a recalled lot came back."""

    kind: ClassVar[str] = "recall-recovered"

    recall: str
    lot: str
    amount: Amount
    recovered_from: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallDisposed(Event):
    """Some of a recalled lot was destroyed, or made fit for use again.

    *from_stock* of it lay in the books of whoever disposed of it, and is gone from there; the rest had come
    back without being booked in. Who does not tell takes nothing off its stock: nobody guesses which it was.
    """

    kind: ClassVar[str] = "recall-disposed"

    recall: str
    lot: str
    amount: Amount
    disposal: Disposal
    from_stock: Amount | None = None
    note: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.from_stock is not None and self.disposal in STILL_THERE:
            raise ValueError("goods that are relabelled or handed back are not gone")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallCompleted(Event):
    """A recall is over; whatever of each lot was not recovered is told with the reason."""

    kind: ClassVar[str] = "recall-completed"

    recall: str
    not_recovered: tuple[Missing, ...] = ()
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPlaced(Event):
    """An office stops a lot, and all that was or will be made of it, until it is lifted."""

    kind: ClassVar[str] = "hold-placed"

    lot: str
    hold_cause: HoldCause
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLifted(Event):
    """An office lets go of what an office stopped."""

    kind: ClassVar[str] = "hold-lifted"

    hold: str
    note: Private = private()


_RECALLERS = MAKERS | REGULATORS

KINDS: tuple[type[Event], ...] = (
    RecallStarted,
    NoticeSent,
    NoticeAcknowledged,
    RecallRecovered,
    RecallDisposed,
    RecallCompleted,
    HoldPlaced,
    HoldLifted,
)

MAY_STATE: dict[str, frozenset[str]] = {
    "recall-started": _RECALLERS,
    "notice-sent": _RECALLERS,
    "notice-acknowledged": TRADERS,
    "recall-recovered": TRADERS,
    "recall-disposed": TRADERS,
    "recall-completed": _RECALLERS,
    "hold-placed": REGULATORS,
    "hold-lifted": REGULATORS,
}
