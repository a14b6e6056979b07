"""A backup put back into an empty database, if every byte of it holds and it is not older than a promise.

Nothing is believed because it is in the file: its digests and its MAC say that it is as it was written, an
audit of what was unpacked says that it was right when it was written, and the high-water mark says that it is
not of yesterday. Whoever restored an older one would let the log sign a second history.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from ledger import carrying, shelf, start, store
from ledger.canonical import Json
from ledger.checkpoint import Checkpoint
from ledger.errors import Conflict, NotProven, Unsafe
from ledger.highwater import FileHighWater
from ledger.keys import VerifierKey
from ledger.note import Note, verified
from traceability import audit, kept
from traceability.audit import Subject
from traceability.rule_shelf import RuleShelf
from web import parcel
from web.backup import (
    RULES,
    SEALED,
    SETTINGS,
    TABLES,
    Progress,
    carried,
    every_table,
    nothing_told,
    raise_first,
    scratch,
    sync,
    workshop,
)
from web.database import HIGH_WATER, auditing, create_tables, log_keys
from web.settings import Settings

LARGEST_SETTINGS = 2**16

# What an audit of an unpacked backup may find without harm: who runs the log asks its witnesses again.
BESIDE_THE_BACKUP = frozenset({"quorum-not-met"})


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; *missing* counts the sealed fields whose values were not."""

    size: int
    note: Note
    rows: Mapping[str, int]
    missing: int


def restore(
    settings: Settings,
    file: Path,
    *,
    sealed: Path | None = None,
    since: Note | None = None,
    progress: Progress = nothing_told,
) -> Restored:
    """Fill the empty database of *settings* from the backup *file*, after everything in it has been checked.

    *sealed* is the file of its sealed values; without it they are absent afterwards. *since* is a checkpoint
    that somebody else kept, and takes the place of a high-water mark that was lost. Raises `Conflict` where
    the database is not empty, `Unsafe` where the backup is older than what was promised, `NotProven` or
    `Malformed` where anything in it does not hold; then nothing was changed.
    """
    with auditing(settings) as subject, workshop(settings.instance / "restore.new") as shop:
        create_tables(subject.engine)
        with store.snapshot(subject.engine) as connection:
            _check_empty(connection)
        # 1. Every byte against the manifests, and what the manifests say against this instance.
        mark = FileHighWater(settings.instance / HIGH_WATER)
        known = {*subject.policy.keys_of(subject.origin), *log_keys(settings).former()}
        promised = _promised(mark.read(), since, subject.origin, known)
        _unpack(settings, file, sealed, shop, progress)
        with scratch(shop / TABLES) as copy:
            if sealed is not None:
                _join_sealed(shop / SEALED, copy, progress)
            # 2. The unpacked database audited as a live one is, and against what was promised.
            note, missing = _checked(
                subject, copy, shop / RULES, promised, progress, is_whole=sealed is not None
            )
            # 3. Beside the database. A crash after this leaves files that the next run finds as they must be,
            #    and a mark that the empty database falls short of: nothing is signed until it is filled.
            _put_files(settings, shop)
            mark.raise_to(promised)
            # 4. All rows in one transaction, read again before it ends. A crash leaves it empty.
            rows = _filled(copy, subject.engine, progress)
        # 5. The mark follows the database, as after each commit; a start would do it too.
        mark.raise_to(note)
    return Restored(Checkpoint.parse(note.text).size, note, rows, missing)


def settings_within(file: Path) -> str | None:
    """Return the settings in the backup *file*, unproven, for a folder that has none yet."""
    spelt = parcel.unproven_member(file, SETTINGS, largest=LARGEST_SETTINGS)
    return None if spelt is None else spelt.decode("utf-8", "replace")


def _promised(mark: Note | None, since: Note | None, origin: str, keys: Collection[VerifierKey]) -> Note:
    """Return the largest of what this log is known to have promised; `Unsafe` if nothing is known."""
    known = [note for note in (mark, since) if note is not None]
    if not known:
        raise Unsafe("the high-water mark is missing")
    for note in known:
        if Checkpoint.parse(note.text).origin != origin or not verified(note, keys):
            raise NotProven("the note is not signed by this log", facts={"origin": origin})
    return max(known, key=lambda note: Checkpoint.parse(note.text).size)


def _unpack(settings: Settings, file: Path, sealed: Path | None, shop: Path, progress: Progress) -> None:
    manifest, name = parcel.manifest_of(file, settings.kept_key)
    _check_about(manifest.about, {"kind": "backup", "origin": settings.origin})
    parcel.unpack(file, settings.kept_key, shop, lambda done, total: progress("unpack", done, total))
    if sealed is None:
        return
    manifest, _ = parcel.manifest_of(sealed, settings.kept_key)
    # Another backup's sealed values may hold what was erased since.
    _check_about(manifest.about, {"kind": "sealed", "origin": settings.origin, "of": name})
    parcel.unpack(sealed, settings.kept_key, shop, lambda done, total: progress("unpack", done, total))


def _check_about(about: Mapping[str, Json], wanted: Mapping[str, str]) -> None:
    for name, value in wanted.items():
        if about.get(name) != value:
            found = str(about.get(name, "—"))
            raise NotProven("the file is another than the one asked for", facts={name: found})


def _join_sealed(path: Path, copy: Engine, progress: Progress) -> None:
    with scratch(path) as apart, store.snapshot(apart) as source, store.writing(copy) as target:
        carried(source, target, kept.sealed_value, progress)


def _checked(
    subject: Subject, copy: Engine, rules: Path, promised: Note, progress: Progress, *, is_whole: bool
) -> tuple[Note, int]:
    """Return the note that seals the unpacked log, and how many sealed values are missing."""
    with store.snapshot(copy) as connection:
        head = shelf.read_head(connection)
    start.check_reaches(head, promised)
    unpacked = replace(subject, engine=copy, shelf=RuleShelf(rules), since=Checkpoint.parse(promised.text))
    found = audit.audit(unpacked, progress).findings
    missing = [] if is_whole else [each for each in found if each.what == "sealed-value-missing"]
    raise_first(tuple(each for each in found if each.what not in BESIDE_THE_BACKUP and each not in missing))
    if head is None:
        raise NotProven("the log has no entry yet")
    return head.note, len(missing)


def _put_files(settings: Settings, shop: Path) -> None:
    """Put rule files in their place, each under its digest, and the settings where there are none."""
    rules = settings.instance / RULES
    rules.mkdir(exist_ok=True)
    unpacked = shop / RULES
    for path in sorted(unpacked.iterdir()) if unpacked.is_dir() else ():
        path.replace(rules / path.name)
    sync(rules)
    if not (settings.instance / SETTINGS).exists():
        (shop / SETTINGS).replace(settings.instance / SETTINGS)
    sync(settings.instance)


def _filled(copy: Engine, engine: Engine, progress: Progress) -> dict[str, int]:
    rows: dict[str, int] = {}
    with store.snapshot(copy) as source, store.appending(engine) as target:
        _check_empty(target)
        for table in every_table():
            brought = carried(source, target, table, progress)
            if carrying.read_again(target, table) != brought:
                raise NotProven(
                    "the database gives back other rows than it was given", facts={"table": table.name}
                )
            rows[str(table.name)] = brought.rows
    return rows


def _check_empty(connection: Connection) -> None:
    for table in every_table():
        if inspect(connection).has_table(table.name) and carrying.row_count(connection, table):
            raise Conflict("the database is not empty", facts={"table": table.name})
