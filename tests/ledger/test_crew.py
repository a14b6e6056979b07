import os
import signal
from collections.abc import Iterator

import pytest

from ledger.crew import WORTH_A_PROCESS, Crew, processors, suitable
from ledger.errors import NotProven


def scaled(factor: int, number: int) -> int:
    return factor * number


def whose(_: None, __: int) -> int:
    return os.getpid()


def printed(_: None, text: str) -> str:
    print(text)
    return text


def refused(_: None, number: int) -> int:
    if number == 3:
        raise NotProven("three", facts={"number": number})
    return number


def ended(_: None, __: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_answers_come_in_the_order_of_the_questions(workers: int) -> None:
    with Crew(workers) as crew:
        answers = list(crew.map(scaled, 7, range(20)))

    assert answers == [7 * number for number in range(20)]


def test_the_same_processes_go_on_with_another_thing_to_know() -> None:
    with Crew(2) as crew:
        first, second = list(crew.map(scaled, 2, [1, 2])), list(crew.map(scaled, 3, [1, 2]))

    assert (first, second) == ([2, 4], [3, 6])


def test_one_alone_is_this_process_and_more_are_others() -> None:
    with Crew(1) as crew, Crew(2) as others:
        alone, shared = set(crew.map(whose, None, range(4))), set(others.map(whose, None, range(40)))

    assert alone == {os.getpid()}
    assert os.getpid() not in shared
    assert len(shared) <= 2


def test_what_a_task_prints_does_not_stand_among_the_answers() -> None:
    with Crew(2) as crew:
        assert list(crew.map(printed, None, ["a", "b"])) == ["a", "b"]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_comes_back_with_its_facts_where_its_answer_would_stand(workers: int) -> None:
    got: list[int] = []

    with Crew(workers) as crew, pytest.raises(NotProven) as raised:
        got.extend(crew.map(refused, None, range(5)))

    assert raised.value.facts == {"number": 3}


def test_a_process_that_dies_is_told_and_nobody_waits_for_ever() -> None:
    with Crew(2) as crew, pytest.raises(OSError, match="ended before its time"):
        list(crew.map(ended, None, range(4)))


def test_a_crew_may_be_left_in_the_middle() -> None:
    with Crew(2) as crew:
        answers: Iterator[int] = crew.map(scaled, 1, range(10**6))

        assert next(answers) == 0


@pytest.mark.parametrize(("size", "workers"), [(0, 1), (2 * WORTH_A_PROCESS - 1, 1), (10**9, processors())])
def test_a_small_log_is_not_worth_a_process(size: int, workers: int) -> None:
    assert suitable(size) == workers
