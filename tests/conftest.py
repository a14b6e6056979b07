"""Fixtures that the tests of several packages share."""

from hypothesis import HealthCheck, settings

pytest_plugins = ("tests.engines", "tests.browser", "tests.objects")

# A machine that is busy with something else makes no test wrong; pytest's own timeout stops what hangs.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")
