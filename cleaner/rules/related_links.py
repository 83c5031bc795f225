"""The rule `related_links`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.document import Edit
from cleaner.lines import Document, ends_with_stop
from cleaner.rules.labels import label_language

_ORDINAL = regex.compile(r"\p{Nd}{1,2}[.)]?")
_ITEM_MARK = regex.compile(r"^(?:[•·▪►▶→»\-–*]|\p{Nd}{1,2}[.)])\s")

LEAST_RANKS = 3
"""A numbered list of headlines has at least this many."""


@dataclass(frozen=True, slots=True)
class RelatedLinks:
    """Links to other articles: "Read also", "More stories", "Most read" and the headlines below.

    Removes the heading and the lines under it that could be headlines, up to the next running text; numbered headlines
    behind the body ("most read"), their numbers on lines of their own; and, where the
    document had other chrome, single lines such as "Read also: Storm closes harbour".

    >>> import cleaner
    >>> page = (
    ...     "The bridge opens today, the mayor said.\\n\\nMore stories\\n\\nStorm closes the old harbour\\n"
    ...     "\\nCars may cross from noon, and lorries from next week on."
    ... )
    >>> cleaner.clean(page).text
    'The bridge opens today, the mayor said.\\n\\nCars may cross from noon, and lorries from next week on.'

    Keeps a heading of the article's own with its text, and sentences that begin with such words:

    >>> cleaner.clean("Related\\n\\nThe two languages share their grammar, and most of their words are alike.").text
    'Related\\n\\nThe two languages share their grammar, and most of their words are alike.'

    Options: `most`, how many headlines one heading may take with it between paragraphs; behind the last paragraph, all.
    """

    name: ClassVar[str] = "related_links"
    most: int = 12

    def edits(self, document: Document) -> Iterator[Edit]:
        taken = -1
        for index in range(len(document)):
            if index <= taken:
                continue
            if document.in_tail(index) and (last := _ranking_end(document, index)):
                for item in range(index, last + 1):
                    yield document.cut(item, self.name, "a numbered list of headlines behind the body")
                taken = last
                continue
            language = label_language(document, self.name, index, "heading")
            if language:
                last = self._list_end(document, index)
                if last > index or self._stands_alone(document, index):
                    for item in range(index, last + 1):
                        yield document.cut(item, self.name, f'under the heading "{document.lines[index].text}" ({language})')
                    taken = last
            elif document.removed and (reason := self._single(document, index)):
                yield document.cut(index, self.name, reason)

    def _list_end(self, document: Document, heading: int) -> int:
        """The last headline under a heading."""
        last_text = document.body_span[1]
        last = heading
        for index in range(heading + 1, len(document)):
            between = heading < last_text
            if between and index - heading > self.most:
                break
            if not (_ORDINAL.fullmatch(document.lines[index].text) or _is_headline(document, index)):
                break
            last = index
        few = 1 if " " in document.labels[heading] or not document.labels[heading].isascii() else 2
        return last if last - heading >= few else heading

    def _stands_alone(self, document: Document, index: int) -> bool:
        """A heading with nothing under it is chrome where it is the last line or says enough by itself."""
        label = document.labels[index]
        return index == len(document) - 1 or (" " in label and document.lines[index].text.rstrip().endswith(":"))

    def _single(self, document: Document, index: int) -> str | None:
        """A heading and its headline on one line, parted by a colon, bar or dash."""
        text = document.folded[index]
        if len(text) > 250 or ":" not in text[:60]:
            return None
        label, _, rest = text.partition(":")
        prefixes = document.lexicon.entries(f"{self.name}.prefix")
        key = label.strip(" -*•>»[(")
        if key not in prefixes or not rest.strip() or (ends_with_stop(rest) and len(rest) > 120):
            return None
        return f'"{key}:" and a headline ({prefixes[key]})'


def _ranking_end(document: Document, index: int) -> int:
    """The last line of a list "1, headline, 2, headline …" that starts here, each on a line of its own; 0 where none does."""
    rank = 1
    while index + 1 < len(document):
        if document.lines[index].text.rstrip(".)") != str(rank) or not _is_headline(document, index + 1):
            break
        index, rank = index + 2, rank + 1
    return index - 1 if rank > LEAST_RANKS else 0


def _is_headline(document: Document, index: int) -> bool:
    """Whether a line could be a headline in a list: some words, not a paragraph, no full stop at its end."""
    if document.lines[index].text.endswith((";", ":", ",", "；", "：")):
        return False  # the items of a list, or what leads to one
    return (
        document.headlines[index] and document.weights[index] <= 160 and not (document.paragraphs[index] and document.weights[index] > 120)
    )
