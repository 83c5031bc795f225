"""The command line as a process: locale, closed pipes, interrupts, full disks, little memory. What needs no process is elsewhere."""

from __future__ import annotations

import os
import resource
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import ENVIRONMENT, put, run_process, start, tree


def test_standard_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    text = "Žluťoučký kůň pije vodu ☃ z řeky pod hradem každý den.\n"
    locale = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    ran = run_process(tmp_path, "clean", "-", "--header", "none", stdin=text.encode(), environment=locale)
    assert ran == (0, text, [])


@pytest.mark.parametrize("command", ["clean a.txt", "rules"])
@pytest.mark.parametrize(("stream", "reason"), [(">/dev/full", "No space left on device"), (">&-", "is closed")])
def test_a_standard_output_that_takes_nothing_is_one_line(tmp_path: Path, command: str, stream: str, reason: str) -> None:
    put(tmp_path / "a.txt")
    shell = f"{shlex.quote(sys.executable)} -m cleaner {command} {stream}"
    done = subprocess.run(["/bin/sh", "-c", shell], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, check=False, timeout=60)
    assert done.returncode == 2
    assert done.stderr.decode().startswith(f"cleaner: standard output: {reason}")
    assert done.stderr.count(b"\n") == 1


def small_files_only() -> None:
    """Let no file grow over 20,000 bytes: a full disk, as far as the writer can tell."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


LONG = "\n\n".join(
    f"In chapter {number}, the ferry sailed at noon, and the mayor told the reporters so at length." for number in range(900)
)


def test_a_write_that_fails_midway_leaves_the_older_result_and_nothing_beside_it(tmp_path: Path) -> None:
    put(tmp_path / "in/long.txt", LONG)
    put(tmp_path / "in/short.txt")
    put(tmp_path / "out/long.txt", "older")
    ran = run_process(tmp_path, "clean", "in", "-o", "out", before=small_files_only)
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert "long.txt" in ran.complaints[0]
    out = tree(tmp_path / "out")
    assert (out.pop("long.txt"), list(out)) == (b"older", ["short.txt"])


def test_in_place_that_fails_midway_leaves_the_input(tmp_path: Path) -> None:
    put(tmp_path / "in/long.txt", LONG)
    assert run_process(tmp_path, "clean", "in", "--in-place", before=small_files_only).code == 3
    assert tree(tmp_path / "in") == {"long.txt": LONG.encode()}


@pytest.mark.parametrize(
    "arguments",
    [("clean", "a.txt"), ("clean", "many", "--check"), ("rules",)],
)
def test_a_pipe_closed_by_its_reader_ends_quietly(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    put(tmp_path / "a.txt", f"Loading…\n\n{LONG}\n\nLoading…\n\n{LONG.replace('ferry', 'schooner')}")
    for number in range(20):
        put(tmp_path / f"many/{number}.txt")
    with start(tmp_path, *arguments) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert process.returncode == 0
    assert errors == ""


def test_head_gets_its_line_and_the_rest_ends_quietly(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", LONG)
    with start(tmp_path, "explain", "a.txt") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert b"In chapter 0" in first
    assert (process.returncode, errors) == (0, "")


def test_an_interrupt_while_reading_standard_input_is_130(tmp_path: Path) -> None:
    with start(tmp_path, "clean", "-", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b"a line of text\n" * 100_000)  # more than a pipe holds: the program is reading once this returns
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert b"Traceback" not in errors


def test_an_interrupt_in_the_midst_of_a_run_leaves_no_partial_file(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "b.txt")
    with start(tmp_path, "clean", "a.txt", "b.txt", "-o", "out") as process:
        writer = os.open(tmp_path / "b.txt", os.O_WRONLY)  # returns once the program has opened the other end
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        os.close(writer)
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert b"--resume" in errors
    assert [name for name in tree(tmp_path / "out") if not name.startswith(".cleaner/")] == ["a.txt"]
