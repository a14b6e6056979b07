"""No rule of this topic raises, whatever is told and whatever was said before."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import canonical
from tests.strategies import digests, events, instants, known_lots, lots, masses, parties
from traceability.events import Event, cases, recalling, reporting, supervising
from traceability.limits import shipped_rules
from traceability.past import KnownParty, Past
from traceability.past.cases import (
    CasesPast,
    PastCase,
    PastCheck,
    PastHold,
    PastRecall,
    PastReport,
    PastTask,
    Recovery,
)
from traceability.rules import verdict
from traceability.rules.alerts import alert_unfounded
from traceability.rules.cases import case_out_of_order
from traceability.rules.holding import stopped
from traceability.rules.recalling import recall_out_of_order
from traceability.rules.reports import report_out_of_order
from traceability.rules.tasks import misassigned

RULES = shipped_rules()
OURS = (
    alert_unfounded,
    case_out_of_order,
    misassigned,
    recall_out_of_order,
    report_out_of_order,
    stopped,
)
KINDS = sorted(each.kind for topic in (cases, recalling, reporting, supervising) for each in topic.KINDS)

_truth = st.booleans()
_recalls = st.builds(
    PastRecall,
    digests,
    parties,
    lots,
    st.sampled_from([1, 2, 3]),
    instants,
    st.none() | parties,
    _truth,
    _truth,
)
_cases = st.builds(
    PastCase,
    digests,
    parties,
    parties,
    st.sampled_from(["opened", "ordered", "reported", "passed", "failed", "closed"]),
    st.sampled_from([None, "2026-10-08"]),
    st.none() | st.integers(0, 99),
)
_reports = st.builds(
    PastReport,
    digests,
    digests,
    st.sampled_from(["received", "accepted", "investigating", "confirmed", "unfounded", "rewarded", "paid"]),
)
_cases_pasts = st.builds(
    CasesPast,
    recall=st.none() | _recalls,
    hold=st.none() | st.builds(PastHold, digests, parties, lots, _truth),
    reached=_truth,
    recovery=st.dictionaries(lots, st.builds(Recovery, masses, masses, masses), max_size=2),
    case=st.none() | _cases,
    inspection=st.none()
    | st.builds(PastCheck, st.integers(0, 99), _truth, st.none() | lots, st.none() | parties),
    task=st.none() | st.builds(PastTask, digests, parties, parties, _truth, st.integers(0, 3)),
    report=st.none() | _reports,
    registered=st.frozensets(parties),
    within=_truth,
    cause_exists=_truth,
    is_done=_truth,
    is_counted=_truth,
)


@st.composite
def _pasts(draw: st.DrawFn) -> Past:
    names = draw(st.lists(lots, unique=True, max_size=3))
    offices = {
        party: KnownParty(party, draw(st.sampled_from(["regulator", "processor"])), "220000")
        for party in draw(st.sets(parties))
    }
    return Past(
        by=draw(parties),
        parties=offices,
        lots={name: draw(known_lots(name)) for name in names},
        cases=draw(_cases_pasts),
    )


@settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(KINDS).flatmap(events), _pasts())
def test_every_rule_answers_and_its_flags_can_be_written_down(event: Event, past: Past) -> None:
    found = [breach for rule in OURS for breach in rule(event, past, RULES)]

    flags = verdict(found, "partner")

    assert canonical.loads(canonical.dumps(flags)) == flags
