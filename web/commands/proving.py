"""What anybody can check without us: proofs of entries, whom to believe, the log's own files."""

from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import select

from ledger.checkpoint import Checkpoint
from ledger.note import Note
from ledger.tile import Bundle, Tile, bundles_of, tiles_of
from traceability import tables
from traceability.errors import Unknown
from traceability.reading import Reader
from web.commands.answering import known_lot
from web.commands.terminal import Command, Option, answer, as_json, instance, opened, progress, say
from web.database import Services
from web.language import N_, gettext


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
@as_json
@instance
def prove(what: str, out: Path, *, as_json: bool) -> None:
    """Write entries and what proves them."""
    with opened() as services:
        note = services.log.publish()
        checkpoint = Checkpoint.parse(note.text)
        with services.reading() as reader:
            chosen = _chosen(what, reader, services, checkpoint.size)
            authors = {index: _author_entry(reader, index) for index in chosen}
        out.mkdir(parents=True, exist_ok=True)
        files = [
            {"index": index, "files": list(_write(services, note, out, index, authors[index]))}
            for index in chosen
        ]
    said = {"out": str(out), "size": checkpoint.size, "entries": files}
    answer(said, [f"{out}/{name}" for each in files for name in _names(each)], as_json=as_json)


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
        (out / f"{stem}.tlog-proof").write_bytes(services.log.proof_under(entry, note).bytes())
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


@click.command(cls=Command, help=N_("公布账本：把检查点和全部记录写成静态文件，与 /log/ 下提供的相同。"))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@instance
def publish(folder: Path) -> None:
    """Write the log's files below a folder; what is complete there already is left alone."""
    with opened() as services:
        note = services.log.publish()
        size = Checkpoint.parse(note.text).size
        pieces: list[Tile | Bundle] = [*tiles_of(size), *bundles_of(size)]
        with progress(gettext(N_("公布"))) as told:
            for done, piece in enumerate(pieces, 1):
                _put(services, folder / piece.path(), piece)
                told(done, len(pieces))
        (folder / "policy").write_text(services.policy.text(), encoding="utf-8")
        # The checkpoint comes last: who sees it finds all that it commits to.
        _replace(folder / "checkpoint", note.bytes())
    say(gettext(N_("已公布到第 %(size)s 条记录：%(folder)s"), size=size, folder=folder))


def _put(services: Services, path: Path, piece: Tile | Bundle) -> None:
    # A full piece never changes; one that is not full yet has an address of its own.
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, services.log.tile(piece) if isinstance(piece, Tile) else services.log.bundle(piece))


def _replace(path: Path, content: bytes) -> None:
    half = path.with_name(path.name + ".new")
    half.write_bytes(content)
    half.replace(path)


COMMANDS = (prove, policy, publish)
