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
        for index in range(1, len(document)):
            if document.weights[index] >= self.min_weight:
                line, before = document.folded[index], document.folded[index - 1]
                # A look at two short stretches spares most lines the comparison of their letters.
                alike = line[2:12] == before[2:12] or line[-12:-2] == before[-12:-2]
                if alike and _NOT_WORD.sub("", line) == _NOT_WORD.sub("", before):
                    yield document.cut(index, self.name, "the same as the line before it")
