"""Under which certificates a lot is sold, as its page says it: green food, organic and others, by whose word.

Only a use that names this very lot counts, and only what the rules let stand; a certificate of its maker, or
of what the lot was made from, marks nothing. That the goods deserve it is the word of whoever granted it.

    covers    in force on the day of the use, and today
    covered   in force on the day of the use; over, suspended or withdrawn since
    void      not in force on the day of the use: told, and not shown as valid
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from traceability import brand_list, certificates
from traceability.certificates import Covering
from traceability.reading import Reader

Cover = Literal["covers", "covered", "void"]


@dataclass(frozen=True, slots=True)
class Badge:
    """One certificate of the lot; *then* is how it stood on the day of its use, *now* how it stands today."""

    entry: int
    kind: str
    number: str
    by: str
    issuer: str
    day: date
    kg: Decimal
    until: date | None
    then: str
    now: str

    @property
    def cover(self) -> Cover:
        """Return what the page may say of it."""
        if self.then != "live":
            return "void"
        return "covers" if self.now == "live" else "covered"


def of(reader: Reader, lot: str, today: date) -> tuple[Badge, ...]:
    """Return the certificates that *lot* is sold under; none where the searchable copy makes no sense."""
    try:
        return tuple(_badge(reader, each, today) for each in certificates.covering(reader.connection, lot))
    except (ArithmeticError, ValueError, TypeError):
        # Somebody who changed the copy may make it say anything; of that no certificate is shown.
        return ()


def _badge(reader: Reader, found: Covering, today: date) -> Badge:
    return Badge(
        entry=found.entry,
        kind=found.kind,
        number=found.number,
        by=found.by,
        issuer=brand_list.name_of(reader.connection, found.by),
        day=found.day,
        kg=found.kg,
        until=None if found.scheme is None else found.scheme.until,
        then=found.state(found.day),
        now=found.state(today),
    )
