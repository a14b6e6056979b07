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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first, and leave the order within each file as it is."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.as_posix().partition("/tests/")[2], len(LONGEST)))
