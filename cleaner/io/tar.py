"""Tar archives, read as a stream: each member as an input of its own."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterator
from typing import Self

from cleaner.io.files import InputError
from cleaner.io.members import is_read, member_place
from cleaner.io.names import SeenNames
from cleaner.io.records import Record
from cleaner.io.streams import Source, begin, bounded

_MAX_HEADER = 1 << 20
"""What a long name or further headers of a member may take, in bytes: the library reads them in one go."""

_EXTENSIONS = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_ENDS = ("empty header", "end of file header")
"""What the library says of a header where an archive rightly ends."""

_BROKEN = (tarfile.TarError, OSError, ValueError, OverflowError, EOFError)


def read_tar(source: Source, read: Callable[[Source], Iterator[Record | InputError]]) -> Iterator[Record | InputError]:
    """The documents of an archive's members, in their order.

    read  gives the documents of one member
    """
    broken: list[str] = []
    seen = SeenNames()
    try:
        with tarfile.open(fileobj=source.stream, mode="r|", tarinfo=_checked_headers(broken)) as archive:
            while (member := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined] # the library keeps them all
                if is_read(member.name) and not member.isdir():
                    yield from _member(source, archive, member, seen, read)
    except _BROKEN as error:
        broken.append(str(error))
    if broken and not source.fault():
        yield source.error(f"is a broken tar archive ({broken[0]}): what came before is kept; fetch the file again")


def _member(
    source: Source,
    archive: tarfile.TarFile,
    member: tarfile.TarInfo,
    seen: SeenNames,
    read: Callable[[Source], Iterator[Record | InputError]],
) -> Iterator[Record | InputError]:
    place = member_place(source, member.name, seen)
    if isinstance(place, InputError):
        yield place
        return
    content = archive.extractfile(member) if member.isreg() and not member.issparse() else None
    if content is None:
        yield InputError(place.told, f"is {_kind_of(member)}, which is not read from an archive")
        return
    inner = begin(_Whole(content), place, source.options, {"source": place.told})  # type: ignore[arg-type]
    yield from read(bounded(inner, source.spent))


class _Whole(io.RawIOBase):
    """A member's bytes, as a stream that does not go back."""

    def __init__(self, content: io.BufferedIOBase) -> None:
        self._content = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._content.read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _kind_of(member: tarfile.TarInfo) -> str:
    if member.issym() or member.islnk():
        return "a link"
    return "a sparse file" if member.issparse() else "a device or a pipe"


def _checked_headers(broken: list[str]) -> type[tarfile.TarInfo]:
    """Members' headers as the library reads them, but for three things that a hostile or broken archive could do:

    a header that is no header ends an archive in silence: here it says so in `broken`; one that asks for more memory than a
    name takes, or a negative size, is refused; so are maps of sparse files, which are read without bound.
    """

    class Header(tarfile.TarInfo):
        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
            try:
                return super().frombuf(buf, encoding, errors)
            except tarfile.HeaderError as error:
                if str(error) not in _ENDS:
                    broken.append(str(error))
                raise

        def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
            if self.size < 0 or (self.type in _EXTENSIONS and self.size > _MAX_HEADER):
                raise tarfile.ReadError(f"a header of {self.size:,} bytes")
            if self.type == tarfile.GNUTYPE_SPARSE:
                raise tarfile.ReadError("a sparse file")
            return super()._proc_member(archive)  # type: ignore[misc, no-any-return]

        def _proc_gnusparse_10(self, *_: object) -> None:
            raise tarfile.ReadError("a sparse file")

    return Header
