"""The rule `modified_date`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.moments import date_line

TOLD = 4
"""A label of this many words ("this article was updated on") may be followed by what was changed."""


@dataclass(frozen=True, slots=True)
class ModifiedDate:
    """Lines that say when the article was last changed, moved to `modified` as ISO 8601.

    >>> import cleaner
    >>> result = cleaner.clean("Last updated on February 24, 2023\\n\\nThe bridge opens today, the mayor said on Monday.")
    >>> result.text, result.metadata.modified
    ('The bridge opens today, the mayor said on Monday.', '2023-02-24')

    Keeps sentences about changes:

    >>> cleaner.clean("The plan was last updated on February 24, 2023, when the council met again.").text
    'The plan was last updated on February 24, 2023, when the council met again.'
    """

    name: ClassVar[str] = "modified_date"

    def edits(self, document: Document) -> Iterator[Edit]:
        known = any(field == "modified" for field, _ in document.found)
        for index in document.digit_lines:
            read = date_line(document, index, f"{self.name}.label", told=TOLD)
            if read and read[1] and read[0].iso:
                fields = [] if known else [("modified", read[0].iso)]
                yield document.cut(index, self.name, "when the page was last changed", fields)
                known = True
