"""Inputs elsewhere, by their URL: s3://, gs://, https://, memory://, all that fsspec opens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple, cast

from cleaner.io.files import InputError

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+(?:://|::)")


class RemoteFile(NamedTuple):
    """A file elsewhere: its URL, its path in the folder that was asked for, and what opens it."""

    url: str
    relative: str
    open: Callable[[], BinaryIO]


def is_remote(path: str) -> bool:
    """Whether a path is a URL.

    >>> is_remote("s3://bucket/a.txt"), is_remote("a:b.txt"), is_remote("C:/a.txt")
    (True, False, False)
    """
    return bool(_URL.match(path))


def find_remote(url: str, wanted: Callable[[str], bool]) -> Iterator[RemoteFile]:
    """The files that a URL stands for, in the order of their names: one, all under a folder, or what a glob matches.

    Raises InputError where there are none, or the place cannot be reached.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise InputError(url, "is a URL, which fsspec opens: pip install 'cleaner[remote]'") from None
    try:
        files, at = url_to_fs(url)
        found, base = _listed(files, at, wanted)
    except Exception as error:  # noqa: BLE001 - every kind of store has errors of its own
        raise InputError(url, f"cannot be reached ({told(error)})") from None
    if not found:
        raise InputError(url, "no such file or folder")
    for path in found:
        relative = path[len(base) :].lstrip("/") if path.startswith(base) else path.rsplit("/", 1)[-1]
        yield RemoteFile(str(files.unstrip_protocol(path)), relative, _opener(files, path))


def _listed(files: Any, at: str, wanted: Callable[[str], bool]) -> tuple[list[str], str]:
    """The paths that a place stands for, and the folder that they are named from."""
    if files.isdir(at):
        paths = [path for path in sorted(files.find(at)) if _is_document(path[len(at) :], wanted)]
        return paths, at
    if files.exists(at):
        return [at], at.rpartition("/")[0]
    fixed = re.split(r"[*?\[]", at)[0]
    return [path for path in sorted(files.glob(at)) if not files.isdir(path)], fixed.rpartition("/")[0]


def _is_document(relative: str, wanted: Callable[[str], bool]) -> bool:
    parts = relative.strip("/").split("/")
    return not any(part.startswith(".") for part in parts) and wanted(parts[-1])


def _opener(files: Any, path: str) -> Callable[[], BinaryIO]:
    return lambda: cast(BinaryIO, files.open(path, "rb"))


def told(error: Exception) -> str:
    """An error of a store in one line."""
    return f"{type(error).__name__}: {str(error).splitlines()[0]}"[:200] if str(error) else type(error).__name__
