"""Which documents the paths of a command line stand for, and what their sidecars know of them."""

from __future__ import annotations

import glob
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cleaner.header import read_yaml

TEXT_SUFFIXES = frozenset({"", ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
SIDECAR_SUFFIXES = (".meta.json", ".meta.yaml", ".meta.yml")


class InputError(ValueError):
    """An input that cannot be read; the message says what was wrong, its `path` which."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


class InputFile(NamedTuple):
    """One file to clean: its path, the folder it was found under, and its path in that folder."""

    path: Path
    root: Path
    relative: str


def find_documents(paths: Iterable[str], out: Path | None = None) -> Iterator[InputFile | InputError]:
    """Every document that paths, folders and globs stand for, in the order of their names; what cannot be read as an error.

    out  a folder to leave out: results of an earlier run

    Raises InputError for a path that does not exist: a mistake in the command, not a broken document.
    """
    for given in dict.fromkeys(paths):
        matches = [given] if os.path.lexists(given) else sorted(glob.glob(given, recursive=True))  # noqa: PTH207 - absolute globs too
        if not matches:
            raise InputError(given, "no such file or folder")
        for match in matches:
            path = Path(match)
            if path.is_dir():
                yield from _walk(path, out)
            elif not is_sidecar(path.name):
                yield InputFile(path, path.parent, path.name)


def _walk(root: Path, out: Path | None) -> Iterator[InputFile | InputError]:
    """The documents under a folder. Links that lead out of it are not followed."""
    inside = root.resolve()
    barred = out.resolve() if out else None
    failures: list[InputError] = []

    def failed(error: OSError) -> None:
        failures.append(InputError(str(error.filename), error.strerror or str(error)))

    for folder, folders, names in os.walk(root, onerror=failed):
        yield from failures
        failures.clear()
        folders[:] = sorted(name for name in folders if not name.startswith(".") and (Path(folder) / name).resolve() != barred)
        for name in sorted(names):
            path = Path(folder) / name
            if name.startswith(".") or is_sidecar(name) or path.suffix.lower() not in TEXT_SUFFIXES:
                continue
            if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(inside):
                yield InputError(str(path), "a link that leads out of the input folder: not followed")
            elif path.is_file() or path.is_symlink():
                yield InputFile(path, root, path.relative_to(root).as_posix())
    yield from failures


def is_sidecar(name: str) -> bool:
    """Whether a file holds metadata of the file beside it."""
    return name.lower().endswith(SIDECAR_SUFFIXES)


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises InputError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(str(path), error.strerror or str(error)) from None


def read_sidecar(path: Path) -> dict[str, Any]:
    """The values of `NAME.meta.json` or `NAME.meta.yaml` beside a document, NAME with or without its suffix; {} without one.

    Raises InputError where there is one that cannot be read.
    """
    for stem in (path.name, path.stem):
        for suffix in SIDECAR_SUFFIXES:
            beside = path.with_name(stem + suffix)
            if beside.is_file():
                return _parse_sidecar(beside)
    return {}


def _parse_sidecar(path: Path) -> dict[str, Any]:
    text = read_bytes(path).decode("utf-8", "replace")
    try:
        values = json.loads(text) if path.suffix == ".json" else read_yaml(text)
    except (ValueError, RecursionError) as error:
        raise InputError(str(path), f"the sidecar cannot be read: {str(error).splitlines()[0]}") from None
    if not isinstance(values, dict):
        raise InputError(str(path), "the sidecar is no mapping of names to scalars and lists of scalars")
    return {str(key): _plain(value) for key, value in values.items()}


def _plain(value: object) -> object:
    """Values as the header can hold them: scalars and lists of scalars; what is nested deeper is left out."""
    if isinstance(value, list):
        return [item for item in value if not isinstance(item, (list, dict))]
    return None if isinstance(value, dict) else value
