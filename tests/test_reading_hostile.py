"""Inputs that are broken or mean harm: each is told in one line, what can be read is read, and nothing hangs or fills the memory."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import struct
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard
from commands import BODY, ENVIRONMENT, put
from inputs import PACKED, json_lines, read, tar_of
from pyarrow import parquet
from test_reading_formats import PAGE_HEAD, WARC, warc_record

from cleaner.io.options import MEBIBYTE

# Cut short and broken


@pytest.mark.parametrize("packing", PACKED)
def test_of_a_stream_cut_short_the_whole_rows_before_the_cut_are_kept(tmp_path: Path, packing: str) -> None:
    rows = [{"text": f"Document {number} of {os.urandom(20).hex()}."} for number in range(5000)]
    data = json_lines(rows)
    packed = b"".join(PACKED[packing](data[at : at + 50_000]) for at in range(0, len(data), 50_000))
    found = read(put(tmp_path / f"news.jsonl.{packing}", packed[: len(packed) // 2]))
    assert 1000 < len(found.texts) < 4000
    assert found.texts == [row["text"] for row in rows[: len(found.texts)]]
    assert "cut short" in found.only_error


def test_of_a_document_cut_short_what_came_before_the_cut_is_kept(tmp_path: Path) -> None:
    text = " ".join(f"word{number}" for number in range(10_000))
    packed = gzip.compress(text.encode())
    found = read(put(tmp_path / "a.txt.gz", packed[: len(packed) // 2]))
    assert len(found.texts[0]) > 1000
    assert text.startswith(found.texts[0])
    assert "a.txt.gz: the gzip stream is cut short" in found.only_error


@pytest.mark.parametrize("packing", PACKED)
def test_a_stream_with_a_broken_byte_is_one_line(tmp_path: Path, packing: str) -> None:
    packed = bytearray(PACKED[packing](os.urandom(5000).hex().encode()))
    packed[len(packed) // 2] ^= 0x55
    assert "broken" in read(put(tmp_path / f"a.txt.{packing}", bytes(packed))).only_error


def test_bytes_behind_the_end_are_told(tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.txt.gz", gzip.compress(b"one") + b"rubbish behind the end"))
    assert found.texts == ["one"]
    assert "behind its end" in found.only_error


def test_a_frame_that_asks_for_a_window_of_2_gb_is_refused(tmp_path: Path) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=31)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    found = read(put(tmp_path / "a.txt.zst", packer.compress(BODY.encode()) + packer.flush()))
    assert (found.records, "asks for too much memory" in found.only_error) == ([], True)


# Bombs


@pytest.mark.parametrize("packing", PACKED)
def test_a_bomb_of_a_document_is_told_as_too_large(tmp_path: Path, packing: str) -> None:
    found = read(put(tmp_path / f"a.txt.{packing}", PACKED[packing](bytes(100 * MEBIBYTE))))
    assert (found.records, "larger than 16,777,216 bytes" in found.only_error) == ([], True)


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_of_rows_is_read_no_further_than_its_ratio(tmp_path: Path, layers: int) -> None:
    data = b'{"text": "A"}\n' + b"\n" * (100 * MEBIBYTE)
    for _ in range(layers):
        data = gzip.compress(data)
    found = read(put(tmp_path / "a.jsonl.gz", data))
    assert (found.texts, "decompression bomb" in found.only_error) == (["A"], True)


def test_a_row_that_never_ends_is_one_line(tmp_path: Path) -> None:
    rows = b'{"text": "A"}\n{"text": "' + b"x" * 50 * MEBIBYTE + b'"}\n{"text": "B"}\n'
    found = read(put(tmp_path / "a.jsonl", rows))
    assert (found.texts, "a.jsonl:2: is larger than" in found.only_error) == (["A", "B"], True)


def test_a_zip_bomb_is_told_member_by_member(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", "A")
        archive.writestr("bomb.txt", bytes(100 * MEBIBYTE))
        archive.writestr("rows.jsonl", b"\n" * 100 * MEBIBYTE)
        archive.writestr("z.txt", "Z")
    found = read(tmp_path / "p.zip")
    assert found.texts[0] == "A"
    assert ["larger than" in found.errors[0][1], "bomb" in found.errors[1][1]] == [True, True]


def test_archives_compressed_again_and_again_are_not_unpacked_for_ever(tmp_path: Path) -> None:
    data = b"A"
    for _ in range(5):
        data = gzip.compress(data)
    assert "more than 3 times" in read(put(tmp_path / "a.txt.gz", data)).only_error


def test_a_page_of_a_crawl_that_is_a_bomb_is_one_line(tmp_path: Path) -> None:
    bomb = warc_record("response", "https://example.org/", gzip.compress(bytes(100 * MEBIBYTE)), PAGE_HEAD + "\nContent-Encoding: gzip")
    found = read(put(tmp_path / "a.warc", bomb + WARC[-1]))
    assert (found.texts, "a.warc:1: is larger than" in found.only_error) == ([BODY], True)


# Rows


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"[" * 100_000, "nests deeper"),
        (b'{"text": "A", "deep": ' + b"[" * 500 + b"]" * 500 + b"}", "nests deeper"),
        (b"not json", "no JSON (Expecting value at column 1)"),
        (b'["a"]', "no JSON object"),
        (b'{"text": "caf\xe9"}', "not UTF-8"),
        (b'{"text": 7}', "'text' is a number"),
        (b'{"text": null}', "'text' is null"),
        (b'{"id": 1}', "its fields are 'id'"),
        (b'{"text": "A", "n": ' + b"9" * 5000 + b"}", "no JSON that can be read"),
        (b"\0\0\0", "no JSON"),
        (b'{"text": "A", "x": [' + b"[]," * 800_000 + b"[]]}", "more than 1,000,000 values"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_and_reading_goes_on(tmp_path: Path, row: bytes, reason: str) -> None:
    found = read(put(tmp_path / "a.jsonl", b'{"text": "A"}\n' + row + b'\n{"text": "B"}\n'))
    assert found.texts == ["A", "B"]
    assert f"{tmp_path}/a.jsonl:2: " in found.only_error
    assert reason in found.only_error


def test_lone_surrogates_and_zeros_in_rows_are_read_as_they_are(tmp_path: Path) -> None:
    row = b'{"text": "a\\ud800b\\u0000c", "id": "\\udcff\\ud800/x", "k\\ud800": 1}\n'
    (record,) = read(put(tmp_path / "a.jsonl", row), id_field="id").records
    assert (record.data, record.passed["k\ud800"]) == ("a\ud800b\0c", 1)
    assert os.fsencode(record.name) == b"a.jsonl/\xff__x.txt"


def test_a_field_that_is_asked_for_and_missing_is_named(tmp_path: Path) -> None:
    assert "has no field 'body'" in read(put(tmp_path / "a.jsonl", b'{"text": "A"}\n'), text_field="body").only_error


# Tables


def test_a_field_of_100_mb_is_one_line_and_reading_goes_on(tmp_path: Path) -> None:
    lines = b"text,n\nA,1\n" + b'"' + (b"x" * 99 + b"\n") * MEBIBYTE + b'",2\nB,3\n'
    found = read(put(tmp_path / "a.csv", lines))
    assert (found.texts, "a.csv:3: its row is larger" in found.only_error) == (["A", "B"], True)


def test_a_quote_that_never_closes_is_told(tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.csv", "text,n\nA,1\n" + '"' + "x\n" * 1000), max_size=1000)
    assert (found.texts, "never closes" in found.only_error) == (["A"], True)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [("a,a\n1,2\n", "more than once"), ("text,n\nA\n", "has 1 fields"), ("text,n\nA,1,2\n", "has 3 fields"), ("n,m\n1,2\n", "n")],
)
def test_a_table_that_does_not_add_up_is_one_line(tmp_path: Path, lines: str, reason: str) -> None:
    assert reason in read(put(tmp_path / "a.csv", lines)).only_error


# Parquet and WARC


@pytest.mark.parametrize("data", [b"", b"no parquet", b"PAR1", b"PAR1" + b"x" * 1000 + b"PAR1", b"PAR1\xff\xff\xff\x7fPAR1"])
def test_parquet_that_is_none_is_one_line(tmp_path: Path, data: bytes) -> None:
    assert "no Parquet that can be read" in read(put(tmp_path / "a.parquet", data)).only_error


def test_of_a_parquet_file_the_groups_that_can_be_read_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    table = pa.table({"text": [f"Document {n} {os.urandom(500).hex()}." for n in range(300)]})
    parquet.write_table(table, path, row_group_size=100, compression="gzip", use_dictionary=False)
    middle = parquet.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    at = middle.data_page_offset + middle.total_compressed_size // 2
    data[at : at + 200] = os.urandom(200)
    found = read(put(path, bytes(data)))
    assert [text for text in found.texts if text.startswith(("Document 0 ", "Document 299 "))] == [found.texts[0], found.texts[-1]]
    assert "a.parquet:" in found.only_error
    assert found.records[-1].place.endswith(":300")


MUTATE = """
import random, sys
from pathlib import Path
from cleaner.io.readers import *
path = Path(sys.argv[1])
whole = path.read_bytes()
for seed in range(400):
    random.seed(seed)
    data = bytearray(whole)
    for _ in range(random.choice((1, 2, 5))):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    path.write_bytes(data)
    for found in read_records([str(path)], ReadOptions()):
        assert not isinstance(found, InputError) or chr(10) not in str(found)
"""


@pytest.mark.parametrize("name", ["a.parquet", "a.warc"])
def test_broken_bits_never_end_the_process(tmp_path: Path, name: str) -> None:
    if name == "a.warc":
        put(tmp_path / name, b"".join(WARC))
    else:
        table = pa.table({"text": [f"Document {n}." for n in range(200)], "list": [[n] for n in range(200)]})
        parquet.write_table(table, tmp_path / name, row_group_size=50)
    done = subprocess.run(
        [sys.executable, "-c", MUTATE, tmp_path / name], capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "broken",
    [
        b"rubbish\r\nmore: rubbish\r\n\r\nand more\r\n\r\n",
        warc_record("conversion", "https://example.org/", b"more than it says", length=4),
        warc_record("conversion", "https://example.org/", b"x", length=-5),
        b"WARC/1.0\r\n" + b"A: " + b"x" * 300_000 + b"\r\n\r\n",
    ],
)
def test_behind_a_broken_record_of_a_crawl_reading_goes_on(tmp_path: Path, broken: bytes) -> None:
    found = read(put(tmp_path / "a.warc", WARC[-1] + b"\r\n\r\n" + broken + b"\r\n\r\n" + b"".join(WARC[-2:]) * 3000))
    assert found.texts.count(BODY) == 3001
    assert "its record cannot be read" in found.only_error


def test_a_crawl_cut_short_is_told(tmp_path: Path) -> None:
    found = read(put(tmp_path / "a.warc", b"".join(WARC)[:-20]))
    assert len(found.records) == 1
    assert "cut short" in found.only_error
    found = read(put(tmp_path / "a.warc.gz", gzip.compress(b"".join(WARC))[:-30]))
    assert "gzip stream is cut short" in found.only_error


def test_a_crawl_of_headers_alone_ends(tmp_path: Path) -> None:
    header = b"WARC/1.0\r\nContent-Length: 3\r\n\r\n"
    found = read(put(tmp_path / "a.warc", header * 5000))
    assert (found.records, len(found.errors) < 1001) == ([], True)


# Archives


def test_names_that_lead_out_of_an_archive_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "p.tar", tar_of([("../evil.txt", b"no"), ("a/../../evil.txt", b"no"), ("/etc/evil.txt", b"in"), ("a.txt", b"in")]))
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("..\\evil.txt", "no")
        archive.writestr("C:\\evil.txt", "in")
    found = read(tmp_path)
    assert found.names == ["p.tar/etc/evil.txt", "p.tar/a.txt", "p.zip/C:/evil.txt"]
    assert len(found.errors) == 3
    assert all("leads out of the archive" in reason for _, reason in found.errors)


def test_links_and_devices_in_a_tar_are_passed_over_with_a_word(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, kind in (("s.txt", tarfile.SYMTYPE), ("h.txt", tarfile.LNKTYPE), ("d.txt", tarfile.CHRTYPE), ("f.txt", tarfile.FIFOTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        archive.addfile(tarfile.TarInfo("a.txt"), io.BytesIO())
    found = read(put(tmp_path / "p.tar", packed.getvalue()))
    assert found.names == ["p.tar/a.txt"]
    assert [reason.partition(",")[0] for _, reason in found.errors] == ["is a link"] * 2 + ["is a device or a pipe"] * 2


def test_a_tar_cut_short_or_broken_midway_is_told(tmp_path: Path) -> None:
    data = tar_of([("a.txt", b"A" * 2000), ("b.txt", b"B" * 2000), ("c.txt", b"C" * 2000)])
    cut = read(put(tmp_path / "cut.tar", data[:4000]))
    assert [record.name for record in cut.records] == ["cut.tar/a.txt"]
    assert "broken tar archive" in cut.only_error
    broken = read(put(tmp_path / "broken.tar", data[:2560] + b"x" * 512 + data[3072:]))
    assert ([record.name for record in broken.records], "broken tar archive" in broken.only_error) == (["broken.tar/a.txt"], True)


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XGLTYPE])
@pytest.mark.parametrize("size", [1 << 33, -512])
def test_a_header_of_8_gb_or_less_than_nothing_is_refused(tmp_path: Path, kind: bytes, size: int) -> None:
    member = tarfile.TarInfo("x")
    member.type, member.size = kind, size
    data = tar_of([("a.txt", b"A")])[:1024] + member.tobuf(tarfile.GNU_FORMAT) + bytes(2048)
    found = read(put(tmp_path / "p.tar", data))
    assert (found.texts, "broken tar archive" in found.only_error) == (["A"], True)


def test_sparse_files_are_not_read(tmp_path: Path) -> None:
    member = tarfile.TarInfo("big.txt")
    member.type, member.size = tarfile.GNUTYPE_SPARSE, 512
    header = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    header[483:495] = b"%011o\0" % (1 << 32)
    header[148:156] = b" " * 8
    header[148:155] = b"%06o\0" % sum(header)
    assert "sparse" in read(put(tmp_path / "p.tar", bytes(header) + bytes(2048))).only_error


def test_zip_members_with_one_name_encrypted_or_linked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("a.txt", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", "2")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("secret.txt", "x")
    data = bytearray((tmp_path / "p.zip").read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 8] |= 1  # the flag of encryption, in the directory
    found = read(put(tmp_path / "p.zip", bytes(data)))
    assert (found.texts, found.names) == (["1", "2"], ["p.zip/a.txt", "p.zip/a-2.txt"])
    assert [reason.partition(":")[0] for _, reason in found.errors] == ["is a link, which is not read from an archive", "is encrypted"]


def test_a_broken_zip_is_one_line_and_a_broken_member_another(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.writestr("a.txt", BODY)
        archive.writestr("b.txt", "B")
    data = (tmp_path / "p.zip").read_bytes()
    assert "broken zip archive" in read(put(tmp_path / "cut.zip", data[:-30])).only_error
    found = read(put(tmp_path / "p.zip", data.replace(b"mayor", b"MAYOR")))
    assert found.texts[-1] == "B"
    assert "p.zip/a.txt: cannot be read from its archive" in found.only_error


def test_a_zip_with_too_large_a_directory_is_not_opened(tmp_path: Path) -> None:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 40 << 20, 0, 0)
    assert "too many members" in read(put(tmp_path / "p.zip", b"PK\3\4" + bytes(41 << 20) + end)).only_error


# Files and folders


@pytest.mark.parametrize("name", ["a.txt", "a.gz", "a.html", "a.mhtml"])
def test_an_empty_file_is_an_empty_document_or_one_line(tmp_path: Path, name: str) -> None:
    found = read(put(tmp_path / name, b""))
    assert len(found.records) + len(found.errors) == 1


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.warc", "a.jsonl.gz"])
def test_an_empty_file_of_rows_has_none(tmp_path: Path, name: str) -> None:
    assert read(put(tmp_path / name, gzip.compress(b"") if name.endswith("gz") else b"")) == ([], [])


@pytest.mark.parametrize("name", ["a.zip", "a.tar"])
def test_an_empty_archive_is_one_line(tmp_path: Path, name: str) -> None:
    assert "broken" in read(put(tmp_path / name, b"")).only_error


def test_links_that_lead_out_are_not_read(tmp_path: Path) -> None:
    put(tmp_path / "secret.jsonl", json_lines([{"text": "secret"}]))
    put(tmp_path / "in/a.txt", "A")
    (tmp_path / "in/b.jsonl").symlink_to(tmp_path / "secret.jsonl")
    found = read(tmp_path / "in")
    assert (found.texts, "leads out" in found.only_error) == (["A"], True)


def test_names_with_line_breaks_and_bytes_that_are_no_utf8(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path / "in")
    Path(os.fsdecode(folder)).mkdir()
    for name in (b"a\nb.txt", b"caf\xe9.html", b"n\xff.jsonl"):
        Path(os.fsdecode(folder + b"/" + name)).write_bytes(b'{"text": "A"}\n')
    found = read(tmp_path / "in")
    assert [os.fsencode(name) for name in found.names] == [b"a\nb.txt", b"caf\xe9.txt", b"n\xff.jsonl/000001.txt"]


def test_a_folder_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt", "A")
    put(tmp_path / "in/closed/b.txt", "B")
    (tmp_path / "in/closed").chmod(0)
    code = (
        "import os\n"
        "from cleaner.io.readers import *\n"
        "os.getuid() or os.setuid(65534)\n"  # root may read everything
        "print([getattr(r, 'data', None) or str(r) for r in read_records(['.'], ReadOptions())])"
    )
    (tmp_path / "in").chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "in", capture_output=True, text=True, env=ENVIRONMENT, timeout=60, check=False
    )
    (tmp_path / "in/closed").chmod(0o755)
    assert done.stdout.strip() == "[b'A', 'Permission denied']", done.stderr


def test_a_mail_of_many_parts_takes_no_time(tmp_path: Path) -> None:
    part = b"Content-Type: multipart/related; boundary=b%d\n\n--b%d\n"
    data = b"MIME-Version: 1.0\n" + b"".join(part % (n, n) for n in range(300)) + b"a\n" * 100_000
    assert "too many lines or parts" in read(put(tmp_path / "a.mhtml", data)).only_error


MEMORY = """
import re, sys
from pathlib import Path
from cleaner.io.readers import *
def used(): return int(re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1])
before = used()
count = sum(1 for _ in read_records(sys.argv[1:], ReadOptions()))
print(count, (used() - before) // 1024)
"""


def memory_of(path: Path) -> tuple[int, int]:
    """How many things reading gives, and how many MiB it takes beside what loading took."""
    limit = 2 << 30
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, path],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=100,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    count, taken = done.stdout.split()
    return int(count), int(taken)


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc: what getrusage tells holds the memory of the parent, too")
@pytest.mark.parametrize("case", ["gz", "zst", "xz", "rows", "tar", "line", "wide"])
def test_hostile_inputs_take_less_than_200_mib(tmp_path: Path, case: str) -> None:
    zeros = bytes(300 * MEBIBYTE)
    path = tmp_path / "a"
    if case in PACKED:
        put(path, PACKED[case](zeros))
    elif case == "rows":
        put(path, json_lines({"text": BODY, "n": number} for number in range(200_000)))
    elif case == "tar":
        put(path, gzip.compress(tar_of([("a.txt", zeros), *((f"{n}/a.txt", b"A") for n in range(20_000))]), 1))
    elif case == "line":
        put(path, b'{"text": "A"}\n{"text": "' + zeros.replace(b"\0", b"x") + b'"}\n')
    else:
        put(path, json.dumps({"text": "x" * 15 * MEBIBYTE + "😀"}, ensure_ascii=False))
    count, taken = memory_of(path)
    assert count >= 1
    assert taken < 200
