"""Rows in files of so many documents each; a shard takes its name when it is whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

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
    return [path for path in _matching(target.parent, shard_path(target, 0).name) if path.is_file()]


def _matching(folder: Path, first: str) -> list[Path]:
    """The paths in a folder whose names are that of a first shard but for the number."""
    pattern = re.compile(re.escape(first).replace("00000", r"\d{5,}", 1))
    return sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name)) if folder.is_dir() else []


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
        for path in _matching(self._target.parent, part_path(self._path(0)).name):
            if path.is_file() and not is_locked(path):
                path.unlink()
