"""What is shown to the world is whole at each moment: a checkpoint stands only where all its files do."""

from contextlib import closing
from pathlib import Path

import pytest

from ledger import export, store
from ledger.checkpoint import Checkpoint
from ledger.merkle import leaf_hash, root_of
from ledger.note import Note
from ledger.outlet import DirectoryOutlet
from ledger.policy import Policy
from ledger.tile import bundles_of, parse_bundle, tiles_of
from ledger.writer import Writer
from tests.durability.appender import MARK, answered
from tests.durability.faults import Zygote, few
from tests.durability.reopening import copied, made, numbers_after, url_of
from tests.logs import COSIGNER, ORIGIN, SIGNER, log_on

EARLIER, SIZE = 40, 300

pytestmark = pytest.mark.usefixtures("strace")


def shown(base: Path, size: int) -> None:
    """Let the log grow to *size* and be published in the folder `out` beside it."""
    engine = store.engine_for(url_of(base))
    log = log_on(engine, base / MARK)
    with Writer(log) as writer:
        for number in range(log.size(), size):
            answered(writer, log, number)
    with closing(DirectoryOutlet(base / "out")) as outlet:
        export.publish(log, export.note_to_show(log), outlet)
    policy = Policy(logs=((SIGNER.key, None), (COSIGNER.key, None)), witnesses={}, groups={})
    (base / "out" / "policy").write_text(policy.text(), encoding="utf-8")
    engine.dispose()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log that was published when it was small, and has grown since; and its later tree in `later`."""
    folder = made(tmp_path_factory.mktemp("shown") / "base", EARLIER)
    shown(folder, EARLIER)
    copied(folder / "out", folder / "copy")
    later = copied(folder, folder.parent / "grown")
    shown(later, SIZE)
    copied(later / "out", folder / "later")
    engine = store.engine_for(url_of(folder))
    log = log_on(engine, folder / MARK)
    with Writer(log) as writer:
        for number in range(EARLIER, SIZE):
            answered(writer, log, number)
    engine.dispose()
    return folder


def size_shown(folder: Path) -> int:
    """Check that all that the checkpoint in *folder* commits to is there, and return its size."""
    checkpoint = Checkpoint.parse(Note.parse((folder / "checkpoint").read_bytes()).text)
    bundles = [(folder / each.path(), each.width) for each in bundles_of(checkpoint.size)]
    entries = [entry for path, width in bundles for entry in parse_bundle(path.read_bytes(), width)]

    assert checkpoint.origin == ORIGIN
    assert root_of(map(leaf_hash, entries)) == checkpoint.root
    assert all((folder / tile.path()).exists() for tile in tiles_of(checkpoint.size))
    return checkpoint.size


def test_a_call_of_a_publish_may_fail(zygote: Zygote, base: Path, tmp_path: Path) -> None:
    traced = copied(base, tmp_path / "traced")
    faults = few(zygote.calls(traced, "publish", folder=str(traced)))
    sizes: set[int] = set()

    for number, fault in enumerate(faults):
        folder = copied(base, tmp_path / f"{number}")
        ran = zygote.broken(fault, "publish", folder=str(folder))
        size = size_shown(folder / "out")
        assert size == SIZE if ran.done else size in (EARLIER, SIZE), str(fault)
        assert zygote.run("publish", folder=str(folder)).done, str(fault)
        assert size_shown(folder / "out") == SIZE
        assert numbers_after(folder, []) == [*range(SIZE)]
        sizes.add(size)

    assert sizes == {EARLIER, SIZE}
    assert any(fault.call.file.startswith("out/") for fault in faults)


def test_a_call_of_a_mirror_may_fail(zygote: Zygote, base: Path, tmp_path: Path) -> None:
    source = str(base / "later")
    (tmp_path / "traced").mkdir()
    traced = Path(copied(base / "copy", tmp_path / "traced" / "copy")).parent
    faults = few(zygote.calls(traced, "mirror", folder=str(traced), source=source))
    sizes: set[int] = set()

    for number, fault in enumerate(faults):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        copied(base / "copy", folder / "copy")
        ran = zygote.broken(fault, "mirror", folder=str(folder), source=source)
        size = size_shown(folder / "copy")
        assert size == SIZE if ran.done else size in (EARLIER, SIZE), str(fault)
        assert zygote.run("mirror", folder=str(folder), source=source).done, str(fault)
        assert size_shown(folder / "copy") == SIZE
        sizes.add(size)

    assert sizes == {EARLIER, SIZE}
