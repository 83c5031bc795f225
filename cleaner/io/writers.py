"""Write results where they belong: whole or not at all, and never outside the output folder."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from cleaner.io.readers import HTML_SUFFIXES, InputFile


class OutputError(OSError):
    """A result that cannot be written; the message says where and why."""


def output_names(documents: Iterable[InputFile]) -> dict[Path, str]:
    """The path of each document's result in the output folder: its own, HTML as `.txt`.

    Where two documents would share one name, the HTML ones keep their suffix ("a.html.txt"), whatever their order; what
    still clashes (the same file name given from two folders) is numbered by the order of the paths.
    """
    documents = list(documents)
    plain = {document.path: _as_text(document.relative) for document in documents}
    shared = {name for name, count in Counter(plain.values()).items() if count > 1}
    names: dict[Path, str] = {}
    used: set[str] = set()
    for document in sorted(documents, key=lambda document: str(document.path)):
        name = plain[document.path]
        if name in shared and name != document.relative:
            name = document.relative + ".txt"
        stem, number = PurePosixPath(name), 2
        while name in used:
            name, number = str(stem.with_name(f"{stem.stem}-{number}{stem.suffix}")), number + 1
        used.add(name)
        names[document.path] = name
    return names


def _as_text(relative: str) -> str:
    path = PurePosixPath(relative)
    return str(path.with_suffix(".txt")) if path.suffix.lower() in HTML_SUFFIXES else relative


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
        raise OutputError(f"{target}: {error.strerror or error}") from None
    return target


def replace_file(target: Path, text: str) -> None:
    """Put `text` in a file in one step: a reader sees the old content or the new, never a part."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".cleaner-", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~umask)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
