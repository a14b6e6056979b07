"""What the lockbox holds comes out only whole, under its own label, with its own key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import NotProven
from traceability.lockbox import NONCE, Lockbox

BOX = Lockbox(b"k" * 32)


@given(secret=st.binary(max_size=64), label=st.binary(max_size=16))
def test_what_was_locked_comes_out(secret: bytes, label: bytes) -> None:
    assert BOX.unlock(BOX.lock(secret, label), label) == secret


def test_the_same_secret_is_never_locked_alike() -> None:
    locked = {BOX.lock(b"seed", b"a") for _ in range(50)}

    assert len({each[:NONCE] for each in locked}) == 50


def test_every_bent_byte_is_noticed() -> None:
    locked = BOX.lock(b"seed", b"a")

    for place, honest in enumerate(locked):
        bent = locked[:place] + bytes([honest ^ 1]) + locked[place + 1 :]
        with pytest.raises(NotProven):
            BOX.unlock(bent, b"a")


@pytest.mark.parametrize("length", [0, 1, NONCE, NONCE + 15])
def test_what_is_cut_short_is_noticed(length: int) -> None:
    with pytest.raises(NotProven):
        BOX.unlock(BOX.lock(b"seed", b"a")[:length], b"a")


def test_another_label_or_key_opens_nothing() -> None:
    locked = BOX.lock(b"seed", b"a")

    with pytest.raises(NotProven):
        BOX.unlock(locked, b"b")
    with pytest.raises(NotProven):
        Lockbox(b"l" * 32).unlock(locked, b"a")
