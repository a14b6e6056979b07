"""What can be wrong with what somebody tells us about food.

    TraceError
    ├── Invalid       the words do not make an event; each problem names its field
    ├── Refused       the event is well-formed, and a rule forbids it; each breach names its clause
    ├── Unknown       no such lot, party, product, plot or statement
    ├── NotAllowed    this party or person may not do that
    └── Repeated      the same statement id came with other content

Errors are facts; `web.problems` puts them into words.
"""

from dataclasses import dataclass
from typing import Literal

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field: where it is, a code, and what the sentence needs."""

    where: str
    code: str
    facts: Facts = ()


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that an event breaks: which, under which clause, what it saw, and how grave it is.

    *level* "refuse" stops a party's own event; "hold" records it, and its lots may not move on;
    "warn" records it with a mark. *lots* are those that a hold falls on (none: those of the event).
    """

    rule: str
    clause: str
    facts: Facts = ()
    level: Literal["refuse", "hold", "warn"] = "refuse"
    lots: tuple[str, ...] = ()


class TraceError(Exception):
    """Something is wrong with what was told."""

    code = "trace-error"


class Invalid(TraceError):
    """The words do not make an event."""

    code = "invalid"

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{each.where}: {each.code}" for each in problems))
        self.problems = problems


class Refused(TraceError):
    """A rule forbids the event; nothing was written."""

    code = "refused"

    def __init__(self, *breaches: Breach) -> None:
        super().__init__("; ".join(f"{each.rule}: {dict(each.facts)}" for each in breaches))
        self.breaches = breaches


class Unknown(TraceError):
    """Nothing by that name."""

    code = "unknown"

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"no such {what}: {name}")
        self.what = what
        self.name = name


class NotAllowed(TraceError):
    """This party or person may not do that."""

    code = "not-allowed"

    def __init__(self, reason: str, **facts: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.facts = tuple(sorted(facts.items()))


class Repeated(TraceError):
    """The same party used the same statement id for other content."""

    code = "repeated"

    def __init__(self, by: str, statement_id: str) -> None:
        super().__init__(f"{by} has already used {statement_id} for other content")
        self.by = by
        self.statement_id = statement_id
