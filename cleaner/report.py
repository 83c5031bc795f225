"""The report of a run, as JSON (`--report FILE`). docs/running.md tells its keys."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.io.tree import give_mode, not_written
from cleaner.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleaner.run import Ending


def write_report(path: Path, ending: Ending, seconds: float, jobs: int) -> None:
    """Write a report whole or not at all; to a terminal or a pipe as it stands. Raises OutputError.

    seconds  that the run took; what an earlier part of a resumed run took is not in it
    """
    pieces = _pieces(ending, seconds, jobs)
    try:
        _replace(path, pieces) if path.is_file() or not path.exists() else _write_to(path, pieces)
    except OSError as error:
        raise not_written(path, error) from None


def _replace(path: Path, pieces: Iterable[str]) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".cleaner-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.writelines(pieces)
            give_mode(stream.fileno(), path)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _write_to(path: Path, pieces: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(pieces)


def _pieces(ending: Ending, seconds: float, jobs: int) -> Iterator[str]:
    tally = ending.tally
    fresh = tally.done - tally.kept
    head = {
        "cleaner": __version__,
        "finished": not ending.interrupted,
        "jobs": jobs,
        "seconds": round(seconds, 3),
        "documents_per_second": round(fresh / seconds, 1) if seconds else 0.0,
        "cleaning_seconds": round(tally.seconds, 3),
        **tally.report(),
    }
    yield json.dumps(head, indent=1)[:-2]
    yield ',\n "failures": ['
    yield from _rows(ending.failures)
    yield "]\n}\n"


def _rows(failures: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Row by row: a million failures are not held in memory."""
    comma = "\n  "
    for place, reason in failures:
        yield comma + json.dumps({"place": place, "reason": reason})
        comma = ",\n  "
    yield "" if comma == "\n  " else "\n "
