"""Results as a tree, as rows, as Parquet, in shards, with a ledger: what is written, and that a crash takes nothing of it."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import zstandard
from commands import ENVIRONMENT, put, tree
from inputs import outcome, read
from pyarrow import parquet

from cleaner.io.options import WriteOptions
from cleaner.io.writers import OutputError, Writer, open_writer

NAMES = ["out", "out.jsonl", "out.jsonl.gz", "out.jsonl.zst", "out.parquet"]


def write(out: Path | str, count: int, **options: Any) -> None:
    writer = open_writer(out, WriteOptions(**options))
    for number in range(1, count + 1):
        writer.write(outcome(number))
    writer.close()


def rows_of(path: Path) -> list[dict[str, Any]]:
    """The rows of a file in whatever format."""
    if path.suffix == ".parquet":
        rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
        return [{key: value for key, value in row.items() if value is not None} for row in rows]
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    elif path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()
    return [json.loads(line) for line in data.splitlines()]


ROW = {
    "id": 1,
    "text": "The ferry number 1 sailed at noon.",
    "title": "Ferry 1",
    "author": ["Ana Li"],
    "source": "news.jsonl:1",
    "source_sha256": "ab" * 32,
    "removed": 0.25,
    "cleaner": "0.1.0",
}


def test_a_tree_holds_each_result_in_a_file_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "out", 2)
    assert tree(tmp_path / "out") == {f"news.jsonl/00000{n}.txt": outcome(n).rendered.encode() for n in (1, 2)}


@pytest.mark.parametrize("name", NAMES[1:])
def test_rows_hold_what_passed_the_text_and_what_was_done(tmp_path: Path, name: str) -> None:
    write(tmp_path / "sub" / name, 3000)
    rows = rows_of(tmp_path / "sub" / name)
    assert rows[0] == ROW
    assert [row["id"] for row in rows] == list(range(1, 3001))
    assert list(tree(tmp_path)) == [f"sub/{name}"]


@pytest.mark.parametrize("name", NAMES[1:])
def test_what_is_written_can_be_read_again(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, 10)
    (first, *_) = found = read(tmp_path / name).records
    assert len(found) == 10
    assert first.data == ROW["text"]
    assert first.metadata["title"] == "Ferry 1"


@pytest.mark.parametrize("name", NAMES[1:])
def test_without_a_result_there_is_a_file_without_rows(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, 0)
    assert rows_of(tmp_path / name) == []
    assert read(tmp_path / name) == ([], [])


def test_fields_of_the_input_win_but_over_what_says_what_was_done(tmp_path: Path) -> None:
    passed = {"title": "Mine", "author": None, "source": "cnn", "text": "raw", "removed": 0.9, "review": "old", "cleaner": "0.0"}
    writer = open_writer(tmp_path / "a.jsonl", WriteOptions())
    writer.write(outcome(1, passed=passed))
    writer.write(outcome(2, review="look"))
    writer.close()
    first, second = rows_of(tmp_path / "a.jsonl")
    assert (first["title"], first["author"], first["source"]) == ("Mine", ["Ana Li"], "cnn")
    assert (first["text"], first["removed"], first["cleaner"]) == (ROW["text"], 0.25, "0.1.0")
    assert "review" not in first
    assert second["review"] == "look"


@pytest.mark.parametrize("name", NAMES)
def test_lone_surrogates_crash_nothing(tmp_path: Path, name: str) -> None:
    writer = open_writer(tmp_path / name, WriteOptions(ledger=str(tmp_path / "ledger.jsonl")))
    edits = ((0, 1, "", "r", "\udfff", "remove", ()),)
    writer.write(outcome(1, "a\ud800b", rendered="a\ud800b\n", passed={"k\udc80": "\udcff"}, name="n\udcff.txt", edits=edits))
    writer.close()
    if name == "out":
        assert tree(tmp_path / "out") == {"n\udcff.txt": b"a\\ud800b\n"}
    else:
        kept = {"out.parquet": "\ufffd"}.get(name, "\ud800")
        assert rows_of(tmp_path / name)[0]["text"] == f"a{kept}b"
    assert b"\\udfff" in (tmp_path / "ledger.jsonl").read_bytes()


def test_parquet_columns_hold_what_their_fields_hold(tmp_path: Path) -> None:
    passed: list[dict[str, Any]] = [
        {"int": 1, "float": 1, "mixed": 1, "deep": {"a": [1]}, "list": [], "huge": 2**70, "author": "Ana"},
        {"int": 2**60, "float": 2.5, "mixed": "x", "deep": None, "list": ["a"], "flag": True, "title": {"en": "A"}},
        {"only": "here", "numbers": [1, 2.5], "odd": [1, "a"]},
    ]
    writer = open_writer(tmp_path / "a.parquet", WriteOptions())
    for number, fields in enumerate(passed):
        writer.write(outcome(number, passed=fields))
    writer.close()
    table = parquet.read_table(tmp_path / "a.parquet")
    types = {field.name: str(field.type) for field in table.schema}
    assert (types["int"], types["float"], types["flag"], types["only"]) == ("int64", "double", "bool", "string")
    assert [types["numbers"].startswith("list<"), types["list"].startswith("list<")] == [True, True]
    rows = table.to_pylist()
    assert [row["mixed"] for row in rows] == ["1", '"x"', None]
    assert (rows[0]["deep"], rows[0]["huge"], rows[2]["odd"]) == ('{"a": [1]}', str(2**70), '[1, "a"]')
    assert [row["author"] for row in rows] == [["Ana"], ["Ana Li"], ["Ana Li"]]
    assert [row["title"] for row in rows] == ['"Ferry 0"', '{"en": "A"}', '"Ferry 2"']
    assert (table.schema.field("mixed").metadata, table.schema.field("int").metadata) == ({b"cleaner": b"json"}, None)


def test_parquet_fields_past_the_thousandth_are_one_column(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "a.parquet", WriteOptions())
    for number in range(300):
        writer.write(outcome(number, passed={f"field{number}-{n}": n for n in range(5)}))
    writer.close()
    rows = parquet.read_table(tmp_path / "a.parquet").to_pylist()
    assert rows[0]["field0-4"] == 4
    assert json.loads(rows[299]["_more"]) == {f"field299-{n}": n for n in range(5)}


def test_values_without_a_word_in_json_are_written_as_strings(tmp_path: Path) -> None:
    import datetime
    import decimal

    passed = {"day": datetime.date(2024, 5, 3), "sum": decimal.Decimal("1.50"), "bytes": b"\xff", "nan": float("nan"), "in": [float("inf")]}
    writer = open_writer(tmp_path / "a.jsonl", WriteOptions())
    writer.write(outcome(1, passed=passed))
    writer.close()
    (row,) = rows_of(tmp_path / "a.jsonl")
    assert {key: row[key] for key in passed} == {"day": "2024-05-03", "sum": "1.50", "bytes": "/w==", "nan": None, "in": [None]}


def test_the_ledger_holds_a_row_for_each_result(tmp_path: Path) -> None:
    fields = (("title", "A"),)
    writer = open_writer(tmp_path / "out", WriteOptions(ledger=str(tmp_path / "ledger.jsonl.gz")))
    writer.write(outcome(1))
    writer.write(outcome(2, edits=((0, 1, "", "title", "why", "move", fields),)))
    writer.close()
    first, second = rows_of(tmp_path / "ledger.jsonl.gz")
    edit = {"start": 0, "end": 8, "replacement": "", "rule": "placeholder", "reason": "a placeholder", "kind": "remove"}
    assert first == {"place": "news.jsonl:1", "source_sha256": "ab" * 32, "edits": [edit]}
    assert second["edits"][0]["fields"] == [["title", "A"]]


def test_standard_output_gets_each_row_at_once() -> None:
    taken = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with mock.patch("sys.stdout", taken):
        writer = open_writer("-", WriteOptions())
        writer.write(outcome(1))
        assert json.loads(taken.buffer.getvalue()) == ROW
        writer.close()


# Shards


@pytest.mark.parametrize("name", NAMES[1:])
def test_shards_hold_so_many_results_each(tmp_path: Path, name: str) -> None:
    write(tmp_path / name, 25, shard_size=10)
    names = sorted(tree(tmp_path))
    assert names == [name.replace("out", f"out-{number:05d}") for number in range(3)]
    assert [len(rows_of(tmp_path / shard)) for shard in names] == [10, 10, 5]


def test_a_run_of_fewer_shards_leaves_none_of_an_earlier_one(tmp_path: Path) -> None:
    write(tmp_path / "out.jsonl", 30, shard_size=10)
    put(tmp_path / "out-other.jsonl", "not a shard")
    write(tmp_path / "out.jsonl", 20, shard_size=10)
    assert sorted(tree(tmp_path)) == ["out-00000.jsonl", "out-00001.jsonl", "out-other.jsonl"]


def test_shards_of_no_result_are_one_without_rows(tmp_path: Path) -> None:
    write(tmp_path / "out.jsonl", 0, shard_size=10)
    assert tree(tmp_path) == {"out-00000.jsonl": b""}


def test_a_tree_has_no_shards(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="shards are files of rows"):
        open_writer(tmp_path / "out", WriteOptions(shard_size=10))


# Crashes

CRASHING = """
import json, os, signal, sys
sys.path.insert(0, os.environ["HERE"])
from inputs import outcome
from cleaner.io.writers import WriteOptions, open_writer
out, options, last, stop = json.loads(sys.argv[1])
try:
    with open("state") as file:
        done, state = json.load(file)
except FileNotFoundError:
    done, state = 0, None
writer = open_writer(out, WriteOptions(**options), state)
for number in range(done + 1, last + 1):
    writer.write(outcome(number))
    if number % 700 == 0:
        made = [number, writer.checkpoint()]
        with open("state.new", "w") as file:
            json.dump(made, file)
        os.replace("state.new", "state")
    if number == stop:
        os.kill(os.getpid(), signal.SIGKILL)
writer.close()
if stop == 0:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shard_size", [None, 1000])
def test_runs_killed_and_gone_on_with_give_the_bytes_of_one_that_was_not(tmp_path: Path, name: str, shard_size: int | None) -> None:
    if name == "out" and shard_size:
        pytest.skip("a tree has no shards")
    options = {"shard_size": shard_size, "ledger": "ledger.jsonl.gz"}
    (tmp_path / "run").mkdir()
    for stop in (500, 701, 2100, 2999, -1):
        done = subprocess.run(
            [sys.executable, "-c", CRASHING, json.dumps([name, options, 3000, stop])],
            cwd=tmp_path / "run",
            env={**ENVIRONMENT, "HERE": str(Path(__file__).parent)},
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == (-signal.SIGKILL if stop > 0 else 0), done.stderr.decode()
    (tmp_path / "run/state").unlink()
    with contextlib.chdir(put(tmp_path / "straight/x").parent):
        Path("x").unlink()
        write(name, 3000, **options)
    assert tree(tmp_path / "run") == tree(tmp_path / "straight")


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz"])
def test_a_run_that_crashed_after_its_file_was_renamed_goes_on_with_it(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    writer = open_writer(path, WriteOptions())
    for number in range(1, 3001):
        writer.write(outcome(number))
        if number == 2000:
            state = json.loads(json.dumps(writer.checkpoint()))
    writer.close()
    before = path.read_bytes()
    writer = open_writer(path, WriteOptions(), state)
    for number in range(2001, 3001):
        writer.write(outcome(number))
    writer.close()
    assert tree(tmp_path) == {name: before}


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet"])
def test_another_file_than_the_state_tells_of_is_left_alone(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    writer = open_writer(path, WriteOptions())
    writer.write(outcome(1))
    state = writer.checkpoint()
    writer.close()
    put(path, b"something else " * 100)
    with pytest.raises(OutputError, match="start again without resuming"):
        open_writer(path, WriteOptions(), state)
    assert tree(tmp_path) == {name: b"something else " * 100}


def test_compressed_bytes_do_not_depend_on_checkpoints(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        writer = open_writer(tmp_path / name, WriteOptions())
        for number in range(5000):
            writer.write(outcome(number))
            if name[0] == "b" and number % 7 == 0:
                writer.checkpoint()
        writer.close()
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_leftovers_of_crashed_runs_are_swept_and_those_of_living_ones_are_not(tmp_path: Path) -> None:
    put(tmp_path / "out/sub/.cleaner-abc.tmp", "torn")
    put(tmp_path / "out/.cleaner-notours.txt", "kept")
    held = put(tmp_path / "out/.cleaner-held.tmp", "being written")
    code = "import fcntl, sys; f = open(sys.argv[1], 'r+'); fcntl.lockf(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code, held], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        write(tmp_path / "out", 1)
        holder.kill()
    assert sorted(tree(tmp_path / "out")) == [".cleaner-held.tmp", ".cleaner-notours.txt", "news.jsonl/000001.txt"]


def test_two_runs_do_not_write_one_file(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom cleaner.io.writers import *\n"
        "w = open_writer(sys.argv[1], WriteOptions())\nprint('open', flush=True)\nsys.stdin.read()"
    )
    path = tmp_path / "out.jsonl"
    with subprocess.Popen([sys.executable, "-c", code, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT) as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(OutputError, match="is being written by another run"):
            open_writer(path, WriteOptions())
        other.kill()
    write(path, 1)


def test_an_aborted_run_leaves_what_a_checkpoint_made_safe_or_nothing(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "a.jsonl", WriteOptions(ledger=str(tmp_path / "ledger.jsonl")))
    writer.write(outcome(1))
    writer.abort()
    assert tree(tmp_path) == {}
    writer = open_writer(tmp_path / "a.jsonl", WriteOptions())
    writer.write(outcome(1))
    state = writer.checkpoint()
    writer.write(outcome(2))
    writer.abort()
    writer = open_writer(tmp_path / "a.jsonl", WriteOptions(), state)
    writer.write(outcome(2))
    writer.close()
    assert [row["id"] for row in rows_of(tmp_path / "a.jsonl")] == [1, 2]


# What cannot be written


@contextlib.contextmanager
def small_files_only(most: int) -> Iterator[None]:
    """A disk on which no file may grow past so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def fill(writer: Writer, count: int) -> None:
    for number in range(count):
        writer.write(outcome(number, passed={"noise": os.urandom(500).hex()}))


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_full_disk_is_one_line_and_the_older_file_stays(tmp_path: Path, name: str) -> None:
    put(tmp_path / name, "older")
    writer = open_writer(tmp_path / name, WriteOptions())
    with small_files_only(1_000_000), pytest.raises(OutputError, match=f"{name}: File too large") as caught:
        fill(writer, 5000)
    assert caught.value.final
    with pytest.raises(OutputError, match="File too large"):
        writer.write(outcome(1))
    writer.abort()
    assert tree(tmp_path) == {name: b"older"}


def test_a_disk_that_is_full_when_parquet_is_made_loses_no_row(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "a.parquet", WriteOptions())
    fill(writer, 1000)
    state = writer.checkpoint()
    with small_files_only(100_000), pytest.raises(OutputError, match=r"a\.parquet: "):
        writer.close()
    writer.abort()
    writer = open_writer(tmp_path / "a.parquet", WriteOptions(), state)
    writer.close()
    assert len(rows_of(tmp_path / "a.parquet")) == 1000


def test_a_full_disk_tears_no_file_of_a_tree(tmp_path: Path) -> None:
    writer = open_writer(tmp_path / "out", WriteOptions())
    writer.write(outcome(1, rendered="older"))
    with small_files_only(1000), pytest.raises(OutputError, match="File too large"):
        writer.write(outcome(1, rendered="x" * 5000))
    writer.write(outcome(2, rendered="small"))
    writer.close()
    assert tree(tmp_path / "out") == {"news.jsonl/000001.txt": b"older", "news.jsonl/000002.txt": b"small"}


def test_a_name_that_leads_out_through_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/news.jsonl").symlink_to(tmp_path / "elsewhere")
    writer = open_writer(tmp_path / "out", WriteOptions())
    with pytest.raises(OutputError, match="leads out"):
        writer.write(outcome(1))
    assert tree(tmp_path / "elsewhere") == {}


def test_a_file_link_is_not_written_through(tmp_path: Path) -> None:
    precious = put(tmp_path / "precious", "kept")
    (tmp_path / "out.jsonl").symlink_to(precious)
    (tmp_path / ".cleaner-more.jsonl.part").symlink_to(precious)
    write(tmp_path / "out.jsonl", 1)
    with pytest.raises(OutputError):
        open_writer(tmp_path / "more.jsonl", WriteOptions())
    assert precious.read_text() == "kept"


@pytest.mark.parametrize(
    ("out", "options", "reason"),
    [
        ("out.csv", {}, "not as this"),
        ("out.jsonl.bz2", {}, "not as this"),
        ("s3://bucket/out.jsonl", {}, "local files only"),
        ("folder.jsonl", {}, "is a folder"),
        ("out.jsonl", {"ledger": "out.jsonl"}, "cannot be one file"),
        ("out.jsonl", {"ledger": "ledger.parquet"}, "the ledger is written as"),
        ("file/out.jsonl", {}, "file"),
    ],
)
def test_what_cannot_be_written_is_told_before_anything_is(tmp_path: Path, out: str, options: dict[str, Any], reason: str) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    put(tmp_path / "file", "x")
    with contextlib.chdir(tmp_path), pytest.raises(OutputError, match=reason):
        open_writer(out, WriteOptions(**options))
    assert tree(tmp_path) == {"file": b"x"}
