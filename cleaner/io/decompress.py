"""Compressed streams, read with a bounded memory: what comes out is counted, and what is broken ends the stream with a word."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 64 * 1024
GRACE = 32 << 20
"""What an input may unpack to before its ratio is looked at, in bytes."""

_XZ_MEMORY = 128 << 20
_MARK = 10
"""As many bytes as tell every compression."""

MAGICS = {"gz": b"\x1f\x8b\x08", "zst": b"\x28\xb5\x2f\xfd", "bz2": b"BZh", "xz": b"\xfd7zXZ\x00"}
NAMES = {"gz": "gzip", "zst": "Zstandard", "bz2": "bzip2", "xz": "xz"}


def compression_of(head: bytes) -> str | None:
    """The compression that a stream's first bytes tell: "gz", "zst", "bz2", "xz" or None."""
    if head[1:4] == b"*M\x18" and 0x50 <= head[0] <= 0x5F:
        return "zst"  # a skippable frame: some compressors begin with one
    found = next((name for name, magic in MAGICS.items() if head.startswith(magic)), None)
    if found == "bz2" and head[4:10] not in (b"1AY&SY", b"\x17rE8P\x90"):
        return None  # a text may begin with these letters; a block of bzip2, or its end, with these bytes
    return found


class Codec(Protocol):
    """One frame or member of a compressed stream: what `bz2` and `lzma` offer."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gzip:
    """A gzip member, by zlib, which keeps its unread input itself."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def needs_input(self) -> bool:
        return not self._inner.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, max(max_length, 0))


class _Zstandard:
    """A Zstandard frame. The library bounds no output: it gets input in bites so small that no bite holds a bomb."""

    _BITE = 1024  # at most 256 blocks of 128 KiB: 32 MiB

    def __init__(self, max_window: int) -> None:
        import zstandard

        self._inner = zstandard.ZstdDecompressor(max_window_size=max_window).decompressobj()
        self._input = memoryview(b"")
        self._output = memoryview(b"")

    @property
    def eof(self) -> bool:
        return self._inner.eof and not self._output

    @property
    def needs_input(self) -> bool:
        return not self._input and not self._output

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data + bytes(self._input)

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        if data:
            self._input = memoryview(bytes(self._input) + data)
        while not self._output and self._input and not self._inner.eof:
            bite, self._input = self._input[: self._BITE], self._input[self._BITE :]
            self._output = memoryview(self._inner.decompress(bite))
        given, self._output = self._output[:max_length], self._output[max_length:]
        return bytes(given)


class Decompressed(io.RawIOBase):
    """A compressed stream as what it unpacks to, all its members and frames one after another.

    It never raises for what it reads: a stream that is cut short, broken or a bomb ends where it can be read no further, and
    `fault` then says why.

    stream     the compressed bytes
    kind       "gz", "zst", "bz2" or "xz"
    spent      how many bytes of the whole input have been read so far, by whoever reads it: what a bomb is measured by
    max_ratio  past GRACE, more output than so many times `spent()` is a bomb
    """

    def __init__(self, stream: io.BufferedReader[Any], kind: str, spent: Callable[[], int], max_ratio: int, max_window: int) -> None:
        self._stream, self._kind, self._spent, self._max_ratio, self._max_window = stream, kind, spent, max_ratio, max_window
        self._codec: Codec | None = None
        self._unread = b""
        self._given = 0
        self.fault = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = b"" if self.fault else self._next(len(buffer))
        buffer[: len(data)] = data
        self._given += len(data)
        if self._given > GRACE and self._given > self._max_ratio * self._spent():
            self.fault = (
                f"unpacks to more than {self._max_ratio} times its size: taken for a decompression bomb, and read no further; "
                "unpack it yourself if it is none"
            )
            return 0
        return len(data)

    def _next(self, room: int) -> bytes:
        import zstandard

        try:
            data = b""
            while not data and not self.fault and self._ready():
                data = self._step(room)
        except (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, EOFError) as error:
            self.fault = self._told(error)
        return data

    def _ready(self) -> bool:
        """Whether there is a member to read on in; begins the next one where the last has ended. False at the end."""
        if self._codec is not None and not self._codec.eof:
            return True
        head = self._after_member() if self._codec is not None else self._stream.read1(_CHUNK)
        if not head:
            return False
        if self._codec is not None and compression_of(head) != self._kind:
            self.fault = f"bytes that are no {NAMES[self._kind]} stand behind its end: what came before them is kept"
            return False
        self._unread, self._codec = head, self._opened()
        return True

    def _after_member(self) -> bytes:
        """What stands behind the member that has ended, without the zeros that members may be padded with; empty at the end."""
        assert self._codec is not None
        head = self._codec.unused_data.lstrip(b"\0")
        while len(head) < _MARK:
            more = self._stream.read1(_CHUNK)
            if not more:
                break
            head = (head + more).lstrip(b"\0")
        return head

    def _opened(self) -> Codec:
        if self._kind == "gz":
            return _Gzip()
        if self._kind == "zst":
            return _Zstandard(self._max_window)
        return bz2.BZ2Decompressor() if self._kind == "bz2" else lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)

    def _step(self, room: int) -> bytes:
        codec = self._codec
        assert codec is not None
        fresh = self._unread
        if not fresh and codec.needs_input:
            fresh = self._stream.read1(_CHUNK)
            if not fresh:
                self.fault = f"the {NAMES[self._kind]} stream is cut short: what came before the cut is kept; fetch the file again"
                return b""
        self._unread = b""
        return codec.decompress(fresh, room)

    def _told(self, error: Exception) -> str:
        """What is wrong with the stream, in one line that says what to do."""
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        if "too much memory" in what or "Memory usage limit" in what:
            return f"its {NAMES[self._kind]} stream asks for too much memory to unpack: compress it again with a smaller window"
        return f"the {NAMES[self._kind]} stream is broken ({what}): what came before is kept; fetch the file again"
