"""What an input is: told by its content, then by its name."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

from cleaner.header import OWN_KEY
from cleaner.io.names import COMPRESSED_SUFFIXES, PAGE_SUFFIXES, PLAIN_SUFFIXES
from cleaner.io.options import ReadOptions
from cleaner.io.rows import content_field

SUFFIXES = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".warc": "warc",
    ".wet": "warc",
    ".tar": "tar",
    ".zip": "zip",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
}
_TAR_SHORT = frozenset({".tgz", ".tbz2", ".txz", ".tzst"})
_DOCUMENTS = PLAIN_SUFFIXES | PAGE_SUFFIXES
_BOM = b"\xef\xbb\xbf"
_MIME = re.compile(rb"(?:^|\n)mime-version:", re.I)
_RELATED = re.compile(rb"(?:^|\n)content-type:\s{0,8}multipart/(?:related|mixed|alternative)", re.I)
_HEADER_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,40}:[ \t]")


def is_input_name(name: str) -> bool:
    """Whether a file in a folder or an archive is an input by its name, be it compressed or not.

    >>> [is_input_name(name) for name in ("a.txt", "a.html.gz", "README", "news.jsonl.zst", "crawl.warc.gz", "a.tgz")]
    [True, True, True, True, True, True]
    >>> [is_input_name(name) for name in ("a.jpg", "a.jpg.gz", "a.py", "a.json")]
    [False, False, False, False]
    """
    suffix = _suffix(name)
    return suffix in _DOCUMENTS or suffix in SUFFIXES or suffix in _TAR_SHORT


def is_document_name(name: str) -> bool:
    """Whether a file is one document by its name.

    >>> is_document_name("a.html.gz"), is_document_name("a.jsonl"), is_document_name("a.jpg")
    (True, False, False)
    """
    return _suffix(name) in _DOCUMENTS


def _suffix(name: str) -> str:
    """The suffix of a name, a compression's taken off."""
    path = PurePosixPath(name)
    return (PurePosixPath(path.stem) if path.suffix.lower() in COMPRESSED_SUFFIXES else path).suffix.lower()


def sniff(head: bytes, label: str, options: ReadOptions) -> str:
    """The format of an input, compressions taken off: one of `cleaner.io.options.FORMATS` other than "auto".

    head   its first bytes, at least 512 if it has them; where it may be JSON Lines, its first line
    label  its name

    A file that is called text or HTML holds text or HTML, whatever its first line looks like.

    >>> sniff(b'{"text": "A"}\\n', "standard input", ReadOptions()), sniff(b'{"text": "A"}\\n', "a.txt", ReadOptions())
    ('jsonl', 'document')
    """
    known = _by_magic(head)
    if known:
        return known
    if options.format != "auto":
        return options.format
    suffix = PurePosixPath(label).suffix.lower()
    if suffix in SUFFIXES and not (SUFFIXES[suffix] == "mhtml" and head.removeprefix(_BOM).lstrip().startswith(b"<")):
        return SUFFIXES[suffix]
    if is_mhtml(head):
        return "mhtml"
    if suffix not in _DOCUMENTS - {""} and is_json_lines(head, options):
        return "jsonl"
    return "document"


def _by_magic(head: bytes) -> str | None:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"WARC/1.", b"WARC/0.")):
        return "warc"
    return "tar" if head[257:262] == b"ustar" else None


def is_json_lines(head: bytes, options: ReadOptions) -> bool:
    """Whether a first line is a row of JSON Lines: an object that is no header of ours.

    >>> is_json_lines(b'{"title": "A", "cleaner": "0.1.0"}\\nThe ferry sailed.', ReadOptions())
    False
    """
    line = head.removeprefix(_BOM).lstrip().partition(b"\n")[0]
    if not line.startswith(b"{"):
        return False
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and (OWN_KEY not in row or content_field(row, options) is not None)


def is_mhtml(head: bytes) -> bool:
    """Whether a head is that of a page saved with its pictures: lines of mail headers, a multipart type among them."""
    first = head.removeprefix(_BOM)
    return bool(_HEADER_LINE.match(first) and _MIME.search(first) and _RELATED.search(first))
