"""Supervised processes: order, blame, limits, and that nothing of them outlives the run."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from cleaner.workers import Failure, Limits, Task, WorkersError, supervised, unsupervised


def make(factor: int) -> Callable[[Any], Any]:
    def work(item: Any) -> Any:
        if callable(item):
            return item()
        return item * factor

    return work


def make_nothing(_: object) -> Callable[[Any], Any]:
    raise ValueError("no\nsuch rule")


def make_death(_: object) -> Callable[[Any], Any]:
    os.kill(os.getpid(), signal.SIGKILL)
    return make(1)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hang() -> None:
    while True:
        pass


def eat() -> int:
    eaten = [b"x" * (8 << 20) for _ in range(100)]
    time.sleep(1)
    return len(eaten)


def fail() -> None:
    raise LookupError("no\n  such thing")


def leave() -> None:
    sys.exit(7)


def pid() -> int:
    time.sleep(0.002)
    return os.getpid()


def environment() -> str | None:
    return os.environ.get("OPENBLAS_NUM_THREADS")


def chatter() -> str:
    print("x" * 200_000)
    sys.stdout.flush()
    return "said"


def answers(items: list[Any], jobs: int = 2, limits: Limits = Limits()) -> list[Any]:  # noqa: B008 - frozen
    return [answer for _, answer in supervised((Task(None, item) for item in items), make, 3, jobs, limits)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_answers_come_in_the_order_of_the_tasks(jobs: int) -> None:
    assert answers(list(range(2000)), jobs) == [3 * number for number in range(2000)]


def test_the_tag_comes_back_and_what_is_ready_passes_in_its_turn() -> None:
    tasks = (Task(number, number, ready=number % 3 == 0) for number in range(300))
    wanted = [(number, None if number % 3 == 0 else 3 * number) for number in range(300)]
    assert list(supervised(tasks, make, 3, 2, Limits())) == wanted


def test_items_larger_than_a_pipe_pass_both_ways() -> None:
    items = ["a" * 3_000_000, "b", "c" * 5_000_000]
    assert answers(items) == [item * 3 for item in items]


def test_exactly_what_kills_hangs_or_fails_has_no_answer() -> None:
    items: list[Any] = list(range(200))
    items[20], items[90], items[120], items[150], items[151] = die, hang, die, fail, leave
    found = answers(items, limits=Limits(seconds=1))
    failed = {number: answer.reason for number, answer in enumerate(found) if isinstance(answer, Failure)}
    assert failed == {
        20: "killed by signal 9 (SIGKILL)",
        90: "took more than 1 s",
        120: "killed by signal 9 (SIGKILL)",
        150: "LookupError: no such thing",
        151: "ended its worker with exit code 7",
    }
    assert [answer for answer in found if not isinstance(answer, Failure)] == [3 * item for item in items if isinstance(item, int)]


def test_what_eats_memory_is_stopped_and_named() -> None:
    items: list[Any] = [1, 2, eat, 3]
    assert answers(items, 1, Limits(memory=300 << 20)) == [3, 6, Failure("needs more than 300 MiB of memory"), 9]


def test_a_worker_killed_from_outside_costs_no_item() -> None:
    found: list[Any] = []
    for _, answer in supervised((Task(None, pid) for _ in range(300)), make, 1, 1, Limits()):
        if len(found) in (20, 60):
            os.kill(answer, signal.SIGKILL)
        found.append(answer)
    assert not any(isinstance(answer, Failure) for answer in found)
    assert len(found) == 300
    assert len(set(found)) >= 2


def test_many_tasks_use_all_workers_and_few_start_one() -> None:
    assert len(set(answers([pid] * 400, 2))) == 2
    assert len(set(answers([pid] * 5, 2))) == 1


def test_what_prints_does_not_disturb_the_answers(capfd: pytest.CaptureFixture[str]) -> None:
    assert answers([chatter, 1]) == ["said", 3]
    assert "xxx" in capfd.readouterr().err


def test_linear_algebra_has_one_thread_a_worker() -> None:
    assert answers([environment]) == ["1"]


@pytest.mark.parametrize(
    ("start", "reason"), [(make_nothing, "ValueError: no such rule"), (make_death, "workers end as they start: killed")]
)
def test_workers_that_cannot_start_are_an_error_that_says_why(start: Any, reason: str) -> None:
    with pytest.raises(WorkersError, match=reason):
        list(supervised([Task(None, 1)], start, None, 2, Limits()))


def test_what_reading_raises_comes_after_the_answers_before_it() -> None:
    def tasks() -> Iterator[Task]:
        yield from (Task(None, number) for number in range(100))
        raise KeyError("the input ends badly")

    run = supervised(tasks(), make, 3, 2, Limits())
    assert [next(run)[1] for _ in range(100)] == [3 * number for number in range(100)]
    with pytest.raises(KeyError):
        next(run)


def test_answers_flow_while_the_input_stands_still() -> None:
    seen = threading.Event()

    def tasks() -> Iterator[Task]:
        yield Task(1, 1)
        assert seen.wait(30)
        yield Task(2, 2)

    for tag, _ in supervised(tasks(), make, 3, 2, Limits()):
        seen.set()
        assert tag in (1, 2)


def test_reading_stays_a_bounded_way_ahead_of_a_slow_consumer() -> None:
    read = 0

    def tasks() -> Iterator[Task]:
        nonlocal read
        for number in range(20_000):
            read += 1
            yield Task(number, number)

    run = supervised(tasks(), make, 3, 2, Limits())
    next(run)
    time.sleep(0.5)
    assert read < 2000
    run.close()


def test_a_slow_consumer_is_no_reason_to_stop_a_worker() -> None:
    items = ["a" * 400_000] * 8  # more than a pipe holds: the worker waits for the rest of one while we are away
    found = []
    for _, answer in supervised((Task(None, item) for item in items), make, 1, 1, Limits(seconds=0.5)):
        time.sleep(1)
        found.append(answer)
    assert found == items


def test_no_process_outlives_a_run_that_is_left() -> None:
    run = supervised((Task(None, hang) for _ in range(3)), make, 1, 1, Limits(seconds=0.2))
    assert next(run)[1] == Failure("took more than 0.2 s")
    run.close()
    assert psutil.Process().children() == []


def test_a_stop_lets_what_is_in_hand_finish() -> None:
    stop = threading.Event()
    answered = 0
    for _ in supervised((Task(None, pid) for _ in range(5000)), make, 1, 1, Limits(), stop.is_set):
        answered += 1
        stop.set()
    assert 1 <= answered < 1000
    assert psutil.Process().children() == []


def test_without_processes_the_answers_are_the_same() -> None:
    tasks = [Task(0, 5), Task(1, fail), Task(2, ready=True)]
    assert list(unsupervised(tasks, make, 3)) == [(0, 15), (1, Failure("LookupError: no such thing")), (2, None)]
    assert list(supervised(tasks, make, 3, 1, Limits())) == list(unsupervised(tasks, make, 3))
