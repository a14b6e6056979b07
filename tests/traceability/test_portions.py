"""Many names reach the database in portions, all of them and in their order."""

import pytest

from traceability.portions import AT_ONCE, portions


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, []),
        (1, [1]),
        (AT_ONCE, [AT_ONCE]),
        (AT_ONCE + 1, [AT_ONCE, 1]),
        (2 * AT_ONCE, [AT_ONCE, AT_ONCE]),
    ],
)
def test_names_come_in_portions_in_their_order(count: int, sizes: list[int]) -> None:
    found = list(portions(range(count)))

    assert [len(each) for each in found] == sizes
    assert [name for each in found for name in each] == list(range(count))
