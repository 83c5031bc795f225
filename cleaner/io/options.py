"""How to read and how to write: plain data, so that it passes between processes and into a store."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO, TextIOWrapper

MEBIBYTE = 1 << 20

FORMATS = ("auto", "document", "jsonl", "csv", "parquet", "warc", "tar", "zip", "mhtml")
"""What `ReadOptions.format` may be."""


@dataclass(frozen=True)
class ReadOptions:
    """How to read inputs.

    text_field, html_field  the field of a row that holds its text, or its HTML; without either the usual names are tried
    url_field               the field that says where a row came from; without it the usual names are tried
    id_field                the field whose value names a row's result in a mirrored tree; without it the row's number does
    kind                    what documents are: "auto", "text" or "html"
    format                  what inputs are, one of FORMATS, where neither their content nor their name tells
    max_size                the most that one document or one row may take, in bytes, decompressed
    max_ratio               past 32 MiB, an input that unpacks to more than so many times its size is taken for a bomb
    max_window              the most memory that a Zstandard frame may ask for, in bytes
    delimiter               what parts the fields of CSV; told by the header line, or tabs in ".tsv", if not given
    encoding                what CSV is written in, where no byte order mark tells

    Raises ValueError for a value that is none.
    """

    text_field: str | None = None
    html_field: str | None = None
    url_field: str | None = None
    id_field: str | None = None
    kind: str = "auto"
    format: str = "auto"
    max_size: int = 16 * MEBIBYTE
    max_ratio: int = 200
    max_window: int = 128 * MEBIBYTE
    delimiter: str | None = None
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise ValueError(f"format {self.format!r} is not one of {', '.join(FORMATS)}")
        if self.kind not in ("auto", "text", "html"):
            raise ValueError(f'kind is "auto", "text" or "html", not {self.kind!r}')
        if self.max_size < 1:
            raise ValueError(f"max_size is a number of bytes, not {self.max_size}")
        try:
            TextIOWrapper(BytesIO(), self.encoding)
        except LookupError:
            raise ValueError(f"no encoding is called {self.encoding!r}") from None
        if self.delimiter is not None and len(self.delimiter) != 1:
            raise ValueError(f"a delimiter is one character, not {self.delimiter!r}")


@dataclass(frozen=True)
class WriteOptions:
    """How to write results.

    shard_size  documents a shard; None writes one file. Shards of "news.jsonl" are "news-00000.jsonl" and so on
    ledger      a file for the ledger, JSON Lines (".gz" and ".zst" compress it); None writes none
    """

    shard_size: int | None = None
    ledger: str | None = None

    def __post_init__(self) -> None:
        if self.shard_size is not None and self.shard_size < 1:
            raise ValueError(f"shard_size is a number of documents, not {self.shard_size}")
