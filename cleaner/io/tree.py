"""Results as a mirrored tree: each a file of its own, whole or not at all, and never outside the output folder."""

from __future__ import annotations

import errno
import os
import tempfile
from io import FileIO
from pathlib import Path
from typing import Any

from cleaner.io.locks import is_locked, lock
from cleaner.io.names import RESERVED
from cleaner.io.records import Outcome


class OutputError(OSError):
    """A result that cannot be written; the message says where and why, `final` whether no further one can be either."""

    final = False


_PREFIX, _SUFFIX = f"{RESERVED}-", ".tmp"


def write_text(root: Path, name: str, text: str) -> Path:
    """Write a result under `root`, by a temporary file beside it that takes its name once it is whole.

    Raises OutputError where the place lies outside `root` (a link leads away) or cannot be written.
    """
    target = root / name
    try:
        # realpath follows links in the part that exists; what does not exist yet cannot lead away.
        if not Path(os.path.realpath(target.parent)).is_relative_to(os.path.realpath(root)):
            raise OutputError(f"{target}: a link leads out of the output folder; nothing written")
        target.parent.mkdir(parents=True, exist_ok=True)
        replace_file(target, text)
    except OutputError:
        raise
    except OSError as error:
        raise not_written(target, error) from None
    return target


def not_written(target: Path | str, error: OSError) -> OutputError:
    """The error of a file that could not be written; final where the disk is full, since the next would fare no better."""
    told = OutputError(f"{target}: {error.strerror or error}")
    told.final = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
    return told


def replace_file(target: Path, text: str) -> None:
    """Put `text` in a file in one step: a reader sees the old content or the new, never a part.

    Lone surrogates, which no file can hold, are written as `\\udc80`.
    """
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=_PREFIX, suffix=_SUFFIX)
    try:
        with open(handle, "wb", buffering=0) as stream:  # noqa: PTH123 - an open handle
            lock(handle)  # as long as it is held, no other run takes the file for a leftover
            _write_all(stream, text.encode("utf-8", "backslashreplace"))
            give_mode(handle, target)
            os.replace(temporary, target)  # noqa: PTH105 - strings are far cheaper than paths, and this is done for every document
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _write_all(stream: FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[stream.write(rest) :]


def give_mode(handle: int, target: Path) -> None:
    """Give an open file the rights of the one that it replaces, or those that a new file gets."""
    try:
        mode = os.stat(target).st_mode & 0o777  # noqa: PTH116
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        mode = 0o666 & ~umask
    os.fchmod(handle, mode)


def sweep(root: Path) -> int:
    """Remove the temporary files under a folder that a crashed run left; gives their number. Those of running ones stay."""
    swept = 0
    for place, _, names in os.walk(root):
        for name in names:
            path = Path(place, name)
            if name.startswith(_PREFIX) and name.endswith(_SUFFIX) and not path.is_symlink() and not is_locked(path):
                path.unlink(missing_ok=True)
                swept += 1
    return swept


class TreeWriter:
    """Each result as a file under a folder, header and body. Its files are whole at any time: there is no state to go on from."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._written = False
        try:
            sweep(root)
        except OSError as error:
            raise OutputError(f"{error.filename or root}: {error.strerror or error}") from None

    def write(self, outcome: Outcome) -> None:
        write_text(self._root, outcome.name, outcome.rendered)
        self._written = True

    def checkpoint(self) -> dict[str, Any]:
        """Make the files written so far survive a failure of power, too.

        All at once: a thousand small files took 3.6 seconds one by one, and 0.03 together with whatever else the system held.
        """
        if self._written and hasattr(os, "sync"):
            os.sync()
        self._written = False
        return {}

    def close(self) -> None:
        self.checkpoint()

    def abort(self) -> None:
        """Nothing is left to do: files are whole or not there."""
