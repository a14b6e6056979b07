"""The whole instance in two files, made while it is in use.

    FILE           manifest.json, settings.toml, tables.sqlite3, rules/…     log, derived and kept tables
    FILE.sealed    manifest.json, sealed.sqlite3                             the sealed values alone

Both are parcels (`web.parcel`) under the instance's kept-key. They never hold the high-water mark, which is
there to notice that an old backup was restored, and never a secret: keep copies of `secrets/` elsewhere. Rows
are carried, not files, so that a backup of one database engine restores into the other.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event

from ledger import carrying, fsck, shelf, start, store
from ledger.canonical import Json, instant_text
from ledger.checkpoint import Checkpoint
from ledger.errors import Busy, NotProven
from ledger.highwater import FileHighWater
from ledger.note import Note
from ledger.spelling import base64_text
from traceability import kept
from traceability.audit import Subject
from web import clock, parcel
from web.database import DERIVED_TABLES, HIGH_WATER, KEPT_TABLES, LOG_TABLES, auditing, create_tables
from web.settings import Settings

SETTINGS, TABLES, SEALED, RULES = "settings.toml", "tables.sqlite3", "sealed.sqlite3", "rules"
WHOLE = "whole"

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and how much there is."""


def nothing_told(_step: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What a backup holds: the log up to *size*, sealed by *note*, and the rows of each table."""

    file: Path
    sealed: Path
    size: int
    note: Note
    rows: Mapping[str, int]


def sealed_beside(file: Path) -> Path:
    """Return where the sealed values of the backup *file* lie."""
    return file.with_name(file.name + ".sealed")


def backup(
    settings: Settings,
    file: Path,
    *,
    is_replacing: bool = False,
    now: clock.Clock = clock.now,
    progress: Progress = nothing_told,
) -> Saved:
    """Write *file* and its sealed values beside it, while others read and write the instance.

    Raises `FileExistsError` rather than write over a file, unless *is_replacing*; `NotProven` or `Unsafe`
    where the log does not hold, for a backup of it would hide that.
    """
    sealed = sealed_beside(file)
    for each in (file, sealed):
        if each.exists() and not is_replacing:
            raise FileExistsError(17, os.strerror(17), str(each))
    with auditing(settings) as subject, workshop(file.with_name(file.name + ".new")) as shop:
        # 1. What the database has to reach. The mark follows each commit, so it is read before the snapshot.
        mark = FileHighWater(settings.instance / HIGH_WATER).read()
        # 2. Every table as it is at one moment, and its log checked as it now stands in the copy.
        note, rows = _copied(subject, shop, mark, progress)
        about = _about(settings, note, rows, instant_text(now()))
        # 3. Both files, whole and on the disk, in the workshop. A crash up to here leaves the old ones.
        whole = _packed(settings, shop, about)
        # 4. Their names. A crash between the two leaves the new FILE.sealed beside the old FILE, to which it
        #    does not belong, as `restore` will find; the new FILE then lies in the workshop, whole.
        (whole / SEALED).replace(sealed)
        (whole / TABLES).replace(file)
        # 5. A name is durable only when its folder is.
        sync(file.parent)
    return Saved(file, sealed, Checkpoint.parse(note.text).size, note, rows)


def _about(settings: Settings, note: Note, rows: Mapping[str, int], at: str) -> dict[str, Json]:
    return {
        "at": at,
        "jizihao": version("jizihao"),
        "kind": "backup",
        "note": base64_text(note.bytes()),
        "origin": settings.origin,
        "rows": dict(rows),
        "size": Checkpoint.parse(note.text).size,
    }


def _packed(settings: Settings, shop: Path, about: Mapping[str, Json]) -> Path:
    """Return the folder with both files: it has its name only once they are whole."""
    shutil.copyfile(settings.instance / SETTINGS, shop / SETTINGS)
    folder = shop / "half"
    folder.mkdir()
    name = parcel.pack(folder / TABLES, settings.kept_key, about, _members(settings, shop))
    apart = {**about, "kind": "sealed", "of": name}
    parcel.pack(folder / SEALED, settings.kept_key, apart, [(SEALED, shop / SEALED)])
    return folder.rename(shop / WHOLE)


def _members(settings: Settings, shop: Path) -> list[tuple[str, Path]]:
    rules = settings.instance / RULES
    kept_rules = sorted(path for path in rules.iterdir() if path.is_file()) if rules.is_dir() else []
    for path in kept_rules:
        # Each has its digest for a name; one that was changed would keep the backup from being restored.
        if parcel.Member.of(path.name, path).sha256 != path.name:
            raise NotProven("a file of a rule set was changed", facts={"sha256": path.name})
    named = [(f"{RULES}/{path.name}", path) for path in kept_rules]
    return [(SETTINGS, shop / SETTINGS), (TABLES, shop / TABLES), *named]


def _copied(
    subject: Subject, shop: Path, mark: Note | None, progress: Progress
) -> tuple[Note, dict[str, int]]:
    with scratch(shop / TABLES) as copy, scratch(shop / SEALED) as apart:
        create_tables(copy)
        kept.sealed_value.create(apart)
        with ExitStack() as held:
            source = held.enter_context(store.snapshot(subject.engine))
            targets = {
                True: held.enter_context(store.writing(apart)),
                False: held.enter_context(store.writing(copy)),
            }
            head = shelf.read_head(source)
            if head is None:
                raise NotProven("the log has no entry yet")
            start.check_reaches(head, mark)
            rows = {
                str(each.name): carried(source, targets[each is kept.sealed_value], each, progress).rows
                for each in every_table()
            }
        found = fsck.fsck(
            copy,
            origin=subject.origin,
            keys=subject.keys,
            progress=lambda done, total: progress("log", done, total),
        ).found
    raise_first(found)
    return head.note, rows


def carried(source: Connection, target: Connection, table: Table, progress: Progress) -> carrying.Carried:
    """Carry one table, telling how far it is."""
    total = carrying.row_count(source, table)
    return carrying.carry(source, target, table, lambda done: progress("carry", done, total))


def every_table() -> Iterator[Table]:
    """Yield the tables of the three classes, none before one that it refers to."""
    for metadata in (LOG_TABLES, DERIVED_TABLES, *KEPT_TABLES):
        yield from metadata.sorted_tables


def raise_first(found: Sequence[fsck.Finding]) -> None:
    """Raise `NotProven` with the first of what was found, if anything was."""
    if found:
        facts: dict[str, str | int] = {"what": found[0].what, "where": found[0].where, "findings": len(found)}
        raise NotProven("the log, or what rests on it, does not hold", facts=facts)


@contextmanager
def scratch(path: Path) -> Iterator[Engine]:
    """Hold a database of ours alone: what a crash leaves of it is thrown away, so nothing needs a journal."""
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _without_journal)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    try:
        yield engine
    finally:
        engine.dispose()


def _without_journal(connection: Any, _record: object) -> None:
    # The driver's own transaction control would commit behind our back.
    connection.isolation_level = None
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}").close()


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Hold an empty folder that only its owner reads; what a killed run left in it is removed first."""
    folder.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy("somebody else is at it", facts={"folder": str(folder)}) from None
        for left in folder.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        try:
            yield folder
        except BaseException:
            # What is whole may be the only one: it waits here for its name.
            if not (folder / WHOLE).exists():
                shutil.rmtree(folder)
            raise
        shutil.rmtree(folder)
    finally:
        os.close(handle)


def sync(folder: Path) -> None:
    """Bring the names in *folder* to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
