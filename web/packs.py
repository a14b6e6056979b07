"""One pack, by its serial: the state of its code, who activated it, and how often it was looked up.

index_of      which pack of the lot it is, or NotIssued
standing_on   where a blank code leads that has come to stand on goods
of            what the shopper is told of this very pack
for_programs  … and a program
count         one more look at it, by a shopper or by a trader who has signed in
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask import current_app, request

from qr import code
from qr.errors import NotIssued
from traceability import clones, code_state
from traceability.clones import Suspicion
from traceability.code_state import Bound, CodeState
from traceability.events.fact import legal_day
from traceability.limits import RuleSet
from traceability.reading import Reader
from traceability.rule_tables.release import CLONE_SIGNS
from traceability.story import Story
from web import scan_counts
from web.access import signed_in
from web.chapters import Fact
from web.database import Services
from web.scan_counts import SHOPPER, ScanCounter, Where

_AT_THE_TILL = frozenset({"retailer", "market", "stall", "carrier"})
"""Who tells a place by scanning: their own."""


@dataclass(frozen=True, slots=True)
class Pack:
    """What a page says of one pack; *scans* counts this look, too."""

    serial: str
    index: int
    code: CodeState
    by: str
    scans: int
    first_day: date | None
    suspicions: Sequence[Suspicion]

    @property
    def tone(self) -> str:
        """Return the colour of its badge."""
        if self.code.state == "recalled":
            return "bad"
        if self.suspicions:
            return "warn"
        if self.code.lapse is not None:
            return "hold"
        return {"active": "good", "sold": "plain"}.get(self.code.state, "hold")


def index_of(shared: Services, reader: Reader, lot: str, serial: str) -> int:
    """Return which pack of *lot* bears *serial*; raise `NotIssued` where none does, or its code is void."""
    facts: dict[str, str | int] = {"lot": lot}
    try:
        index = code.index_of(shared.settings.serial_key, lot, serial)
    except NotIssued as error:
        raise NotIssued(str(error), facts=facts) from error
    if _state(reader, lot, index, is_recalled=False).state in ("not-issued", "void"):
        raise NotIssued("the code was never issued, or it was voided", facts=facts)
    return index


def _state(reader: Reader, lot: str, index: int, *, is_recalled: bool) -> CodeState:
    found = code_state.code_state(reader.connection, lot, index, is_recalled=is_recalled)
    if found.state == "not-issued" and code_state.blank_state(reader.connection, lot, index) == "blank":
        return CodeState("blank")
    return found


def standing_on(shared: Services, reader: Reader, lot: str, serial: str) -> tuple[str, str] | None:
    """Return lot and serial of the goods that a code of the roll *lot* stands on; None for any other code."""
    if not code_state.is_roll(reader.connection, lot):
        return None
    try:
        index = code.index_of(shared.settings.serial_key, lot, serial)
    except NotIssued:
        return None
    bound = code_state.blank_state(reader.connection, lot, index)
    if not isinstance(bound, Bound) or bound.lot == lot:
        return None
    return bound.lot, code.serial(shared.settings.serial_key, bound.lot, bound.index)


def of(
    reader: Reader,
    told: Story,
    serial: str,
    index: int,
    *,
    rules: RuleSet | None,
    names: Mapping[str, Fact],
) -> Pack:
    """Return what the shopper is told of pack *index*, which bears *serial*."""
    found = _state(reader, told.lot, index, is_recalled=told.known.recalled)
    scans = scan_counts.history(reader.connection, counter(), told.lot, index)
    signs = () if rules is None else rules.rows(CLONE_SIGNS)
    by = found.by or ""
    return Pack(
        serial=serial,
        index=index,
        code=found,
        by=names[by].text if by in names else by,
        scans=sum(each.scans for each in scans),
        first_day=min((legal_day(each.first_at) for each in scans), default=None),
        suspicions=clones.suspicions(scans, signs),
    )


def for_programs(shared: Services, reader: Reader, told: Story, serial: str) -> dict[str, Any]:
    """Return the state of the code of the pack with *serial*, as JSON has it; nothing is counted."""
    found = _state(
        reader, told.lot, index_of(shared, reader, told.lot, serial), is_recalled=told.known.recalled
    )
    return {"serial": serial, **asdict(found)}


def counter() -> ScanCounter:
    """Return the counter of this process."""
    found: ScanCounter = current_app.extensions.setdefault("scan_counter", ScanCounter())
    return found


def count(shared: Services, lot: str, index: int) -> None:
    """Count that a page of this pack is shown; who signed in and trades nothing only looks something up."""
    account = signed_in()
    if request.method != "GET" or (account is not None and account.role not in _AT_THE_TILL):
        return
    where = SHOPPER if account is None else Where(account.party, account.division)
    browser = request.user_agent.string[:300]
    address = (account.name if account else request.remote_addr or "").encode()
    visitor = address + b"\0" + browser.encode()
    if counter().seen(lot, index, shared.clock(), visitor=visitor, address=address, where=where):
        counter().flush_soon(shared.engine, shared.kept_key)
