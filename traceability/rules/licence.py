"""A product has a GTIN only under a GS1 prefix that its maker has a licence for."""

import re
from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, registry
from traceability.gs1 import check_digit_holds
from traceability.limits import RuleSet
from traceability.past import KnownParty, Past
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE

_GTIN14 = re.compile(r"[0-9]{14}")
_PREFIX = re.compile(r"[0-9]{4,12}")
# Prefixes that every shop may use inside its own walls, so that they number nothing outside them.
_INSIDE_ONLY = re.compile(r"0[24]|2[0-9]")


@about(registry.PrefixLicensed, registry.ProductRegistered)
def unlicensed(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a GTIN, or a prefix, that its holder has no right to."""
    if isinstance(event, registry.PrefixLicensed):
        yield from _prefix(event, past)
    elif isinstance(event, registry.ProductRegistered) and event.gtin is not None:
        yield from _gtin(event, event.gtin, past)


def _prefix(event: registry.PrefixLicensed, past: Past) -> Iterator[Breach]:
    if not _PREFIX.fullmatch(event.prefix):
        yield Breach("not-a-prefix", HOUSE, (("prefix", event.prefix),))
    elif _INSIDE_ONLY.match(event.prefix):
        yield Breach("prefix-inside-only", HOUSE, (("prefix", event.prefix),))
    for party in past.parties.values():
        if party.party != event.party and _overlaps(event.prefix, party):
            yield Breach("prefix-taken", HOUSE, (("prefix", event.prefix), ("party", party.party)))


def _overlaps(prefix: str, party: KnownParty) -> bool:
    return any(prefix.startswith(other) or other.startswith(prefix) for other in party.prefixes)


def _gtin(event: registry.ProductRegistered, gtin: str, past: Past) -> Iterator[Breach]:
    if not _GTIN14.fullmatch(gtin) or not check_digit_holds(gtin):
        yield Breach("not-a-gtin", HOUSE, (("gtin", gtin),))
        return
    party = past.parties.get(past.by)
    prefixes = () if party is None else party.prefixes
    # The first digit of a GTIN-14 says how it is packed; the licensed prefix follows.
    if _INSIDE_ONLY.match(gtin[1:]) or not gtin[1:].startswith(prefixes):
        yield Breach("gtin-unlicensed", HOUSE, (("gtin", gtin),))
    other = past.gtins.get(gtin)
    if other is not None and (other.party, other.product) != (past.by, event.product):
        facts = (("gtin", gtin), ("party", other.party), ("product", other.product))
        yield Breach("gtin-taken", HOUSE, facts)
