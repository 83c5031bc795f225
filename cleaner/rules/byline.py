"""The rule `byline`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.document import Edit
from cleaner.lexicon import fold
from cleaner.lines import MARKS, Document
from cleaner.rules.moments import moment_of, only_noise
from cleaner.rules.names import people

_TAIL = regex.compile(r"\s*(?:[|•·–—]|\s-\s)\s*")
_AFTER_ROLE = regex.compile(r"[,|/(–—-]\s*")
_CASED = regex.compile(r"\p{Lu}")
_COLON = regex.compile(r"\s*[:：/|]\s*")
_HANDLE = regex.compile(r"(?:[\w.+-]{1,40}+)?@[\w.-]{2,60}+")
MAX_LINE = 140
HEAD = 12
"""A byline above the body stands within this many lines of the top."""


@dataclass(frozen=True, slots=True)
class Byline:
    """The line that names the author, moved to `author` (and `date` where it gives one).

    Sees "By Ana Lind", "Text: Ana Lind and Bo Ek", "Ana Lind, staff writer", and a name followed by a date, at the head of
    the document or behind its body; with the author's role or handle on the lines below.

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
        head = min(document.body_span[0], HEAD)
        done = -1
        for index in range(len(document)):
            if index <= done or not (index <= head or document.at_edge(index) or index == len(document) - 1):
                continue
            last, fields = self._find(document, index)
            if fields:
                yield document.cut(index, self.name, "names the author", fields)
                for beside in range(index + 1, self._extras_end(document, last) + 1):
                    yield document.cut(beside, self.name, "belongs to the author's name above")
                done = last

    def _find(self, document: Document, index: int) -> tuple[int, list[tuple[str, str]]]:
        """The metadata of a byline that starts here, and its last line: "Written by" may stand on a line of its own."""
        text = document.lines[index].text
        if len(text) > MAX_LINE:
            return index, []
        if index + 1 < len(document) and document.labels[index] in document.lexicon.entries("byline.prefix"):
            names = people(document.lines[index + 1].text, document.lexicon)
            if names:
                return index + 1, [("author", name) for name in names]
        fields = self._read(document, index)
        if not fields and document.removed and self._is_extra(document, index + 1):
            # A bare name, with its bearer's role or handle on the next line.
            fields = [("author", name) for name in people(text, document.lexicon)]
        return index, fields

    def _extras_end(self, document: Document, last: int) -> int:
        """The last of the lines below a name that tell of its bearer: a role, a handle, an address."""
        while self._is_extra(document, last + 1):
            last += 1
        return last

    def _is_extra(self, document: Document, index: int) -> bool:
        """Whether a line is a role ("science correspondent") or a handle and nothing else."""
        if index >= len(document):
            return False
        label, roles = document.labels[index], document.lexicon.entries("byline.role")
        words = label.split()
        known = label in roles or (2 <= len(words) <= 5 and (words[-1] in roles or words[0] in roles))
        return (known and not document.paragraphs[index]) or bool(_HANDLE.fullmatch(document.lines[index].text))

    def _read(self, document: Document, index: int) -> list[tuple[str, str]]:
        text = document.lines[index].text
        moment = moment_of(document, index)
        date = moment.iso if moment and only_noise(document, text[moment.end :]) else None
        who = text[: moment.start] if moment and date and len(text) == len(document.folded[index]) else text
        prefix = _prefix(document, who) if index in document.openings.get("byline.prefix", ()) else 0
        rest = who[prefix:].strip(" :|,-–—•·") if prefix else who.strip(" |,-–—•·")
        if not (prefix or _role(document, rest) or (date and _CASED.search(rest))):
            return []
        names = self._names(document, rest, certain=bool(prefix or date))
        return [("author", name) for name in names] + ([("date", date)] if names and date else [])

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
    folded = fold(text)
    if len(folded) != len(text):
        return 0
    bare = folded.lstrip(MARKS)
    prefix = document.lexicon.prefix("byline.prefix", bare)
    if prefix is None:
        return 0
    end = len(folded) - len(bare) + len(prefix)
    colon = _COLON.match(folded, end)
    if colon:
        return int(colon.end())
    following = folded[end : end + 1]
    return end if following == " " or (following and not following.isascii() and not prefix.isascii()) else 0


def _role(document: Document, text: str) -> tuple[int, int] | None:
    """Where a role such as "staff writer" stands behind a name, parted from it by a mark."""
    roles = document.lexicon.entries("byline.role")
    for match in _AFTER_ROLE.finditer(text):
        words = text[match.end() :].strip(" .)").lower().split()
        if len(words) > 8:
            continue
        # "Staff writer", "staff writer at the Gazette", "chief staff writer": the role opens or closes what follows.
        spans = [" ".join(words[:length]) for length in range(1, 5)] + [" ".join(words[-length:]) for length in range(2, 5)]
        if any(span in roles for span in spans):
            return match.start(), len(text)
    return None
