"""WARC and WET: what a crawler stored. Pages are answers whose content is HTML; texts are conversion records."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cleaner.io.files import InputError
from cleaner.io.records import Record
from cleaner.io.streams import Source, too_large

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_TEXTS = frozenset({"text/plain", "text/markdown"})
_CHUNK = 1 << 20


_MARK = b"\r\n\r\nWARC/1."
_MAX_LOST = 1000
"""How often reading goes on behind a broken record: a file that has more of them is none that a crawler wrote."""


def read_warc(source: Source) -> Iterator[Record | InputError]:
    """The documents of a crawl, named by the number of their record, from 1.

    Records of other kinds, answers other than 200 to 299 and content that is no text are passed over. Behind a record that
    cannot be read, reading goes on with the next one.
    """
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError:
        yield source.error("is WARC, which fastwarc reads: pip install 'cleaner[warc]'")
        return
    number = end = 0
    told = -1
    stream = _Stream(source.stream)
    for _ in range(_MAX_LOST):
        try:
            for record in ArchiveIterator(stream, parse_http=False, stream_detect=False):
                number, end = number + 1, record.stream_pos + record.content_length
                found = _document(source, number, record)
                if found is not None:
                    yield found
            return
        except BaseException as error:  # noqa: BLE001 - `_wrong` raises all again but the reader's own
            wrong = _wrong(error)
        if source.fault():
            return
        if number != told:  # or what was found behind the broken record is a part of it
            number = told = number + 1
            yield source.error(f"its record cannot be read ({wrong}): fetch the file again", number)
        if not stream.find_next(end):
            return
        end = stream.tell() + 1


class _Stream:
    """The crawl as fastwarc reads it, block by block, with the last blocks kept: behind a broken record the next is looked for."""

    _BLOCK = 1 << 16

    def __init__(self, stream: io.BufferedReader[Any]) -> None:
        self._stream = stream
        self._kept = b""
        self._start = self._at = 0  # where `_kept` starts, and where reading stands

    def tell(self) -> int:
        return self._at

    def read(self, _: int = -1) -> bytes:
        """Some bytes, whatever number is asked for."""
        fresh = self._kept[self._at - self._start :] or self._stream.read1(self._BLOCK)
        if self._at == self._start + len(self._kept):
            dropped = max(0, len(self._kept) - 2 * self._BLOCK)
            self._kept, self._start = self._kept[dropped:] + fresh, self._start + dropped
        self._at += len(fresh)
        return fresh

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation("a stream of records goes one way")

    def close(self) -> None:
        """Whoever opened the stream closes it."""

    def find_next(self, after: int) -> bool:
        """Stand at the start of the first record behind a place, be it behind what was read or in what is kept of it."""
        self._at = self._start + len(self._kept)
        place = max(after - self._start, 0)
        while (found := self._kept.find(_MARK, place)) < 0:
            place = max(0, len(self._kept) - len(_MARK))
            before = self._start
            if not self.read():
                return False
            place -= self._start - before
        self._at = self._start + found + len(_MARK) - len(b"WARC/1.")
        return True


def _wrong(error: BaseException) -> str:
    """What a record's reader says, in one line. It is written in Rust, whose panics are no exceptions like others."""
    if not isinstance(error, (OSError, ValueError)) and type(error).__name__ != "PanicException":
        raise error
    return (str(error).splitlines() or ["no reason"])[0][:100]


def _kind(record: WarcRecord) -> str:
    """What kind of document a record holds: "html", "text", or "" for none."""
    from fastwarc.warc import WarcRecordType

    if record.record_type == WarcRecordType.conversion:
        return "text"
    answer = record.http_headers if record.record_type == WarcRecordType.response and record.is_http_parsed else None
    if answer is None or not 200 <= (answer.status_code or 0) < 300:
        return ""
    content = (record.http_content_type or "").partition(";")[0].strip().lower()
    return "html" if content in _PAGES else "text" if content in _TEXTS else ""


def _document(source: Source, number: int, record: WarcRecord) -> Record | InputError | None:
    """The document of a record, what is wrong with it, or None where it is none or cut short by the end of a broken stream."""
    if record.is_http:
        record.parse_http()
    kind = _kind(record)
    if not kind:
        return None
    most = source.options.max_size
    data = record.reader.read(min(most + 1, max(record.content_length, 0)))
    if len(data) > most:
        return source.error(too_large(most), number)
    if len(data) < record.content_length:
        return None if source.fault() else source.error("its record is cut short: fetch the file again", number)
    answer = record.http_headers if kind == "html" or record.is_http_parsed else None
    if answer is not None:
        data_or_error = _unpacked(data, answer.get("Transfer-Encoding") or "", answer.get("Content-Encoding") or "", most)
        if isinstance(data_or_error, str):
            return source.error(data_or_error, number)
        data = data_or_error
    crawled = record.headers.get("WARC-Date")
    return Record(
        f"{source.place.told}:{number}",
        f"{source.place.name}/{number:06d}.txt",
        data,
        source.options.kind if source.options.kind != "auto" else kind,
        (record.headers.get("WARC-Target-URI") or "").strip("<>") or None,
        {"source": f"{source.place.told}:{number}", **({"crawled": crawled} if crawled else {})},
    )


def _unpacked(data: bytes, transfer: str, content: str, most: int) -> bytes | str:
    """An answer's content without what it was packed in on its way, or what is wrong with it.

    Crawlers often store it unpacked and keep the headers all the same: what does not look packed is taken as it is.
    """
    from fastwarc.stream_io import BrotliReader, ChunkedReader

    content = content.strip().lower()
    try:
        if transfer.strip().lower() == "chunked" and _looks_chunked(data):
            data = ChunkedReader(io.BytesIO(data)).read(most + 1)
        if data.startswith(b"\x1f\x8b"):
            data = zlib.decompressobj(wbits=31).decompress(data, most + 1)
        elif content == "deflate" and data[:1] == b"\x78":
            data = zlib.decompressobj().decompress(data, most + 1)
        elif content == "br" and not data.lstrip().startswith(b"<"):
            data = BrotliReader(io.BytesIO(data)).read(most + 1)
        elif content == "zstd" and data.startswith(b"\x28\xb5\x2f\xfd"):
            import zstandard

            data = zstandard.ZstdDecompressor(max_window_size=8 << 20).stream_reader(io.BytesIO(data)).read(most + 1)
    except (OSError, ValueError, zlib.error) as error:
        return f"its content cannot be unpacked ({error}): fetch the page again"
    return data if len(data) <= most else too_large(most)


def _looks_chunked(data: bytes) -> bool:
    size = data[:20].partition(b"\r\n")[0].partition(b";")[0].strip()
    return bool(size) and all(byte in b"0123456789abcdefABCDEF" for byte in size)
