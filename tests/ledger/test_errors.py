"""A verdict carries its reason and its facts."""

import pytest

from ledger.errors import (
    Busy,
    Conflict,
    KeysChanged,
    LedgerError,
    Malformed,
    NotProven,
    Unreachable,
    Unsafe,
)


@pytest.mark.parametrize(
    "verdict", [LedgerError, Malformed, NotProven, Conflict, Busy, Unreachable, Unsafe, KeysChanged]
)
def test_a_verdict_says_its_reason_and_keeps_its_facts(verdict: type[LedgerError]) -> None:
    facts: dict[str, str | int] = {"size": 5}

    found = verdict("the log has forked", facts=facts)
    facts["size"] = 6

    assert (str(found), found.reason, found.facts) == (
        "the log has forked",
        "the log has forked",
        {"size": 5},
    )
    assert verdict("no facts").facts == {}
