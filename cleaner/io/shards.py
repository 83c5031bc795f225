"""Rows in files of so many documents each; a shard takes its name when it is whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from cleaner.io.files import place_of
from cleaner.io.locks import is_locked
from cleaner.io.part import part_path


class RowFile(Protocol):
    """What a file of rows offers, whatever its format."""

    def write(self, data: bytes) -> None: ...
    def checkpoint(self) -> dict[str, Any]: ...
    def finish(self) -> None: ...
    def abort(self) -> None: ...


def shard_path(target: Path, number: int) -> Path:
    """The path of a shard.

    >>> str(shard_path(Path("a/news.jsonl.gz"), 7))
    'a/news-00007.jsonl.gz'
    """
    stem, dot, rest = target.name.partition(".")
    return target.with_name(f"{stem}-{number:05d}{dot}{rest}")


def shards_at(target: Path) -> list[Path]:
    """The shards of this name that are there: the next run of the name may replace or remove them."""
    return [path for path in _siblings(target) if is_shard(path, target) and path.is_file()]


def is_shard(path: Path, target: Path) -> bool:
    """Whether a path is that of a shard of this name, be it there or not.

    >>> is_shard(Path("a/news-00012.jsonl"), Path("a/news.jsonl")), is_shard(Path("a/news-1.jsonl"), Path("a/news.jsonl"))
    (True, False)
    """
    return place_of(path.parent) == place_of(target.parent) and _is_numbered(path.name, shard_path(target, 0).name)


def _is_numbered(name: str, first: str) -> bool:
    """Whether a name is that of a first shard but for the number."""
    return bool(re.fullmatch(re.escape(first).replace("00000", r"\d{5,}", 1), name))


def _siblings(target: Path) -> list[Path]:
    return sorted(target.parent.iterdir()) if target.parent.is_dir() else []


class Shards:
    """A file of rows as several: "news.jsonl.gz" as "news-00000.jsonl.gz", "news-00001.jsonl.gz" and so on.

    opened  opens the file of one shard, with its state or None
    size    rows a shard
    state   what `checkpoint` gave to a run that ended early
    """

    def __init__(
        self, target: Path, opened: Callable[[Path, Mapping[str, Any] | None], RowFile], size: int, state: Mapping[str, Any] | None = None
    ) -> None:
        self._target, self._opened, self._size = target, opened, size
        self._number: int = state["shard"] if state else 0
        self._count: int = state["count"] if state else 0
        self._spent: list[Path] = []  # what was finished since the last state, and before it: that one may still be needed
        self._spent_before: list[Path] = []
        if state is None:
            self._sweep()
        self._file: RowFile | None = opened(self._path(), state["file"]) if state and state["file"] is not None else None

    def write(self, data: bytes) -> None:
        if self._file is None:
            self._file = self._opened(self._path(), None)
        self._file.write(data)
        self._count += 1
        if self._count >= self._size:
            self._finish_shard()

    def checkpoint(self) -> dict[str, Any]:
        state = {"shard": self._number, "count": self._count, "file": self._file.checkpoint() if self._file else None}
        for path in self._spent_before:
            path.unlink(missing_ok=True)
        self._spent_before, self._spent = self._spent, []
        return state

    def finish(self) -> None:
        """Finish the last shard; those of an earlier run that had more are removed. Without a row there is one, empty."""
        if self._file is None and self._number == 0:
            self._file = self._opened(self._path(), None)
        if self._file is not None:
            self._finish_shard()
        self._sweep()
        number = self._number
        while (stale := self._path(number)).is_file():
            stale.unlink()
            number += 1

    def abort(self) -> None:
        if self._file is not None:
            self._file.abort()

    def _finish_shard(self) -> None:
        assert self._file is not None
        self._file.finish()
        leftover = getattr(self._file, "leftover", None)
        if leftover is not None:
            self._spent.append(leftover)
        self._file, self._number, self._count = None, self._number + 1, 0

    def _path(self, number: int | None = None) -> Path:
        return shard_path(self._target, self._number if number is None else number)

    def _sweep(self) -> None:
        """Remove what a crashed run left of shards that this one may never come to."""
        first = part_path(self._path(0)).name
        for path in _siblings(self._target):
            if _is_numbered(path.name, first) and path.is_file() and not is_locked(path):
                path.unlink()
