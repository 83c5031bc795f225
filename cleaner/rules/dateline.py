"""The rule `dateline`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from cleaner.dates import Moment
from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.moments import date_line

HEAD = 12
CHRONICLE = 3


class _DateLine(NamedTuple):
    line: int
    moment: Moment
    label: str | None


@dataclass(frozen=True, slots=True)
class Dateline:
    """Lines that give the date of publication and nothing else, moved to `date` as ISO 8601.

    Sees numeric and written dates of the lexicon's languages, with or without a label ("Published:"), a weekday, a time,
    a time on the next line. A date above the title is the page's own (the day it was printed or fetched) where the
    document tells its date elsewhere: it is removed and not used.

    >>> import cleaner
    >>> result = cleaner.clean("14 April, 2023 Friday\\n00:23\\n\\nThe bridge opens today, the mayor said on Monday.")
    >>> result.text, result.metadata.date
    ('The bridge opens today, the mayor said on Monday.', '2023-04-14T00:23:00')

    Keeps dates in sentences, and dates that are the headings of a chronicle:

    >>> diary = (
    ...     "3 May 1843\\nWe sailed at dawn with a fair wind from the west.\\n4 May 1843\\n"
    ...     "Calm all day, and the crew mended sails.\\n5 May 1843\\n"
    ...     "Land in sight at noon, the cape bearing north."
    ... )
    >>> cleaner.clean(diary).text == diary
    True
    """

    name: ClassVar[str] = "dateline"

    def edits(self, document: Document) -> Iterator[Edit]:
        lines = list(_date_lines(document))
        bare = [line for line in lines if line.label is None and line.moment.date]
        head = min(document.body_span[0], HEAD)
        found = [
            line
            for line in lines
            if (line.line <= head and not (line.label is None and len(bare) >= CHRONICLE)) or (line.label and document.at_edge(line.line))
        ]
        dated = [line for line in found if line.moment.date]
        chosen = self._choose(document, dated)
        for line in found:
            if line is chosen:
                yield document.cut(line.line, self.name, "the date of publication", [("date", _with_time(line, found))])
            elif line.moment.date:
                yield document.cut(line.line, self.name, "another date of the page, not the article's")
            elif any(abs(line.line - other.line) == 1 for other in dated):
                yield document.cut(line.line, self.name, "part of the date")

    def _choose(self, document: Document, dated: list[_DateLine]) -> _DateLine | None:
        """A labelled date before a bare one; none of a page that has told its date, in a byline say."""
        if not dated or any(field == "date" for field, _ in document.found):
            return None
        prints = document.lexicon.entries("dateline.print")
        fit = [line for line in dated if line.label not in prints]
        labelled = [line for line in fit if line.label]
        # The last of several bare dates at the head: one above the title is the page's own.
        return labelled[0] if labelled else fit[-1] if fit else None


def _date_lines(document: Document) -> Iterator[_DateLine]:
    """Every line that is a date or time, and at most a label."""
    for index in document.digit_lines:
        for section in ("dateline.label", "dateline.print"):
            if read := date_line(document, index, section):
                yield _DateLine(index, *read)
                break


def _with_time(line: _DateLine, found: list[_DateLine]) -> str:
    """The line's date, with the time of a neighbouring line where it gives none itself."""
    if line.moment.time is None:
        for other in found:
            if abs(other.line - line.line) == 1 and other.moment.date is None and other.moment.time:
                return f"{line.moment.date}T{other.moment.time}"
    return line.moment.iso or ""
