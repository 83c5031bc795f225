"""Formats, fields, shards and ledgers through the command line, each once, end to end."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import faults
import pytest
from commands import BODY, HTML, PAGE, body_of, put, run, run_process, start, tree
from inputs import json_lines, tar_of
from pyarrow import parquet
from test_reading_formats import MHTML, WARC
from test_runner import kill, remembered, wait_for

ROWS = [{"id": number, "text": f"Page {number} of them all.\n\n{PAGE}"} for number in range(7)]


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_folder_of_all_formats_becomes_a_tree(tmp_path: Path) -> None:
    put(tmp_path / "in/a.html.gz", gzip.compress(HTML.encode()))
    put(tmp_path / "in/b.mhtml", MHTML.format(charset="utf-8").replace("The caf=E9 opens=\n today.", BODY).encode())
    put(tmp_path / "in/c.jsonl", json_lines(ROWS[:1]))
    put(tmp_path / "in/d.csv", f'text\n"{PAGE}"\n')
    put(tmp_path / "in/e.tar.gz", gzip.compress(tar_of([("x/y.txt", PAGE.encode())])))
    put(tmp_path / "in/f.warc", b"".join(WARC))
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert (ran.code, ran.complaints) == (0, [])
    out = tree(tmp_path / "out")
    assert {"a.txt", "b.txt", "c.jsonl/000001.txt", "d.csv/000002.txt", "e.tar.gz/x/y.txt"} <= set(out)
    assert any(name.startswith("f.warc/") for name in out)
    assert all(BODY in content.decode() for content in out.values())


def test_one_packed_file_goes_to_standard_output_as_a_document_and_rows_go_as_rows(tmp_path: Path) -> None:
    put(tmp_path / "a.txt.gz", gzip.compress(PAGE.encode()))
    assert body_of(run(tmp_path, "clean", "a.txt.gz").out).strip() == BODY
    put(tmp_path / "a.jsonl.gz", gzip.compress(json_lines(ROWS)))
    assert [json.loads(line)["id"] for line in run(tmp_path, "clean", "a.jsonl.gz").out.splitlines()] == list(range(7))


def test_explain_takes_no_rows(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl", json_lines(ROWS))
    ran = run(tmp_path, "explain", "a.jsonl")
    assert (ran.code, len(ran.errors)) == (2, 1)
    assert "explain takes one document" in ran.errors[0]


def test_fields_say_what_is_what(tmp_path: Path) -> None:
    row = {"key": "x", "page": HTML, "words": PAGE, "at": "https://example.org/a", "text": "not this"}
    put(tmp_path / "a.jsonl", json_lines([row]))
    fields = ("--url-field", "at", "--id-field", "key")
    assert run(tmp_path, "clean", "a.jsonl", "-o", "t", "--text-field", "words", *fields).code == 0
    (text,) = [(name, content.decode()) for name, content in tree(tmp_path / "t").items()]
    assert (text[0], body_of(text[1]).strip(), '"https://example.org/a"' in text[1]) == ("a.jsonl/x.txt", BODY, True)
    assert run(tmp_path, "clean", "a.jsonl", "-o", "h.jsonl", "--html-field", "page", *fields).code == 0
    (out,) = rows_of(tmp_path / "h.jsonl")
    assert (BODY in out["text"], out["words"], "page" in out, out["title"]) == (True, PAGE, False, "The bridge opens")


def test_format_delimiter_and_encoding_of_a_table(tmp_path: Path) -> None:
    put(tmp_path / "table.dat", f'id~text\n1~"{PAGE}\n\nThe Café of the harbour opens, too, she said."\n'.encode("cp1252"))
    options = ("--format", "csv", "--delimiter", "~", "--encoding", "cp1252")
    ran = run(tmp_path, "clean", "table.dat", "-o", "out.jsonl", *options)
    assert (ran.code, ran.complaints) == (0, [])
    (row,) = rows_of(tmp_path / "out.jsonl")
    assert (row["id"], "Café" in row["text"]) == ("1", True)


@pytest.mark.parametrize(
    ("option", "word"), [(("--delimiter", "::"), "delimiter"), (("--encoding", "no-such"), "no-such"), (("--format", "pdf"), "--format")]
)
def test_options_that_make_no_sense_are_2(tmp_path: Path, option: tuple[str, str], word: str) -> None:
    put(tmp_path / "a.csv", "text\nA\n")
    ran = run(tmp_path, "clean", "a.csv", "-o", "out", *option)
    assert ran.code == 2
    assert word in ran.errors[-1]
    assert list(tree(tmp_path)) == ["a.csv"]


@pytest.mark.parametrize("out", ["out.jsonl.zst", "out.parquet"])
def test_shards_hold_so_many_documents_each(tmp_path: Path, out: str) -> None:
    put(tmp_path / "in.jsonl", json_lines(ROWS))
    assert run(tmp_path, "clean", "in.jsonl", "-o", out, "--shard-size", "3").code == 0
    stem, _, suffix = out.partition(".")
    assert sorted(tree(tmp_path)) == ["in.jsonl", *(f"{stem}-{number:05}.{suffix}" for number in range(3))]
    if out == "out.parquet":
        assert [parquet.read_table(path)["id"].to_pylist() for path in sorted(tmp_path.glob("*.parquet"))] == [[0, 1, 2], [3, 4, 5], [6]]


@pytest.mark.parametrize("out", ["out", "out.jsonl", "-", "--in-place"])
def test_the_ledger_tells_every_change_and_replays(tmp_path: Path, out: str) -> None:
    given = "in" if out in ("out", "--in-place") else "in.jsonl"
    for row in ROWS:
        put(tmp_path / f"in/{row['id']}.txt", str(row["text"]))
    put(tmp_path / "in.jsonl", json_lines(ROWS))
    where = [] if out == "-" else [out] if out == "--in-place" else ["-o", out]
    ran = run_process(tmp_path, "clean", given, *where, "--ledger", "ledger.jsonl", "-j", "2", "--header", "none")
    assert (ran.code, ran.complaints) == (0, [])
    ledger = rows_of(tmp_path / "ledger.jsonl")
    assert [row["place"] for row in ledger] == [f"in/{n}.txt" if given == "in" else f"in.jsonl:{n + 1}" for n in range(7)]
    folder = tmp_path / ("in" if out == "--in-place" else "out")
    rows = ran.out.splitlines() if out == "-" else (tmp_path / out).read_text().splitlines() if out == "out.jsonl" else []
    texts = [json.loads(row)["text"] for row in rows] or [content.decode().strip() for content in tree(folder).values()]
    assert texts == [replayed(str(row["text"]), entry["edits"]) for row, entry in zip(ROWS, ledger, strict=True)]


def replayed(source: str, edits: list[dict[str, Any]]) -> str:
    for edit in sorted(edits, key=lambda edit: -int(edit["start"])):
        source = source[: edit["start"]] + edit["replacement"] + source[edit["end"] :]
    return source.strip()


def test_a_ledger_where_nothing_is_written_is_2(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    for more in ([], ["--check"], ["--diff"]):
        ran = run(tmp_path, "clean", "a.txt", "--ledger", "ledger.jsonl", *more)
        assert (ran.code, len(ran.errors)) == (2, 1)
        assert list(tree(tmp_path)) == ["a.txt"]


@pytest.mark.parametrize(("out", "more"), [("out", []), ("out.jsonl", ["--shard-size", "25"])])
def test_a_ledger_and_shards_go_on_after_a_kill(tmp_path: Path, out: str, more: list[str]) -> None:
    faults.install(tmp_path)
    for number in range(130):
        put(tmp_path / f"in/{number:03}.txt", f"Page {number}, SLOW as it was.\n\n{PAGE}")
    command = ("clean", "in", "-o", out, "--ledger", "ledger.jsonl", *more, "-j", "1")
    assert run_process(tmp_path, *command).code == 0
    wanted = taken_away(tmp_path)
    process = start(tmp_path, *command)
    wait_for(lambda: remembered(tmp_path / ("out/.cleaner" if out == "out" else ".cleaner-out.jsonl") / "run.db") > 3)
    kill(process)
    assert resumed(tmp_path, *command) > 3
    assert taken_away(tmp_path) == wanted


def test_a_tree_with_a_ledger_whose_input_has_changed_is_started_over(tmp_path: Path) -> None:
    faults.install(tmp_path)
    for number in range(130):
        put(tmp_path / f"in/{number:03}.txt", f"Page {number}, SLOW as it was.\n\n{PAGE}")
    command = ("clean", "in", "-o", "out", "--ledger", "ledger.jsonl", "-j", "2")
    process = start(tmp_path, *command)
    wait_for(lambda: remembered(tmp_path / "out/.cleaner/run.db") > 3)
    kill(process)
    put(tmp_path / "in/000.txt", f"Another one.\n\n{PAGE}")
    assert resumed(tmp_path, *command) == 0
    assert len((tmp_path / "ledger.jsonl").read_text().splitlines()) == 130


def taken_away(folder: Path) -> dict[str, bytes]:
    """What a run wrote, taken away."""
    found = {name: content for name, content in tree(folder).items() if name.startswith(("out", "ledger", ".cleaner"))}
    for name in found:
        (folder / name).unlink()
    return found


def resumed(folder: Path, *command: str) -> int:
    """Go on with a run; gives how many documents were taken over."""
    ran = run_process(folder, *command, "--resume", "--report", "report.json")
    assert ran.code == 0
    kept: int = json.loads((folder / "report.json").read_text(encoding="utf-8"))["documents"]["from_earlier_run"]
    assert (kept == 0) is ("starting over" in "".join(ran.complaints))
    return kept
