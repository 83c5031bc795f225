"""Hostile inputs through the command line: one clear line each, the right exit code, the others cleaned, nothing outside OUT."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from commands import BODY, PAGE, Ran, put, run, run_process, tree
from inputs import PACKED, json_lines, tar_of

from cleaner.io.options import MEBIBYTE

GOOD = "a-good.txt"


def cleaned(folder: Path, *more: str) -> tuple[Ran, list[str]]:
    """Clean `in` to `out` beside a good document, which must arrive; gives what was said and what else is in `out`."""
    put(folder / "in" / GOOD)
    before = tree(folder)
    ran = run(folder, "clean", "in", "-o", "out", *more)
    after = tree(folder)
    assert all(line.isprintable() for line in ran.errors)
    assert {name: after.get(name) for name in before} == before
    made = sorted(name for name in after if name not in before)
    assert all(name.startswith("out/") for name in made)
    made.remove(f"out/{GOOD}")
    return ran, [name.removeprefix("out/") for name in made]


def refused(folder: Path, *more: str) -> str:
    """Clean `in`, in which all but the good document must be refused; gives the one line that says why."""
    ran, made = cleaned(folder, *more)
    assert (ran.code, made) == (3, [])
    (line,) = ran.complaints
    return line


# Packed


@pytest.mark.parametrize("packing", PACKED)
def test_a_bomb_of_a_document_is_one_line(tmp_path: Path, packing: str) -> None:
    put(tmp_path / f"in/b.txt.{packing}", PACKED[packing](bytes((100 if packing in ("gz", "zst") else 17) * MEBIBYTE)))
    assert f"in/b.txt.{packing}: is larger than" in refused(tmp_path)


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_a_bomb_of_rows_is_one_line_and_the_row_before_it_arrives(tmp_path: Path, packing: str) -> None:
    put(tmp_path / f"in/b.jsonl.{packing}", PACKED[packing](json_lines([{"text": PAGE}]) + b"\n" * 100 * MEBIBYTE))
    ran, made = cleaned(tmp_path)
    assert (ran.code, made) == (3, [f"b.jsonl.{packing}/000001.txt"])
    assert ["decompression bomb" in line for line in ran.complaints] == [True]


def test_a_zip_bomb_is_one_line_and_the_member_before_it_arrives(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.txt", PAGE)
        archive.writestr("bomb.txt", bytes(100 * MEBIBYTE))
    put(tmp_path / "in/b.zip", packed.getvalue())
    ran, made = cleaned(tmp_path)
    assert (ran.code, made) == (3, ["b.zip/x.txt"])
    assert ["in/b.zip/bomb.txt: is larger than" in line for line in ran.complaints] == [True]


def test_of_a_gzip_cut_short_the_rows_before_the_cut_arrive(tmp_path: Path) -> None:
    data = [gzip.compress(json_lines([{"text": f"{number} {BODY} {os.urandom(20).hex()}"}])) for number in range(5)]
    put(tmp_path / "in/b.jsonl.gz", b"".join(data[:4]) + data[4][:-30])
    ran, made = cleaned(tmp_path)
    assert (ran.code, made) == (3, [f"b.jsonl.gz/{number:06}.txt" for number in range(1, 5)])
    assert ["in/b.jsonl.gz: the gzip stream is cut short" in line for line in ran.complaints] == [True]


def test_of_a_text_cut_short_what_came_before_the_cut_arrives(tmp_path: Path) -> None:
    packed = gzip.compress("\n\n".join(f"{BODY} {os.urandom(8).hex()}" for _ in range(200)).encode())
    put(tmp_path / "in/b.txt.gz", packed[: len(packed) // 2])
    ran, made = cleaned(tmp_path)
    assert (ran.code, made) == (3, ["b.txt"])
    assert (tmp_path / "out/b.txt").read_text().count(BODY) > 50
    assert ["cut short" in line for line in ran.complaints] == [True]


def test_a_frame_with_a_window_of_2_gb_is_one_line(tmp_path: Path) -> None:
    packer = zstandard.ZstdCompressor(compression_params=zstandard.ZstdCompressionParameters(window_log=31)).compressobj()
    put(tmp_path / "in/b.txt.zst", packer.compress(PAGE.encode()) + packer.flush())
    assert "asks for too much memory" in refused(tmp_path)


# Rows

DEEP = b'{"text": "A", "deep": ' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"


@pytest.mark.parametrize("command", [("in", "-o", "out"), ("in/b.jsonl", "-o", "out.jsonl"), ("in/b.jsonl",)])
@pytest.mark.parametrize("row", [DEEP, b"[" * 100_000 + b"\n"])
def test_json_100_000_deep_is_one_line_and_the_next_row_arrives(tmp_path: Path, command: tuple[str, ...], row: bytes) -> None:
    put(tmp_path / "in/b.jsonl", row + json_lines([{"text": PAGE}]))
    ran = run(tmp_path, "clean", *command)
    assert ran.code == 3
    assert ["in/b.jsonl:1: nests deeper" in line for line in ran.complaints] == [True]
    assert BODY.encode() in b"".join(content for name, content in tree(tmp_path).items() if name.startswith("out")) + ran.out.encode()


@pytest.mark.parametrize("out", ["out", "out.jsonl", "out.parquet", "-"])
def test_rows_with_lone_surrogates_are_cleaned_as_others_are(tmp_path: Path, out: str) -> None:
    put(tmp_path / "in.jsonl", json_lines([{"text": PAGE.replace("Monday", "Mon\ud800day\udc80"), "\udfff": "\ud800"}]))
    ran = run_process(tmp_path, "clean", "in.jsonl", *(() if out == "-" else ("-o", out)), "-j", "1")
    assert (ran.code, ran.complaints) == (0, [])
    if out in ("out.jsonl", "-"):
        row = json.loads(ran.out or (tmp_path / out).read_text(encoding="utf-8"))
        assert (row["text"].startswith(BODY[:50]), row["text"].endswith("at noon."), row["\udfff"]) == (True, True, "\ud800")


# Names and places


def test_two_inputs_with_one_output_name_both_arrive(tmp_path: Path) -> None:
    put(tmp_path / "in/b.txt", f"{BODY} One.")
    put(tmp_path / "in/b.txt.gz", gzip.compress(f"{BODY} Two.".encode()))
    put(tmp_path / "in/b.html", f"<html><body><p>{BODY} Three.</p></body></html>")
    put(tmp_path / "in/c.tar", tar_of([("x.txt", b"Four."), ("x.txt", b"Five.")]))
    ran, made = cleaned(tmp_path)
    assert (ran.code, made) == (0, ["b.html.txt", "b.txt", "b.txt.gz.txt", "c.tar/x-2.txt", "c.tar/x.txt"])
    for name, word in zip(made, ("Three", "One", "Two", "Five", "Four"), strict=True):
        assert word in (tmp_path / "out" / name).read_text(encoding="utf-8")


def test_a_link_out_of_in_is_one_line(tmp_path: Path) -> None:
    secret = put(tmp_path / "elsewhere/secret.jsonl", json_lines([{"text": PAGE}]))
    (tmp_path / "in").mkdir()
    (tmp_path / "in/b.jsonl").symlink_to(secret)
    assert "in/b.jsonl: a link that leads out" in refused(tmp_path)


def test_a_link_out_of_out_is_one_line_and_gets_nothing(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere/000001.txt", "older")
    put(tmp_path / "in/b.jsonl", json_lines([{"text": PAGE}]))
    (tmp_path / "out").mkdir()
    (tmp_path / "out/b.jsonl").symlink_to(tmp_path / "elsewhere")
    ran, made = cleaned(tmp_path)
    assert (ran.code, made) == (3, [])
    assert ["a link leads out of the output folder" in line for line in ran.complaints] == [True]


def test_a_link_where_rows_shall_go_is_replaced_and_not_followed(tmp_path: Path) -> None:
    elsewhere = put(tmp_path / "elsewhere.txt", "older")
    for name in ("out.jsonl", "ledger.jsonl"):
        (tmp_path / name).symlink_to(elsewhere)
    put(tmp_path / "in/b.txt")
    assert run(tmp_path, "clean", "in", "-o", "out.jsonl", "--ledger", "ledger.jsonl").code == 0
    assert elsewhere.read_text() == "older"


def _tar_with_links() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, kind in (("s.txt", tarfile.SYMTYPE), ("d.txt", tarfile.CHRTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
    return packed.getvalue()


def _zip_of(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, PAGE)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reasons"),
    [
        ("b.tar", tar_of([("../evil.txt", b"no"), ("a/../../evil.txt", b"no")]), ["leads out of the archive"] * 2),
        ("b.zip", _zip_of("../evil.txt", "..\\evil.txt"), ["leads out of the archive"] * 2),
        ("b.tar.gz", gzip.compress(_tar_with_links()), ["is a link", "is a device"]),
    ],
)
def test_members_that_lead_out_of_an_archive_are_one_line_each(tmp_path: Path, name: str, data: bytes, reasons: list[str]) -> None:
    put(tmp_path / "in" / name, data)
    ran, made = cleaned(tmp_path)
    assert (ran.code, made) == (3, [])
    assert [reason in line for reason, line in zip(reasons, ran.complaints, strict=True)] == [True] * len(reasons)


@pytest.mark.parametrize("out", ["out", "out.jsonl"])
def test_absolute_names_and_odd_ones_in_archives_stay_in_out(tmp_path: Path, out: str) -> None:
    names = [f"{tmp_path}/elsewhere/x.txt", "two\nlines.txt", "-o.txt", ".cleaner/y.txt", "a" * 400 + ".txt"]
    put(tmp_path / "in/b.tar", tar_of([(name, PAGE.encode()) for name in names]))
    ran = run(tmp_path, "clean", "in", "-o", out)
    assert not (tmp_path / "elsewhere").exists()
    assert all(line.isprintable() for line in ran.errors)
    assert {name.partition("/")[0] for name in tree(tmp_path)} == {"in", out}


@pytest.mark.parametrize("out", ["out", "out.jsonl"])
def test_names_with_line_breaks_and_bytes_that_are_no_utf8_come_through(tmp_path: Path, out: str) -> None:
    for name in (b"two\nlines.jsonl", b"caf\xe9.jsonl"):
        put(tmp_path / "in" / os.fsdecode(name), json_lines([{"text": PAGE}, {"other": 1}]))
    ran = run_process(tmp_path, "clean", "in", "-o", out, "-j", "1", "--ledger", "ledger.jsonl")
    assert ran.code == 3
    assert len(ran.errors) == 3
    assert sorted(line.split(":2: ")[0] for line in ran.complaints) == [r"cleaner: in/caf\udce9.jsonl", r"cleaner: in/two\nlines.jsonl"]
    ledger = [json.loads(line)["place"] for line in (tmp_path / "ledger.jsonl").read_text(encoding="utf-8").splitlines()]
    assert ledger == ["in/caf\udce9.jsonl:1", "in/two\nlines.jsonl:1"]
    if out == "out":
        assert sorted(map(os.fsencode, tree(tmp_path / out))) == [b"caf\xe9.jsonl/000001.txt", b"two\nlines.jsonl/000001.txt"]


# What a run writes spares the inputs, and devices


def in_cwd(*names: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        for name in names:
            put(folder / name, json_lines([{"text": PAGE}]) * 3)

    return make


@pytest.mark.parametrize(
    ("names", "command"),
    [
        (["a.jsonl"], "a.jsonl -o a.jsonl"),
        (["a.jsonl", "b.jsonl"], "*.jsonl -o b.jsonl"),
        (["x/a.jsonl", "x/b.jsonl"], "x -o x/b.jsonl"),
        (["a.jsonl", "a-00000.jsonl"], "a-00000.jsonl -o a.jsonl --shard-size 1"),
        (["a-00002.jsonl"], "a-*.jsonl -o a.jsonl --shard-size 2"),
        (["a.jsonl"], "a.jsonl -o out.jsonl --ledger a.jsonl"),
        (["a.jsonl"], "a.jsonl -o out --ledger ./a.jsonl"),
        (["a.jsonl"], "a.jsonl -o out --report a.jsonl"),
        (["a.txt"], "a.txt --in-place --ledger a.txt"),
    ],
)
def test_no_file_that_a_run_writes_replaces_an_input(tmp_path: Path, names: list[str], command: str) -> None:
    in_cwd(*names)(tmp_path)
    before = tree(tmp_path)
    ran = run(tmp_path, "clean", *command.split())
    assert (ran.code, len(ran.errors)) == (2, 1)
    assert "is an input and would be replaced" in ran.errors[0]
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    "more",
    [
        "-o b.jsonl --ledger b.jsonl",
        "-o b.jsonl --report ./b.jsonl",
        "-o out --ledger b --report b",
        "-o b.jsonl --shard-size 1 --ledger ./b-00000.jsonl",
    ],
)
def test_results_ledger_and_report_are_not_one_file(tmp_path: Path, more: str) -> None:
    put(tmp_path / "a.txt")
    ran = run(tmp_path, "clean", "a.txt", *more.split())
    assert (ran.code, len(ran.errors)) == (2, 1)
    assert list(tree(tmp_path)) == ["a.txt"]


def test_a_device_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for option in ("-o", "--ledger"):
        where = () if option == "-o" else ("-o", "out")
        ran = run(tmp_path, "clean", "in", *where, option, "pipe" if option == "--ledger" else "pipe/out.jsonl")
        assert (ran.code, len(ran.errors)) == (2, 1)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert run(tmp_path, "clean", "in", "-o", "out", "--report", "pipe").code == 0
    assert json.loads(os.read(reader, 65536))["finished"] is True
    os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize("name", ["a.jsonl", "a.txt.gz", "a.tar", "a.mhtml"])
def test_what_is_no_single_text_is_not_cleaned_in_place(tmp_path: Path, name: str) -> None:
    data = {"a.txt.gz": gzip.compress(PAGE.encode()), "a.tar": tar_of([("a.txt", PAGE.encode())])}.get(name, json_lines([{"text": PAGE}]))
    put(tmp_path / name, data)
    ran = run(tmp_path, "clean", name, "--in-place")
    assert (ran.code, len(ran.complaints)) == (3, 1)
    assert "give -o OUT" in ran.complaints[0]
    assert tree(tmp_path) == {name: data}


@pytest.mark.parametrize("out", ["s3://bucket/out", "out.csv", "out.zip", "out.gz"])
def test_an_output_that_is_not_written_is_one_line_before_anything_is(tmp_path: Path, out: str) -> None:
    put(tmp_path / "a.txt")
    ran = run(tmp_path, "clean", "a.txt", "-o", out)
    assert (ran.code, len(ran.errors)) == (2, 1)
    assert list(tree(tmp_path)) == ["a.txt"]
