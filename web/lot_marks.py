"""What a lot's page says of brands: marks in force, marks that are history, rights, honours, and the story.

The server works all of this out from the log (licences up the tree, quotas, where each part grew); a browser
does not, and the page says so. A story is its author's word, and stands apart from what is recorded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.errors import LedgerError
from traceability import brand_list, marks, own_records
from traceability.brand_list import Honour
from traceability.events import credentials
from traceability.events.fact import legal_day
from traceability.events.followup import told_by
from traceability.limits import RuleSet
from traceability.marks import ShownMark
from traceability.past.brands import KnownMark
from traceability.reading import Reader
from traceability.story import Story
from web.database import Services
from web.language import current


@dataclass(frozen=True, slots=True)
class Told:
    """A story in its author's words, and who answers for them."""

    title: str
    text: str
    party: str
    name: str
    entry: int


@dataclass(frozen=True, slots=True)
class Indication:
    """A geographical indication that the maker may, or might once, use; its registry is told by its name."""

    name: str
    live: bool
    entry: int


@dataclass(frozen=True, slots=True)
class Block:
    """Everything that the page says of brands."""

    live: tuple[ShownMark, ...]
    historical: tuple[ShownMark, ...]
    indications: tuple[Indication, ...]
    honours: tuple[Honour, ...]
    story: Told | None

    @property
    def province(self) -> ShownMark | None:
        """The endorsement in force: the province's own mark."""
        return next((each for each in self.live if each.tier == "endorsement"), None)


def name_of(mark: KnownMark) -> str:
    """Return what a mark is called in the reader's language."""
    return mark.name_en if current() == "en" and mark.name_en else mark.name


def of(shared: Services, reader: Reader, told: Story, rules: RuleSet | None) -> Block:
    """Return what the page of *told* says of brands today."""
    on = legal_day(shared.clock())
    shown = _shown(reader, told.lot, on, rules)
    maker = told.known.maker or ""
    product = None if told.known.product is None else told.known.product.product
    return Block(
        live=tuple(each for each in shown if each.state == "live"),
        historical=tuple(each for each in shown if each.state == "historical"),
        indications=_indications(reader, maker, shown, on),
        honours=_of_goods(brand_list.honours_of(reader.connection, maker, on), product),
        story=_story(shared, reader, maker, product),
    )


def _shown(reader: Reader, lot: str, on: date, rules: RuleSet | None) -> tuple[ShownMark, ...]:
    try:
        return marks.marks_of_lot(reader, lot, on, rules)
    except (LedgerError, ArithmeticError, ValueError, TypeError):
        # A searchable copy that was changed may say anything; of it no mark is shown.
        return ()


def _indications(reader: Reader, maker: str, shown: Iterable[ShownMark], on: date) -> tuple[Indication, ...]:
    """Return the rights that go with the marks of this very lot: a right of the maker alone marks no lot."""
    named = {each.mark.gi for each in shown} - {None}
    found = brand_list.indications_of(reader.connection, maker, on)
    return tuple(Indication(*each) for each in found if each[0] in named)


def _of_goods(honours: Iterable[Honour], product: str | None) -> tuple[Honour, ...]:
    return tuple(each for each in honours if each.product in {None, product})


def _story(shared: Services, reader: Reader, maker: str, product: str | None) -> Told | None:
    tongues = ("en", "zh") if current() == "en" else ("zh",)
    for tongue in tongues:
        entry = brand_list.story_entry(reader.connection, maker, product, tongue)
        told = None if entry is None else _opened(shared, reader, entry)
        if told is not None:
            return told
    return None


def _opened(shared: Services, reader: Reader, entry: int) -> Told | None:
    """Return the words behind the seal; None where they were erased, or are not to be read."""
    statement = reader.statement(entry)
    event = own_records.opened(reader, shared.sealed, statement)
    told = told_by(event)
    if not isinstance(told, credentials.StoryTold) or not isinstance(told.text, str):
        return None
    title = told.title if isinstance(told.title, str) else ""
    name = brand_list.name_of(reader.connection, statement.by)
    return Told(title, told.text, statement.by, name, entry)
