"""The rule `title`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.document import Edit
from cleaner.lines import Document, ends_with_stop

_LIST_ITEM = regex.compile(r"^(?:[•·▪►*\-–—|#>]|\p{Nd}{1,3}[.)])\s")


@dataclass(frozen=True, slots=True)
class Title:
    """The headline above the body, moved to `title`.

    A text in which nothing else was chrome is clean already, and its first line is left where it is: no title is made up,
    and no heading is lost, however often a text is cleaned. Where two lines of chrome were found, or one and a date or name,
    the first line above running text is the title if it reads like one.

    >>> import cleaner
    >>> page = (
    ...     "Bridge opens after three years\\n\\nLast updated on May 3, 2023\\n\\n"
    ...     "Cars may cross from noon, the mayor said on Monday."
    ... )
    >>> cleaner.clean(page).metadata.title
    'Bridge opens after three years'

    Keeps the heading of a clean text, and first sentences:

    >>> cleaner.clean("How it began\\n\\nCars may cross from noon, the mayor said on Monday.").text
    'How it began\\n\\nCars may cross from noon, the mayor said on Monday.'

    Options: `max_weight`, the greatest length of a title in characters (dense scripts count double).
    """

    name: ClassVar[str] = "title"
    max_weight: int = 135

    def edits(self, document: Document) -> Iterator[Edit]:
        known = dict(document.found).get("title")
        dated = any(field in ("date", "modified", "author", "sitename") for field, _ in document.found)
        if len(document) < 2 or not (document.removed >= 2 or (document.removed and dated)):
            return
        if known:
            yield from self._again(document, known)
        elif self._reads_like_title(document, 0) and any(document.paragraphs[1:4]):
            title = document.lines[0].text
            yield document.cut(0, self.name, "the first line, above the body", [("title", title)])
            yield from (edit for edit in self._again(document, title, start=1))

    def _reads_like_title(self, document: Document, index: int) -> bool:
        text = document.lines[index].text
        return (
            8 <= document.weights[index] <= self.max_weight
            and not ends_with_stop(text)
            and not text.endswith((":", ";", ","))
            and not _LIST_ITEM.match(text)
            and (" " in text or not text.isascii())
        )

    def _again(self, document: Document, title: str, start: int = 0) -> Iterator[Edit]:
        """The known title where it stands again above the body, with or without the site's name behind it."""
        from cleaner.lexicon import fold

        wanted = fold(title).strip()
        for index in range(start, min(start + 4, len(document))):
            if document.folded[index] == wanted:
                yield document.cut(index, self.name, "the title again")
