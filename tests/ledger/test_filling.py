"""Writing behind one's own reading: never more in memory than there is room for."""

from contextlib import closing

import pytest

from ledger.filling import MOST_WAITING, Behind


@pytest.mark.parametrize("octets", [1, 2**20, 2**24])
def test_what_waits_to_be_written_is_bounded(octets: int) -> None:
    content = bytes(octets)
    with closing(Behind(lambda _path, _content: True)) as behind:
        waiting = []
        for number in range(1, 100):
            behind.put(f"tile/entries/{number}", content)
            waiting.append(number * octets - behind.octets)
        behind.finish()

    assert max(waiting) <= min(32 * octets, MOST_WAITING)
    assert (behind.files, behind.octets) == (99, 99 * octets)


def test_what_could_not_be_written_is_told() -> None:
    def full(_path: str, _content: bytes) -> bool:
        raise OSError(28, "No space left on device")

    with closing(Behind(full)) as behind:
        behind.put("tile/0/000", b"hashes")

        with pytest.raises(OSError, match="No space"):
            behind.finish()
