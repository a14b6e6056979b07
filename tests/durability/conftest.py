"""What the tests of this folder share: the process whose forks are their victims."""

from collections.abc import Iterator

import pytest

from tests.durability.faults import Zygote, strace_or_skip


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    """The process of which every worker is a fork."""
    made = Zygote()
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def strace() -> None:
    """Skip where no fault can be injected."""
    strace_or_skip()
