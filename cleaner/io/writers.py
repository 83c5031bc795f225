"""Writing: one entry for every format of results."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

from cleaner.io.files import place_of
from cleaner.io.formats import SUFFIXES
from cleaner.io.names import COMPRESSED_SUFFIXES
from cleaner.io.options import WriteOptions
from cleaner.io.part import PartFile
from cleaner.io.records import Outcome
from cleaner.io.remote import is_remote
from cleaner.io.result_rows import encode_row, ledger_row, result_row
from cleaner.io.shards import RowFile, Shards, is_shard
from cleaner.io.tree import OutputError, TreeWriter, replace_file

__all__ = ["STDOUT", "OutputError", "WriteOptions", "Writer", "is_tree", "open_writer", "replace_file", "with_ledger"]

STDOUT = "-"
"""What stands for standard output."""


class Writer(Protocol):
    """What takes results. What is written depends on the order of the outcomes alone, not on when checkpoints are made."""

    def write(self, outcome: Outcome) -> None:
        """Take one result. Raises OutputError where it cannot be written."""

    def checkpoint(self) -> dict[str, Any]:
        """Make all that was written safe, and give the state, plain data, from which `open_writer` goes on after a crash.

        The state of the call before last is not needed any more: a caller stores each before it asks for the next.
        """

    def close(self) -> None:
        """Finish: what was written takes its name."""

    def abort(self) -> None:
        """Let go without finishing. What a checkpoint has made safe stays to go on from; without one, nothing stays."""


def open_writer(out: Path | str, options: WriteOptions, state: Mapping[str, Any] | None = None) -> Writer:
    """The writer for OUT: a mirrored tree in a folder, or rows in a file that ends in .jsonl or .parquet; "-" is standard output.

    state  what `checkpoint` gave to a run that ended early, with the same OUT and options: goes on behind it, and cuts off what was
           written past it

    Raises OutputError where OUT cannot be written, is being written by another run, or is no kind that is written.
    """
    return with_ledger(_results(out, options, state), out, options, state)


def with_ledger(results: Writer, out: Path | str, options: WriteOptions, state: Mapping[str, Any] | None = None) -> Writer:
    """A writer with the ledger beside it, if one is asked for. Raises OutputError, the writer let go of."""
    if options.ledger is None:
        return results
    try:
        return _WithLedger(results, _ledger(Path(options.ledger), out, state))
    except BaseException:
        results.abort()
        raise


def _results(out: Path | str, options: WriteOptions, state: Mapping[str, Any] | None) -> _Rows | TreeWriter:
    kind, target = kind_of_output(out), Path(out)
    if kind == STDOUT:
        return _Rows(_StandardOutput())
    if not kind:
        if options.shard_size:
            raise OutputError(f"{out}: shards are files of rows: give a name that ends in .jsonl or .parquet")
        return TreeWriter(target)
    opened = partial(_open_rows, kind)
    given = state.get("results") if state else None
    return _Rows(Shards(target, opened, options.shard_size, given) if options.shard_size else opened(target, given))


def kind_of_output(out: Path | str) -> str:
    """What OUT asks for: "jsonl", "jsonl.gz", "jsonl.zst", "parquet", "-" for standard output, or "" for a folder.

    Raises OutputError for what is not written.
    """
    if str(out) == STDOUT:
        return STDOUT
    if is_remote(str(out)):
        raise OutputError(f"{out}: results are written to local files only; copy them from there")
    return _kind_of(Path(out))


def is_tree(out: Path | str) -> bool:
    """Whether OUT is a folder of results, not a file of rows. Raises OutputError for what is neither.

    >>> is_tree("out"), is_tree("out.jsonl.zst"), is_tree("-")
    (True, False, False)
    """
    return kind_of_output(out) == ""


def _kind_of(target: Path) -> str:
    name = target.name.lower()
    for suffix in (".jsonl", ".ndjson"):
        for packed in ("", ".gz", ".zst"):
            if name.endswith(suffix + packed):
                return "jsonl" + packed
    if name.endswith(".parquet"):
        return "parquet"
    if PurePosixPath(name).suffix in {*SUFFIXES, *COMPRESSED_SUFFIXES} and not target.is_dir():
        raise OutputError(f"{target}: results are written as a folder, .jsonl, .jsonl.gz, .jsonl.zst or .parquet, not as this")
    return ""


def _open_rows(kind: str, target: Path, state: Mapping[str, Any] | None) -> RowFile:
    if kind == "parquet":
        from cleaner.io.parquet_file import ParquetFile

        return ParquetFile(target, state)
    return PartFile(target, kind.removeprefix("jsonl").removeprefix("."), state)


def _ledger(target: Path, out: Path | str, state: Mapping[str, Any] | None) -> RowFile:
    if _kind_of(target) in ("", "parquet"):
        if target.suffix not in ("", ".json"):
            raise OutputError(f"{target}: the ledger is written as .jsonl, .jsonl.gz or .jsonl.zst")
        kind = "jsonl"
    else:
        kind = _kind_of(target)
    if str(out) != STDOUT and (place_of(target) == place_of(out) or is_shard(target, Path(out))):
        raise OutputError(f"{target}: the ledger and the results cannot be one file")
    return _open_rows(kind, target, state.get("ledger") if state else None)


class _Rows:
    """Results as rows of a file."""

    def __init__(self, file: RowFile) -> None:
        self._file = file
        self.abort = file.abort

    def write(self, outcome: Outcome) -> None:
        self._file.write(encode_row(result_row(outcome)))

    def checkpoint(self) -> dict[str, Any]:
        return {"results": self._file.checkpoint()}

    def close(self) -> None:
        self._file.finish()
        leftover = getattr(self._file, "leftover", None)
        if leftover is not None:
            leftover.unlink(missing_ok=True)


class _StandardOutput:
    """Rows on standard output, each as soon as it is there. A reader who has gone is a BrokenPipeError."""

    def __init__(self) -> None:
        if sys.stdout is None:
            raise OutputError("standard output: is closed; send it to /dev/null if it is not wanted")
        sys.stdout.flush()

    def write(self, data: bytes) -> None:
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            failed = OutputError(f"standard output: {error.strerror or error}")
            failed.final = True
            raise failed from None

    def checkpoint(self) -> dict[str, Any]:
        return {}

    def finish(self) -> None:
        """Nothing is left to do: every row was sent on as it came."""

    def abort(self) -> None:
        """Nothing can be taken back."""


class _WithLedger:
    """A writer, and the ledger beside it."""

    def __init__(self, results: Writer, ledger: RowFile) -> None:
        self._results, self._ledger = results, ledger

    def write(self, outcome: Outcome) -> None:
        self._results.write(outcome)
        self._ledger.write(encode_row(ledger_row(outcome)))

    def checkpoint(self) -> dict[str, Any]:
        return {**self._results.checkpoint(), "ledger": self._ledger.checkpoint()}

    def close(self) -> None:
        self._results.close()
        self._ledger.finish()

    def abort(self) -> None:
        self._results.abort()
        self._ledger.abort()
