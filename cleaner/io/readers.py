"""Reading: the documents that the paths of a command line stand for, whatever format they are in, one after another."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cleaner.io.decompress import compression_of
from cleaner.io.files import (
    HTML_SUFFIXES,
    STDIN,
    TEXT_SUFFIXES,
    InputError,
    InputFile,
    find_documents,
    is_sidecar,
    read_bytes,
    walk,
)
from cleaner.io.formats import is_input_name, sniff
from cleaner.io.members import MAX_DEPTH
from cleaner.io.names import tree_names
from cleaner.io.options import ReadOptions
from cleaner.io.records import Record
from cleaner.io.remote import find_remote, is_remote, told
from cleaner.io.sidecars import read_sidecar
from cleaner.io.streams import Place, Source, begin, read_whole, too_large, unpacked

__all__ = [
    "HTML_SUFFIXES",
    "STDIN",
    "TEXT_SUFFIXES",
    "InputError",
    "InputFile",
    "ReadOptions",
    "find_documents",
    "is_sidecar",
    "read_bytes",
    "read_file",
    "read_records",
    "read_sidecar",
    "sniff",
]

Found = Record | InputError


class _Input(NamedTuple):
    """One input: where it stands, what opens it, and the file that a sidecar may lie beside."""

    place: Place
    open: Callable[[], BinaryIO]
    file: Path | None = None


def read_records(paths: Iterable[str], options: ReadOptions, out: Path | None = None) -> Iterator[Found]:
    """Every document that paths, folders, globs and URLs stand for, in an order that the inputs alone decide.

    Archives and files of rows are read as streams. What cannot be read is an error in its place, and reading goes on.

    paths    as on the command line; "-" is standard input
    out      a folder to leave out where a path does not lie in it: results of an earlier run

    Raises InputError for a path that does not exist, before the first document: a mistake in the command, not a broken document.
    """
    for found in _inputs(list(paths), out):
        if isinstance(found, InputError):
            yield found
        else:
            yield from _read_input(found, options)


def _inputs(paths: list[str], out: Path | None) -> Iterator[_Input | InputError]:
    """The inputs with the names of their results. One folder is named as it is walked; of several paths, whose names may clash
    anywhere, all are found first.
    """
    if len(paths) == 1 and not is_remote(paths[0]) and Path(paths[0]).is_dir():
        folder = Path(paths[0])
        found = walk(folder, folder, out.resolve() if out else None, is_input_name)
        for _, together in itertools.groupby(found, key=_folder_of):
            yield from _named(list(together))
    else:
        yield from _named(list(_found(paths, out)))


def _found(paths: list[str], out: Path | None) -> Iterator[_Input | InputFile | InputError]:
    """What paths stand for, in their order; a document comes once, however many of the paths lead to it."""
    for remote, given in itertools.groupby(paths, key=is_remote):
        if remote:
            for url in given:
                for file in find_remote(url, is_input_name):
                    yield _Input(Place(file.url, file.relative, file.relative), file.open)
        else:
            yield from find_documents(given, out, is_input_name)


def _folder_of(found: InputFile | InputError) -> str:
    return os.path.dirname(found.path)  # noqa: PTH120 - a path of bytes that are no UTF-8, or an error's, is but a string


def _named(found: list[_Input | InputFile | InputError]) -> Iterator[_Input | InputError]:
    """Inputs with the names of their results, each made as it is asked for: a folder may hold a million."""
    names = tree_names(item for item in map(_path_and_relative, found) if item)
    for item in found:
        if isinstance(item, InputError):
            yield item
        elif isinstance(item, _Input):
            yield item._replace(place=item.place._replace(name=names[item.place.told]))
        elif item is STDIN:
            if sys.stdin is None:
                raise InputError(str(STDIN.path), "is closed")
            yield _Input(Place("standard input", names[str(STDIN.path)], ""), _open_standard_input)
        else:
            path = item.path
            yield _Input(Place(str(path), names[str(path)], item.relative), _opener(path), path)


def _path_and_relative(item: _Input | InputFile | InputError) -> tuple[str, str] | None:
    if isinstance(item, InputError):
        return None
    return (item.place.told, item.place.label) if isinstance(item, _Input) else (str(item.path), item.relative)


def _opener(path: Path) -> Callable[[], BinaryIO]:
    return lambda: path.open("rb")


def _open_standard_input() -> BinaryIO:
    return sys.stdin.buffer


def read_file(found: InputFile, name: str, options: ReadOptions) -> Record | InputError:
    """One file as one document, as it stands: for what is written back in its place. What is packed, or holds several, is refused."""
    try:
        metadata = {**read_sidecar(found.path), "source": found.relative}
        with found.path.open("rb") as stream:
            data = stream.read(options.max_size + 1)
    except InputError as error:
        return error
    except OSError as error:
        return InputError(str(found.path), error.strerror or str(error))
    if len(data) > options.max_size:
        return InputError(str(found.path), too_large(options.max_size))
    if compression_of(data) or sniff(data, found.path.name, options) != "document":
        return InputError(str(found.path), "is no plain text or page that could be written back as one: give -o OUT")
    return Record(str(found.path), name, data, options.kind, None, metadata)


def _read_input(found: _Input, options: ReadOptions) -> Iterator[Found]:
    """The documents of one input, opened and closed. An error of its file or store ends it and no other; one of standard input
    is raised: there is no other.
    """
    place = found.place
    try:
        metadata = {**read_sidecar(found.file), "source": place.label} if found.file else {"source": place.label} if place.label else {}
        with closing(found.open()) if place.label else nullcontext(found.open()) as stream:
            yield from _read_source(begin(stream, place, options, metadata))
    except InputError as error:
        yield error
    except OSError as error:
        if not place.label:
            raise InputError(place.told, error.strerror or str(error)) from None
        yield InputError(place.told, error.strerror or str(error))
    except Exception as error:  # of stores, every kind of which has errors of its own
        if found.file or not place.label:
            raise
        yield InputError(place.told, f"cannot be read to its end ({told(error)})")


def _read_source(source: Source) -> Iterator[Found]:
    """The documents of a source whose format its content and its name tell; then why it ended early, if it did."""
    opened = unpacked(source)
    if isinstance(opened, InputError):
        yield opened
        return
    yield from _read_format(opened, sniff(opened.head, opened.place.label, opened.options))
    fault = opened.fault()
    if fault:
        yield opened.error(fault)


def _read_format(source: Source, form: str) -> Iterator[Found]:
    """The documents of a source of this format; what only one format needs is loaded with it."""
    if form in ("tar", "zip") and source.place.depth >= MAX_DEPTH:
        return iter((source.error(f"is an archive in {MAX_DEPTH} others: unpack them first"),))
    if form in ("document", "mhtml"):
        return _document(source, form)
    if form == "jsonl":
        from cleaner.io.json_lines import read_json_lines

        return read_json_lines(source)
    if form == "csv":
        from cleaner.io.csv_rows import read_csv

        return read_csv(source)
    if form == "parquet":
        from cleaner.io.parquet_rows import read_parquet

        return read_parquet(source)
    if form == "warc":
        from cleaner.io.warc import read_warc

        return read_warc(source)
    if form == "tar":
        from cleaner.io.tar import read_tar

        return read_tar(source, _read_source)
    from cleaner.io.zip import read_zip

    return read_zip(source, _read_source)


def _document(source: Source, form: str) -> Iterator[Found]:
    """A source that is one document; what a bomb gave is none."""
    if form == "mhtml":
        from cleaner.io.mhtml import read_mhtml

        yield read_mhtml(source)
        return
    data = read_whole(source)
    if isinstance(data, InputError):
        yield data
    elif data or not source.fault():
        yield Record(source.place.told, source.place.name, data, source.options.kind, None, source.metadata)
