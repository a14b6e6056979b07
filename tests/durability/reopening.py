"""What must hold of a log after whatever happened to it: it opens, it is sound, and no promise is broken."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from ledger import store
from ledger.checkpoint import Checkpoint
from ledger.fsck import fsck
from ledger.log import Log
from ledger.merkle import check_inclusion, leaf_hash
from ledger.proof import TlogProof
from ledger.writer import Writer
from tests.durability.appender import DATABASE, MARK, answered
from tests.durability.faults import Ran
from tests.logs import COSIGNER, ORIGIN, SIGNER, log_on

LATER = 1_000_000
"""The number of the record that is appended to show that the log goes on."""


def copied(base: Path, to: Path) -> Path:
    """Return a copy of the folder *base*."""
    return Path(shutil.copytree(base, to))


def url_of(folder: Path) -> str:
    """Return the address of the log's database in *folder*."""
    return f"sqlite:///{folder / DATABASE}"


def made(folder: Path, size: int, url: str | None = None) -> Path:
    """Make a log of *size* entries and return its folder."""
    folder.mkdir()
    engine = store.engine_for(url or url_of(folder))
    store.create(engine)
    log = log_on(engine, folder / MARK)
    with Writer(log) as writer:
        for number in range(size):
            answered(writer, log, number)
    engine.dispose()
    return folder


def numbers_after(folder: Path, said: Iterable[Ran], url: str | None = None) -> list[int]:
    """Open the log again, hold it against all that was promised, and return the numbers of its records.

    Appends one more record to show that it can: that one is not among the numbers.
    """
    engine = store.engine_for(url or url_of(folder))
    try:
        log = log_on(engine, folder / MARK)
        log.check_start()
        for each in said:
            for promised in each.done:
                check_promise(log, promised)
        numbers = [stored.entry.record["number"] for stored in log.entries(0, log.size())]
        with Writer(log) as writer:
            answered(writer, log, LATER)
        check_sound(engine)
        assert log.high_water.read() == log.head()[1]
    finally:
        engine.dispose()
    return numbers


def check_promise(log: Log, promised: dict[str, Any]) -> None:
    """Check that the log still holds what somebody was told of one record, under the very note they hold."""
    proof = TlogProof.parse(promised["proof"].encode())
    checkpoint = Checkpoint.parse(proof.note.text)
    stored = log.entry(promised["index"])
    leaf = leaf_hash(stored.spelt)

    assert stored.entry.record["number"] == promised["done"]
    check_inclusion(proof.path, size=checkpoint.size, root=checkpoint.root, index=proof.index, leaf=leaf)
    log.check_extends(proof.note)


def check_sound(engine: Engine) -> None:
    """Check every byte of the log."""
    assert fsck(engine, origin=ORIGIN, keys=[SIGNER.key, COSIGNER.key]).found == ()
