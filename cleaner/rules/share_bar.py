"""The rule `share_bar`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from cleaner.document import Edit
from cleaner.lexicon import Lexicon
from cleaner.lines import Document
from cleaner.rules.labels import label_language, says_enough, tiles
from cleaner.rules.notices import find_notices

NEAR = 2
_MONEY = frozenset("$€£¥₽₹%")
MOST_WORDS = 16
NETWORKS = ("share_bar.name",)
ROW = ("share_bar.name", "share_bar.line", "share_bar.prefix")


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
        sure: dict[int, str] = dict(find_notices(document, self.name))
        names: list[int] = []
        for index, label in enumerate(document.labels):
            if not label or index in sure or label.count(" ") > MOST_WORDS or not _MONEY.isdisjoint(label):
                continue
            if reason := self._asks_to_share(document, index):
                sure[index] = reason
            elif tiles(document, index, NETWORKS) or label_language(document, self.name, index):
                names.append(index)
        sure.update(self._rows(document, names, sure))
        for index in sorted(sure):
            yield document.cut(index, self.name, sure[index])

    def _asks_to_share(self, document: Document, index: int) -> str | None:
        label = document.labels[index]
        language = label_language(document, self.name, index)
        if language and says_enough(label):
            return f'the label "{label}" ({language})'
        prefix = document.lexicon.prefix(f"{self.name}.prefix", label)
        if prefix and _names_networks(document, label[len(prefix) :].strip(" :-")):
            return f'"{prefix}" and names of networks'
        networks = document.lexicon.entries("share_bar.name")
        row = document.rows[index]
        if row and tiles(document, index, ROW) >= self.row and any(piece in networks for piece in row):
            return "a row of share buttons"
        return "a network and words of sharing" if _shares_on(document, label) else None

    def _rows(self, document: Document, names: list[int], sure: dict[int, str]) -> dict[int, str]:
        """Single names and labels beside something sure, or in rows of their own."""
        rows: dict[int, str] = {}
        run: list[int] = []
        known = set(sure)
        for index in (*names, *reversed(names)):
            if any(index + step in known for step in range(-NEAR, NEAR + 1)):
                known.add(index)
        for index in sorted({*names, *sure}):
            if not run or index - run[-1] > 1:
                run = []
            run.append(index)
            if len(run) >= self.row:
                known.update(run)
                del run[: -self.row]  # these are taken; what follows still belongs to the row
        for index in names:
            if index in known:
                rows[index] = f'"{document.labels[index]}" in a row of share buttons'
        return rows


def _shares_on(document: Document, label: str) -> bool:
    """Whether a line is a network's name and nothing but words that share buttons are made of: "Auf X teilen"."""
    networks, vocabulary = document.lexicon.entries("share_bar.name"), _vocabulary(document.lexicon)
    named = others = spelt = 0
    for part in label.split():
        word = part.strip(".:,()!")
        if word in networks:
            named += 1
        elif word in vocabulary:
            others += 1
            spelt += word[0].isalpha()
        elif word:
            return False  # as nearly every line does at once
    return bool(named and spelt and named + others <= 8)


@cache
def _vocabulary(lexicon: Lexicon) -> frozenset[str]:
    phrases = (*lexicon.entries("share_bar.line"), *lexicon.entries("share_bar.prefix"))
    return frozenset(word for phrase in phrases for word in phrase.split())


def _names_networks(document: Document, text: str) -> bool:
    """Whether a text names networks and nothing else."""
    networks = document.lexicon.entries("share_bar.name")
    return text in networks or all(word.strip(",/|&·") in networks or not any(map(str.isalnum, word)) for word in text.split())
