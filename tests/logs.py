"""Logs to try things on: real ones, with keys that are no secret and a clock that the test moves."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from ledger.canonical import Json
from ledger.cosignature import MLDSA44Cosigner
from ledger.highwater import FileHighWater, HighWater
from ledger.log import Log
from ledger.note import Ed25519Signer

ORIGIN = "nongye.example/2026"
SIGNER = Ed25519Signer(ORIGIN, sha256(b"log key").digest())
COSIGNER = MLDSA44Cosigner(ORIGIN, sha256(b"log key for later").digest())
START = datetime(2026, 9, 21, 8, tzinfo=UTC)


class Clock:
    """A clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        """Move the clock, backwards if *seconds* is negative."""
        self.now += timedelta(seconds=seconds)


def log_on(engine: Engine, high_water: HighWater | Path, clock: Clock | None = None) -> Log:
    """Return a log on *engine* with its mark in *high_water*."""
    mark = FileHighWater(high_water) if isinstance(high_water, Path) else high_water
    return Log(engine, ORIGIN, SIGNER, mark, clock or Clock(), publish_signers=[COSIGNER])


def record(number: int) -> dict[str, Json]:
    """Return a small record, another for each number."""
    return {"kind": "trial", "links": {}, "number": number}
