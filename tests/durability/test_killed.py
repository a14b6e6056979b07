"""Everybody dies at once, at moments drawn by lot: whatever was answered before is there afterwards."""

import random
import time
from pathlib import Path

from tests.durability.faults import Ran, Zygote
from tests.durability.postgres import running
from tests.durability.reopening import made, numbers_after, url_of

ROUNDS, WRITERS, SIZE = 3, 3, 5
SECONDS = (0.05, 0.4)


def drawn(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- moments, no secrets


def flooded(zygote: Zygote, url: str, folder: Path, first: int, lot: random.Random) -> list[Ran]:
    """Let several processes append until all of them are killed, and return what they had said."""
    workers = [
        zygote.start("flood", url=url, mark=str(folder / "high-water"), first=first + number * 10_000)
        for number in range(WRITERS)
    ]
    for worker in workers:
        worker.until_ready()
    for worker in workers:
        worker.go()
    time.sleep(lot.uniform(*SECONDS))
    for worker in workers:
        worker.kill()
    return [Ran(worker.rest()) for worker in workers]


def check_numbers(numbers: list[int], ran: list[Ran]) -> int:
    """Check that each record stands once, and all that were acknowledged; return how many those are."""
    acknowledged = {each["done"] for one in ran for each in one.done}

    assert len(numbers) == len(set(numbers))
    assert acknowledged <= set(numbers)
    return len(acknowledged)


def test_processes_that_are_killed_at_any_moment_break_no_promise(zygote: Zygote, tmp_path: Path) -> None:
    lot = drawn(20260921)
    acknowledged = 0

    for number in range(ROUNDS):
        folder = made(tmp_path / f"{number}", SIZE)
        ran = flooded(zygote, url_of(folder), folder, 100_000, lot)
        acknowledged += check_numbers(numbers_after(folder, ran), ran)

    assert acknowledged > ROUNDS


def test_a_server_that_is_killed_at_any_moment_breaks_no_promise(zygote: Zygote, tmp_path: Path) -> None:
    lot = drawn(20260922)
    with running() as server:
        folder = made(tmp_path / "log", SIZE, server.url)
        workers = [
            zygote.start("flood", url=server.url, mark=str(folder / "high-water"), first=100_000 * number)
            for number in (1, 2)
        ]
        for worker in workers:
            worker.until_ready()
            worker.go()
        time.sleep(lot.uniform(*SECONDS))

        server.kill()

        ran = [Ran(worker.rest()) for worker in workers]
        server.start()
        acknowledged = check_numbers(numbers_after(folder, ran, server.url), ran)

    assert acknowledged > 1
    assert [len(each.failed) for each in ran] == [1, 1]
