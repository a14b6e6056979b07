"""What does not agree: the log with its own hashes, with what an auditor kept, and with all that rests on it.

    1  every stored byte hashed again: entries, chain, tiles, root, checkpoint       ledger.fsck
    2  every signature, link and verdict, decided once more                          replay
    3  every derived row compared with the one that the entries give                 replay
    4  every kept row under its seal; every sealed value by its digest               here

The page and the terminal call the one function here. It changes nothing. Where step 1 fails, steps 2 to 4
would speak of the same damage a thousand times; they are then reported as not done.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, MetaData, inspect, select

from ledger import store
from ledger.checkpoint import Checkpoint
from ledger.entry import Entry
from ledger.keys import VerifierKey
from traceability import kept
from traceability.disclosure import SealedValue
from traceability.reading import stored_entry
from traceability.replay import Finding, Replay, compared, scratch_engine
from traceability.rule_shelf import RuleShelf

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and how much there is."""


@dataclass
class Report:
    """What an audit found. *checked* counts what each step looked at; a step not done is absent."""

    size: int
    root: bytes
    checked: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing disagrees."""
        return not self.findings


@dataclass(frozen=True)
class Subject:
    """What is audited: one instance, and the keys that its rows and its rules are checked with."""

    engine: Engine
    origin: str
    keys: Sequence[VerifierKey]
    shelf: RuleShelf
    kept_key: bytes
    kept_tables: Sequence[MetaData]
    derived_tables: MetaData
    log_tables: MetaData
