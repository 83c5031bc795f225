"""The rule `share_bar`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.notices import label_language, says_enough

_PARTS = regex.compile(r"\s*(?:[|/,·•&+]|\s{2,})\s*|\s+")
NEAR = 2


@dataclass(frozen=True, slots=True)
class ShareBar:
    """Buttons to share, save, print or listen to the article.

    Removes lines that name networks after words of sharing, labels of such buttons, and rows of network names.

    >>> import cleaner
    >>> cleaner.clean("The bridge opens today.\\n\\nShare on Facebook\\nTweet\\nWhatsApp\\nCopy link").text
    'The bridge opens today.'

    Keeps prose about networks, and a name that stands alone among text:

    >>> cleaner.clean("Facebook\\n\\nThe company said on Monday that it would close its office in the city.").text
    'Facebook\\n\\nThe company said on Monday that it would close its office in the city.'

    Options: `row`, how many network names in a row are a bar without any word of sharing.
    """

    name: ClassVar[str] = "share_bar"
    row: int = 3

    def edits(self, document: Document) -> Iterator[Edit]:
        sure: dict[int, str] = {}
        names: list[int] = []
        for index, label in enumerate(document.labels):
            if not label:
                continue
            if reason := self._asks_to_share(document, index):
                sure[index] = reason
            elif _names_in(document, label) or label_language(document, self.name, index):
                names.append(index)
        sure.update(self._rows(document, names, sure))
        for index in sorted(sure):
            yield document.cut(index, self.name, sure[index])

    def _asks_to_share(self, document: Document, index: int) -> str | None:
        label = document.labels[index]
        language = label_language(document, self.name, index)
        if language and says_enough(label):
            return f'the label "{label}" ({language})'
        match = document.lexicon.prefixes[f"{self.name}.prefix"].match(label)
        if match and match.end() < len(label) and _names_in(document, label[match.end() :].strip(" :-")):
            return f'"{match[0]}" and names of networks'
        return "a row of network names" if _names_in(document, label) >= self.row else None

    def _rows(self, document: Document, names: list[int], sure: dict[int, str]) -> dict[int, str]:
        """Single names and labels beside something sure, or in rows of their own."""
        rows: dict[int, str] = {}
        run: list[int] = []
        known = set(sure)
        for index in (*names, *reversed(names)):
            if any(index + step in known for step in range(-NEAR, NEAR + 1)):
                known.add(index)
        for index in sorted({*names, *sure}):
            run = [*run, index] if run and index - run[-1] <= 1 else [index]
            if len(run) >= self.row:
                known.update(run)
        for index in names:
            if index in known:
                rows[index] = f'"{document.labels[index]}" in a row of share buttons'
        return rows


def _names_in(document: Document, text: str) -> int:
    """How many networks a text names, if it names nothing else; 0 otherwise."""
    networks = document.lexicon.entries("share_bar.name")
    if text in networks:
        return 1
    words = [word for word in _PARTS.split(text) if word]
    return len(words) if 2 <= len(words) <= 12 and all(word in networks for word in words) else 0
