"""What tests of the command line share: how it is run, in this process or as one of its own, and the pages it is given."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NamedTuple
from unittest import mock

import yaml

import cleaner
from cleaner.cli import main

ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(Path(cleaner.__file__).parents[1])}
"""For processes that run in another folder: they shall run the code that the tests import, whatever else is installed."""

BODY = "The bridge over the lake opens today, the mayor said on Monday at noon."
"""An article that is clean already."""

PAGE = f"Skip to content\nHome\n\nLoading…\n\n{BODY}\n\nWe use cookies to improve your experience.\nAccept all\nReject\n"
"""The same article as a page gives it."""

HTML = (
    "<!DOCTYPE html><html lang='en'><head><title>The bridge opens</title></head><body><article><h1>The bridge opens</h1>"
    f"<p>{BODY}</p><p>Cars may cross from noon, and lorries from next week on, the harbour office said.</p></article></body></html>"
)


class Ran(NamedTuple):
    """What a run of the command line left: its exit code, standard output and the lines of standard error."""

    code: int
    out: str
    errors: list[str]

    @property
    def complaints(self) -> list[str]:
        return [line for line in self.errors if line.startswith("cleaner: ")]


def run(folder: Path, *arguments: str | bytes | Path, stdin: bytes = b"") -> Ran:
    """Run the command line in a folder, in this process: one of its own, or workers, would cost a second of loading each time."""
    if "clean" in arguments[:1] and not {"-j", "--jobs"} & set(arguments):
        arguments = (*arguments, "-j", "0")
    written = io.BytesIO(), io.BytesIO()
    out, errors = (io.TextIOWrapper(stream, encoding="utf-8", write_through=True) for stream in written)
    given = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    with contextlib.chdir(folder), mock.patch.multiple("sys", stdin=given, stdout=out, stderr=errors):
        try:
            code = main([os.fsdecode(argument) for argument in arguments])
        except SystemExit as stop:  # how argparse ends
            code = int(stop.code or 0)
    shown, complaints = (stream.getvalue().decode("utf-8", "surrogateescape") for stream in written)
    return Ran(code, shown, complaints.splitlines())


def run_process(
    folder: Path, *arguments: str, stdin: bytes = b"", before: Callable[[], None] | None = None, environment: dict[str, str] | None = None
) -> Ran:
    """Run the command line in a folder as a process of its own; it must never show a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
        preexec_fn=before,
        env={**ENVIRONMENT, **(environment or {})},
    )
    errors = done.stderr.decode("utf-8", "surrogateescape")
    assert "Traceback" not in errors, errors
    return Ran(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), errors.splitlines())


def start(folder: Path, *arguments: str, stdin: int | IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """Start the command line and give the running process; it heeds interrupts even where the tests run in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "cleaner", *arguments],
        cwd=folder,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )


def put(path: Path, content: str | bytes = PAGE) -> Path:
    """Write a file, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, hidden ones too, with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def header_of(text: str) -> dict[str, Any]:
    """The values of a YAML header."""
    _, block, _ = text.split("---\n", 2)
    values: dict[str, Any] = yaml.safe_load(block)
    return values


def body_of(text: str) -> str:
    """What stands behind a YAML header."""
    return text.split("\n---\n\n", 1)[1]
