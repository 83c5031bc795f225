"""The rule `legal_footer`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.notices import find_notices

_COPYRIGHT = regex.compile(r"(?:copyright\s*)?(?:©|\(c\)|copyright)\s*(?:\p{L}+\s*){0,3}\p{Nd}{4}\b", regex.I)
_YEAR = regex.compile(r"©\s*(?:\p{L}+\s*){0,4}\p{Nd}{4}|\p{Nd}{4}\s*©")
MAX_COPYRIGHT = 250


@dataclass(frozen=True, slots=True)
class LegalFooter:
    """Imprint, copyright, terms, editors and publishers at a page's ends.

    Removes lines made up of such matters before the first and after the last running text; between paragraphs only lines
    that are nothing else.

    >>> import cleaner
    >>> page = (
    ...     "The bridge opens today, and the first car is already waiting.\\n\\n"
    ...     "© 2024 The Gazette. All rights reserved.\\nPrivacy policy"
    ... )
    >>> cleaner.clean(page).text
    'The bridge opens today, and the first car is already waiting.'

    Keeps prose about law:

    >>> cleaner.clean("The company changed its privacy policy after the court ruled against it.").text
    'The company changed its privacy policy after the court ruled against it.'

    Options: `min_share`, the share of a line that must be of this kind, 0 to 1.
    """

    name: ClassVar[str] = "legal_footer"
    min_share: float = 0.35

    def edits(self, document: Document) -> Iterator[Edit]:
        found = dict(find_notices(document, self.name, self.min_share, edge_only=True, min_coverage=0.25))
        for index, line in enumerate(document.lines if _may_hold_copyright(document) else ()):
            known = document.removed or document.at_edge(index)
            if known and len(line.text) <= MAX_COPYRIGHT and (_COPYRIGHT.match(line.text) or _YEAR.search(line.text)):
                found.setdefault(index, "a copyright line")
        for index in sorted(found):
            yield document.cut(index, self.name, found[index])


def _may_hold_copyright(document: Document) -> bool:
    """Whether any line holds what copyright lines have: most documents have none."""
    return any(mark in document.text for mark in ("©", "(c)", "copyright"))
