"""Reading and writing records for the runner, over `find_documents` and `write_text`, and plain JSON Lines besides.

Stands in until the readers and writers of all formats are there: the same two entries with the same signatures.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from cleaner.document import LIST_FIELDS
from cleaner.io.readers import STDIN, InputError, InputFile, find_documents, read_bytes, read_sidecar
from cleaner.io.records import Outcome, Record
from cleaner.io.writers import OutputError, output_names, write_text

TEXT_FIELDS = ("text", "content", "body", "html")


@dataclass(frozen=True)
class ReadOptions:
    """How to read: the fields of a row that hold the text, the HTML, the URL and the id; the kind of documents; bytes of one at most."""

    text_field: str | None = None
    html_field: str | None = None
    url_field: str | None = None
    id_field: str | None = None
    kind: str = "auto"
    max_size: int = 64 << 20


@dataclass(frozen=True)
class WriteOptions:
    """How to write: documents in a shard, and where the ledger goes."""

    shard_size: int | None = None
    ledger: str | None = None


class Writer(Protocol):
    """Takes outcomes; `checkpoint` makes all of them safe and gives the state to go on from."""

    def write(self, outcome: Outcome) -> None: ...
    def checkpoint(self) -> dict[str, Any]: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...


def read_records(paths: Iterable[str], options: ReadOptions, out: Path | None = None) -> Iterator[Record | InputError]:
    """Every document that paths stand for. Raises InputError for a path that does not exist."""
    documents = list(find_documents(paths, out))
    names = output_names(item for item in documents if isinstance(item, InputFile))
    for found in documents:
        if isinstance(found, InputError):
            yield found
        elif found is STDIN:
            yield from _standard_input(options)
        elif found.path.suffix == ".jsonl":
            with found.path.open("rb") as lines:
                yield from _rows(lines, str(found.path), found.path.name, options)
        else:
            yield read_file(found, names[found.path], options)


def read_file(found: InputFile, name: str, options: ReadOptions) -> Record | InputError:
    """One file as one document, its sidecar's values with it."""
    try:
        if found.path.is_file() and found.path.stat().st_size > options.max_size:
            return InputError(str(found.path), f"holds more than {options.max_size} bytes; raise --max-size to clean it")
        metadata = {**read_sidecar(found.path), "source": found.relative}
        return Record(str(found.path), name, read_bytes(found.path), options.kind, None, metadata)
    except InputError as error:
        return error
    except OSError as error:
        return InputError(str(found.path), error.strerror or str(error))


def _standard_input(options: ReadOptions) -> Iterator[Record | InputError]:
    if sys.stdin is None:  # the caller closed it
        raise InputError(str(STDIN.path), "is closed")
    stream = sys.stdin.buffer
    first = stream.readline(options.max_size)
    if first.lstrip()[:1] == b"{" and isinstance(_parsed(first), dict):
        yield from _rows(itertools.chain([first], iter(stream.readline, b"")), str(STDIN.path), "", options)
    else:
        yield Record(str(STDIN.path), str(STDIN.path), first + stream.read(), options.kind)


def _rows(lines: Iterable[bytes], place: str, stem: str, options: ReadOptions) -> Iterator[Record | InputError]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        row = _parsed(line)
        if isinstance(row, dict):
            yield _record(row, f"{place}:{number}", f"{stem}/{number:06}.txt".lstrip("/"), options)
        else:
            yield InputError(f"{place}:{number}", "is no JSON object on one line")


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _record(row: dict[str, Any], place: str, name: str, options: ReadOptions) -> Record | InputError:
    wanted = (options.text_field or options.html_field,) if options.text_field or options.html_field else TEXT_FIELDS
    found = next((key for key in wanted if key and isinstance(row.get(key), str)), None)
    if found is None:
        return InputError(place, f"has no text in {', '.join(map(str, wanted))}; name its field with --text-field or --html-field")
    data = row.pop(found)
    if len(data) > options.max_size:
        return InputError(place, f"holds more than {options.max_size} bytes; raise --max-size to clean it")
    url = row.get(options.url_field or "url")
    kind = "html" if found in ("html", options.html_field) else "auto"
    return Record(place, name, data, kind, url if isinstance(url, str) else None, {"source": place}, row)


def open_writer(out: Path | str, options: WriteOptions, state: Mapping[str, Any] | None = None) -> Writer:
    """The writer for OUT: "-" is standard output, a name that ends in .jsonl a file of rows, any other a folder."""
    if options.ledger or options.shard_size:
        raise OutputError(f"{out}: a ledger and shards need the writers of all formats, which are not here yet")
    if str(out) == "-":
        return _StandardOutput()
    return _RowsFile(Path(out), state) if str(out).endswith(".jsonl") else _Tree(Path(out))


class _Tree:
    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, outcome: Outcome) -> None:
        write_text(self.root, outcome.name, outcome.rendered)

    def checkpoint(self) -> dict[str, Any]:
        return {}

    def close(self) -> None: ...

    def abort(self) -> None: ...


class _StandardOutput:
    def write(self, outcome: Outcome) -> None:
        sys.stdout.write(_row(outcome).decode())
        sys.stdout.flush()

    def checkpoint(self) -> dict[str, Any]:
        return {}

    def close(self) -> None: ...

    def abort(self) -> None: ...


class _RowsFile:
    def __init__(self, path: Path, state: Mapping[str, Any] | None) -> None:
        self.saved = bool(state)
        self.path, self.temporary = path, path.with_name(f".cleaner-{path.name}.tmp")
        try:
            self.stream: IO[bytes] = self.temporary.open("rb+" if state else "wb")
        except OSError as error:
            raise OutputError(f"{path}: {error.strerror or error}") from None
        if state:
            self.stream.truncate(state["size"])
            self.stream.seek(state["size"])

    def write(self, outcome: Outcome) -> None:
        try:
            self.stream.write(_row(outcome))
        except OSError as error:
            raise OutputError(f"{self.path}: {error.strerror or error}") from None

    def checkpoint(self) -> dict[str, Any]:
        try:
            self.stream.flush()
            os.fsync(self.stream.fileno())
        except OSError as error:
            raise OutputError(f"{self.path}: {error.strerror or error}") from None
        self.saved = True
        return {"size": self.stream.tell()}

    def close(self) -> None:
        self.checkpoint()
        self.stream.close()
        self.temporary.replace(self.path)

    def abort(self) -> None:
        if not self.saved:
            self.temporary.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # what could not be written before cannot be now
            self.stream.close()


def _row(outcome: Outcome) -> bytes:
    row = {**outcome.passed, "text": outcome.text, **outcome.metadata, **outcome.header}
    return json.dumps({key: value for key, value in row.items() if key not in LIST_FIELDS or value}).encode() + b"\n"
