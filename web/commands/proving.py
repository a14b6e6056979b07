"""What anybody can check without us: proofs of entries, and whom to believe."""

from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import select

from ledger.checkpoint import Checkpoint
from ledger.errors import NotProven
from ledger.note import Note
from ledger.policy import NO_QUORUM
from ledger.proof import Growth
from traceability import tables
from traceability.errors import Unknown
from traceability.reading import Reader
from web import key_life, showing
from web.commands.answering import known_lot
from web.commands.terminal import NO, Command, Option, answer, as_json, instance, opened, say
from web.database import Services
from web.language import N_, gettext
from web.publisher import published


@click.command(
    cls=Command,
    help=N_(
        "把记录连同证明写成文件，别人不用联网就能核验。\n\n"
        "WHAT 是记录的序号，或一个批次（它的全部记录）。\n"
        "核验：python -m ledger verify --policy FILE --key N.key.entry N.key.tlog-proof N.entry N.tlog-proof"
    ),
)
@click.argument("what")
@click.option(
    "--out",
    cls=Option,
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help=N_("写到这个文件夹。"),
)
@click.option(
    "--grown-from",
    cls=Option,
    type=click.IntRange(1),
    metavar="SIZE",
    help=N_("写出账本从 SIZE 条以来只增不改的证明（SIZE.consistency）。"),
)
@as_json
@instance
def prove(what: str, out: Path, grown_from: int | None, *, as_json: bool) -> int | None:
    """Write entries and what proves them, under a checkpoint that enough witnesses have seen."""
    with opened() as services:
        note = _seen_note(services)
        checkpoint = Checkpoint.parse(note.text)
        with services.reading() as reader:
            chosen = _chosen(what, reader, services, _end(services, checkpoint))
            authors = {index: _author_entry(reader, index) for index in chosen}
        if max(chosen, default=0) >= checkpoint.size or not _is_enough(services, note):
            return _not_seen(services, max(chosen, default=0), note, as_json=as_json)
        out.mkdir(parents=True, exist_ok=True)
        files = [
            {"index": index, "files": list(_write(services, note, out, index, authors[index]))}
            for index in chosen
        ]
        if grown_from is not None:
            files.append({"files": [_write_growth(services, out, grown_from, checkpoint.size)]})
    said = {"out": str(out), "size": checkpoint.size, "entries": files}
    answer(said, [f"{out}/{name}" for each in files for name in _names(each)], as_json=as_json)
    return None


def _write_growth(services: Services, out: Path, old: int, size: int) -> str:
    """Write what joins a proof under an earlier checkpoint to those written here; return the file's name."""
    path = services.log.consistency(old, size)
    (out / f"{old}.consistency").write_bytes(Growth(old, size, path).bytes())
    return f"{old}.consistency"


def _seen_note(services: Services) -> Note:
    """Publish, and return the newest checkpoint that enough witnesses have seen, or else the newest."""
    try:
        return published(services)
    except NotProven:
        return services.log.published() or services.log.head()[1]


def _end(services: Services, checkpoint: Checkpoint) -> int:
    # What witnesses have yet to see is there, and is told apart from what is not.
    return checkpoint.size if services.policy.quorum == NO_QUORUM else services.log.size()


def _is_enough(services: Services, note: Note) -> bool:
    return showing.is_seen(note, services.policy)


def _not_seen(services: Services, index: int, note: Note, *, as_json: bool) -> int:
    """Say which witnesses are missing; the answer is no."""
    newest = services.log.published()
    seen = showing.seen_by(newest, services.policy) if newest is not None else frozenset()
    missing = sorted(set(services.policy.witnesses) - seen)
    size = showing.size_of(note) if _is_enough(services, note) else 0
    sentence = N_(
        "还没有足够的见证方签署包含第 %(index)s 条的检查点（现在到第 %(size)s 条）。"
        "请稍后再试。未签署：%(missing)s"
    )
    said = gettext(sentence, index=index, size=size, missing=", ".join(missing))
    say(said)
    document = {"detail": said, "index": index, "size": size, "missing": missing, "exit_code": NO}
    answer(document, [], as_json=as_json)
    return NO


def _names(written: dict[str, object]) -> list[str]:
    found = written["files"]
    return found if isinstance(found, list) else []


def _chosen(what: str, reader: Reader, services: Services, size: int) -> list[int]:
    if what.isascii() and what.isdigit():
        if len(what) > 15 or int(what) >= size:
            raise Unknown("entry", what)
        return [int(what)]
    lot, table = known_lot(what, reader, services), tables.subject
    rows = reader.connection.execute(
        select(table.c.entry).where(table.c.subject == lot).order_by(table.c.entry)
    )
    return [row.entry for row in rows if row.entry < size]


def _author_entry(reader: Reader, index: int) -> int | None:
    """Return where the key is granted that signed the entry at *index*; None where no author signs."""
    record = reader.entry(index).record
    if record["kind"] != "statement":
        return None
    table = tables.party_key
    found = select(table.c.entry).where(table.c.key_id == record["sigs"][0]["key"])
    return reader.connection.execute(found).scalar()


def _write(services: Services, note: Note, out: Path, index: int, author: int | None) -> Iterator[str]:
    for entry, stem in ((index, f"{index}"), (author, f"{index}.key")):
        if entry is None:
            continue
        (out / f"{stem}.entry").write_bytes(services.log.entry(entry).spelt)
        yield f"{stem}.entry"
        # The beginning of a change of keys is shown under a checkpoint that the old keys signed as well.
        shown = key_life.handover(services, entry) or note
        (out / f"{stem}.tlog-proof").write_bytes(services.log.proof_under(entry, shown).bytes())
        yield f"{stem}.tlog-proof"


@click.command(
    cls=Command,
    help=N_(
        "显示应当相信谁的签名：账本的公钥和见证方（tlog-policy 格式）。\n\n"
        "请从可信的途径取得并保存一份：jizihao policy > policy.txt"
    ),
)
@instance
def policy() -> None:
    """Write the policy to standard output."""
    with opened() as services:
        click.echo(services.policy.text(), nl=False)


COMMANDS = (prove, policy)
