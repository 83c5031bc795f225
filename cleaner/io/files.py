"""Which files the paths of a command line stand for."""

from __future__ import annotations

import glob
import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

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


def is_text_name(name: str) -> bool:
    """Whether a file in a folder is a document by its name: text or HTML."""
    return Path(name).suffix.lower() in TEXT_SUFFIXES


STDIN = InputFile(Path("standard input"), Path(), "standard input")
"""What `-` stands for."""


def find_documents(
    paths: Iterable[str], out: Path | None = None, wanted: Callable[[str], bool] = is_text_name
) -> Iterator[InputFile | InputError]:
    """Every document that paths, folders and globs stand for, in the order of their names; what cannot be read as an error.

    A document comes once, however many of the paths lead to it.

    out     a folder to leave out where a path does not lie in it: results of an earlier run
    wanted  tells by its name whether a file in a folder is read; files that are given, or that a glob matches, are in any case

    Raises InputError for a path that does not exist: a mistake in the command, not a broken document.
    """
    barred = out.resolve() if out else None
    seen: set[str] = set()
    for given in paths:
        for found in _expand(given, barred, wanted):
            place = "-" if found is STDIN else place_of(found.path)
            if place not in seen:
                seen.add(place)
                yield found


def place_of(path: str | Path) -> str:
    """Where a file stands, told the same whichever way leads there; a link is a file of its own."""
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118 - Path would tidy it again


def _expand(given: str, barred: Path | None, wanted: Callable[[str], bool]) -> Iterator[InputFile | InputError]:
    path = Path(given)
    if given == "-":
        yield STDIN
    elif not os.path.lexists(given):
        yield from _glob(given, barred, wanted)
    elif path.is_dir():
        yield from walk(path, path, barred, wanted)
    elif not is_sidecar(path.name):
        yield InputFile(path, path.parent, path.name)


def _glob(pattern: str, barred: Path | None, wanted: Callable[[str], bool]) -> Iterator[InputFile | InputError]:
    """What a glob matches, as it stands under the folder that the glob starts from. Hidden names only where it asks for them.

    By pathlib, whose `**` does not follow links: a few that lead back up would keep `glob.glob` busy for ever.
    """
    parts = Path(pattern).parts
    base = Path(*itertools.takewhile(lambda part: not glob.has_magic(part), parts))
    rest = parts[len(base.parts) :]
    if barred and base.resolve().is_relative_to(barred):
        barred = None
    try:
        matches = sorted(base.glob(str(Path(*rest)))) if rest else []
    except ValueError as error:
        raise InputError(pattern, str(error)) from None
    if not matches:
        raise InputError(pattern or "''", "no such file or folder")
    hidden = any(part.startswith(".") for part in rest)
    for match in matches:
        if barred and match.resolve().is_relative_to(barred):
            continue
        if hidden or not any(part.startswith(".") for part in match.relative_to(base).parts):
            yield from _matched(match, base, barred, wanted)


def _matched(path: Path, base: Path, barred: Path | None, wanted: Callable[[str], bool]) -> Iterator[InputFile | InputError]:
    if path.is_dir() and not path.is_symlink():
        yield from walk(path, base, barred, wanted)
    elif not path.is_dir() and not is_sidecar(path.name):
        yield _checked(path, base, base.resolve())


def walk(folder: Path, base: Path, barred: Path | None, wanted: Callable[[str], bool]) -> Iterator[InputFile | InputError]:
    """The documents under a folder, named by their path in `base`, one folder after another; `barred` is left out."""
    inside = base.resolve()
    failures: list[InputError] = []

    def failed(error: OSError) -> None:
        failures.append(InputError(str(error.filename), error.strerror or str(error)))

    for place, folders, names in os.walk(folder, onerror=failed):
        yield from failures
        failures.clear()
        folders[:] = sorted(name for name in folders if not name.startswith(".") and (Path(place) / name).resolve() != barred)
        for name in sorted(names):
            path = Path(place) / name
            if name.startswith(".") or is_sidecar(name) or not wanted(name):
                continue
            if path.is_file() or path.is_symlink():
                yield _checked(path, base, inside)
    yield from failures


def _checked(path: Path, base: Path, inside: Path) -> InputFile | InputError:
    """A file found under a folder, or an error where a link, its own or of a folder on the way, leads out of that one."""
    if not Path(os.path.realpath(path)).is_relative_to(inside):
        return InputError(str(path), "a link that leads out of the input folder: not followed")
    return InputFile(path, base, path.relative_to(base).as_posix())


def is_sidecar(name: str) -> bool:
    """Whether a file holds metadata of the file beside it."""
    return name.lower().endswith(SIDECAR_SUFFIXES)


def read_bytes(path: Path) -> bytes:
    """A file's bytes. Raises InputError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(str(path), error.strerror or str(error)) from None
