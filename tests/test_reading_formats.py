"""Every format that is read, plain and packed: what comes out of it, under which name, with what is known of it."""

from __future__ import annotations

import datetime
import gzip
import io
import json
import tarfile
import zipfile
from pathlib import Path

import fsspec
import pyarrow as pa
import pytest
from commands import BODY, HTML, put
from inputs import PACKED, json_lines, read, tar_of
from pyarrow import parquet

from cleaner.io.files import InputError
from cleaner.io.options import ReadOptions
from cleaner.io.readers import read_records

ROWS = [{"id": 1, "text": "First.", "url": "https://example.org/1"}, {"id": 2, "text": "Second.", "tags": ["a", "b"]}]

# Files that are one document


@pytest.mark.parametrize(("name", "result"), [("a.txt", "a.txt"), ("a.md", "a.md"), ("a.html", "a.txt"), ("noext", "noext")])
def test_a_file_is_a_document_as_it_stands(tmp_path: Path, name: str, result: str) -> None:
    put(tmp_path / "in/sub" / name, BODY)
    (record,) = read(tmp_path / "in").records
    assert (record.data, record.name, record.kind) == (BODY.encode(), f"sub/{result}", "auto")
    assert record.place == str(tmp_path / "in/sub" / name)
    assert record.metadata == {"source": f"sub/{name}"}


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("name", ["a.txt", "a.html", "a"])
def test_a_packed_document_is_unpacked_and_loses_the_suffix(tmp_path: Path, packing: str, name: str) -> None:
    put(tmp_path / "in" / f"{name}.{packing}", PACKED[packing](HTML.encode()))
    (record,) = read(tmp_path / "in").records
    assert (record.data, record.name) == (HTML.encode(), name.replace(".html", ".txt"))


@pytest.mark.parametrize("packing", PACKED)
def test_a_compression_is_told_by_content_whatever_the_name(tmp_path: Path, packing: str) -> None:
    packed = PACKED[packing](BODY.encode())
    assert read(put(tmp_path / "a.txt", packed)).texts == [BODY]
    assert read(put(tmp_path / "b.txt.gz", BODY)).texts == [BODY]
    assert read(put(tmp_path / "c.txt.gz.zst", PACKED["zst"](packed))).texts == [BODY]


@pytest.mark.parametrize("packing", PACKED)
def test_members_and_frames_one_after_another_are_one_document(tmp_path: Path, packing: str) -> None:
    pack = PACKED[packing]
    assert read(put(tmp_path / "a.txt", pack(b"one ") + pack(b"two ") + pack(b"") + pack(b"three"))).texts == ["one two three"]


def test_zeros_behind_the_end_of_gzip_are_padding(tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.txt.gz", gzip.compress(b"one") + b"\0" * 70_000 + gzip.compress(b" two") + b"\0" * 512))
    assert (found.texts, found.errors) == (["one two"], [])


def test_a_text_that_begins_with_the_letters_of_bzip2_is_text(tmp_path: Path) -> None:
    assert read(put(tmp_path / "a.txt", "BZh9 is the name of a road.")).texts == ["BZh9 is the name of a road."]


def test_a_sidecar_is_known_of_a_packed_document_too(tmp_path: Path) -> None:
    put(tmp_path / "in/a.html.gz", gzip.compress(HTML.encode()))
    put(tmp_path / "in/a.html.gz.meta.json", '{"title": "Known"}')
    (record,) = read(tmp_path / "in").records
    assert record.metadata == {"title": "Known", "source": "a.html.gz"}


MHTML = """From: <Saved by Blink>
Snapshot-Content-Location: https://example.org/bridge
Subject: The bridge
MIME-Version: 1.0
Content-Type: multipart/related; type="text/html"; boundary="----Part----"

------Part----
Content-Type: text/html; charset="{charset}"
Content-Transfer-Encoding: quoted-printable
Content-Location: https://example.org/bridge

<html><body><p>The caf=E9 opens=
 today.</p></body></html>
------Part----
Content-Type: image/png
Content-Transfer-Encoding: base64
Content-Location: https://example.org/a.png

iVBORw0KGgo=
------Part------
"""


@pytest.mark.parametrize("name", ["page.mhtml", "page.mht", "page.mhtml.gz", "page"])
def test_a_saved_page_is_its_html_with_its_address(tmp_path: Path, name: str) -> None:
    data = MHTML.format(charset="windows-1252").replace("\n", "\r\n").encode()
    put(tmp_path / "in" / name, gzip.compress(data) if name.endswith("gz") else data)
    (record,) = read(tmp_path / "in").records
    assert record.data == "<html><body><p>The café opens today.</p></body></html>"
    assert (record.kind, record.url) == ("html", "https://example.org/bridge")
    assert record.name == ("page" if name == "page" else "page.txt")


@pytest.mark.parametrize("charset", ["utf-8", "idna", "hex", "unicode_escape", "no-such"])
def test_a_saved_page_is_decoded_by_no_odd_codec(tmp_path: Path, charset: str) -> None:
    (record,) = read(put(tmp_path / "page.mhtml", MHTML.format(charset=charset).encode())).records
    assert isinstance(record.data, bytes)
    assert b"caf\xe9" in record.data


def test_a_saved_page_without_a_page_is_one_line(tmp_path: Path) -> None:
    assert "no part that is HTML" in read(put(tmp_path / "a.mhtml", MHTML.format(charset="x").replace("text/html", "image/x"))).only_error


# JSON Lines


@pytest.mark.parametrize("packing", ["", *PACKED])
def test_rows_are_documents_named_by_their_line(tmp_path: Path, packing: str) -> None:
    data = json_lines(ROWS)
    path = put(tmp_path / f"in/news.jsonl{packing and '.'}{packing}", PACKED[packing](data) if packing else data)
    found = read(tmp_path / "in")
    assert found.texts == ["First.", "Second."]
    assert found.names == [f"{path.name}/000001.txt", f"{path.name}/000002.txt"]
    first, second = found.records
    assert (first.place, first.url) == (f"{path}:1", "https://example.org/1")
    assert (first.passed, second.passed) == ({"id": 1, "url": "https://example.org/1"}, {"id": 2, "tags": ["a", "b"]})
    assert second.metadata == {"tags": ["a", "b"], "source": f"{path}:2"}


def test_fields_are_named_by_options(tmp_path: Path) -> None:
    row = {"text": "not this", "page": {"no": 1}, "raw": "<p>this</p>", "from": "https://example.org/x", "url": "no", "key": "k/1"}
    path = put(tmp_path / "a.jsonl", json_lines([row]))
    (record,) = read(path, html_field="raw", url_field="from", id_field="key").records
    assert (record.data, record.kind, record.url, record.name) == ("<p>this</p>", "html", "https://example.org/x", "a.jsonl/k_1.txt")
    assert record.passed == {key: value for key, value in row.items() if key != "raw"}
    (record,) = read(path, text_field="text", html_field="raw").records
    assert (record.data, record.kind) == ("not this", "auto")


def test_the_usual_names_are_tried_and_one_that_holds_nothing_is_passed_by(tmp_path: Path) -> None:
    rows = [{"content": "A"}, {"text": "", "body": "B"}, {"html": "<p>C"}, {"Text": "D"}, {"text": ""}, {"text": None, "raw_html": "<p>E"}]
    found = read(put(tmp_path / "a.jsonl", json_lines(rows)))
    assert [(record.data, record.kind) for record in found.records] == [
        ("A", "auto"),
        ("B", "auto"),
        ("<p>C", "html"),
        ("D", "auto"),
        ("", "auto"),
        ("<p>E", "html"),
    ]


def test_ids_that_are_the_same_name_two_results(tmp_path: Path) -> None:
    rows = [{"id": given, "text": "A"} for given in ("x", "x", "../../etc/passwd", "", None, "a\nb", ".cleaner", 7)]
    names = read(put(tmp_path / "a.jsonl", json_lines(rows)), id_field="id").names
    assert names[:3] == ["a.jsonl/x.txt", "a.jsonl/x-2.txt", "a.jsonl/.._.._etc_passwd.txt"]
    assert names[3:] == ["a.jsonl/000004.txt", "a.jsonl/000005.txt", "a.jsonl/a_b.txt", "a.jsonl/_.cleaner.txt", "a.jsonl/7.txt"]


def test_a_text_file_whose_first_line_is_json_is_a_text(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt", '{"text": "leaked"}\nThe ferry sailed.')
    put(tmp_path / "in/b", '{"title": "A", "cleaner": "0.1.0"}\nThe ferry sailed.')
    assert len(read(tmp_path / "in").records) == 2
    assert read(put(tmp_path / "c", '{"text": "a row"}\n{"text": "another"}\n')).texts == ["a row", "another"]


def test_blank_lines_count_and_a_mark_at_the_start_does_not(tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.jsonl", b'\xef\xbb\xbf{"text": "A"}\r\n\r\n  \n{"text": "B"}'))
    assert [record.place.rpartition(":")[2] for record in found.records] == ["1", "4"]
    assert found.errors == []


# CSV


@pytest.mark.parametrize(("suffix", "delimiter"), [("csv", ","), ("csv", ";"), ("tsv", "\t"), ("csv", "|")])
def test_a_table_is_read_by_its_header(tmp_path: Path, suffix: str, delimiter: str) -> None:
    lines: tuple[list[str], ...] = ["id", "text", "n"], ["1", '"two\nlines, ""quoted"""', "x"], [], ["2", "B", "y"]
    path = put(tmp_path / f"a.{suffix}", "\r\n".join(delimiter.join(line) for line in lines))
    found = read(path)
    assert found.texts == ['two\nlines, "quoted"', "B"]
    assert [record.place for record in found.records] == [f"{path}:2", f"{path}:5"]
    assert found.records[0].passed == {"id": "1", "n": "x"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_table_of_another_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = put(tmp_path / "a.csv", "text,n\ncafé,1\n".encode(encoding))
    assert read(path, encoding="cp1252").texts == ["café"]


def test_a_table_in_the_wrong_encoding_is_told_row_by_row(tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.csv", "text\nplain\ncafé\nplain again\n".encode("cp1252")))
    assert found.texts == ["plain", "plain again"]
    assert "a.csv:3: is not utf-8" in found.only_error


# Parquet


def test_parquet_is_read_row_by_row_with_its_types(tmp_path: Path) -> None:
    day = datetime.datetime(2024, 5, 3, 12, 30)
    table = pa.table({"text": [f"Document {n}." for n in range(250)], "n": list(range(250)), "day": [day] * 250})
    parquet.write_table(table, tmp_path / "a.parquet", row_group_size=100)
    found = read(tmp_path)
    assert found.texts == [f"Document {n}." for n in range(250)]
    assert found.records[249].passed == {"n": 249, "day": day}
    assert (found.records[249].place, found.names[249]) == (f"{tmp_path}/a.parquet:250", "a.parquet/000250.txt")


# WARC


def warc_record(kind: str, url: str, body: bytes, http: str = "", length: int | None = None) -> bytes:
    """A WARC record, with an HTTP answer's head before its body if given."""
    block = (http.replace("\n", "\r\n") + "\r\n\r\n").encode() + body if http else body
    content = "application/http; msgtype=response" if http else "text/plain"
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2023-01-02T03:04:05Z\r\n"
        f"Content-Type: {content}\r\nContent-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


PAGE_HEAD = "HTTP/1.1 200 OK\nContent-Type: text/html; charset=utf-8"
WARC = [
    warc_record("warcinfo", "", b"software: x"),
    warc_record("response", "https://example.org/1", HTML.encode(), PAGE_HEAD),
    warc_record("request", "https://example.org/1", b"", "GET / HTTP/1.1"),
    warc_record("response", "https://example.org/2", b"gone", "HTTP/1.1 404 Not Found\nContent-Type: text/html"),
    warc_record("response", "https://example.org/3", b"\x89PNG", "HTTP/1.1 200 OK\nContent-Type: image/png"),
    warc_record("conversion", "https://example.org/4", BODY.encode()),
]


@pytest.mark.parametrize("packing", ["plain", "records", "whole"])
def test_pages_and_texts_of_a_crawl_are_read(tmp_path: Path, packing: str) -> None:
    data = {"plain": b"".join(WARC), "records": b"".join(map(gzip.compress, WARC)), "whole": gzip.compress(b"".join(WARC))}[packing]
    put(tmp_path / "crawl.warc.gz", data)
    page, text = read(tmp_path).records
    assert (page.data, page.kind, page.url) == (HTML.encode(), "html", "https://example.org/1")
    assert (text.data, text.kind, text.url) == (BODY.encode(), "text", "https://example.org/4")
    assert (page.name, page.place) == ("crawl.warc.gz/000002.txt", f"{tmp_path}/crawl.warc.gz:2")
    assert page.metadata == {"source": page.place, "crawled": "2023-01-02T03:04:05Z"}


CHUNKED = b"5\r\n<html\r\n5\r\n>ABC \r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("header", "body", "expected"),
    [
        ("Content-Encoding: gzip", gzip.compress(b"<html>A"), b"<html>A"),
        ("Content-Encoding: gzip", b"<html>unpacked by the crawler", b"<html>unpacked by the crawler"),
        ("Content-Encoding: br", b"<html>unpacked by the crawler", b"<html>unpacked by the crawler"),
        ("Transfer-Encoding: chunked", CHUNKED, b"<html>ABC "),
        ("Transfer-Encoding: chunked", b"<html>unpacked", b"<html>unpacked"),
    ],
)
def test_pages_are_unpacked_as_their_headers_say_unless_they_are_already(tmp_path: Path, header: str, body: bytes, expected: bytes) -> None:
    records = warc_record("response", "https://example.org/", body, f"{PAGE_HEAD}\n{header}") + WARC[-1]
    assert [record.data for record in read(put(tmp_path / "a.warc", records)).records] == [expected, BODY.encode()]


# Archives

MEMBERS = [
    ("a.txt", b"A"),
    ("sub/b.html", HTML.encode()),
    ("photo.jpg", b"no"),
    (".hidden/c.txt", b"no"),
    ("a.txt.meta.json", b"{}"),
    ("rows.jsonl.gz", gzip.compress(json_lines(ROWS))),
]
PLACES = ["a.txt", "sub/b.html", "rows.jsonl.gz:1", "rows.jsonl.gz:2"]
NAMES = ["a.txt", "sub/b.txt", "rows.jsonl.gz/000001.txt", "rows.jsonl.gz/000002.txt"]


@pytest.mark.parametrize("packing", ["", *PACKED])
def test_members_of_a_tar_archive_are_inputs_of_their_own(tmp_path: Path, packing: str) -> None:
    data = tar_of(MEMBERS)
    path = put(tmp_path / f"p.tar{packing and '.'}{packing}", PACKED[packing](data) if packing else data)
    found = read(tmp_path)
    assert [record.place for record in found.records] == [f"{path}/{place}" for place in PLACES]
    assert found.names == [f"{path.name}/{name}" for name in NAMES]
    assert (found.errors, found.records[0].metadata["source"]) == ([], f"{path}/a.txt")


def test_members_of_a_zip_archive_are_inputs_of_their_own(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in MEMBERS:
            archive.writestr(name, content)
    found = read(tmp_path)
    assert [record.place for record in found.records] == [f"{tmp_path}/p.zip/{place}" for place in PLACES]
    assert found.names == [f"p.zip/{name}" for name in NAMES]
    assert found.errors == []


def test_three_archives_in_one_another_are_read_and_a_fourth_is_not(tmp_path: Path) -> None:
    data = tar_of([("a.txt", b"A")])
    for _ in range(2):
        data = tar_of([("inner.tar", data)])
    assert read(put(tmp_path / "a.tar", data)).texts == ["A"]
    assert "unpack" in read(put(tmp_path / "b.tar", tar_of([("inner.tar", data)]))).only_error


def test_members_with_one_name_all_arrive(tmp_path: Path) -> None:
    members = [("a.txt", b"1"), ("a.html", b"2"), ("a.txt", b"3"), ("./a.txt", b"4")]
    assert read(put(tmp_path / "p.tar", tar_of(members))).names == ["p.tar/a.txt", "p.tar/a-2.txt", "p.tar/a-3.txt", "p.tar/a-4.txt"]


def test_old_tar_archives_without_a_mark_are_told_by_their_name(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = 1
        archive.addfile(member, io.BytesIO(b"A"))
    header = bytearray(packed.getvalue())
    header[257:265] = bytes(8)
    header[148:156] = b" " * 8
    header[148:155] = b"%06o\0" % sum(header[:512])
    assert read(put(tmp_path / "p.tar", bytes(header))).texts == ["A"]


# Folders, names, URLs


def test_a_folder_holds_all_formats_and_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    put(tmp_path / "in/b/news.jsonl", json_lines(ROWS))
    put(tmp_path / "in/a.txt", "A")
    put(tmp_path / "in/c.csv", "text\nC\n")
    put(tmp_path / "in/b/x.tar", tar_of([("x.txt", b"X")]))
    put(tmp_path / "in/picture.jpg.gz", gzip.compress(b"no"))
    assert read(tmp_path / "in").texts == ["A", "C", "First.", "Second.", "X"]


def test_names_are_the_same_whether_a_folder_or_its_files_are_given(tmp_path: Path) -> None:
    names = ["a.html", "a.htm", "a.txt", "a.html.txt", "a.txt.gz", "b.html", "b.mhtml", "c.html.gz"]
    for name in names:
        put(tmp_path / "in" / name, HTML)
    walked = read(tmp_path / "in")
    given = read(*(tmp_path / "in" / name for name in names))
    assert {record.place: record.name for record in walked.records} == {record.place: record.name for record in given.records}
    assert len(set(walked.names)) == len(names)
    assert {"a.txt", "a.html-2.txt", "a.txt.gz.txt", "c.txt"} <= set(walked.names)


def test_results_of_an_earlier_run_are_left_out(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", "A")
    put(tmp_path / "out/b.txt", "B")
    assert read(tmp_path, out=tmp_path / "out").texts == ["A"]


def test_a_path_that_is_not_there_is_raised_before_the_first_document(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", "A")
    with pytest.raises(InputError, match="no such file"):
        next(read_records([str(tmp_path / "a.txt"), str(tmp_path / "missing.txt")], ReadOptions()))


def test_urls_are_read_as_files_folders_and_globs() -> None:
    store = fsspec.filesystem("memory")
    store.pipe({"/corpus/a.txt": b"A", "/corpus/sub/news.jsonl.gz": gzip.compress(json_lines(ROWS)), "/corpus/x.jpg": b"no"})
    try:
        found = read("memory://corpus")
        assert found.texts == ["A", "First.", "Second."]
        assert found.names == ["a.txt", "sub/news.jsonl.gz/000001.txt", "sub/news.jsonl.gz/000002.txt"]
        assert found.records[0].place == "memory:///corpus/a.txt"
        assert read("memory://corpus/*.txt").texts == ["A"]
        assert read("memory://corpus/a.txt").texts == ["A"]
        with pytest.raises(InputError, match="no such file"):
            read("memory://corpus/missing.txt")
    finally:
        store.rm("/corpus", recursive=True)


def test_an_unknown_kind_of_url_is_one_line() -> None:
    with pytest.raises(InputError, match="cannot be reached"):
        read("nosuchstore://bucket/a.txt")


def test_parquet_and_zip_are_read_from_a_url(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"text": ["A"]}), tmp_path / "a.parquet")
    store = fsspec.filesystem("memory")
    store.pipe("/a.parquet", (tmp_path / "a.parquet").read_bytes())
    try:
        assert read("memory://a.parquet").texts == ["A"]
    finally:
        store.rm("/a.parquet")


def test_passed_values_stay_as_they_are(tmp_path: Path) -> None:
    passed = {"a": None, "b": [1, {"c": 2.5}], "d": "é\u2028", "e": True, "f": 10**30}
    (record,) = read(put(tmp_path / "a.jsonl", json.dumps({"text": "A", **passed}) + "\n")).records
    assert record.passed == passed
