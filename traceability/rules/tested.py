"""A report fits its sample, its laboratory may issue it, and a re-test comes from another one."""

from collections.abc import Iterator

from traceability.errors import Breach
from traceability.events import Event, quality
from traceability.limits import RuleSet
from traceability.past import Past
from traceability.past.testing import OFFICIAL, PastObjection, PastReport, PastSampling
from traceability.reference import plain_name
from traceability.rules.about import about
from traceability.rules.clauses import HOUSE, SAMPLING


@about(quality.Inspected)
def badly_tested(event: Event, past: Past, rules: RuleSet) -> Iterator[Breach]:  # noqa: ARG001 -- one form for all rules
    """Yield a breach for a report that its sampling, its laboratory's papers or the law forbid."""
    if not isinstance(event, quality.Inspected):
        return
    sampling = next((each for each in past.testing.samplings if each.sample == event.sample), None)
    if event.retest_of is not None:
        yield from _retest(event, past)
    elif sampling is not None:
        yield from _as_sampled(event, sampling, past)
    elif past.testing.elsewhere is not None:
        facts = (("sample", event.sample), ("lot", past.testing.elsewhere))
        yield Breach("sample-of-another-lot", HOUSE, facts)
    if sampling is not None or event.retest_of is not None:
        yield from _accredited(event, sampling, past)


def _as_sampled(event: quality.Inspected, sampling: PastSampling, past: Past) -> Iterator[Breach]:
    told = ("sample", event.sample)
    if event.purpose != sampling.purpose:
        yield Breach("purpose-differs", HOUSE, (told, ("purpose", sampling.purpose)))
    if event.sampled_on != sampling.sampled_on:
        yield Breach("sampling-day-differs", HOUSE, (told, ("sampled", sampling.sampled_on.isoformat())))
    if sampling.laboratory not in (None, past.by):
        yield Breach("another-laboratory", HOUSE, (told, ("laboratory", str(sampling.laboratory))))


def _is_ordered(objection: PastObjection, report: PastReport, by: str) -> bool:
    """Whoever objects to an office's test does not choose who tests again."""
    if objection.laboratory is None:
        return report.purpose not in OFFICIAL
    return objection.laboratory == by


def _retest(event: quality.Inspected, past: Past) -> Iterator[Breach]:
    """农产品质量安全法 art. 46–47, 51: another laboratory, and not by a rapid method."""
    objection, report = past.testing.objection, past.testing.report
    if objection is None or report is None:
        yield Breach("unknown-objection", HOUSE, (("objection", str(event.retest_of)),))
        return
    if (event.lot, event.sample) != (report.lot, report.sample):
        yield Breach("retest-of-another-sample", HOUSE, (("sample", report.sample), ("lot", report.lot)))
    if report.by == past.by:
        yield Breach("same-laboratory", SAMPLING, (("laboratory", report.by),))
    elif not _is_ordered(objection, report, past.by):
        yield Breach("retest-not-ordered", HOUSE, (("laboratory", objection.laboratory or ""),))
    if event.purpose == "rapid" or any(each.rapid for each in event.results):
        yield Breach("rapid-retest", SAMPLING, (("sample", event.sample),))
    if report.retested:
        yield Breach("retested-already", HOUSE, (("sample", event.sample),))
    if objection.due is not None and event.day > objection.due:
        yield Breach("retest-late", SAMPLING, (("due", objection.due.isoformat()),), level="warn")


def _accredited(event: quality.Inspected, sampling: PastSampling | None, past: Past) -> Iterator[Breach]:
    """Yield a breach unless the laboratory is accredited on the day, for each analyte if its annex is told.

    No clause that was read says so: what an office relies on needs it here, other tests are marked.
    """
    purpose = event.purpose if sampling is None else sampling.purpose
    if purpose in {"self-check", "rapid"} and event.retest_of is None:
        return
    in_force = [each for each in past.testing.accreditations if each.in_force(event.day)]
    facts = (("laboratory", past.by), ("purpose", purpose))
    if not in_force:
        if purpose in OFFICIAL or event.retest_of is not None:
            yield Breach("laboratory-not-accredited", HOUSE, facts)
        else:
            yield Breach("laboratory-not-accredited", HOUSE, facts, level="warn")
    elif all(each.analytes for each in in_force):
        named = {analyte for each in in_force for analyte in each.analytes}
        beyond = sorted({each.analyte for each in event.results if plain_name(each.analyte) not in named})
        if beyond:
            told = (*facts, ("analytes", " ".join(beyond)))
            yield Breach("beyond-accreditation", HOUSE, told, level="warn")
