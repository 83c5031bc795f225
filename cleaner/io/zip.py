"""Zip archives: each member as an input of its own, in the order of the archive's directory."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import BinaryIO

from cleaner.io.decompress import GRACE
from cleaner.io.files import InputError
from cleaner.io.members import is_read, member_place
from cleaner.io.names import SeenNames
from cleaner.io.records import Record
from cleaner.io.streams import Source, begin, bounded

_MAX_DIRECTORY = 16 << 20
"""The most that an archive's directory may take: the library keeps it in memory, at some ten times its size."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)
"""LZMA in a zip may ask for 4 GB of memory, unbounded; others the library does not know."""

_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, OverflowError)


def read_zip(source: Source, read: Callable[[Source], Iterator[Record | InputError]]) -> Iterator[Record | InputError]:
    """The documents of an archive's members.

    read  gives the documents of one member
    """
    if source.file is None:
        yield source.error("is a zip archive, whose directory stands at its end: it cannot be read as a stream; save it to a file first")
        return
    wrong = _too_many(source.file)
    if wrong:
        yield source.error(wrong)
        return
    try:
        archive = zipfile.ZipFile(source.file)
    except _BROKEN as error:
        yield source.error(f"is a broken zip archive ({error}): fetch the file again")
        return
    with archive:
        yield from _members(source, archive, read)


def _members(
    source: Source, archive: zipfile.ZipFile, read: Callable[[Source], Iterator[Record | InputError]]
) -> Iterator[Record | InputError]:
    seen = SeenNames()
    size = max(_size(source.file), 1) if source.file else 1
    given = 0
    for member in archive.infolist():
        if member.is_dir() or not is_read(member.filename):
            continue
        place = member_place(source, member.filename, seen)
        refused = place if isinstance(place, InputError) else _refused(member, place.told)
        if refused or isinstance(place, InputError):
            yield refused or place  # type: ignore[misc]
            continue
        content = _Member(archive, member, source.options.max_ratio, size, given)
        inner = begin(content, place, source.options, {"source": place.told})  # type: ignore[arg-type]
        yield from read(bounded(replace(inner, fault=content.why), lambda: size))
        given = content.given
        content.close()


class _Member(io.RawIOBase):
    """A member's content; like `Decompressed` it ends where it cannot be read on, and `fault` says why.

    given  bytes that the whole archive has given so far: members that share their bytes make a bomb of mild ones
    """

    def __init__(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, max_ratio: int, size: int, given: int) -> None:
        self._archive, self._info, self._max_ratio, self._size = archive, member, max_ratio, size
        self._content: BinaryIO | None = None
        self.given, self.fault = given, ""

    def readable(self) -> bool:
        return True

    def why(self) -> str:
        return self.fault

    def close(self) -> None:
        if self._content:
            self._content.close()
        super().close()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = b"" if self.fault else self._read(len(buffer))
        buffer[: len(data)] = data
        self.given += len(data)
        if self.given > GRACE and self.given > self._max_ratio * self._size:
            self.fault = (
                f"unpacks to more than {self._max_ratio} times the archive's size: taken for a decompression bomb, and read no further"
            )
            return 0
        return len(data)

    def _read(self, room: int) -> bytes:
        try:
            self._content = self._content or self._archive.open(self._info)  # type: ignore[assignment]
            return self._content.read1(room)  # type: ignore[union-attr, no-any-return]
        except _BROKEN as error:
            self.fault = f"cannot be read from its archive ({error}): what came before is kept; fetch the file again"
            return b""


def _refused(member: zipfile.ZipInfo, told: str) -> InputError | None:
    """Why a member is not read, if it is not."""
    if member.flag_bits & 1:
        return InputError(told, "is encrypted: unpack the archive with its password first")
    if stat.S_ISLNK(member.external_attr >> 16):
        return InputError(told, "is a link, which is not read from an archive")
    if member.compress_type not in _METHODS:
        return InputError(told, "is compressed in a way that is not read: unpack the archive first")
    return None


def _size(file: BinaryIO) -> int:
    return file.seek(0, io.SEEK_END)


def _too_many(file: BinaryIO) -> str:
    """What to say of an archive whose directory is too large to be held in memory, by the record at its end."""
    size = _size(file)
    file.seek(max(0, size - 66_000))
    tail = file.read(66_000)
    at, wide = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if directory == 0xFFFFFFFF and wide >= 0:
        directory = int.from_bytes(tail[wide + 40 : wide + 48], "little")
    if min(directory, size) > _MAX_DIRECTORY:
        return f"has a directory of {directory:,} bytes, too many members to keep in memory: make it several, or a tar archive"
    return ""
