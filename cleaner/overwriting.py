"""What a run must not overwrite: its inputs, whichever way they are told, and what else it writes itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cleaner.io.files import InputError, find_documents, place_of
from cleaner.io.formats import is_input_name
from cleaner.io.options import WriteOptions
from cleaner.io.records import Outcome
from cleaner.io.remote import is_remote
from cleaner.io.shards import shards_at
from cleaner.io.writers import STDOUT, OutputError, Writer, is_tree


def check_paths(paths: Iterable[str], out: Path | None = None) -> None:
    """See that all paths are there before anything is read or written. Raises InputError for one that is not."""
    for given in _local(paths):
        next(find_documents([given], out, is_input_name), None)


def _local(paths: Iterable[str]) -> Iterator[str]:
    return (given for given in paths if given != "-" and not is_remote(given))


def replaced(out: str, write: WriteOptions, report: str | None) -> dict[str, str]:
    """The files that are there and that a run would replace, by where they stand. Raises OutputError where two of them are one."""
    rows = None if out == STDOUT or is_tree(out) else out
    asked = [path for path in (rows, write.ledger, report) if path]
    places = {place_of(path): path for path in asked}
    if len(places) < len(asked):
        raise OutputError(f"{', '.join(asked)}: results, ledger and report go to files of their own")
    if rows and write.shard_size:
        places |= {place_of(path): str(path) for path in shards_at(Path(rows))}
    return {place: path for place, path in places.items() if Path(place).is_file()}


def spare_inputs(paths: list[str], taken: Mapping[str, str]) -> None:
    """See that no input would be replaced. Only inputs that such a file lies in are looked through."""
    for given in _local(paths) if taken else ():
        if any(_overlap(given, place) for place in taken):
            for found in find_documents([given], None, is_input_name):
                if (place := place_of(found.path)) in taken:
                    raise InputError(taken[place], "is an input and would be replaced; write to another file")


def inputs_in(paths: Iterable[str], tree: Path) -> frozenset[str]:
    """The inputs that results in OUT could overwrite. Only where OUT lies in an input, or an input in OUT, are all files looked at."""
    place = os.path.realpath(tree)
    given = [path for path in _local(paths) if _overlap(path, place)]
    found = (os.path.realpath(item.path) for item in find_documents(given, tree, is_input_name))
    return frozenset(path for path in found if _lies_in(path, place))


def _overlap(given: str, place: str) -> bool:
    parts = Path(given).parts
    base = os.path.realpath(Path(*parts[: next((at for at, part in enumerate(parts) if any(char in part for char in "*?[")), len(parts))]))
    return _lies_in(base, place) or _lies_in(place, base)


def _lies_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


class Guard:
    """A writer that overwrites no input."""

    def __init__(self, writer: Writer, out: Path, guarded: frozenset[str]) -> None:
        self.out, self.guarded = out, guarded
        self._writer = writer
        self.checkpoint, self.close, self.abort = writer.checkpoint, writer.close, writer.abort

    def write(self, outcome: Outcome) -> None:
        if self.guarded and os.path.realpath(self.out / outcome.name) in self.guarded:
            raise OutputError(f"{self.out / outcome.name}: would overwrite an input; use --in-place if that is meant")
        self._writer.write(outcome)
