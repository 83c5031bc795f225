"""A file that is written from end to end and takes its name when it is whole; a crashed run can go on with it."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cleaner.io.locks import lock_patiently
from cleaner.io.names import RESERVED, safe_component
from cleaner.io.tree import OutputError, give_mode

_BLOCK = 256 * 1024
"""What is compressed at a time, each block a member or frame of its own: where blocks end depends on what is written alone, so
that a run that was interrupted gives the same bytes as one that was not.
"""

_CHECKED = 4096


class PartFile:
    """A file under a temporary name beside its target, locked while it is open.

    target       the name that it takes in the end
    compression  "", "gz" or "zst"
    state        what `checkpoint` gave to a run that ended early: goes on behind it; whatever was written past it is cut off
    revives      whether the target itself holds what was written, so that a run can go on which crashed after it was renamed

    Raises OutputError where it cannot be opened, is being written by another run, or holds something else than the state says.
    """

    def __init__(self, target: Path, compression: str = "", state: Mapping[str, Any] | None = None, revives: bool = True) -> None:
        self.target, self._compression = target, compression
        self.path = part_path(target)
        self._pending: list[bytes] = []
        self._size = self._offset = 0
        self._broken: OutputError | None = None
        self._saved = state is not None
        try:
            self._handle = self._open(state if revives else None, state is not None)
            try:
                self._go_on(state) if state else os.ftruncate(self._handle, 0)
            except BaseException:
                os.close(self._handle)
                raise
        except OutputError:
            raise
        except OSError as error:
            raise OutputError(f"{target}: {error.strerror or error}") from None

    def write(self, data: bytes) -> None:
        """Add to the file. After an OutputError, whose `final` is true, nothing more can be written."""
        if self._broken:
            raise self._broken
        self._pending.append(data)
        self._size += len(data)
        if self._size >= _BLOCK:
            self._write_block()

    def checkpoint(self) -> dict[str, Any]:
        """Make what was written safe; gives the state to go on from."""
        if self._broken:
            raise self._broken
        if not self._compression:
            self._write_block()
        self._guarded(lambda: os.fsync(self._handle))
        self._saved = True
        return {"offset": self._offset, "check": _check(self._handle, self._offset), "pending": b"".join(self._pending).decode()}

    def finish(self) -> None:
        """Write the rest, and give the file its name."""
        self.end()
        self._guarded(lambda: give_mode(self._handle, self.target))
        self._guarded(lambda: os.replace(self.path, self.target))  # noqa: PTH105 - as a call that gives nothing
        self.let_go()
        sync_folder(self.target.parent)

    def end(self) -> None:
        """Write the rest, and make it safe."""
        if self._broken:
            raise self._broken
        if self._pending or (self._compression and not self._offset):  # no bytes at all are no gzip
            self._write_block()
        self._guarded(lambda: os.fsync(self._handle))

    def abort(self) -> None:
        """Let go: the file stays where there is a state to go on from, else it is removed."""
        if not self._saved:
            self.path.unlink(missing_ok=True)
        self.let_go()

    def let_go(self) -> None:
        """Close the file as it is."""
        os.close(self._handle)

    def _open(self, revived: Mapping[str, Any] | None, resume: bool) -> int:
        """Open and lock the temporary file; that of a run which crashed just after it had renamed it gets its old name back."""
        self.target.parent.mkdir(parents=True, exist_ok=True)
        if self.target.exists() and not self.target.is_file():
            raise OutputError(f"{self.target}: is a folder or a device; give the name of a file")
        if resume and not self.path.exists():
            if revived is None or not self.target.is_file():
                raise OutputError(f"{self.target}: what the last run wrote is gone; start again without resuming")
            with self.target.open("rb") as file:
                self._require(file.fileno(), revived)
            self.target.replace(self.path)
        while True:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
            if not lock_patiently(handle):
                os.close(handle)
                raise OutputError(f"{self.target}: is being written by another run; wait for it, or write elsewhere")
            if self.path.exists() and os.path.samestat(os.fstat(handle), self.path.stat()):
                return handle
            os.close(handle)  # the other run has finished and renamed it, while we waited

    def _go_on(self, state: Mapping[str, Any]) -> None:
        self._require(self._handle, state)
        self._offset = int(state["offset"])
        os.ftruncate(self._handle, self._offset)
        os.lseek(self._handle, self._offset, os.SEEK_SET)
        if state["pending"]:
            self.write(state["pending"].encode())

    def _require(self, handle: int, state: Mapping[str, Any]) -> None:
        if os.fstat(handle).st_size < state["offset"] or _check(handle, state["offset"]) != state["check"]:
            raise OutputError(f"{self.target}: does not hold what the last run wrote; start again without resuming")

    def _write_block(self) -> None:
        data = b"".join(self._pending)
        self._pending.clear()
        self._size = 0
        packed = _compressed(data, self._compression) if data or self._compression else data
        self._guarded(lambda: self._write_all(packed))
        self._offset += len(packed)

    def _write_all(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._handle, rest) :]

    def _guarded(self, act: Any) -> None:
        """Do something with the file; if that fails, it is the last thing that is done with it."""
        try:
            act()
        except OSError as error:
            self._broken = OutputError(f"{self.target}: {error.strerror or error}")
            self._broken.final = True
            raise self._broken from None


def _check(handle: int, offset: int) -> int:
    """A checksum of the last bytes before an offset: tells another file from ours."""
    start = max(0, offset - _CHECKED)
    return zlib.crc32(os.pread(handle, offset - start, start))


def part_path(target: Path) -> Path:
    """Where a file stands until it is whole."""
    return target.with_name(f"{RESERVED}-{safe_component(target.name + '.part')[-240:]}")


def _compressed(data: bytes, compression: str) -> bytes:
    if compression == "gz":
        return gzip.compress(data, compresslevel=6, mtime=0)
    if compression == "zst":
        import zstandard

        return zstandard.ZstdCompressor(level=3).compress(data)
    return data


def sync_folder(folder: Path) -> None:
    """Make names in a folder survive a failure of power. Raises OutputError."""
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise OutputError(f"{folder}: {error.strerror or error}") from None
