"""Fixtures that the tests of several packages share."""

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ("tests.engines", "tests.browser", "tests.objects")

# A machine that is busy with something else makes no test wrong; pytest's own timeout stops what hangs.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")

LONGEST = (
    "web/commands/test_demonstrating.py",
    "web/commands/test_backing_up.py",
    "durability/test_record_and_backup.py",
    "durability/test_append.py",
    "traceability/rules/test_every_rule.py",
    "web/test_regulator.py",
    "web/test_demo.py",
    "web/test_shopper_browser.py",
    "ledger/test_log.py",
    "traceability/test_audit.py",
    "traceability/test_scenarios.py",
    "web/test_browser_rotation.py",
    "web/test_mill_browser.py",
    "web/test_farm_browser.py",
    "processes/test_workers.py",
)
"""The files that take longest, which begin first, so that none of them is the one that all wait for."""

UNTRACED = (
    "traceability/rules/test_every_rule.py",
    "traceability/test_audit.py",
    "traceability/test_scenarios.py",
    "web/api/test_description.py",
    "web/test_demo.py",
    "web/test_farm_browser.py",
    "web/test_mill_browser.py",
    "web/test_regulator.py::test_no_page_leads_to_one_that_is_closed",
    "web/test_scan.py::test_no_sealed_value_is_anywhere_public",
    "web/test_scan.py::test_salts_are_nowhere_public",
    "web/test_shopper_browser.py",
)
"""What goes the same ways a thousand times: its lines are counted where others go them once, for counting
doubles its time. So are those of every property that Hypothesis searches."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, leave the order within each as it is, and count lines where it pays."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(_file_of(item), len(LONGEST)))
    for item in items:
        is_searched = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_searched or f"{_file_of(item)}::{item.name}".startswith(UNTRACED):
            item.add_marker("no_cover")


def _file_of(item: pytest.Item) -> str:
    return item.path.as_posix().partition("/tests/")[2]
