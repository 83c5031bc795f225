"""Clean a whole set of files: find, read, clean, write. What fails is told in one line, and the rest go on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaner.api import Cleaner, Origin
from cleaner.decode import DecodeError
from cleaner.document import Result
from cleaner.header import merged
from cleaner.io.readers import STDIN, InputError, InputFile, find_documents, read_bytes, read_sidecar, read_standard_input
from cleaner.io.writers import OutputError, output_names, replace_file, write_text


@dataclass
class Tally:
    """What a run did.

    cleaned    documents cleaned
    changed    of them, those whose body differs from their source
    failures   (path, reason) of those that could not be cleaned
    removed    characters that rules removed or moved; read: characters read
    review     paths of documents that a person should look at
    """

    cleaned: int = 0
    changed: int = 0
    removed: int = 0
    read: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    review: list[str] = field(default_factory=list)

    def summary(self) -> str:
        share = self.removed / self.read if self.read else 0.0
        review = f", {len(self.review)} to review" if self.review else ""
        return f"{self.cleaned} cleaned, {share:.1%} of their characters removed, {len(self.failures)} failed{review}"


@dataclass(frozen=True)
class Job:
    """How to clean each file.

    cleaner   the chain
    header    "yaml", "json" or "none"
    kind      "auto", "text" or "html"
    values    metadata that the caller sets, before a sidecar's and the page's own
    url       the address of every document of the run; seldom more than one
    """

    cleaner: Cleaner
    header: str = "yaml"
    kind: str = "auto"
    values: Mapping[str, Any] = field(default_factory=dict)
    url: str | None = None

    def clean(self, document: InputFile) -> Result:
        """Clean one file. Raises InputError."""
        if document is STDIN:
            data, origin = read_standard_input(), Origin(None, self.values)
        else:
            known = merged(read_sidecar(document.path), self.values)
            data, origin = read_bytes(document.path), Origin(document.relative, known)
        try:
            return self.cleaner.clean(data, self.kind, self.url, origin)  # type: ignore[arg-type]
        except DecodeError as error:
            raise InputError(str(document.path), str(error)) from None


def run_files(
    job: Job,
    documents: Iterable[InputFile | InputError],
    handle: Callable[[InputFile, Result], bool],
    fail: Callable[[str, str], None],
) -> Tally:
    """Clean every document that was found and hand each result on.

    handle  takes a result; gives whether it differs from its source. May raise OutputError
    fail    is told of each document that could not be cleaned: path, reason
    """
    tally = Tally()
    for found in documents:
        try:
            if isinstance(found, InputError):
                raise found
            result = job.clean(found)
            changed = handle(found, result)
        except InputError as error:
            _failed(tally, fail, error.path, str(error))
        except OutputError as error:
            _failed(tally, fail, str(found.path), f"not written: {error}")
        except MemoryError:
            _failed(tally, fail, str(found.path), "needs more memory than there is")
        else:
            _count(tally, found, result, changed)
    return tally


def _failed(tally: Tally, fail: Callable[[str, str], None], path: str, reason: str) -> None:
    tally.failures.append((path, reason))
    fail(path, reason)


def _count(tally: Tally, document: InputFile, result: Result, changed: bool) -> None:
    tally.cleaned += 1
    tally.changed += changed
    tally.read += len(result.source)
    tally.removed += sum(edit.end - edit.start for edit in result.edits if edit.kind != "normalize")
    if result.review:
        tally.review.append(str(document.path))


def clean_to_folder(job: Job, paths: Iterable[str], out: Path, fail: Callable[[str, str], None]) -> Tally:
    """Clean files into a folder that mirrors where they stood. Raises InputError for a path that does not exist."""
    documents = _files(paths, out)
    found = [item for item in documents if isinstance(item, InputFile)]
    names = output_names(found)
    inputs = {os.path.realpath(item.path) for item in found}

    def write(document: InputFile, result: Result) -> bool:
        name = names[document.path]
        if os.path.realpath(out / name) in inputs:
            raise OutputError(f"{out / name}: would overwrite an input; use --in-place if that is meant")
        write_text(out, name, result.render(job.header))
        return result.text != result.source

    return run_files(job, documents, write, fail)


def clean_in_place(job: Job, paths: Iterable[str], fail: Callable[[str, str], None]) -> Tally:
    """Clean files where they are. Raises InputError for a path that does not exist."""

    def write(document: InputFile, result: Result) -> bool:
        try:
            replace_file(document.path, result.render(job.header))
        except OSError as error:
            raise OutputError(f"{document.path}: {error.strerror or error}") from None
        return result.text != result.source

    return run_files(job, _files(paths), write, fail)


def _files(paths: Iterable[str], out: Path | None = None) -> list[InputFile | InputError]:
    """All that paths stand for, found before anything is written: a path mistyped writes nothing, no result is read again."""
    documents = list(find_documents(paths, out))
    if STDIN in documents:
        raise InputError(str(STDIN.path), "has no name to be written under: clean it to standard output")
    return documents
