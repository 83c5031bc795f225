"""What tests of readers and writers share: reading what paths stand for, archives made in memory, and outcomes to write."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import zstandard

from cleaner.io.files import InputError
from cleaner.io.options import ReadOptions
from cleaner.io.readers import read_records
from cleaner.io.records import Outcome, Record

PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}


class Read(NamedTuple):
    """What reading gave: documents, and what could not be read as (place, reason)."""

    records: list[Record]
    errors: list[tuple[str, str]]

    @property
    def texts(self) -> list[str]:
        return [record.data if isinstance(record.data, str) else record.data.decode() for record in self.records]

    @property
    def names(self) -> list[str]:
        return [record.name for record in self.records]

    @property
    def only_error(self) -> str:
        """The one error, as the command line would tell it."""
        ((place, reason),) = self.errors
        assert "\n" not in reason
        return f"{place}: {reason}"


def read(*paths: str | Path, out: Path | None = None, **options: Any) -> Read:
    """Read all that paths stand for."""
    found = list(read_records([str(path) for path in paths], ReadOptions(**options), out))
    errors = [(item.path, str(item)) for item in found if isinstance(item, InputError)]
    return Read([item for item in found if isinstance(item, Record)], errors)


def json_lines(rows: Iterable[Any]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def tar_of(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A tar archive of files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def outcome(number: int, text: str | None = None, **fields: Any) -> Outcome:
    """What became of the document of a row."""
    place, name = f"news.jsonl:{number}", f"news.jsonl/{number:06d}.txt"
    body = f"The ferry number {number} sailed at noon." if text is None else text
    made = Outcome(
        place,
        name,
        {"id": number},
        body,
        f"---\nsource: {json.dumps(place)}\n---\n\n{body}\n",
        {"title": f"Ferry {number}", "author": ["Ana Li"]},
        {"source": place, "source_sha256": "ab" * 32, "removed": 0.25, "cleaner": "0.1.0"},
        ((0, 8, "", "placeholder", "a placeholder", "remove", ()),),
        "",
        True,
        60,
        0.001,
    )
    return made._replace(**fields)
