"""The rule `byline`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.dates import find_moment
from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.moments import language_of, noise_words
from cleaner.rules.names import people

_TAIL = regex.compile(r"\s*(?:[|•·–—]|\s-\s)\s*")
_AFTER_ROLE = regex.compile(r"[,|/(–—-]\s*")
MAX_LINE = 140


@dataclass(frozen=True, slots=True)
class Byline:
    """The line that names the author, moved to `author` (and `date` where it gives one).

    Sees "By Ana Lind", "Text: Ana Lind and Bo Ek", "Ana Lind, staff writer", and a name followed by a date, at the head of
    the document or behind its body.

    >>> import cleaner
    >>> result = cleaner.clean("By Ana Lind\\n\\nThe bridge opens today, the mayor said on Monday.")
    >>> result.text, result.metadata.author
    ('The bridge opens today, the mayor said on Monday.', ('Ana Lind',))
    >>> cleaner.clean("The bridge opens today, the mayor said.\\n\\nAna Lind Fri, 04/21/2023 - 07:45").metadata.date
    '2023-04-21T07:45:00'

    Keeps sentences that begin with such words and names inside the text:

    >>> cleaner.clean("By Monday, the water had fallen.").text
    'By Monday, the water had fallen.'
    """

    name: ClassVar[str] = "byline"

    def edits(self, document: Document) -> Iterator[Edit]:
        head = min(document.body_span[0], 12)
        for index in range(len(document)):
            if len(document.lines[index].text) > MAX_LINE or not (index <= head or document.at_edge(index)):
                continue
            fields = self._read(document, index)
            if fields:
                yield document.cut(index, self.name, "names the author", fields)

    def _read(self, document: Document, index: int) -> list[tuple[str, str]]:
        text = document.lines[index].text
        moment = find_moment(text, language_of(document), noise_words(document))
        date = moment.iso if moment else None
        who = text[: moment.start] if moment and date and len(text) == len(document.folded[index]) else text
        prefix = _prefix(document, who)
        rest = who[prefix:].strip(" :|,-–—•·") if prefix else who.strip(" |,-–—•·")
        names = self._names(document, rest, certain=bool(prefix or date))
        if not names or not (prefix or date or _role(document, rest)):
            return []
        return [("author", name) for name in names] + ([("date", date)] if date else [])

    def _names(self, document: Document, rest: str, certain: bool) -> tuple[str, ...]:
        """The names at the start of what follows the prefix, a role or an outlet behind them left off."""
        if not rest:
            return ()
        if names := people(rest, document.lexicon):
            return () if not certain and len(names) == 1 and len(rest.split()) > 4 else names
        if role := _role(document, rest):
            return people(rest[: role[0]], document.lexicon) or people(rest[role[1] :], document.lexicon)
        first = _TAIL.split(rest)[0]
        return people(first, document.lexicon) if certain and first != rest else ()


def _prefix(document: Document, text: str) -> int:
    """Where what follows "By", "Text:", "Author" begins; 0 where the line does not start so."""
    from cleaner.lexicon import fold

    folded = fold(text)
    if len(folded) != len(text):
        return 0
    lead = len(folded) - len(folded.lstrip(" •|-—–*("))
    match = document.lexicon.prefixes["byline.prefix"].match(folded, lead)
    if not match:
        return 0
    following = folded[match.end() : match.end() + 1]
    colon = regex.match(r"\s*[:：/|]\s*", folded[match.end() :])
    if colon:
        return match.end() + colon.end()
    return match.end() if following == " " or (following and not following.isascii() and not match[0].isascii()) else 0


def _role(document: Document, text: str) -> tuple[int, int] | None:
    """Where a role such as "staff writer" stands at either end of a line, parted from the name by a mark."""
    roles = document.lexicon.entries("byline.role")
    for match in _AFTER_ROLE.finditer(text):
        tail = text[match.end() :].strip(" .)").lower()
        if tail in roles or any(tail.startswith(role + " ") or tail.endswith(" " + role) for role in _long(roles)):
            return match.start(), len(text)
    return None


def _long(roles: dict[str, str]) -> list[str]:
    return [role for role in roles if len(role) > 5]
