"""An append made to fail at each of its system calls: what was answered stands, and nothing stands twice."""

from pathlib import Path

import pytest

from ledger import store
from ledger.errors import Unsafe
from tests.durability.appender import MARK
from tests.durability.faults import ANSWER, EVERY, Call, Chosen, Fault, Ran, Zygote, faults_at, few
from tests.durability.reopening import copied, made, numbers_after, url_of
from tests.logs import log_on

SIZE = 254
"""The record that warms the worker up is the last but one of a tile: the next completes it."""
FIRST = 1000

pytestmark = pytest.mark.usefixtures("strace")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log that was closed in good order."""
    return made(tmp_path_factory.mktemp("append") / "base", SIZE)


def calls_of(zygote: Zygote, base: Path, tmp_path: Path, job: str, **asked: object) -> list[Call]:
    """Return the distinct calls of the work, in their order."""
    folder = copied(base, tmp_path / "traced")
    return zygote.calls(folder, job, folder=str(folder), first=FIRST, **asked)


def until_answered(calls: list[Call]) -> list[Call]:
    """Return the calls up to the first answer, and that one."""
    names = [call.name for call in calls]
    return calls[: names.index(ANSWER) + 1]


def outcome(ran: Ran) -> list[str]:
    """Return in a word each what came of the records."""
    return [each.get("error", "stored") for each in ran.said if "done" in each or "failed" in each]


def expected(fault: Fault, calls: list[Call]) -> tuple[list[str], list[int]]:
    """Return what is said of the two appends, and which of them the log holds afterwards.

    frames into the WAL ─ flush it ─┬─ (into the database, now and then) ─┬─ mark ─ answer
    failed and nowhere              │ stored: no commit fails any more    │ "Unsafe", and stored
    """
    first, second = FIRST + 1, FIRST + 2
    position, committed = calls.index(fault.call), _flush_of_commit(calls)
    if fault.kind == "SIGKILL":
        # Nobody is told anything. What had gone to the kernel when the process died is there.
        return [], [first] if position >= committed else []
    if fault.call.file.startswith("high-water"):
        return ["Unsafe", "stored"], [first, second]
    if position <= committed:
        return ["OperationalError", "stored"], [second]
    return ["stored", "stored"], [first, second]


def _flush_of_commit(calls: list[Call]) -> int:
    """Return where the WAL is flushed after all of its frames."""
    on_wal = [(place, call) for place, call in enumerate(calls) if call.file.endswith("-wal")]
    last_frame = max(place for place, call in on_wal if call.name == "pwrite64")
    return min(place for place, call in on_wal if place > last_frame)


def test_each_call_of_an_append_may_fail(zygote: Zygote, base: Path, tmp_path: Path) -> None:
    found, foretold = broken_appends(zygote, base, tmp_path, faults_at, checkpoints=False)

    assert found == foretold


@pytest.mark.parametrize("chosen", [few, EVERY])
def test_a_call_of_an_append_that_goes_on_into_the_database_may_fail(
    chosen: Chosen, zygote: Zygote, base: Path, tmp_path: Path
) -> None:
    found, foretold = broken_appends(zygote, base, tmp_path, chosen, checkpoints=True)

    assert found == foretold


Outcome = tuple[list[str], list[int]]
"""What was said of the two appends, and which of them the log holds afterwards."""


def broken_appends(
    zygote: Zygote, base: Path, tmp_path: Path, chosen: Chosen, *, checkpoints: bool
) -> tuple[dict[str, Outcome], dict[str, Outcome]]:
    """Break two appends once at each chosen call; return what came of each fault, and what was foretold."""
    calls = until_answered(calls_of(zygote, base, tmp_path, "append", count=1, checkpoints=checkpoints))
    faults = chosen(calls)
    found: dict[str, Outcome] = {}

    for number, fault in enumerate(faults):
        folder = copied(base, tmp_path / f"{number}")
        ran = zygote.broken(
            fault, "append", folder=str(folder), first=FIRST, count=2, checkpoints=checkpoints
        )
        numbers = numbers_after(folder, [ran])
        assert numbers[: SIZE + 1] == [*range(SIZE), FIRST]
        found[str(fault)] = outcome(ran), numbers[SIZE + 1 :]

    assert {call.name for call in calls} >= {"pwrite64", "fdatasync", ANSWER}
    return found, {str(fault): expected(fault, calls) for fault in faults}


@pytest.mark.parametrize("chosen", [few, EVERY])
def test_a_call_of_a_recovery_may_fail(chosen: Chosen, zygote: Zygote, base: Path, tmp_path: Path) -> None:
    killed = copied(base, tmp_path / "killed")
    (answer,) = (
        call
        for call in until_answered(calls_of(zygote, killed, tmp_path, "append", count=1))
        if call.name == ANSWER
    )
    zygote.broken(Fault(answer, "SIGKILL"), "append", folder=str(killed), first=FIRST, count=1)
    calls = [call for call in calls_of(zygote, killed, tmp_path / "again", "reopen") if call.name != ANSWER]

    for number, fault in enumerate(chosen(calls)):
        folder = copied(killed, tmp_path / f"{number}")
        ran = zygote.broken(fault, "reopen", folder=str(folder), first=FIRST + 2)
        numbers = numbers_after(folder, [ran])

        # What was not answered may or may not be there; what was there before is.
        assert numbers[: SIZE + 2] == [*range(SIZE), FIRST, FIRST + 1], str(fault)
        assert numbers[SIZE + 2 :] in ([], [FIRST + 2]), str(fault)
    assert any(call.file.endswith("-wal") for call in calls)


@pytest.mark.parametrize("chosen", [few, EVERY])
def test_the_very_first_append_may_fail(
    chosen: Chosen, zygote: Zygote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledger.log.PATIENCE", ())
    empty = made(tmp_path / "empty", 0)
    calls = [call for call in calls_of(zygote, empty, tmp_path, "reopen") if call.name != ANSWER]
    unmarked: set[str] = set()

    for number, fault in enumerate(chosen(calls)):
        folder = copied(empty, tmp_path / f"{number}")
        ran = zygote.broken(fault, "reopen", folder=str(folder), first=FIRST)
        if has_entries_but_no_mark(folder):
            # Nobody was promised anything, and nothing can be proven: the log says what is missing.
            unmarked.add(fault.call.file)
            assert ran.done == []
            with pytest.raises(Unsafe, match="the high-water mark is missing"):
                numbers_after(folder, [ran])
        else:
            assert numbers_after(folder, [ran]) in ([], [FIRST])

    assert "high-water.new" in unmarked


def has_entries_but_no_mark(folder: Path) -> bool:
    engine = store.engine_for(url_of(folder))
    try:
        log = log_on(engine, folder / MARK)
        return log.size() > 0 and log.high_water.read() is None
    finally:
        engine.dispose()
