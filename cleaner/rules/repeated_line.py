"""The rule `repeated_line`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.document import Edit
from cleaner.lines import Document

_NOT_WORD = regex.compile(r"[^\p{L}\p{M}\p{Nd}]+")


@dataclass(frozen=True, slots=True)
class RepeatedLine:
    """A line that stands twice in a row: captions, headings and teasers that pages print once for each screen size.

    >>> import cleaner
    >>> caption = "The bridge on its opening day, seen from the eastern shore of the lake"
    >>> cleaner.clean(f"{caption}\\n\\n{caption}\\n\\nCars may cross from noon, the mayor said.").text.count("bridge")
    1

    Keeps short lines that repeat (verse, tables, calls) and lines that come again later:

    >>> cleaner.clean("Row, row, row your boat\\nRow, row, row your boat").text.count("boat")
    2

    Options: `min_weight`, the least length of such a line, in characters (dense scripts count double).
    """

    name: ClassVar[str] = "repeated_line"
    min_weight: int = 50

    def edits(self, document: Document) -> Iterator[Edit]:
        before = ""
        for index, weight in enumerate(document.weights):
            key = _NOT_WORD.sub("", document.folded[index]) if weight >= self.min_weight else ""
            if key and key == before:
                yield document.cut(index, self.name, "the same as the line before it")
            before = key
