"""What the command line says on standard error: one printable line each, and a moving one on a terminal."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cleaner.tally import Tally

REDRAW = 0.2
"""How often the progress line is drawn, in seconds."""

_SAMPLE = 1 << 20


def printable(message: str) -> str:
    """A message as one line that cannot steer a terminal, whatever a file's name holds."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in message)


def complain(message: str) -> None:
    print(f"cleaner: {printable(message)}", file=sys.stderr)


def colours(stream: Any) -> bool:
    """Whether to write colours to a stream: a terminal, and https://no-color.org not asked for."""
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Teller:
    """Tells how a run goes: failures as lines, progress as a bar where standard error is a terminal and `quiet` is not set."""

    def __init__(self, paths: Iterable[str], quiet: bool = False) -> None:
        self._bar: Any = None
        self._due = 0.0
        if not quiet and sys.stderr.isatty():
            from tqdm import tqdm

            tqdm.monitor_interval = 0  # no thread of its own
            self._bar = tqdm(total=expected(paths), unit=" documents", file=sys.stderr, dynamic_ncols=True, leave=False, smoothing=0.1)

    def failed(self, place: str, reason: str) -> None:
        self.note(f"{place}: {reason}")

    def note(self, message: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        complain(message)

    def progressed(self, tally: Tally) -> None:
        if self._bar is None or (now := time.monotonic()) < self._due:
            return
        self._due = now + REDRAW
        self._bar.set_postfix_str(f"{tally.share:.1%} removed, {tally.failed} failed", refresh=False)
        self._bar.update(tally.done - self._bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


def expected(paths: Iterable[str]) -> int | None:
    """How many documents paths stand for, about: files of folders counted, rows by the length of the first; None for archives."""
    counts = [_expected(Path(given)) for given in paths]
    return None if None in counts else sum(count or 0 for count in counts)


def _expected(path: Path) -> int | None:
    from cleaner.io.formats import is_document_name

    if path.is_dir():
        return sum(is_document_name(name) for _, _, names in os.walk(path) for name in names)
    if path.suffix == ".jsonl" and path.is_file():
        with path.open("rb") as stream:
            start = stream.read(_SAMPLE)
        return round(path.stat().st_size * start.count(b"\n") / len(start)) if start else 0
    return 1 if is_document_name(path.name) and path.is_file() else None
