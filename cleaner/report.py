"""The report of a run, as JSON (`--report FILE`). docs/running.md tells its keys."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.io.writers import OutputError
from cleaner.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cleaner.run import Ending


def write_report(path: Path, ending: Ending, seconds: float, jobs: int) -> None:
    """Write a report whole or not at all. Raises OutputError.

    seconds  that the run took; what an earlier part of a resumed run took is not in it
    """
    handle = -1
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".cleaner-", suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.writelines(_pieces(ending, seconds, jobs))
            umask = os.umask(0)
            os.umask(umask)
            Path(temporary).chmod(0o666 & ~umask)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from None


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
