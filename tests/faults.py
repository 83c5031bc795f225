"""A rule that misbehaves on marker words, for tests and benchmarks of the runner: settings name it as a rule of the user's own."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cleaner import Document, Edit

SETTINGS = 'own = ["faults:Fault"]\n'
GIB = 1 << 30


def install(folder: Path) -> None:
    """Put the rule and the settings that name it into a folder from which the command line is run."""
    (folder / "cleaner.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "faults.py").write_text(Path(__file__).read_text(encoding="utf-8"), encoding="utf-8")


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hang() -> None:
    while True:
        pass


def _eat() -> None:
    eaten = bytearray()
    while len(eaten) < 8 * GIB:  # a safety net for the machine, should nobody watch
        eaten += b"x" * (16 << 20)
        time.sleep(0.001)


def _fail() -> None:
    raise ValueError("no such\nthing")


FAULTS: dict[str, Callable[[], object]] = {
    "DIES": _die,
    "HANGS": _hang,
    "EATS": _eat,
    "FAILS": _fail,
    "EXITS": lambda: sys.exit(7),
    "PRINTS": lambda: print("x" * 100_000),
    "SLOW": lambda: time.sleep(0.015),
}


@dataclass(frozen=True)
class Fault:
    """Does what a marker word in the text says."""

    name: str = "fault"

    def edits(self, document: Document) -> Iterator[Edit]:
        words = {word for line in document.lines for word in line.text.split()}
        for marker, fault in FAULTS.items():
            if marker in words:
                fault()
        return iter(())
