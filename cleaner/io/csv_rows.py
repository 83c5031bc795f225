"""CSV and TSV: a header line that names the fields, then rows, each a document."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from cleaner.io.files import InputError
from cleaner.io.records import Record
from cleaner.io.rows import Rows
from cleaner.io.streams import Source

_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DELIMITERS = ",;\t|"
_MAX_FIELDS = 100_000


class _TooLargeError(Exception):
    """A row that takes more than one may; `closed` tells whether its end was found."""

    def __init__(self, closed: bool) -> None:
        super().__init__()
        self.closed = closed


class _Lines:
    """The lines of a table for `csv.reader`, which knows no bounds: counted, and a row that grows too large is passed over.

    The reader asks for lines until its row is complete; whoever takes the row sets `size` and `quotes` back to 0.
    """

    def __init__(self, stream: io.TextIOWrapper, most: int) -> None:
        self._stream, self._most = stream, most
        self.number = self.size = self.quotes = 0
        self.unfinished = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(self._most + 1)
        if not line:
            raise StopIteration
        self.number += 1
        self.unfinished = not line.endswith("\n")
        self.size += len(line)
        self.quotes += line.count('"')
        if self.size > self._most:
            raise _TooLargeError(self._passed_over(line))
        return line

    def _passed_over(self, line: str) -> bool:
        """Read to the end of the row, a line's end outside quotes; False where the file ends before."""
        while not (line.endswith("\n") and self.quotes % 2 == 0):
            line = self._stream.readline(1 << 20)
            if not line:
                return self.quotes % 2 == 0
            self.number += line.endswith("\n")
            self.quotes += line.count('"')
        return True

    def begin_row(self) -> int:
        """The number of the line on which the next row begins."""
        self.size = self.quotes = 0
        return self.number + 1


def read_csv(source: Source) -> Iterator[Record | InputError]:
    """The documents of a table, each named by the line on which its row begins."""
    encoding = next((name for mark, name in _BOMS.items() if source.head.startswith(mark)), source.options.encoding)
    text = io.TextIOWrapper(source.stream, encoding, errors="surrogateescape", newline="")
    try:
        yield from _rows(source, _Lines(text, source.options.max_size), encoding)
    finally:
        text.detach()  # or it would close the stream, whose fault is still asked for


def _rows(source: Source, lines: _Lines, encoding: str) -> Iterator[Record | InputError]:
    # A field may be as large as a row; the limit is the process's, and this reader the only one who sets it.
    csv.field_size_limit(max(source.options.max_size + 1, 131_072))
    reader = csv.reader(lines, delimiter=_delimiter(source, encoding))
    header: list[str] = []
    rows = Rows(source.place, source.options)
    while True:
        number = lines.begin_row()
        row = _next_row(reader)
        if row is None or (lines.unfinished and source.fault()):
            return  # the end, or half a row before a cut that whoever asked for the rows tells of
        if not row:
            continue
        wrong = row if isinstance(row, str) else _wrong_row(row, header, encoding) if header else _wrong_header(row)
        if wrong:
            yield source.error(wrong, number)
        if not header and wrong:
            return
        if not header:
            header = list(row)
        elif not wrong:
            yield rows.record(number, dict(zip(header, row, strict=True)))


def _next_row(reader: Iterator[list[str]]) -> list[str] | str | None:
    """The next row, what is wrong with it, or None at the end."""
    try:
        return next(reader, None)
    except _TooLargeError as error:
        return "its row is larger than one document may be: raise the limit if it is one" + (
            "" if error.closed else "; a quote that opens in it never closes, so that the rest of the file cannot be read"
        )
    except csv.Error as error:
        return f"cannot be read ({error}): correct the row or take it out"


def _delimiter(source: Source, encoding: str) -> str:
    """What parts the fields: asked for, a tab by name, or what stands in the header line most often."""
    if source.options.delimiter:
        return source.options.delimiter
    if PurePosixPath(source.place.label).suffix.lower() == ".tsv":
        return "\t"
    line = source.head.decode(encoding, "replace").lstrip("\ufeff\r\n").partition("\n")[0]
    return max(_DELIMITERS, key=line.count)


def _wrong_header(header: list[str]) -> str:
    """What is wrong with a header line, if anything."""
    if len(header) > _MAX_FIELDS:
        return f"its header names {len(header):,} fields: is it a table?"
    twice = [name for name, count in Counter(header).items() if count > 1]
    return f"its header names {twice[0]!r} more than once: rename one, or give the delimiter if it is another" if twice else ""


def _wrong_row(row: list[str], header: list[str], encoding: str) -> str:
    """What is wrong with a row, if anything."""
    if len(row) != len(header):
        return f"has {len(row)} fields where the header names {len(header)}: correct its quotes"
    if any(_undecoded(field) for field in row):
        return f"is not {encoding.removesuffix('-sig')}: name the encoding that it is written in, or convert the file first"
    return ""


def _undecoded(field: str) -> bool:
    """Whether a field holds bytes that could not be decoded: they stand in it as lone surrogates."""
    try:
        field.encode()
    except UnicodeEncodeError:
        return True
    return False
