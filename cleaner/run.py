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
from dataclasses import asdict, dataclass, field, replace
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from cleaner.clean_record import Cleaned, Job, make_work
from cleaner.io.files import InputError, InputFile, find_documents
from cleaner.io.options import ReadOptions, WriteOptions
from cleaner.io.readers import read_file, read_records
from cleaner.io.records import Outcome, Record
from cleaner.io.tree import not_written
from cleaner.io.writers import STDOUT, OutputError, Writer, is_tree, open_writer, replace_file, with_ledger
from cleaner.overwriting import Guard, check_paths, inputs_in, replaced, spare_inputs
from cleaner.progress_store import Entry, Point, Store, content_hash, linked, place_of_store
from cleaner.tally import Tally
from cleaner.version import __version__
from cleaner.workers import Failure, Limits, Task, supervised, unsupervised

CHECKPOINT_SECONDS = 1.0
_DATA = ("lexicon/compiled.json.gz", "model/weights.npz", "model/markup_weights.npz")


@dataclass(frozen=True)
class RunOptions:
    """How a corpus is run.

    jobs     workers; 0 cleans in this process, without limits
    limits   what one document may cost
    read     which fields of rows hold what, the size of a document
    write    shards, the ledger
    report   where the caller will write a report: not over an input
    resume   go on with a run that did not end, and leave out what has not changed
    dry_run  write nothing
    """

    jobs: int = 1
    limits: Limits = field(default_factory=Limits)
    read: ReadOptions = field(default_factory=ReadOptions)
    write: WriteOptions = field(default_factory=WriteOptions)
    report: str | None = None
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


def clean_corpus(job: Job, paths: list[str], out: str, options: RunOptions, listener: Listener, finish: Callable[[Ending], None]) -> Ending:
    """Clean all that paths stand for into OUT: a folder, a file of rows, or "-" for rows on standard output.

    finish  is given the ending while the failures can still be read

    Raises InputError for a path that does not exist, OutputError where nothing more can be written, StoreError, WorkersError.
    """
    tree = Path(out) if is_tree(out) else None
    if "-" in paths and tree:
        raise InputError("standard input", "has no name to be written under: clean it to standard output, or its rows to a .jsonl file")
    check_paths(paths, tree)
    spare_inputs(paths, replaced(out, options.write, options.report))
    guarded = inputs_in(paths, tree) if tree else frozenset()
    folder = None if out == STDOUT or options.dry_run else place_of_store(Path(out), tree is None)

    def records() -> Iterator[Record | InputError]:
        return read_records(paths, options.read, tree)

    def open_output(state: Mapping[str, Any] | None) -> Writer:
        return _Nothing() if options.dry_run else Guard(open_writer(out, options.write, state), Path(out), guarded)

    store = Store(folder)
    run = _Run(replace(job, rows=tree is None), options, listener, store, records, open_output, tree)
    return run.go(finish, keep=options.resume and run.by_document)


def clean_records(
    job: Job, records: Iterator[Record | InputError], options: RunOptions, listener: Listener, finish: Callable[[Ending], None]
) -> Ending:
    """Clean records that are being read already to rows on standard output."""
    rows = replace(job, rows=True)
    run = _Run(rows, options, listener, Store(None), lambda: records, lambda state: open_writer(STDOUT, options.write, state), None)
    return run.go(finish)


def clean_in_place(job: Job, paths: list[str], options: RunOptions, listener: Listener, finish: Callable[[Ending], None]) -> Ending:
    """Clean texts and pages where they are. Raises InputError for a path that does not exist."""
    if "-" in paths:
        raise InputError("standard input", "has no name to be written under: clean it to standard output")
    documents = list(find_documents(paths))  # found before anything is written: a path mistyped changes nothing

    def records() -> Iterator[Record | InputError]:
        for found in documents:
            yield read_file(found, str(found.path), options.read) if isinstance(found, InputFile) else found

    spare_inputs(paths, replaced(STDOUT, options.write, options.report))

    def open_output(state: Mapping[str, Any] | None) -> Writer:
        return _Nothing() if options.dry_run else with_ledger(_InPlace(), STDOUT, options.write)

    return _Run(job, options, listener, Store(None), records, open_output, None).go(finish)


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

    @property
    def by_document(self) -> bool:
        """Whether a document may be done again alone: where results are files of their own, and no ledger tells their order."""
        return self.tree is not None and self.options.write.ledger is None

    def go(self, finish: Callable[[Ending], None], keep: bool = False) -> Ending:
        done = False
        try:
            interrupted = self._pass_over()
            ending = Ending(self.tally, interrupted, self.store.failures())
            finish(ending)
            done = not interrupted and not keep
            return ending
        finally:
            self.store.close(remove=done or self.store.is_bare)

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
        chain, left = b"", point.through if resumed and not self.by_document else 0
        for found in self.records():
            tag = _tag(found)
            if left:
                chain, left = linked(chain, tag.place, tag.hash), left - 1
                tag = tag._replace(known=self.store.known(tag.place, tag.hash))
                if tag.known is None or (not left and chain != point.chain):
                    raise InputsChangedError(f"{tag.place} is not what stood there when the run began")
                if tag.known.summary and not self._is_there(found):
                    raise InputsChangedError(f"the result of {tag.place} is gone")
            elif resumed and self.by_document and self._is_there(found):
                tag = tag._replace(known=self.store.known(tag.place, tag.hash))
            if tag.known or tag.reason or not isinstance(found, Record):
                yield Task(tag, ready=True)
            else:
                yield Task(tag, found._replace(passed={}), weight=_weight(found.passed))
        if left:
            raise InputsChangedError("there are fewer documents than when the run began")

    def _is_there(self, found: Record | InputError) -> bool:
        """Whether a document's result is where it was written, as far as results are files of their own."""
        return self.tree is None or (isinstance(found, Record) and os.path.lexists(self.tree / found.name))

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
        if self.store.lasts and not self.by_document and not tag.known:  # a tree's failures are tried again; rows have no gap for them
            self.store.add(Entry(tag.place, tag.hash, None, reason))

    def _write(self, writer: Writer, tag: _Tag, cleaned: Cleaned) -> None:
        assert tag.record is not None
        try:
            writer.write(cleaned.outcome._replace(passed=tag.record.passed))
        except OutputError as error:
            if error.final:  # the next document would fare no better
                raise
            self._fail(tag, f"not written: {error}")
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
    digest = content_hash(found.data, found.name, found.kind, found.url, found.metadata, found.passed)
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


# Writers that are no format


class _InPlace:
    """A writer of results where their documents stood."""

    def write(self, outcome: Outcome) -> None:
        try:
            replace_file(Path(outcome.name), outcome.rendered)
        except OSError as error:
            raise not_written(outcome.name, error) from None

    def checkpoint(self) -> dict[str, Any]:
        return {}

    def close(self) -> None: ...

    def abort(self) -> None: ...


class _Nothing(_InPlace):
    """A writer that writes nothing: a trial."""

    def write(self, outcome: Outcome) -> None: ...
