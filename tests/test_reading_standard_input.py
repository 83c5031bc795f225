"""Standard input: rows as they come, or one document; never more is read than there is."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from commands import BODY, ENVIRONMENT
from inputs import Read, json_lines, read, tar_of

from cleaner.io.files import InputError
from cleaner.io.formats import sniff
from cleaner.io.options import ReadOptions

TELL = """
from cleaner.io.readers import *
for found in read_records(["-"], ReadOptions()):
    print(found.data if hasattr(found, "data") else "error: " + str(found), flush=True)
"""


def read_given(data: bytes, **options: Any) -> Read:
    with mock.patch("sys.stdin", io.TextIOWrapper(io.BytesIO(data))):
        return read("-", **options)


def test_each_row_is_given_before_the_next_has_come() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TELL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        for number in range(5):
            process.stdin.write(json.dumps({"text": f"Document {number}."}) + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == f"Document {number}.\n"  # hangs if more were waited for
        process.stdin.close()
        assert process.stdout.read() == ""


def test_a_pipe_is_read_no_faster_than_its_rows_are_taken() -> None:
    code = TELL.replace("ReadOptions()):", "ReadOptions()):\n    import time; time.sleep(0.5)")
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=ENVIRONMENT, bufsize=0
    ) as process:
        assert process.stdin
        with pytest.raises(subprocess.TimeoutExpired):
            process.communicate(json_lines([{"text": "x" * 100_000}] * 100), timeout=3)
        process.kill()


def test_what_is_no_row_is_one_document() -> None:
    for text in (BODY, "{ not json }\nmore", '{"title": "A", "cleaner": "0.1.0"}\nThe ferry sailed.', "", "[1]\n[2]\n"):
        (record,) = read_given(text.encode()).records
        assert (record.data, record.place, record.kind) == (text.encode(), "standard input", "auto")


def test_rows_are_named_by_their_line() -> None:
    found = read_given(b'\n{"text": "A"}\nrubbish\n{"text": "B"}\n')
    assert [(record.place, record.name) for record in found.records] == [
        ("standard input:2", "standard input/000002.txt"),
        ("standard input:4", "standard input/000004.txt"),
    ]
    assert "standard input:3: is no JSON" in found.only_error


def test_packed_rows_and_archives_are_told_by_their_content() -> None:
    assert read_given(gzip.compress(json_lines([{"text": "A"}]))).texts == ["A"]
    assert read_given(gzip.compress(tar_of([("a.txt", b"A")]))).texts == ["A"]


def test_an_option_says_what_it_is_where_nothing_tells() -> None:
    assert read_given(b"text,n\nA,1\n", format="csv").texts == ["A"]
    assert read_given(b'rubbish\n{"text": "A"}\n', format="jsonl").texts == ["A"]
    assert read_given(b'{"text": "A"}\n', format="document").texts == ['{"text": "A"}\n']


def test_what_needs_its_end_first_is_refused_from_a_pipe() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "A")
    done = subprocess.run([sys.executable, "-c", TELL], input=packed.getvalue(), capture_output=True, env=ENVIRONMENT, check=True)
    assert done.stdout.startswith(b"error: is a zip archive")


def test_standard_input_that_is_closed_or_no_file_is_a_mistake(tmp_path: Path) -> None:
    with mock.patch("sys.stdin", None), pytest.raises(InputError, match="is closed"):
        read("-")
    with mock.patch("sys.stdin", mock.Mock(buffer=io.FileIO(tmp_path / "gone", "w"))), pytest.raises(InputError):
        read("-")


@pytest.mark.parametrize(
    ("head", "label", "form"),
    [
        (b"WARC/1.0\r\n", "a.txt", "warc"),
        (b"PAR1", "a.csv", "parquet"),
        (b"PK\x03\x04", "a", "zip"),
        (b"\0" * 257 + b"ustar", "a.jsonl", "tar"),
        (b"a,b\n", "a.CSV", "csv"),
        (b"a,b\n", "a", "document"),
        (b"rubbish", "a.ndjson", "jsonl"),
        (b'{"a": 1}\n', "a.json", "jsonl"),
        (b'{"a": 1}\n', "a.html", "document"),
        (b'{\n "a": 1}', "a.json", "document"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related;\n", "a", "mhtml"),
        (b"<html>", "a.mhtml", "document"),
        (b"", "", "document"),
    ],
)
def test_content_tells_first_then_the_name(head: bytes, label: str, form: str) -> None:
    assert sniff(head, label, ReadOptions()) == form


@pytest.mark.parametrize("wrong", [{"format": "doc"}, {"kind": "pdf"}, {"max_size": 0}, {"delimiter": "::"}])
def test_options_that_are_none_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not"):
        ReadOptions(**wrong)  # type: ignore[arg-type]
