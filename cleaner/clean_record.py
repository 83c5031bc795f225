"""Clean one record: the work that is done in each worker, and what it needs to know, as plain data that passes to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cleaner.api import Cleaner, Origin, clean
from cleaner.decode import DecodeError
from cleaner.document import Result
from cleaner.header import header_values, merged
from cleaner.io.records import Outcome, Record
from cleaner.settings import Settings
from cleaner.tally import Summary, summarise
from cleaner.workers import Failure

_SAMPLE = "Home\n\nBy Ana Lind\n\n3 May 2023\n\nThe ferry sailed at noon, “as ever”.\n\nShare\n\nWe use cookies.\n\nTags: sea\n"


@dataclass(frozen=True)
class Job:
    """How to clean each document. Plain data: it passes to the workers.

    settings  the configuration, and where it stands
    header    "yaml", "json" or "none"
    kind      "auto", "text" or "html"
    values    metadata that the caller sets, before a sidecar's and the page's own
    url       the address of every document of the run; seldom more than one
    ledger    whether outcomes hold their edits; they cost more than the text does
    rows      whether results are rows, which hold the text and its metadata, or files, which hold both as one
    """

    settings: Settings = field(default_factory=Settings)
    where: str = "settings"
    header: str = "yaml"
    kind: str = "auto"
    values: Mapping[str, Any] = field(default_factory=dict)
    url: str | None = None
    ledger: bool = False
    rows: bool = False

    def cleaner(self) -> Cleaner:
        """The chain. Raises SettingsError."""
        return self.settings.cleaner(self.where)


class Cleaned(NamedTuple):
    """What became of a record, and what is counted of it."""

    outcome: Outcome
    summary: Summary


def clean_record(job: Job, cleaner: Cleaner, record: Record) -> Result:
    """Clean one record. Raises DecodeError."""
    known = dict(record.metadata)
    source = known.pop("source", None)
    kind = job.kind if job.kind != "auto" else record.kind
    origin = Origin(source, merged(known, job.values))
    return cleaner.clean(record.data, kind, job.url or record.url, origin)  # type: ignore[arg-type]


def make_work(job: Job) -> Callable[[Record], Cleaned | Failure]:
    """What a worker does. Raises SettingsError."""
    cleaner = job.cleaner()
    clean(_SAMPLE)  # what is read once a process shall not count as the first document's time

    def work(record: Record) -> Cleaned | Failure:
        start = time.process_time()
        try:
            result = clean_record(job, cleaner, record)
        except DecodeError as error:
            return Failure(str(error))
        return outcome_of(job, record, result, start)

    return work


def outcome_of(job: Job, record: Record, result: Result, start: float) -> Cleaned:
    values = header_values(result)
    metadata = {key: values.pop(key) for key in list(values) if key not in result.header}
    changed = is_changed(result)
    # Only what is written passes back: between processes it costs more than to make it.
    text, rendered = (result.text, "") if job.rows else ("", result.render(job.header))
    seconds = time.process_time() - start
    edits = tuple(map(tuple, result.edits)) if job.ledger else ()
    outcome = Outcome(
        record.place, record.name, {}, text, rendered, metadata, values, edits, result.review, changed, len(result.source), seconds
    )
    return Cleaned(outcome, summarise(result, changed, seconds))


def is_changed(result: Result) -> bool:
    """Whether the text differs from the source's body; a header that an earlier cleaning wrote is no part of that."""
    body = max((edit.end for edit in result.edits if edit.rule == "header"), default=0)
    return result.text != result.source[body:].removesuffix("\n")
