"""What readers give and writers take: one document with its place, and what became of it. Plain data, so that both pass
between processes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Record(NamedTuple):
    """One document to clean.

    place     how messages name it: "a/b.txt", "news.jsonl:17", "crawl.warc.gz:3", "pages.zip/x/y.html"
    name      the relative path of its result in a mirrored tree: never absolute, never through ".."
    data      its content, decompressed
    kind      "auto", "text" or "html"
    url       where it came from, if the input says
    metadata  what the input knows of it (a sidecar's values, WARC headers): goes to the header
    passed    fields of its row that pass through to the output row, as they are
    """

    place: str
    name: str
    data: bytes | str
    kind: str = "auto"
    url: str | None = None
    metadata: Mapping[str, Any] = {}
    passed: Mapping[str, Any] = {}


class Outcome(NamedTuple):
    """What became of a record that was cleaned; one that was not is a failure, and has none.

    place, name, passed  the record's
    text      the clean body; empty where results are files
    rendered  header and body, what a mirrored tree holds; empty where results are rows
    metadata  the fields of `Metadata` that are known, by name: str, or list of str
    header    what the header says of the origin
    edits     the ledger as rows: start, end, replacement, rule, reason, kind, fields
    review    why a person should look at it; empty where nothing is in doubt
    changed   whether the text differs from the source's body
    read      characters of the source
    seconds   processor time that cleaning took
    """

    place: str
    name: str
    passed: Mapping[str, Any]
    text: str
    rendered: str
    metadata: Mapping[str, Any]
    header: Mapping[str, Any]
    edits: tuple[tuple[Any, ...], ...]
    review: str
    changed: bool
    read: int
    seconds: float
