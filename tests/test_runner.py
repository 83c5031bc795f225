"""Runs over many documents, as processes: faults, kills, interrupts, resuming, streams, reports. Nothing is mocked."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import pty
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import faults
import psutil
import pytest
from commands import BODY, ENVIRONMENT, PAGE, put, run, run_process, start, tree

ROWS = 240


def results(folder: Path) -> dict[str, bytes]:
    """Every file under a folder but what a run remembers."""
    return {name: content for name, content in tree(folder).items() if not name.startswith(".cleaner")}


def pages(folder: Path, count: int, marked: dict[int, str] | None = None) -> None:
    for number in range(count):
        marker = (marked or {}).get(number, "")
        put(folder / f"{number % 7}/{number:04}.txt", f"Page {number} of them all, {marker} as it was.\n\n{PAGE}")


def rows(path: Path, count: int, marked: dict[int, str] | None = None) -> Path:
    texts = (f"Row {number} of them all, {(marked or {}).get(number, '')} as it was.\n\n{PAGE}" for number in range(count))
    lines = (json.dumps({"id": number, "text": text, "more": [number]}) for number, text in enumerate(texts))
    return put(path, "\n".join(lines) + "\n")


def report(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a run as nothing can be caught, and see that its workers go with it."""
    children = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate(timeout=60)
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    faults.install(tmp_path)
    return tmp_path


# Faults

GUILTY = {10: "DIES", 60: "HANGS", 61: "FAILS", 130: "EATS", 200: "DIES", 201: "EXITS"}
REASONS = {
    "DIES": "killed by signal 9 (SIGKILL)",
    "HANGS": "took more than 2 s",
    "EATS": "needs more than 400 MiB of memory",
    "FAILS": "ValueError: no such thing",
    "EXITS": "ended its worker with exit code 7",
}
TIGHT = ("--timeout", "2", "--memory", "400M")


def test_exactly_the_guilty_rows_fail_and_all_others_are_as_one_worker_writes_them(faulty: Path) -> None:
    rows(faulty / "in.jsonl", ROWS, GUILTY)
    rows(faulty / "innocent.jsonl", ROWS)
    assert run_process(faulty, "clean", "innocent.jsonl", "-o", "wanted.jsonl", "-j", "1").code == 0
    ran = run_process(faulty, "clean", "in.jsonl", "-o", "out.jsonl", "-j", "2", *TIGHT, "--report", "report.json")
    assert ran.code == 3
    found = report(faulty / "report.json")
    assert found["failures"] == [{"place": f"in.jsonl:{number + 1}", "reason": REASONS[word]} for number, word in GUILTY.items()]
    assert ran.complaints == [f"cleaner: in.jsonl:{number + 1}: {REASONS[word]}" for number, word in GUILTY.items()]
    wanted = (faulty / "wanted.jsonl").read_bytes().replace(b"innocent.jsonl:", b"in.jsonl:").splitlines()
    got = (faulty / "out.jsonl").read_bytes().splitlines()
    assert [without_hash(line) for line in got] == [without_hash(line) for number, line in enumerate(wanted) if number not in GUILTY]


def without_hash(line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(line)
    return row


def test_exactly_the_guilty_files_fail_and_all_others_are_written(faulty: Path) -> None:
    pages(faulty / "in", 60, {5: "DIES", 40: "FAILS"})
    assert run_process(faulty, "clean", "in", "-o", "two", "-j", "2").code == 3
    assert run_process(faulty, "clean", "in", "-o", "one", "-j", "1").code == 3
    assert len(results(faulty / "two")) == 58
    assert tree(faulty / "two") == tree(faulty / "one")


def test_what_a_rule_prints_stays_out_of_the_rows(faulty: Path) -> None:
    rows(faulty / "in.jsonl", 5, {2: "PRINTS"})
    ran = run_process(faulty, "clean", "-", "-j", "1", stdin=(faulty / "in.jsonl").read_bytes())
    assert ran.code == 0
    assert [json.loads(line)["id"] for line in ran.out.splitlines()] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("jobs", ["0", "1", "2"])
def test_the_number_of_workers_changes_no_byte(tmp_path: Path, jobs: str) -> None:
    rows(tmp_path / "in.jsonl", 80)
    wanted = run_process(tmp_path, "clean", "-", "-j", "1", stdin=(tmp_path / "in.jsonl").read_bytes())
    assert wanted.out.count("\n") == 80
    assert run_process(tmp_path, "clean", "-", "-j", jobs, stdin=(tmp_path / "in.jsonl").read_bytes()).out == wanted.out


def test_a_rule_of_ones_own_that_cannot_be_loaded_is_one_line_and_2(tmp_path: Path) -> None:
    put(tmp_path / "cleaner.toml", 'own = ["nowhere:Rule"]\n')
    put(tmp_path / "in/a.txt")
    ran = run_process(tmp_path, "clean", "in", "-o", "out")
    assert (ran.code, len(ran.errors)) == (2, 1)
    assert "nowhere" in ran.errors[0]
    assert not (tmp_path / "out").exists()


# Kills and resuming


@pytest.mark.parametrize("out", ["out", "out.jsonl"])
def test_a_run_killed_again_and_again_ends_as_an_undisturbed_one(faulty: Path, out: str) -> None:
    if out == "out":
        pages(faulty / "in", 160, dict.fromkeys(range(160), "SLOW") | {30: "FAILS"})
    else:
        rows(faulty / "in", 160, dict.fromkeys(range(160), "SLOW") | {30: "FAILS"}).rename(faulty / "in.jsonl")
    given = "in" if out == "out" else "in.jsonl"
    assert run_process(faulty, "clean", given, "-o", f"wanted/{out}" if out == "out" else f"wanted-{out}").code == 3
    dice = random.Random(5)
    command = ("clean", given, "-o", out, "-j", "2", "--report", "report.json")
    database = faulty / (".cleaner-out.jsonl" if out == "out.jsonl" else "out/.cleaner") / "run.db"
    for number in range(3):
        process = start(faulty, *command, *(["--resume"] if number else []))
        if number == 0:
            wait_for(lambda: remembered(database) > 3)
        time.sleep(dice.uniform(0, 0.7))  # the documents take a second or more
        kill(process)
    ran = run_process(faulty, *command, "--resume")
    assert ran.code == 3
    found = report(faulty / "report.json")
    assert (found["documents"]["cleaned"], found["documents"]["failed"]) == (159, 1)
    assert found["documents"]["from_earlier_run"] > 0
    if out == "out":
        assert results(faulty / "out") == results(faulty / "wanted/out")
    else:
        assert (faulty / "out.jsonl").read_bytes() == (faulty / "wanted-out.jsonl").read_bytes()
        assert [path.name for path in faulty.iterdir() if path.name.startswith(".cleaner")] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_is_130_and_says_how_to_go_on(faulty: Path, number: signal.Signals) -> None:
    pages(faulty / "in", 200, dict.fromkeys(range(200), "SLOW"))
    with start(faulty, "clean", "in", "-o", "out", "-j", "2") as process:
        wait_for(lambda: len(results(faulty / "out")) > 3)
        process.send_signal(number)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    said = errors.decode().splitlines()[-1]
    assert said.startswith("cleaner: interrupted: ")
    assert said.endswith("go on with: cleaner clean in -o out -j 2 --resume")
    done = results(faulty / "out")
    assert 3 < len(done) < 200
    ran = run_process(faulty, "clean", "in", "-o", "out", "-j", "2", "--resume", "--report", "report.json")
    assert ran.code == 0
    assert report(faulty / "report.json")["documents"] == {"cleaned": 200, "changed": 200, "failed": 0, "from_earlier_run": len(done)}


def wait_for(condition: Any) -> None:
    until = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.02)


def test_resume_redoes_what_changed_what_is_gone_and_what_failed(faulty: Path) -> None:
    pages(faulty / "in", 20, {4: "FAILS"})
    assert run_process(faulty, "clean", "in", "-o", "out", "--resume").code == 3
    put(faulty / "in/1/0001.txt", f"Now this is another one. {BODY}")
    put(faulty / "in/2/0002.txt.meta.json", '{"title": "A title from beside"}')
    put(faulty / "in/4/0004.txt", f"Now it is mended. {BODY}")
    (faulty / "out/3/0003.txt").unlink()
    ran = run_process(faulty, "clean", "in", "-o", "out", "--resume", "--report", "report.json")
    assert ran.code == 0
    assert report(faulty / "report.json")["documents"]["from_earlier_run"] == 16
    run_process(faulty, "clean", "in", "-o", "afresh")
    assert results(faulty / "out") == results(faulty / "afresh")


def test_a_run_that_ended_leaves_nothing_but_its_results(tmp_path: Path) -> None:
    pages(tmp_path / "in", 3)
    run_process(tmp_path, "clean", "in", "-o", "out")
    assert len(tree(tmp_path / "out")) == 3
    rows(tmp_path / "in.jsonl", 3)
    run_process(tmp_path, "clean", "in.jsonl", "-o", "deep/out.jsonl")
    assert list(tree(tmp_path / "deep")) == ["out.jsonl"]


def interrupted(folder: Path, *command: str) -> None:
    """Start a run into out.jsonl, let some documents be remembered, and kill it."""
    process = start(folder, *command)
    wait_for(lambda: remembered(folder / ".cleaner-out.jsonl/run.db") > 3)
    kill(process)


def remembered(database: Path) -> int:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
            return int(opened.execute("SELECT count FROM run").fetchone()[0])
    except (sqlite3.OperationalError, TypeError):  # not there yet
        return 0


@pytest.mark.parametrize("change", ["settings", "first row", "fewer rows"])
def test_what_cannot_be_gone_on_with_is_started_over_and_said(faulty: Path, change: str) -> None:
    rows(faulty / "in.jsonl", 300, dict.fromkeys(range(300), "SLOW"))
    interrupted(faulty, "clean", "in.jsonl", "-o", "out.jsonl", "-j", "2")
    if change == "settings":
        put(faulty / "cleaner.toml", 'quotes = "keep"\n')
    elif change == "first row":
        rows(faulty / "in.jsonl", 30, {0: "another"})
    else:
        rows(faulty / "in.jsonl", 3, dict.fromkeys(range(3), "SLOW"))
    ran = run_process(faulty, "clean", "in.jsonl", "-o", "out.jsonl", "--resume", "--report", "report.json")
    assert ran.code == 0
    assert "starting over" in ran.complaints[0]
    assert report(faulty / "report.json")["documents"]["from_earlier_run"] == 0
    run_process(faulty, "clean", "in.jsonl", "-o", "afresh.jsonl")
    assert (faulty / "out.jsonl").read_bytes() == (faulty / "afresh.jsonl").read_bytes()


def test_two_runs_do_not_write_to_one_place(faulty: Path) -> None:
    pages(faulty / "in", 60, dict.fromkeys(range(60), "SLOW"))
    with start(faulty, "clean", "in", "-o", "out", "-j", "1") as process:
        wait_for((faulty / "out/.cleaner/run.db").exists)
        ran = run(faulty, "clean", "in", "-o", "out")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
    assert (ran.code, len(ran.errors)) == (2, 1)
    assert "another run" in ran.errors[0]


def test_resume_needs_a_place_that_was_written_to(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    ran = run(tmp_path, "clean", "a.txt", "--resume")
    assert (ran.code, len(ran.errors)) == (2, 1)
    assert "-o OUT" in ran.errors[0]


def test_a_database_that_is_none_is_one_line(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "out/.cleaner/run.db", "no database " * 1000)
    ran = run(tmp_path, "clean", "in", "-o", "out", "--resume")
    assert (ran.code, len(ran.errors)) == (2, 1)
    assert "out/.cleaner" in ran.errors[0]


# Streams


def test_rows_flow_through_one_by_one(tmp_path: Path) -> None:
    with start(tmp_path, "clean", "-", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": PAGE}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 0


def test_a_reader_that_waits_holds_the_input_back(tmp_path: Path) -> None:
    line = json.dumps({"text": BODY, "more": "x" * 100_000}).encode() + b"\n"
    with start(tmp_path, "clean", "-", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        os.set_blocking(process.stdin.fileno(), False)
        taken, since = 0, time.monotonic()
        while time.monotonic() - since < 2 and taken < 300_000_000:
            try:
                taken += os.write(process.stdin.fileno(), line[taken % len(line) :])
                since = time.monotonic()
            except BlockingIOError:
                time.sleep(0.02)
        assert taken < 60_000_000
        assert psutil.Process(process.pid).memory_info().rss < 200_000_000
        process.kill()


def test_head_ends_a_stream_of_rows_quietly(tmp_path: Path) -> None:
    rows(tmp_path / "in.jsonl", 3000)
    with (tmp_path / "in.jsonl").open("rb") as given, start(tmp_path, "clean", "-", stdin=given) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["id"] == 0
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


def test_an_interrupt_while_rows_are_awaited_is_130(tmp_path: Path) -> None:
    with start(tmp_path, "clean", "-", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps({"text": PAGE}).encode() + b"\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        errors = process.communicate(timeout=30)[1].decode()
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "Fatal" not in errors


def test_a_row_without_text_is_named_and_the_others_pass(tmp_path: Path) -> None:
    given = b'{"text": "Good enough, the mayor said on Monday."}\n{"other": 1}\nno json\n' + json.dumps({"text": BODY}).encode() + b"\n"
    ran = run_process(tmp_path, "clean", "-", stdin=given)
    assert ran.code == 3
    assert len(ran.out.splitlines()) == 2
    assert [line.split(": ")[1] for line in ran.complaints] == ["standard input:2", "standard input:3"]


# Reports, trials, quiet


def test_the_report_tells_what_was_done(tmp_path: Path) -> None:
    pages(tmp_path / "in", 8)
    put(tmp_path / "in/broken.txt", b"%PDF-1.7")
    assert run(tmp_path, "clean", "in", "-o", "out", "--report", "report.json").code == 3
    found = report(tmp_path / "report.json")
    assert found["finished"] is True
    assert found["documents"] == {"cleaned": 8, "changed": 8, "failed": 1, "from_earlier_run": 0}
    assert [row["place"] for row in found["failures"]] == ["in/broken.txt"]
    assert "PDF" in found["failures"][0]["reason"]
    assert list(found["reasons"].values()) == [1]
    cookies = found["rules"]["cookie_notice"]
    assert (cookies["documents"], cookies["lines"] >= 8, len(cookies["samples"])) == (8, True, 5)
    assert cookies["samples"][0]["text"].startswith("We use cookies")
    assert 0 < found["characters"]["removed"] < found["characters"]["read"]
    assert len(found["slowest"]) == 8
    assert found["documents_per_second"] > 0


def test_a_report_that_cannot_be_written_is_one_line_and_2(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    ran = run(tmp_path, "clean", "in", "-o", "out", "--report", "nowhere/report.json")
    assert ran.code == 2
    assert "nowhere/report.json" in ran.errors[-1]


def test_a_dry_run_writes_no_result_but_counts_and_reports(tmp_path: Path) -> None:
    pages(tmp_path / "in", 4)
    ran = run_process(tmp_path, "clean", "in", "-o", "out", "--dry-run", "--report", "report.json")
    assert ran.code == 0
    assert ran.errors[-1].startswith("4 cleaned")
    assert not (tmp_path / "out").exists()
    assert report(tmp_path / "report.json")["documents"]["cleaned"] == 4
    before = tree(tmp_path / "in")
    assert run(tmp_path, "clean", "in", "--in-place", "--dry-run").code == 0
    assert tree(tmp_path / "in") == before


def test_quiet_says_nothing_of_what_went_well(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    assert run(tmp_path, "clean", "in", "-o", "out", "--quiet").errors == []
    put(tmp_path / "in/b.txt", b"%PDF-1.7")
    assert len(run(tmp_path, "clean", "in", "-o", "out", "-q").errors) == 1


def test_a_document_over_the_size_limit_is_named(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt", BODY * 100)
    put(tmp_path / "in/b.txt")
    ran = run(tmp_path, "clean", "in", "-o", "out", "--max-size", "2K")
    assert ran.code == 3
    assert "in/a.txt" in ran.complaints[0]
    assert list(tree(tmp_path / "out")) == ["b.txt"]


def test_in_place_works_with_workers(tmp_path: Path) -> None:
    pages(tmp_path / "in", 40)
    shutil.copytree(tmp_path / "in", tmp_path / "same")
    assert run_process(tmp_path, "clean", "in", "--in-place", "-j", "2").code == 0
    assert run_process(tmp_path, "clean", "same", "--in-place", "-j", "0").code == 0
    assert tree(tmp_path / "in") == tree(tmp_path / "same")


def test_odd_names_come_through_workers_and_resuming(tmp_path: Path) -> None:
    names = [b"two\nlines.txt", b"caf\xe9.txt", "\u2028 😀.txt".encode(), b"-o.txt"]
    for name in names:
        put(tmp_path / "in" / os.fsdecode(name))
    put(tmp_path / "in" / os.fsdecode(b"\xff\n.txt"), b"%PDF-1.7")
    for kept in (0, 4):
        ran = run_process(tmp_path, "clean", "in", "-o", "out", "--resume", "--report", "report.json")
        assert ran.code == 3
        assert [line.isprintable() for line in ran.complaints] == [True]
        assert {os.fsencode(name) for name in results(tmp_path / "out")} == set(names)
        assert report(tmp_path / "report.json")["documents"]["from_earlier_run"] == kept


# A terminal


def on_a_terminal(folder: Path, *arguments: str, environment: dict[str, str] | None = None, out: bool = False) -> str:
    """What a run writes to a terminal that is its standard error, or its standard output."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 120))
    streams = {"stdout": theirs if out else subprocess.DEVNULL, "stderr": subprocess.DEVNULL if out else theirs}
    command = [sys.executable, "-m", "cleaner", *arguments]
    process = subprocess.Popen(command, cwd=folder, env={**ENVIRONMENT, "TERM": "xterm", **(environment or {})}, **streams)  # type: ignore[call-overload]
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # how a terminal tells that all have left
        while data := os.read(ours, 65536):
            said += data
    os.close(ours)
    process.wait(60)
    return said.decode()


def test_a_terminal_shows_progress_and_then_the_summary(faulty: Path) -> None:
    pages(faulty / "in", 60, dict.fromkeys(range(60), "SLOW") | {7: "FAILS"})
    said = on_a_terminal(faulty, "clean", "in", "-o", "out", "-j", "1")
    assert re.search(r"/60 \[.*documents/s, [\d.]+% removed, [01] failed", said)
    assert "cleaner: in/0/0007.txt: ValueError" in said
    assert "59 cleaned, " in said.splitlines()[-1]
    assert "documents/s" not in on_a_terminal(faulty, "clean", "in", "-o", "out", "-j", "1", "--quiet")


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_a_diff_on_a_terminal_is_coloured_unless_asked_not_to(tmp_path: Path, environment: dict[str, str], coloured: bool) -> None:
    put(tmp_path / "a.txt")
    environment = {"NO_COLOR": "", **environment}
    assert ("\x1b[31m-We use cookies" in on_a_terminal(tmp_path, "clean", "a.txt", "--diff", environment=environment, out=True)) is coloured


# The world's limits


@pytest.fixture
def small_disk() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp())
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(place)], capture_output=True, check=False)
    if mounted.returncode:
        place.rmdir()
        pytest.skip("no file system may be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)
    place.rmdir()


@pytest.mark.parametrize("out", ["out", "out.jsonl"])
def test_a_full_disk_is_2_in_one_line_with_no_torn_file_and_can_be_gone_on_with(tmp_path: Path, small_disk: Path, out: str) -> None:
    if out == "out":
        pages(tmp_path / "in", 100)
    else:
        rows(tmp_path / "in", 1000)
        (tmp_path / "in").rename(tmp_path / "in.jsonl")
    given = "in" if out == "out" else "in.jsonl"
    ran = run_process(tmp_path, "clean", given, "-o", str(small_disk / out), "-j", "1")
    assert (ran.code, len(ran.errors)) == (2, 1)
    assert str(small_disk / out) in ran.errors[0] or ".cleaner" in ran.errors[0]
    run_process(tmp_path, "clean", given, "-o", out, "-j", "1")
    if out == "out":
        wanted = results(tmp_path / "out")
        assert all(wanted[name] == content for name, content in results(small_disk / out).items())
    else:
        assert not (small_disk / out).exists()
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert run_process(tmp_path, "clean", given, "-o", str(small_disk / out), "-j", "1", "--resume").code == 0
    if out == "out":
        assert results(small_disk / out) == wanted
    else:
        assert (small_disk / out).read_bytes() == (tmp_path / out).read_bytes()


def heed_permissions() -> None:
    """Take from root what lets it read all (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH); for others there is nothing to take."""
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP: it is gone once a program starts


def test_an_unreadable_folder_or_file_is_named_and_3(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/locked/b.txt")
    put(tmp_path / "in/shut.txt").chmod(0)
    (tmp_path / "in/locked").chmod(0)
    try:
        ran = run_process(tmp_path, "clean", "in", "-o", "out", before=heed_permissions)
    finally:
        (tmp_path / "in/locked").chmod(0o755)
    assert ran.code == 3
    assert sorted(ran.complaints) == ["cleaner: in/locked: Permission denied", "cleaner: in/shut.txt: Permission denied"]
    assert list(tree(tmp_path / "out")) == ["a.txt"]


# Completion


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_each_shell(tmp_path: Path, shell: str) -> None:
    ran = run(tmp_path, "completion", shell)
    assert (ran.code, ran.errors) == (0, [])
    assert "cleaner" in ran.out


def test_a_shell_that_asks_is_told_our_options(tmp_path: Path) -> None:
    line = "cleaner clean --res"
    asked = {"_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE_STDOUT_FILENAME": str(tmp_path / "told")}
    subprocess.run([sys.executable, "-m", "cleaner"], env={**ENVIRONMENT, **asked}, cwd=tmp_path, check=True, timeout=30)
    assert (tmp_path / "told").read_text().strip() == "--resume"
