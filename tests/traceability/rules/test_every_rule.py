"""What holds for all rules at once."""

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger import canonical
from tests import strategies
from traceability.errors import Breach, Refused
from traceability.events import KINDS, Event
from traceability.limits import FIRST_FILES, RuleSet, shipped_rules
from traceability.past import Past
from traceability.reference import shipped
from traceability.rules import FIRST, RULES, asked, judge, verdict
from traceability.rules import __file__ as rules_file
from traceability.rules.about import concerns
from traceability.rules.names import NAMES

RULE_SET = shipped_rules()
SLOW = settings(deadline=None, suppress_health_check=list(HealthCheck))

WARN = Breach("late-entry", "clause", (("days", "8"),), level="warn")
HOLD = Breach("failed-test", "clause", (("lot", "A"),), level="hold", lots=("A",))
REFUSE = Breach("not-held", "clause", (("lot", "A"),))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_rule_raises_whatever_is_told(kind: str) -> None:
    @settings(SLOW, max_examples=6)
    @given(strategies.events(kind), strategies.pasts())
    def judged(event: Event, past: Past) -> None:
        flags = verdict(judge(event, past, RULE_SET), "partner")

        assert canonical.loads(canonical.dumps(flags)) == flags

    judged()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_rule_has_nothing_to_say_of_what_it_is_not_about(kind: str) -> None:
    others = [rule for rule in RULES if not concerns(rule, KINDS[kind])]

    @settings(SLOW, max_examples=6)
    @given(strategies.events(kind), strategies.pasts())
    def judged(event: Event, past: Past) -> None:
        assert [breach for rule in others for breach in rule(event, past, RULE_SET)] == []

    judged()


def test_most_rules_are_about_few_kinds() -> None:
    asked_of = {kind: [rule for rule in RULES if concerns(rule, event)] for kind, event in KINDS.items()}

    assert all(asked_of.values())
    assert max(map(len, asked_of.values())) < len(RULES) / 2


@settings(SLOW, max_examples=20)
@given(strategies.events(), strategies.pasts())
def test_the_same_event_and_past_give_the_same_breaches(event: Event, past: Past) -> None:
    assert judge(event, past, RULE_SET) == judge(event, past, RULE_SET)


@given(st.permutations([WARN, HOLD, REFUSE, HOLD]))
def test_flags_come_once_and_in_the_order_of_their_bytes(found: list[Breach]) -> None:
    flags = verdict(found, "partner")

    assert [flag["rule"] for flag in flags] == ["late-entry", "failed-test", "not-held"]
    assert all(canonical.dumps(one) < canonical.dumps(two) for one, two in itertools.pairwise(flags))


def test_an_own_event_is_refused_with_each_refusal_and_no_lesser_breach() -> None:
    with pytest.raises(Refused) as refused:
        verdict([WARN, REFUSE, HOLD], "own")

    assert refused.value.breaches == (REFUSE,)


def test_an_own_event_without_refusal_is_flagged() -> None:
    flags = verdict([WARN, HOLD], "own")

    assert flags == [
        {"rule": "late-entry", "clause": "clause", "level": "warn", "facts": {"days": "8"}},
        {
            "rule": "failed-test",
            "clause": "clause",
            "level": "hold",
            "facts": {"lot": "A"},
            "lots": ["A"],
        },
    ]


def test_what_would_be_refused_of_our_own_holds_a_partners_lots() -> None:
    flags = verdict([REFUSE], "partner")

    assert flags == [{"rule": "not-held", "clause": "clause", "level": "hold", "facts": {"lot": "A"}}]


def test_each_rule_stands_once_in_a_file_of_its_own() -> None:
    assert len({rule.__module__ for rule in RULES}) == len(RULES)


def test_every_name_of_a_breach_is_listed_and_none_besides() -> None:
    sources = "".join(path.read_text("utf-8") for path in Path(rules_file).parent.glob("*.py"))

    named = set(re.findall(r"[Bb]reach\(\s*\"([a-z-]+)\"", sources))

    assert tuple(sorted(named)) == NAMES


def test_the_shipped_rule_set_asks_every_rule() -> None:
    assert [*asked(RULE_SET)] == [*RULES]


def test_a_rule_set_from_before_a_rule_does_not_ask_it() -> None:
    old = RuleSet.load({name: shipped(name) for name in FIRST_FILES})

    assert [*asked(old)] == [*FIRST]
