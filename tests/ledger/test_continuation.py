"""A log that goes on from a lost one says so in entry 0, and brings the last note of the other."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest

from ledger.authorship import check_opening
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError
from ledger.note import Ed25519Signer, signed
from tests.logs import ORIGIN
from tests.records import opening

OLD = "old.example/2025"


def note(origin: str = OLD, size: int = 7) -> bytes:
    signer = Ed25519Signer(origin, sha256(b"old").digest())
    return signed(Checkpoint(origin, size, bytes(32)).text(), signer).bytes()


def continuing(spelt: bytes, origin: str = OLD, **more: Any) -> dict[str, Any]:
    record = opening()
    record["opening"]["continues"] = {"note": b64encode(spelt).decode(), "origin": origin, **more}
    return record


def test_a_log_may_go_on_from_another() -> None:
    assert check_opening(continuing(note()), origin=ORIGIN) == check_opening(opening(), origin=ORIGIN)


@pytest.mark.parametrize(
    "record",
    [
        continuing(note(), origin="third.example/2025"),
        continuing(note(ORIGIN), origin=ORIGIN),
        continuing(note(size=0)),
        continuing(note().partition(b"\n\n")[0] + b"\n"),
        continuing(note().replace(b"\n7\n", b"\n07\n")),
        continuing(b""),
        continuing(b"\xff\n\n"),
        continuing(note(), why="fire"),
    ],
    ids=["another", "itself", "empty", "unsigned", "misspelt", "nothing", "no letters", "more"],
)
def test_it_goes_on_only_from_the_signed_note_of_another(record: dict[str, Any]) -> None:
    with pytest.raises(LedgerError):
        check_opening(record, origin=ORIGIN)
