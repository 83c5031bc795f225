"""Supervised processes: an item that crashes, hangs or eats memory costs itself and nothing else.

Each worker is a process of its own, started afresh (no fork: the parent has threads), that takes items over a pipe and
answers one by one, so that the item in hand when it dies is known. A worker that dies is replaced; the item it had in hand
is tried once more, since the signal may have come from outside, and fails if that worker dies, too. Answers come in the
order of the items, however many workers there are. Knows nothing of cleaning.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, NamedTuple, cast

from cleaner.worker_process import BROKEN, DONE, HEAD, READY, frame, one_line

TICK = 0.1
"""How often limits and requests to stop are looked at, in seconds."""

MEMORY_TICK = 0.05
START_SECONDS = 120.0
GRACE = 5.0
"""How long items in hand may take once a stop was asked for, in seconds."""

DEPTH, DEPTH_BYTES, DEPTH_SECONDS = 96, 256_000, 0.25
"""What one worker is given ahead: enough not to wait for us, little enough that the others are not left without and that a stop
is not long in coming.
"""

NAP = 0.01
"""How long to let answers gather while all workers have enough to do, in seconds: being woken for each costs more than the answer."""

WINDOW, WINDOW_BYTES = 256, 16_000_000
"""What may wait for an answer or for its turn: items a worker, bytes in all."""

AHEAD, AHEAD_BYTES = 128, 8_000_000
"""What may be read ahead of the window."""

BACKLOG, BACKLOG_BYTES = 32, 512_000
"""What must wait for each worker there is before starting one more pays."""

_BOOT = (
    "import sys; import json; sys.path[:] = json.loads(sys.argv[2]); from cleaner.worker_process import serve; serve(int(sys.argv[1]))"
)
_ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS"), "1"
)


class Limits(NamedTuple):
    """What one item may cost: seconds, and bytes of resident memory of its worker, what the worker has loaded included."""

    seconds: float | None = None
    memory: int | None = None


class Task(NamedTuple):
    """One thing to do.

    tag     what the answer comes with; stays in this process
    item    what goes to a worker; must pickle
    ready   there is nothing to do: it passes in its turn, and its answer is None
    weight  bytes that the tag takes, roughly
    """

    tag: Any
    item: Any = None
    ready: bool = False
    weight: int = 0


class Failure(NamedTuple):
    """Why there is no answer, in one line."""

    reason: str


class WorkersError(OSError):
    """No worker can be started; the message says why."""


Make = Callable[[Any], Callable[[Any], Any]]


def supervised(
    tasks: Iterable[Task], make: Make, setup: Any, jobs: int, limits: Limits, stopped: Callable[[], bool] = lambda: False
) -> Generator[tuple[Any, Any], None, None]:
    """Hand tasks to `jobs` workers; gives (tag, answer or Failure) in the order of the tasks.

    make, setup  a function of a module and its argument, both picklable: `make(setup)` is called once in each worker and gives
                 the function that answers items
    stopped      looked at often; once true, nothing new is begun, what is in hand gets a few seconds, then all ends

    `tasks` is read by a thread. What it raises is raised here, after the answers to all tasks before it. Raises WorkersError.
    """
    supervisor = _Supervisor(pickle.dumps((make, setup)), jobs, limits, stopped, _Feed(tasks))
    try:
        yield from supervised_answers(supervisor)
        supervisor.close(GRACE)
    finally:
        supervisor.close(0)


def unsupervised(
    tasks: Iterable[Task], make: Make, setup: Any, stopped: Callable[[], bool] = lambda: False
) -> Generator[tuple[Any, Any], None, None]:
    """The same in this process, one by one and without limits: for debuggers, profilers and where no process can be started."""
    work = make(setup)
    for task in tasks:
        if stopped():
            return
        yield task.tag, None if task.ready else _attempt(work, task.item)


def _attempt(work: Callable[[Any], Any], item: Any) -> Any:
    try:
        return work(item)
    except MemoryError:
        return Failure("needs more memory than there is")
    except Exception as error:  # noqa: BLE001 - the boundary: whatever an item raises becomes its reason
        return Failure(one_line(error))


@dataclass(slots=True, eq=False)
class _Turn:
    """A task in the window: waiting, in a worker's hands, or answered and waiting for those before it."""

    tag: Any
    content: bytes
    weight: int
    answer: Any = None
    done: bool = False
    deaths: int = 0

    @property
    def size(self) -> int:
        return len(self.content) + self.weight + (len(self.answer) if isinstance(self.answer, bytes) else 0)


class _Feed:
    """A thread that reads tasks ahead, so that a slow input holds up neither answers nor limits."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._tasks = tasks
        self._turns: deque[_Turn] = deque()
        self._bytes = 0
        self._changed = threading.Condition()
        self._stopped = self._finished = False
        self._error: BaseException | None = None
        self.wakes, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(self.wakes, False)
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            for task in self._tasks:
                content = b"" if task.ready else pickle.dumps(task.item, pickle.HIGHEST_PROTOCOL)
                if not self._put(_Turn(task.tag, content, task.weight, done=task.ready)):
                    return
        except BaseException as error:  # noqa: BLE001 - handed to the main thread, which raises it
            self._error = error
        with self._changed:
            self._finished = True
            self._rouse()

    def _put(self, turn: _Turn) -> bool:
        with self._changed:
            while self._turns and (len(self._turns) >= AHEAD or self._bytes + turn.size > AHEAD_BYTES) and not self._stopped:
                self._changed.wait()
            if self._stopped:
                return False
            self._turns.append(turn)
            self._bytes += turn.size
            if len(self._turns) == 1:
                self._rouse()
            return True

    def _rouse(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it is full: the other side has been told often enough
            os.write(self._wake, b"!")

    def hush(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self.wakes, 4096)

    def take(self) -> _Turn | None:
        """The next turn, if one has been read."""
        with self._changed:
            if not self._turns:
                return None
            turn = self._turns.popleft()
            self._bytes -= turn.size
            if len(self._turns) < AHEAD // 2:  # waking the reader for each would cost more than reading
                self._changed.notify()
            return turn

    @property
    def exhausted(self) -> bool:
        """Whether all was read and taken. Raises what reading raised."""
        with self._changed:
            if not self._finished or self._turns:
                return False
        if self._error:
            raise self._error
        return True

    def stop(self) -> None:
        """Read no further."""
        with self._changed:
            self._stopped = True
            self._changed.notify()

    def close(self) -> None:
        self.stop()
        self._thread.join(TICK)  # one that is blocked in a read stays so, and ends with the process
        if not self._thread.is_alive():
            os.close(self.wakes)
            os.close(self._wake)


@dataclass(eq=False)
class _Worker:
    """A process, what it has been given, and since when it has been silent."""

    process: subprocess.Popen[bytes]
    since: float
    in_hand: deque[_Turn] = field(default_factory=deque)
    outbox: bytearray = field(default_factory=bytearray)
    inbox: bytearray = field(default_factory=bytearray)
    held: int = 0
    pace: float = 0.01  # seconds an answer, a running mean
    ready: bool = False
    verdict: str = ""
    broken: str = ""

    @property
    def to(self) -> int:
        return cast("IO[bytes]", self.process.stdin).fileno()

    @property
    def back(self) -> int:
        return cast("IO[bytes]", self.process.stdout).fileno()

    def has_room(self) -> bool:
        count = len(self.in_hand)
        return count < 2 or (count < DEPTH and self.held < DEPTH_BYTES and count * self.pace < DEPTH_SECONDS)

    def is_provided(self) -> bool:
        """Whether it has enough in hand to be left alone for a while."""
        count = len(self.in_hand)
        plenty = count > DEPTH // 2 or (count > 4 and self.held > DEPTH_BYTES // 2)
        return plenty or count * self.pace > DEPTH_SECONDS / 2

    def give(self, turn: _Turn) -> None:
        self.in_hand.append(turn)
        self.held += len(turn.content)
        self.outbox += frame(DONE, turn.content)

    def take(self) -> _Turn:
        """What it has in hand first, taken from it."""
        turn = self.in_hand.popleft()
        self.held -= len(turn.content)
        return turn

    def kill(self, verdict: str) -> None:
        self.verdict = self.verdict or verdict
        self.process.kill()

    def send(self) -> None:
        """Write as much as the pipe takes; a worker that has gone is noticed by its silence."""
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            while self.outbox:
                written = os.write(self.to, memoryview(self.outbox)[:1_000_000])
                del self.outbox[:written]

    def close(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            with contextlib.suppress(OSError):
                cast("IO[bytes]", stream).close()


class _Supervisor:
    def __init__(self, setup: bytes, jobs: int, limits: Limits, stopped: Callable[[], bool], feed: _Feed) -> None:
        self.setup, self.jobs, self.limits, self.stopped, self.feed = setup, jobs, limits, stopped, feed
        self.turns: deque[_Turn] = deque()  # the window, in the order of the tasks
        self.waiting: deque[_Turn] = deque()  # of them, those that no worker has
        self.held = 0  # bytes in the window
        self.workers: list[_Worker] = []
        self.stillborn = 0
        self.deadline: float | None = None  # set once a stop was asked for
        self.closed = False
        self.seen = time.monotonic()
        self.selector = selectors.DefaultSelector()
        self.selector.register(feed.wakes, selectors.EVENT_READ)
        self.over = threading.Event()
        if limits.memory:
            threading.Thread(target=self._watch_memory, args=(limits.memory,), name="memory", daemon=True).start()

    # Filling the window, and workers from it

    def fill(self) -> None:
        while len(self.turns) < WINDOW * self.jobs and self.held < WINDOW_BYTES and (turn := self.feed.take()):
            self.turns.append(turn)
            self.held += turn.size
            if not turn.done:
                self.waiting.append(turn)
        self._hire()
        self._assign()

    def _hire(self) -> None:
        """Start workers while enough waits for one more to pay."""
        if self.waiting and not self.workers:
            self.workers.append(self._start())
        while len(self.workers) < self.jobs and (
            len(self.waiting) >= BACKLOG * len(self.workers)
            or sum(len(turn.content) for turn in self.waiting) >= BACKLOG_BYTES * len(self.workers)
        ):
            self.workers.append(self._start())

    def _assign(self) -> None:
        given: set[_Worker] = set()
        hungry = [worker for worker in self.workers if not worker.is_provided() and not worker.verdict]
        while self.waiting:
            free = [worker for worker in hungry if worker.has_room()]
            if not free:
                break
            worker = min(free, key=lambda worker: (not worker.ready, len(worker.in_hand)))
            turn = self.waiting.popleft()
            if worker.ready and not worker.in_hand:
                worker.since = time.monotonic()
            worker.give(turn)
            given.add(worker)
        for worker in given:
            self._send(worker)

    def _send(self, worker: _Worker) -> None:
        worker.send()
        wanted = selectors.EVENT_WRITE if worker.outbox else 0
        registered = worker.to in self.selector.get_map()
        if wanted and not registered:
            self.selector.register(worker.to, selectors.EVENT_WRITE, worker)
        elif registered and not wanted:
            self.selector.unregister(worker.to)

    def _start(self) -> _Worker:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", _BOOT, str(os.getpid()), json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={**os.environ, **_ONE_THREAD},
            process_group=0,  # Ctrl-C on a terminal goes to us alone
        )
        worker = _Worker(process, time.monotonic())
        os.set_blocking(worker.to, False)
        os.set_blocking(worker.back, False)
        worker.outbox += frame(READY, self.setup)
        self.selector.register(worker.back, selectors.EVENT_READ, worker)
        self._send(worker)
        return worker

    # Answers

    def wait(self) -> None:
        """Wait a while for something to happen, and see to it."""
        self._excuse(time.monotonic() - self.seen)
        if len(self.workers) == self.jobs and all(worker.is_provided() for worker in self.workers):
            time.sleep(NAP)
        for key, events in self.selector.select(TICK):
            if key.data is None:
                self.feed.hush()
            elif events & selectors.EVENT_READ:
                self._receive(key.data)
            elif key.data in self.workers:
                self._send(key.data)
        now = time.monotonic()
        for worker in self.workers:
            self._hold_to_time(worker, now)
        self.seen = now
        if self.deadline is None and self.stopped():
            self.deadline = now + GRACE
            self.feed.stop()
            self.fill()  # what was read just before may not have been handed out yet

    def _excuse(self, absence: float) -> None:
        """Time that our caller spent, on a slow output say, is not the workers': they may have waited for us."""
        if absence > TICK:
            for worker in self.workers:
                worker.since += absence

    def _hold_to_time(self, worker: _Worker, now: float) -> None:
        silent = now - worker.since
        if not worker.ready and silent > START_SECONDS:
            worker.kill(f"did not start within {START_SECONDS:.0f} s")
        elif worker.ready and worker.in_hand and self.limits.seconds and silent > self.limits.seconds:
            worker.kill(f"took more than {self.limits.seconds:g} s")

    def _receive(self, worker: _Worker) -> None:
        try:
            data = os.read(worker.back, 1 << 20)
        except BlockingIOError:
            return
        if not data:
            self._bury(worker)
            return
        worker.inbox += data
        at = 0
        while len(worker.inbox) - at >= HEAD.size:
            kind, length = HEAD.unpack_from(worker.inbox, at)
            if len(worker.inbox) - at - HEAD.size < length:
                break
            at += HEAD.size + length
            self._heed(worker, kind, bytes(memoryview(worker.inbox)[at - length : at]))
        del worker.inbox[:at]

    def _heed(self, worker: _Worker, kind: int, content: bytes) -> None:
        now = time.monotonic()
        silent, worker.since = now - worker.since, now
        if kind == READY:
            worker.ready, self.stillborn = True, 0
        elif kind == BROKEN:
            worker.broken = content.decode("utf-8", "replace")
        else:
            worker.pace += 0.1 * (silent - worker.pace)
            self._settle(worker.take(), content if kind == DONE else Failure(content.decode("utf-8", "replace")))

    def _settle(self, turn: _Turn, answer: bytes | Failure) -> None:
        self.held -= turn.size
        turn.answer, turn.done, turn.content = answer, True, b""
        self.held += turn.size

    def _bury(self, worker: _Worker) -> None:
        """A worker has gone: what it had in hand first is to blame, unless that may have been chance; the rest goes to others."""
        for stream in (worker.back, worker.to):
            if stream in self.selector.get_map():
                self.selector.unregister(stream)
        worker.kill("")  # it may have closed its pipe and live on
        code = worker.process.wait()
        worker.close()
        self.workers.remove(worker)
        if worker.ready:
            self._blame(worker, code)
        else:
            self._mourn(worker, code)
        self.waiting.extendleft(reversed(worker.in_hand))

    def _blame(self, worker: _Worker, code: int) -> None:
        if not worker.in_hand:
            return
        turn = worker.in_hand[0]
        turn.deaths += 1
        overdue = worker.verdict.startswith("took")  # waiting as long once more would help nobody
        if overdue or turn.deaths > 1:
            self._settle(worker.take(), Failure(worker.verdict or _ended(code)))

    def _mourn(self, worker: _Worker, code: int) -> None:
        self.stillborn += 1
        if worker.broken:
            raise WorkersError(worker.broken)
        if self.stillborn > 2:
            raise WorkersError(f"workers end as they start: {worker.verdict or _ended(code)}")

    def _watch_memory(self, limit: int) -> None:
        """Kill workers that take too much, even while the main thread waits for a slow output."""
        import psutil

        watched: dict[_Worker, psutil.Process] = {}
        while not self.over.wait(MEMORY_TICK):
            workers = tuple(self.workers)
            watched = {worker: process for worker, process in watched.items() if worker in workers}
            for worker in workers:
                with contextlib.suppress(psutil.Error):  # it has just gone
                    if worker not in watched:
                        watched[worker] = psutil.Process(worker.process.pid)
                    if worker.process.returncode is None and watched[worker].memory_info().rss > limit:
                        worker.kill(f"needs more than {spoken_size(limit)} of memory")

    # The end

    def close(self, grace: float) -> None:
        """End all workers: at once, or as they find their input closed."""
        if self.closed:
            return
        self.closed = True
        self.over.set()
        self.feed.close()
        self.selector.close()
        for worker in self.workers:
            if not grace:
                worker.process.kill()
            worker.close()
        for worker in self.workers:
            try:
                worker.process.wait(grace or None)
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()


def supervised_answers(supervisor: _Supervisor) -> Iterator[tuple[Any, Any]]:
    turns = supervisor.turns
    while True:
        if supervisor.deadline is None:
            supervisor.fill()
        while turns and turns[0].done:
            turn = turns.popleft()
            supervisor.held -= turn.size
            yield turn.tag, pickle.loads(turn.answer) if isinstance(turn.answer, bytes) else turn.answer
        if supervisor.deadline is not None:
            if time.monotonic() > supervisor.deadline or not any(worker.in_hand for worker in supervisor.workers):
                return
        elif not turns and supervisor.feed.exhausted:
            return
        if not turns or not turns[0].done:
            supervisor.wait()


def _ended(code: int) -> str:
    if code >= 0:
        return f"ended its worker with exit code {code}"
    try:
        return f"killed by signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
        return f"killed by signal {-code}"


def spoken_size(size: int) -> str:
    """A number of bytes as people write it.

    >>> spoken_size(1 << 30), spoken_size(300 << 20), spoken_size(999)
    ('1 GiB', '300 MiB', '999 bytes')
    """
    for unit, name in ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit:
            return f"{size / unit:.3g} {name}"
    return f"{size} bytes"
