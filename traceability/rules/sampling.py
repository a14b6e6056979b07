"""A sample is of the goods that it names, is numbered once, and no lower office samples a batch again."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, testing
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.testing import OFFICIAL
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE, SAMPLING


@about(testing.Sampled)
def badly_sampled(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a sampling that cannot be, that nobody ordered, or that a higher office has done.

    农产品质量安全法 art. 46–47, 51: what a higher office samples, a lower one does not sample again.
    """
    if not isinstance(event, testing.Sampled):
        return
    yield from _goods(event, past)
    if any(each.sample == event.sample for each in past.testing.samplings):
        yield Breach("sample-taken", HOUSE, (("sample", event.sample), ("lot", event.lot)))
    laboratory = past.testing.parties.get(event.laboratory or "")
    if event.laboratory is not None and (laboratory is None or laboratory.role != "laboratory"):
        yield Breach("not-a-laboratory", HOUSE, (("party", event.laboratory),))
    if event.purpose in OFFICIAL:
        yield from _ordered(event, past)
        yield from _told_before(event, past)
        yield from _again(event, past)


def _goods(event: testing.Sampled, past: Past) -> Iterator[Breach]:
    lot = past.lots.get(event.lot)
    if lot is None:
        yield Breach("unknown-lot", HOUSE, (("lot", event.lot),))
        return
    if lot.born_at is not None and event.at < lot.born_at:
        yield Breach("before-its-lot", HOUSE, (("lot", event.lot), ("born", lot.born_at.isoformat())))
    if lot.product is not None and lot.product.commodity != event.commodity:
        facts = (("lot", event.lot), ("commodity", lot.product.commodity), ("grows", event.commodity))
        yield Breach("sample-of-other-goods", HOUSE, facts)


def _ordered(event: testing.Sampled, past: Past) -> Iterator[Breach]:
    """Yield a breach unless a regulator takes the sample, or a laboratory does that it has ordered."""
    speaker = past.parties.get(past.by)
    if speaker is not None and speaker.role not in {"regulator", "laboratory"}:
        # Whoever has the goods cannot say of its own sample that an office ordered it.
        yield Breach("sampling-not-ordered", HOUSE, (("purpose", event.purpose), ("by", past.by)))
        return
    office = (
        past.parties.get(past.by) if event.ordered_by is None else past.testing.parties.get(event.ordered_by)
    )
    if office is None or office.role != "regulator":
        named = () if event.ordered_by is None else (("ordered_by", event.ordered_by),)
        yield Breach("sampling-not-ordered", HOUSE, (("purpose", event.purpose), *named))


def _told_before(event: testing.Sampled, past: Past) -> Iterator[Breach]:
    """Yield a breach where the sample was tested for another purpose: no self-check becomes an office's."""
    for purpose in sorted(past.testing.tested_for - {event.purpose}):
        yield Breach("purpose-differs", HOUSE, (("sample", event.sample), ("purpose", purpose)))


def _again(event: testing.Sampled, past: Past) -> Iterator[Breach]:
    office = event.ordered_by or past.by
    known = past.testing.parties.get(office) or past.parties.get(office)
    own = _rank(known.division if known is not None else "")
    for each in past.testing.samplings:
        if each.purpose not in OFFICIAL or each.office == office:
            continue
        facts = (("lot", event.lot), ("sample", each.sample), ("sampling_office", each.office))
        if _rank(each.office_division) < own:
            # A laboratory's word alone keeps no office from its own sampling.
            yield Breach(
                "sampled-by-higher-office", SAMPLING, facts, level="refuse" if each.office_says else "warn"
            )
        elif not each.is_tested:
            yield Breach("sampling-under-way", HOUSE, facts, level="warn")


def _rank(division: str) -> int:
    """Return 0 for a province, 1 for a prefecture, 2 for whatever lies in one (GB/T 2260)."""
    if division.endswith("0000"):
        return 0
    return 1 if division[:6].endswith("00") else 2
