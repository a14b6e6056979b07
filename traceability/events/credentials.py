"""Rights and honours that are told with their authority and their years, and the stories that owners tell.

    gi-user-authorised, gi-user-withdrawn    who may use a geographical indication
    credential-recorded, credential-withdrawn    老字号 of an enterprise, 名牌 of a product: with the year
    story-told    what an owner wants told of a product or a mark; nobody has verified it

A story is free text, and so it is sealed: it is shown because its author has agreed to that in the same
statement, it is kept where it can be erased, and the log holds nothing but a salted digest of it.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from traceability.events.brands import Ground, check_name
from traceability.events.fact import Event, Private, private
from traceability.events.roles import MAKERS, REGULATORS

Honour = Literal["time-honoured", "famous-product"]
Tongue = Literal["zh", "zh-Hant", "en"]

ENDED: frozenset[Honour] = frozenset({"famous-product"})
"""What is no longer evaluated: it is told with its year as history, never as something in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiUserAuthorised(Event):
    """A party may use a geographical indication, by the name that its registry has, on these products."""

    kind: ClassVar[str] = "gi-user-authorised"

    gi: str
    party: str
    products: tuple[str, ...] = ()
    since: date
    until: date
    document: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.until < self.since:
            raise ValueError("a right ends after it begins")


@dataclass(frozen=True, slots=True, kw_only=True)
class GiUserWithdrawn(Event):
    """A party may use a geographical indication no longer."""

    kind: ClassVar[str] = "gi-user-withdrawn"

    gi: str
    party: str
    why: Ground
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRecorded(Event):
    """An authority gave an enterprise, or one of its products, an honour in a year."""

    kind: ClassVar[str] = "credential-recorded"

    credential: str
    honour: Honour
    party: str
    product: str | None = None
    authority: str
    year: int
    until: date | None = None
    document: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        check_name(self.credential)
        if not 1900 <= self.year <= 2999:
            raise ValueError("a year has four digits")
        if self.honour == "famous-product" and self.product is None:
            raise ValueError("a famous product is a product")


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialWithdrawn(Event):
    """The authority has taken an honour back."""

    kind: ClassVar[str] = "credential-withdrawn"

    credential: str
    why: Ground
    note: Private = private()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTold(Event):
    """The author's own words on a product, a mark, or itself; the latest in a language replaces the earlier.

    *published*: the author agrees that anybody may read them.
    """

    kind: ClassVar[str] = "story-told"

    product: str | None = None
    mark: str | None = None
    tongue: Tongue = "zh"
    published: bool
    title: Private = private()
    text: Private = private()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.text is None:
            raise ValueError("a story has a text")
        if self.product is not None and self.mark is not None:
            raise ValueError("a story is of a product or of a mark")


KINDS: tuple[type[Event], ...] = (
    GiUserAuthorised,
    GiUserWithdrawn,
    CredentialRecorded,
    CredentialWithdrawn,
    StoryTold,
)

MAY_STATE: dict[str, frozenset[str]] = {
    "gi-user-authorised": REGULATORS,
    "gi-user-withdrawn": REGULATORS,
    "credential-recorded": REGULATORS,
    "credential-withdrawn": REGULATORS,
    "story-told": MAKERS,
}
