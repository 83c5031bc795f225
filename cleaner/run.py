"""Clean a whole corpus: read, hand to the workers, write in order, remember what is done. What fails is told, and the rest go on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from cleaner.clean_record import Cleaned, Job, make_work
from cleaner.io.readers import InputError, InputFile, find_documents
from cleaner.io.records import Outcome, Record
from cleaner.io.writers import OutputError, replace_file
from cleaner.progress_store import Entry, Point, Store, content_hash, free_space_error, linked, place_of_store
from cleaner.runner_io import ReadOptions, WriteOptions, Writer, open_writer, read_file, read_records
from cleaner.tally import Tally
from cleaner.version import __version__
from cleaner.workers import Failure, Limits, Task, supervised, unsupervised

STDOUT = "-"
ROWS = (".jsonl", ".jsonl.gz", ".jsonl.zst", ".parquet")
"""How the names of outputs end that are files, not folders."""

CHECKPOINT_SECONDS = 1.0
_DATA = ("lexicon/compiled.json.gz", "model/weights.npz")


@dataclass(frozen=True)
class RunOptions:
    """How a corpus is run.

    jobs     workers; 0 cleans in this process, without limits
    limits   what one document may cost
    read     which fields of rows hold what, the size of a document
    write    shards, the ledger
    resume   go on with a run that did not end, and leave out what has not changed
    dry_run  write nothing
    """

    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    read: ReadOptions = field(default_factory=ReadOptions)
    write: WriteOptions = field(default_factory=WriteOptions)
    resume: bool = False
    dry_run: bool = False


class Listener(Protocol):
    """Who is told how a run goes: of each document that failed, of what else to know, and after each document."""

    def failed(self, place: str, reason: str) -> None: ...
    def note(self, message: str) -> None: ...
    def progressed(self, tally: Tally) -> None: ...


class Ending(NamedTuple):
    """How a run ended: what it did, whether it was interrupted, and all documents that failed, with reasons."""

    tally: Tally
    interrupted: bool
    failures: list[tuple[str, str]] | Iterator[tuple[str, str]]


class InputsChangedError(Exception):
    """What stands in the unfinished output is not what the inputs now begin with."""


class _Tag(NamedTuple):
    """What this process keeps of a document while a worker has it: the record without its text; or what is known already."""

    place: str
    hash: bytes
    record: Record | None = None
    known: Entry | None = None
    reason: str = ""


def is_tree(out: str) -> bool:
    """Whether an output is a folder of results, not a file of rows.

    >>> is_tree("out"), is_tree("out.jsonl.zst"), is_tree("-")
    (True, False, False)
    """
    return out != STDOUT and not out.endswith(ROWS)


def clean_corpus(job: Job, paths: list[str], out: str, options: RunOptions, listener: Listener, finish: Callable[[Ending], None]) -> Ending:
    """Clean all that paths stand for into OUT: a folder, a file of rows, or "-" for rows on standard output.

    finish  is given the ending while the failures can still be read

    Raises InputError for a path that does not exist, OutputError where nothing more can be written, StoreError, WorkersError.
    """
    if "-" in paths and is_tree(out):
        raise InputError("standard input", "has no name to be written under: clean it to standard output, or its rows to a .jsonl file")
    guarded = check_paths(paths, out)
    folder = None if out == STDOUT or options.dry_run else place_of_store(Path(out), not is_tree(out))
    barred = Path(out) if is_tree(out) else None

    def records() -> Iterator[Record | InputError]:
        return read_records(paths, options.read, barred)

    def open_output(state: Mapping[str, Any] | None) -> Writer:
        return _Nothing() if options.dry_run else _Guard(open_writer(out, options.write, state), Path(out), guarded)

    store = Store(folder)
    run = _Run(job, options, listener, store, records, open_output, Path(out) if is_tree(out) else None)
    return run.go(finish, keep=options.resume and is_tree(out))


def clean_records(
    job: Job, records: Iterator[Record | InputError], options: RunOptions, listener: Listener, finish: Callable[[Ending], None]
) -> Ending:
    """Clean records that are being read already to rows on standard output."""
    run = _Run(job, options, listener, Store(None), lambda: records, lambda state: open_writer(STDOUT, options.write, state), None)
    return run.go(finish)


def clean_in_place(job: Job, paths: list[str], options: RunOptions, listener: Listener, finish: Callable[[Ending], None]) -> Ending:
    """Clean files where they are. Raises InputError for a path that does not exist."""
    if "-" in paths:
        raise InputError("standard input", "has no name to be written under: clean it to standard output")
    documents = list(find_documents(paths))  # found before anything is written: a path mistyped changes nothing

    def records() -> Iterator[Record | InputError]:
        for found in documents:
            yield read_file(found, str(found.path), options.read) if isinstance(found, InputFile) else found

    run = _Run(job, options, listener, Store(None), records, lambda state: _Nothing() if options.dry_run else _InPlace(), None)
    return run.go(finish)


class _Run:
    """One run: its moving parts."""

    def __init__(
        self,
        job: Job,
        options: RunOptions,
        listener: Listener,
        store: Store,
        records: Callable[[], Iterator[Record | InputError]],
        open_output: Callable[[Mapping[str, Any] | None], Writer],
        tree: Path | None,
    ) -> None:
        self.job, self.options, self.listener, self.store, self.tree = job, options, listener, store, tree
        self.records, self.open_output = records, open_output
        self.tally = Tally()
        self.count, self.chain = 0, b""

    def go(self, finish: Callable[[Ending], None], keep: bool = False) -> Ending:
        done = False
        try:
            interrupted = self._pass_over()
            ending = Ending(self.tally, interrupted, self.store.failures())
            finish(ending)
            done = not interrupted and not keep
            return ending
        finally:
            self.store.close(remove=done)

    def _pass_over(self) -> bool:
        """Run over all records, once more from the start where what is there cannot be gone on with. Gives whether it was interrupted."""
        configuration = _configuration(self.job, self.options)
        fresh = self.store.is_empty
        point, resumed = self.store.begin(configuration, self.options.resume)
        if self.options.resume and not resumed and not fresh:
            self.listener.note("the configuration has changed since the run that --resume goes on with: starting over")
        try:
            return self._pass(point, resumed)
        except InputsChangedError as error:
            self.listener.note(f"{error}: starting over")
        point, _ = self.store.begin(configuration, resume=False)
        return self._pass(point, resumed=False)

    def _pass(self, point: Point, resumed: bool) -> bool:
        self.tally, self.count, self.chain = Tally(), 0, b""
        writer = self._opened(point)
        graceful = self.store.lasts and self.options.jobs > 0
        with _stoppable(graceful) as stopped:
            answers = self._answers(self._tasks(point, resumed), stopped)
            try:
                self._write_all(writer, answers, point)
                self._checkpoint(writer)
            except KeyboardInterrupt:  # a second one, or nothing is kept: no time to lose
                writer.abort()
                return True
            except BaseException:
                writer.abort()
                raise
            finally:
                answers.close()
            interrupted = stopped()
        writer.abort() if interrupted else writer.close()
        return interrupted

    def _opened(self, point: Point) -> Writer:
        if point.writer is None:
            return self.open_output(None)
        try:
            return self.open_output(point.writer)
        except (OSError, LookupError) as error:  # taken away, or finished and renamed just before the crash
            raise InputsChangedError(f"the unfinished output cannot be gone on with ({error})") from None

    def _answers(self, tasks: Iterator[Task], stopped: Callable[[], bool]) -> Generator[tuple[Any, Any], None, None]:
        if self.options.jobs:
            return supervised(tasks, make_work, self.job, self.options.jobs, self.options.limits, stopped)
        return unsupervised(tasks, make_work, self.job, stopped)

    # Reading: what is to be done, and what was. Runs in the thread that reads.

    def _tasks(self, point: Point, resumed: bool) -> Iterator[Task]:
        chain, left = b"", point.through if resumed and not self.tree else 0
        for found in self.records():
            tag = _tag(found)
            if left:
                chain, left = linked(chain, tag.place, tag.hash), left - 1
                tag = tag._replace(known=self.store.known(tag.place, tag.hash))
                if tag.known is None or (not left and chain != point.chain):
                    raise InputsChangedError(f"{tag.place} is not what stood there when the run began")
            elif resumed and self.tree and isinstance(found, Record) and os.path.lexists(self.tree / found.name):
                tag = tag._replace(known=self.store.known(tag.place, tag.hash))
            if tag.known or tag.reason or not isinstance(found, Record):
                yield Task(tag, ready=True)
            else:
                yield Task(tag, found._replace(passed={}), weight=_weight(found.passed))
        if left:
            raise InputsChangedError("there are fewer documents than when the run began")

    # Writing

    def _write_all(self, writer: Writer, answers: Iterable[tuple[_Tag, Any]], point: Point) -> None:
        due = time.monotonic() + CHECKPOINT_SECONDS
        for tag, answer in answers:
            self._heed(writer, tag, answer)
            self.listener.progressed(self.tally)
            if self.count > point.through and time.monotonic() > due:
                self._checkpoint(writer)
                due = time.monotonic() + CHECKPOINT_SECONDS

    def _heed(self, writer: Writer, tag: _Tag, answer: Any) -> None:
        self.count += 1
        self.chain = linked(self.chain, tag.place, tag.hash)
        if tag.known:
            self._recall(tag.known)
        elif tag.reason:
            self._fail(tag, tag.reason)
        elif isinstance(answer, Failure):
            self._fail(tag, answer.reason)
        else:
            self._write(writer, tag, answer)

    def _recall(self, known: Entry) -> None:
        if known.summary is None:
            self._fail(_Tag(known.place, known.hash, known=known), known.reason)
        else:
            self.tally.kept += 1
            self.tally.add(known.place, known.summary)

    def _fail(self, tag: _Tag, reason: str) -> None:
        self.tally.fail(reason)
        self.store.fail(tag.place, reason)
        self.listener.failed(tag.place, reason)
        if self.store.lasts and not self.tree and not tag.known:  # a tree's failures are tried again; a file of rows has no gap for them
            self.store.add(Entry(tag.place, tag.hash, None, reason))

    def _write(self, writer: Writer, tag: _Tag, cleaned: Cleaned) -> None:
        assert tag.record is not None
        try:
            writer.write(cleaned.outcome._replace(passed=tag.record.passed))
        except OutputError as error:
            if getattr(error, "final", False) or free_space_error(error):  # the next document would fare no better
                raise
            self._fail(tag, f"not written: {error}")
        except RecursionError:
            self._fail(tag, "not written: its fields are nested too deep")
        else:
            self.tally.add(tag.place, cleaned.summary)
            if self.store.lasts:
                self.store.add(Entry(tag.place, tag.hash, cleaned.summary))

    def _checkpoint(self, writer: Writer) -> None:
        """What is written is made safe first, then remembered: what is remembered is there."""
        state = writer.checkpoint() if self.store.lasts else None
        self.store.commit(Point(self.count, self.chain, state))


def _tag(found: Record | InputError) -> _Tag:
    if isinstance(found, InputError):
        return _Tag(found.path, content_hash(str(found)), reason=str(found))
    try:
        digest = content_hash(found.data, found.name, found.kind, found.url, found.metadata, found.passed)
    except RecursionError:
        return _Tag(found.place, b"", reason="its fields are nested too deep")
    return _Tag(found.place, digest, found._replace(data=""))


def _weight(value: object) -> int:
    """Bytes that the fields of a row take, roughly."""
    if isinstance(value, str):
        return len(value) + 50
    if isinstance(value, Mapping):
        return 100 + sum(map(_weight, value.values()))
    return 100 + sum(map(_weight, value)) if isinstance(value, (list, tuple)) else 50


@contextlib.contextmanager
def _stoppable(graceful: bool) -> Iterator[Callable[[], bool]]:
    """While this holds, a first SIGINT or SIGTERM asks for an end and a second raises KeyboardInterrupt; not graceful, the first does."""
    asked: list[int] = []

    def heed(number: int, _frame: object) -> None:
        if asked or not graceful:
            raise KeyboardInterrupt
        asked.append(number)

    before = {}
    if threading.current_thread() is threading.main_thread():
        heeded = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) != signal.SIG_IGN]
        before = {number: signal.signal(number, heed) for number in heeded}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _configuration(job: Job, options: RunOptions) -> str:
    """A hash over all that results depend on besides the documents."""
    told = {"version": __version__, "job": asdict(job), "read": asdict(options.read), "write": asdict(options.write)}
    found = hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode())
    for name in _DATA:
        found.update(files("cleaner").joinpath(name).read_bytes())
    for rule in job.settings.own:
        spec = find_spec(rule.partition(":")[0])
        if spec and spec.origin and Path(spec.origin).is_file():
            found.update(Path(spec.origin).read_bytes())
    return found.hexdigest()


# What must not be overwritten


def check_paths(paths: Iterable[str], out: str) -> frozenset[str]:
    """See that all paths are there before anything is written; gives the inputs that results in OUT could overwrite.

    Only where OUT lies in an input, or an input in OUT, are all files looked at.
    """
    place = os.path.realpath(out)
    guarded: set[str] = set()
    for given in paths:
        if "://" in given or given == "-":
            continue
        found = find_documents([given], Path(out) if is_tree(out) else None)
        next(found, None)  # raises for a path that is not there
        if out == STDOUT or not (os.path.lexists(out) or is_tree(out)):
            continue
        if os.path.realpath(given) == place and not is_tree(out):
            raise InputError(given, "is an input and the output; write to another file")
        if is_tree(out) and _overlap(given, place):
            every = (os.path.realpath(item.path) for item in find_documents([given], Path(out)) if isinstance(item, InputFile))
            guarded.update(path for path in every if _lies_in(path, place))
    return frozenset(guarded)


def _overlap(given: str, place: str) -> bool:
    parts = Path(given).parts
    base = os.path.realpath(Path(*parts[: next((at for at, part in enumerate(parts) if any(char in part for char in "*?[")), len(parts))]))
    return _lies_in(base, place) or _lies_in(place, base)


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


class _Guard:
    """A writer that overwrites no input."""

    def __init__(self, writer: Writer, out: Path, guarded: frozenset[str]) -> None:
        self.out, self.guarded = out, guarded
        self._writer = writer
        self.checkpoint, self.close, self.abort = writer.checkpoint, writer.close, writer.abort

    def write(self, outcome: Outcome) -> None:
        if self.guarded and os.path.realpath(self.out / outcome.name) in self.guarded:
            raise OutputError(f"{self.out / outcome.name}: would overwrite an input; use --in-place if that is meant")
        self._writer.write(outcome)


class _InPlace:
    """A writer of results where their documents stood."""

    def write(self, outcome: Outcome) -> None:
        try:
            replace_file(Path(outcome.name), outcome.rendered)
        except OSError as error:
            raise OutputError(f"{outcome.name}: {error.strerror or error}") from None

    def checkpoint(self) -> dict[str, Any]:
        return {}

    def close(self) -> None: ...

    def abort(self) -> None: ...


class _Nothing(_InPlace):
    """A writer that writes nothing: a trial."""

    def write(self, outcome: Outcome) -> None: ...
