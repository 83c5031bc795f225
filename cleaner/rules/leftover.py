"""The rule `leftover`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from cleaner.document import Edit
from cleaner.lines import BLOCKS, Document


@dataclass(frozen=True, slots=True)
class Leftover:
    """What stands between two pieces of chrome behind the body, or between the last piece and the end.

    A notice is often found by one of its sentences. Behind the last running text, a short line that follows removed chrome
    directly, with removed chrome or the end of the document behind it, goes too; and so does a longer one where both
    neighbours are parts of the same notice, or where it speaks of what a neighbour was about. Anywhere, a short line goes that
    is all that is left of a block of lines without a blank one between them, the rest of which was a notice; and a few words
    between two entries of a menu.

    >>> import cleaner
    >>> page = "Cars may cross from noon, the mayor said on Monday.\\n\\nWe use cookies.\\nThat is how it is\\nAccept all"
    >>> cleaner.clean(page).text
    'Cars may cross from noon, the mayor said on Monday.'

    Keeps the last lines of the body, whatever follows them:

    >>> cleaner.clean("Cars may cross from noon, the mayor said on Monday.\\n\\nA last verse\\n\\nWe use cookies.").text
    'Cars may cross from noon, the mayor said on Monday.\\n\\nA last verse'

    Options: `max_weight`, the length up to which a line is short, in characters (dense scripts count double); `most`, how
    many short lines in a row may go.
    """

    name: ClassVar[str] = "leftover"
    max_weight: int = 90
    most: int = 4

    def edits(self, document: Document) -> Iterator[Edit]:
        blanks = sum(line.after_blank for line in document.lines) * 2 > len(document)
        for first, last in _pieces(document):
            before, behind = document.gaps[first], document.gaps[last + 1]
            if self._between(document, first, last, before, behind):
                reason = f"between chrome: {before[-1]} before it, {behind[0] if behind else 'nothing'} behind"
            elif blanks and first == last and self._in_block(document, first):
                reason = "what is left of a notice's lines"
            else:
                continue
            for index in range(first, last + 1):
                yield document.cut(index, self.name, reason)

    def _between(self, document: Document, first: int, last: int, before: tuple[str, ...], behind: tuple[str, ...]) -> bool:
        if not before or not (behind or last == len(document) - 1):
            return False
        same = bool(behind) and before[-1] == behind[0] and before[-1] in BLOCKS
        short = all(self._is_short(document, index) for index in range(first, last + 1))
        if last - first < self.most and short:
            return same or document.in_tail(first) or self._in_menu(document, first, last)
        if first < last or not document.in_tail(first):
            return False
        return same or any(hit.rule in (before[-1], *behind[:1]) for hit in document.hits.get(first, ()))

    def _in_menu(self, document: Document, first: int, last: int) -> bool:
        """Whether a few words stand between two entries of a menu above the body, with no blank line around them."""
        menu = document.gaps[first][-1:] == document.gaps[last + 1][:1] == ("navigation",)
        joined = document.joined[first][0] and document.joined[last][1]
        return menu and joined and all(len(document.lines[index].text) <= 30 for index in range(first, last + 1))

    def _is_short(self, document: Document, index: int) -> bool:
        return document.weights[index] <= self.max_weight and not document.paragraphs[index]

    def _in_block(self, document: Document, index: int) -> bool:
        """Whether the lines around a short one, with no blank line between, were parts of a notice and are gone."""
        if not self._is_short(document, index):
            return False
        above, below = document.joined[index]
        open_above = index > 0 and not above and not document.lines[index].after_blank
        open_below = index + 1 < len(document) and not below and not document.lines[index + 1].after_blank
        notice = (above and document.gaps[index][-1] in BLOCKS) or (below and document.gaps[index + 1][0] in BLOCKS)
        return notice and not open_above and not open_below


def _pieces(document: Document) -> Iterator[tuple[int, int]]:
    """Runs of lines with nothing removed between them, where something was removed before or behind: first and last line."""
    first = 0
    for index in range(len(document)):
        if document.gaps[index + 1] or index == len(document) - 1:
            if document.gaps[first] or document.gaps[index + 1]:
                yield first, index
            first = index + 1
