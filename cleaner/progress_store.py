"""What a run has finished, kept in a small database beside its results, so that it can go on after a crash.

One transaction holds what is done and the writer's state that goes with it: after a crash both are of the same moment. A
result that is written but not yet in the database is made again, the same byte for byte.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import sqlite3
import threading
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, NamedTuple

from cleaner.tally import Removed, Summary

NAME = ".cleaner"
_TABLES = """
CREATE TABLE IF NOT EXISTS run (configuration TEXT, count INTEGER, chain BLOB, writer TEXT);
CREATE TABLE IF NOT EXISTS done (place BLOB, hash BLOB, summary TEXT, reason TEXT, PRIMARY KEY (place, hash)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS failed (number INTEGER PRIMARY KEY, place BLOB, reason TEXT);
"""


class StoreError(ValueError):
    """The database cannot be used; the message names it."""


class Point(NamedTuple):
    """How far a run came.

    through  documents that were through, in their order
    chain    a hash over all of them: their places and contents
    writer   the state of the writer, as it gave it
    """

    through: int = 0
    chain: bytes = b""
    writer: dict[str, Any] | None = None


class Entry(NamedTuple):
    """One document that was through: its summary, or the reason why it failed."""

    place: str
    hash: bytes
    summary: Summary | None = None
    reason: str = ""


def linked(chain: bytes, place: str, digest: bytes) -> bytes:
    """The hash over a run that came one document further."""
    return blake2b(chain + _bytes(place) + b"\0" + digest, digest_size=16).digest()


def place_of_store(out: Path, is_file: bool) -> Path:
    """The folder of the database: in the output folder, or beside the output file."""
    return out.with_name(f"{NAME}-{out.name}") if is_file else out / NAME


class Store:
    """The database of one run. Safe to use from two threads.

    folder  where it stands; None for one that lives as long as the process, for runs that cannot be resumed

    Raises StoreError where it cannot be opened or another run uses it.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock: IO[str] | None = None
        self._turn = threading.Lock()
        self._entries: list[Entry] = []
        self._failed: list[tuple[bytes, str]] = []
        try:
            if folder:
                self._lock = _locked(folder)
            self._open()
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{folder}: {error}; delete it to start over") from None
        except OSError as error:
            raise StoreError(f"{error.filename or folder}: {error.strerror or error}") from None

    def _open(self) -> None:
        # "" is a database on disk without a name, which goes when it is closed. Errors show here, not midway.
        path = str(self._folder / "run.db") if self._folder else ""
        self._database = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._database.executescript(_TABLES)

    def begin(self, configuration: str, resume: bool) -> tuple[Point, bool]:
        """Start a run, or go on with one of the same configuration. Gives how far it came, and whether it goes on."""
        with self._turn, self._transaction():
            row = self._database.execute("SELECT configuration, count, chain, writer FROM run").fetchone()
            self._database.execute("DELETE FROM failed")
            if resume and row and row[0] == configuration:
                return Point(row[1], row[2], json.loads(row[3])), True
            self._database.execute("DELETE FROM done")
            self._database.execute("DELETE FROM run")
            self._database.execute("INSERT INTO run VALUES (?, 0, ?, 'null')", (configuration, b""))
            return Point(), False

    @property
    def lasts(self) -> bool:
        """Whether what is kept outlives the process."""
        return self._folder is not None

    @property
    def is_empty(self) -> bool:
        with self._turn:
            return self._database.execute("SELECT 1 FROM run").fetchone() is None

    @property
    def is_bare(self) -> bool:
        """Whether there is nothing to go on from."""
        with self._turn, contextlib.suppress(sqlite3.Error):
            return self._database.execute("SELECT 1 FROM run WHERE count > 0").fetchone() is None
        return False

    def known(self, place: str, digest: bytes) -> Entry | None:
        """What became of this document with this content, if it was through."""
        query = "SELECT summary, reason FROM done WHERE place = ? AND hash = ?"
        with self._turn:
            row = self._database.execute(query, (_bytes(place), digest)).fetchone()
        if row is None:
            return None
        return Entry(place, digest, _summary(json.loads(row[0])) if row[0] else None, row[1] or "")

    def add(self, entry: Entry) -> None:
        """Remember a document that is through; it is kept once `commit` was called."""
        self._entries.append(entry)

    def fail(self, place: str, reason: str) -> None:
        """Remember a document that failed, for the report."""
        self._failed.append((_bytes(place), reason))

    def commit(self, point: Point) -> None:
        """Keep all that was added, and how far the run came. Raises StoreError, for a full disk say."""
        rows = [
            (_bytes(entry.place), entry.hash, _json(entry.summary) if entry.summary else None, entry.reason or None)
            for entry in self._entries
        ]
        try:
            with self._turn, self._transaction():
                self._database.executemany("INSERT OR REPLACE INTO done VALUES (?, ?, ?, ?)", rows)
                self._database.executemany("INSERT INTO failed (place, reason) VALUES (?, ?)", self._failed)
                self._database.execute("UPDATE run SET count = ?, chain = ?, writer = ?", (point.through, point.chain, _json(point.writer)))
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{self._folder or 'temporary database'}: {error}") from None
        self._entries.clear()
        self._failed.clear()

    def failures(self) -> Iterator[tuple[str, str]]:
        """Places and reasons of all documents that failed, in their order."""
        with self._turn:
            for place, reason in self._database.execute("SELECT place, reason FROM failed ORDER BY number"):
                yield place.decode("utf-8", "surrogatepass"), reason

    def close(self, remove: bool = False) -> None:
        """Close it; with `remove` nothing of it stays."""
        self._database.close()
        if self._folder and remove:
            for name in ("run.db", "run.db-journal", "lock"):
                (self._folder / name).unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # something else stands there: it is not ours
                self._folder.rmdir()
        if self._lock:
            self._lock.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # a full disk has rolled it back already
                self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _locked(folder: Path) -> IO[str]:
    """The folder, made if need be, held for this run; the system lets go when the process ends, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = open(folder / "lock", "w")  # noqa: SIM115, PTH123 - it stays open as long as the run
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise StoreError(f"{folder}: another run is writing there; wait for it, or write elsewhere") from None
    return lock


def _bytes(place: str) -> bytes:
    return place.encode("utf-8", "surrogatepass")


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _summary(row: list[Any]) -> Summary:
    changed, read, removed, review, seconds, rules = row
    return Summary(changed, read, removed, review, seconds, {name: Removed(*removed) for name, removed in rules.items()})


def content_hash(data: bytes | str, *more: object) -> bytes:
    """A hash over a document's content and all else that its result depends on."""
    found = blake2b(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"), digest_size=16)
    if any(more):
        found.update(b"\0" + repr(more).encode("utf-8", "surrogatepass"))
    return found.digest()
