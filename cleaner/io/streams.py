"""What a reader of any format gets: a stream of bytes that has been looked at and stands at its start again."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, BinaryIO, NamedTuple, cast

from cleaner.io.decompress import Decompressed, compression_of
from cleaner.io.files import InputError
from cleaner.io.names import COMPRESSED_SUFFIXES
from cleaner.io.options import ReadOptions

_HEAD = 512
_BUFFER = 128 * 1024
_MAX_LAYERS = 3


def _no_fault() -> str:
    return ""


class Place(NamedTuple):
    """Where a source stands.

    told    how messages name it
    name    the path of its result, and the folder of its parts' results
    label   its own name, as far as that tells what it holds
    depth   how many archives it lies in
    """

    told: str
    name: str
    label: str
    depth: int = 0


@dataclass(frozen=True)
class Source:
    """An input that is being read.

    place     where it stands
    options   how to read
    head      its first bytes: at least 512, or the whole first line where that may be JSON, unless it ends before
    stream    all of it, from the start
    file      the file itself, where readers can go back and forth in it
    spent     how many bytes of the outermost input have been read
    fault     why the stream ended where it did, if that was before its end; asked once it has been read
    metadata  what is known of it from elsewhere
    """

    place: Place
    options: ReadOptions
    head: bytes
    stream: io.BufferedReader[Any]
    file: BinaryIO | None = None
    spent: Callable[[], int] = lambda: 0
    fault: Callable[[], str] = _no_fault
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def error(self, message: str, part: object = None) -> InputError:
        """An error of this source, or of its part: a row's number, a member's name."""
        told = self.place.told if part is None else f"{self.place.told}:{part}"
        return InputError(told, message)


class Rewound(io.RawIOBase):
    """A stream whose first bytes were read: gives them again, then the rest, and counts. It never waits for more than there is."""

    def __init__(self, head: bytes, rest: io.BufferedReader[Any]) -> None:
        self._head, self._rest = memoryview(head), rest
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] if self._head else memoryview(self._rest.read1(len(buffer)))
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


def begin(stream: BinaryIO, place: Place, options: ReadOptions, metadata: Mapping[str, Any] | None = None) -> Source:
    """Look at the start of a stream; no further than it takes to tell what it is."""
    buffered = as_buffered(stream)
    head = read_head(buffered, options.max_size)
    rewound = Rewound(head, buffered)
    again = io.BufferedReader(rewound, _BUFFER)
    file = stream if stream.seekable() else None
    return Source(place, options, head, again, file, lambda: rewound.count, metadata=metadata or {})


def as_buffered(stream: BinaryIO) -> io.BufferedReader[Any]:
    """A stream that gives what there is (`read1`), whatever stands under it."""
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(Any, stream), _BUFFER)


def read_head(stream: io.BufferedReader[Any], most: int) -> bytes:
    """The first bytes of a stream: at least 512, but where a JSON object may begin its whole first line, and not a byte more
    than has come by then.
    """
    head = b""
    while len(head) < _HEAD or (_may_be_json(head) and b"\n" not in head and len(head) <= most):
        more = stream.read1(_BUFFER)
        head += more
        if not more or (_may_be_json(head) and b"\n" in head.lstrip()):
            break
    return head


def _may_be_json(head: bytes) -> bool:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" and b"\0" not in head[:_HEAD]


def unpacked(source: Source) -> Source | InputError:
    """The source without its compressions, as many as three, one around the other. Told by content, whatever its name says."""
    for _ in range(_MAX_LAYERS + 1):
        kind = compression_of(source.head)
        if kind is None:
            return source
        source = _without(source, kind)
    return source.error(f"is compressed more than {_MAX_LAYERS} times over: unpack it first")


def _without(source: Source, kind: str) -> Source:
    options = source.options
    raw = Decompressed(source.stream, kind, source.spent, options.max_ratio, options.max_window)
    label = PurePosixPath(source.place.label)
    if label.suffix.lower() in COMPRESSED_SUFFIXES:
        label = label.with_suffix("")
    place = source.place._replace(label=str(label))
    outer = source.fault
    inner = begin(io.BufferedReader(raw, _BUFFER), place, options, source.metadata)
    # What is unpacked is measured by the outermost bytes: a bomb in a bomb has two mild ratios.
    return replace(inner, spent=source.spent, fault=lambda: outer() or raw.fault)


def bounded(member: Source, spent: Callable[[], int]) -> Source:
    """A member of an archive, measured by its own bytes or by those of the archive, whichever are fewer."""
    own = member.spent
    return replace(member, spent=lambda: min(own(), spent()))


def read_whole(source: Source) -> bytes | InputError:
    """All of a source, where that is no more than one document may be."""
    most = source.options.max_size
    data = source.stream.read(most + 1)
    if len(data) > most:
        return source.error(too_large(most))
    return data


def too_large(most: int) -> str:
    """What to say of a document or row that is larger than so many bytes."""
    return f"is larger than {most:,} bytes, the most that one document may be: raise the limit if it is one"
