"""The shopper's browser takes the same openings of a log that goes on from a lost one."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Page

from ledger.authorship import check_opening
from ledger.checkpoint import Checkpoint
from ledger.errors import LedgerError
from ledger.note import Ed25519Signer, signed
from tests.logs import ORIGIN
from tests.records import opening

pytestmark = pytest.mark.browser

OLD = "old.example/2025"


def note(origin: str = OLD, size: int = 7) -> bytes:
    signer = Ed25519Signer(origin, sha256(b"old").digest())
    return signed(Checkpoint(origin, size, bytes(32)).text(), signer).bytes()


CASES: list[tuple[bytes, str, dict[str, str]]] = [
    (note(), OLD, {}),
    (note(), "third.example/2025", {}),
    (note(ORIGIN), ORIGIN, {}),
    (note(size=0), OLD, {}),
    (note().partition(b"\n\n")[0] + b"\n", OLD, {}),
    (b"", OLD, {}),
    (note(), OLD, {"why": "fire"}),
]


def is_taken(record: dict[str, Any]) -> bool:
    try:
        check_opening(record, origin=ORIGIN)
    except LedgerError:
        return False
    return True


def test_both_languages_take_the_same_openings(modules: Page) -> None:
    records = []
    for spelt, origin, more in CASES:
        record = opening()
        record["opening"]["continues"] = {"note": b64encode(spelt).decode(), "origin": origin, **more}
        records.append(record)

    found = modules.evaluate(
        """async ([all, origin]) => { const m = await load("authorship");
           return all.map((record) => {
             try { return m.checkOpening({ index: 0, record }, { origin }).size > 0; }
             catch (error) { if (error.code === undefined) throw error; return false; } }); }""",
        [records, ORIGIN],
    )

    assert found == [is_taken(record) for record in records] == [True, *[False] * 6]
