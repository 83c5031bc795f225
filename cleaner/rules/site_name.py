"""The rule `site_name`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

import regex

from cleaner.document import Edit
from cleaner.lines import Document, ends_with_stop
from cleaner.rules.labels import label_language

_TAGLINE = regex.compile(r"\s+[|–—]\s+|\s-\s")
_NOT_WORD = regex.compile(r"[^\p{L}\p{Nd}]+")


@dataclass(frozen=True, slots=True)
class SiteName:
    """The name of the site above the title, moved to `sitename`.

    The first line is the site's name where it is a few words, a longer line that reads like a title follows, and the
    document had other chrome; or where the address of the page says so.

    >>> import cleaner
    >>> page = (
    ...     "Lakeside Gazette\\n\\nBridge opens after three years of work\\n\\n14 April 2023\\n\\n"
    ...     "Cars may cross from noon, the mayor said on Monday."
    ... )
    >>> cleaner.clean(page).metadata.sitename
    'Lakeside Gazette'

    Keeps first lines of clean texts:

    >>> cleaner.clean("Lakeside\\n\\nCars may cross from noon, the mayor said on Monday.").text
    'Lakeside\\n\\nCars may cross from noon, the mayor said on Monday.'
    """

    name: ClassVar[str] = "site_name"

    def edits(self, document: Document) -> Iterator[Edit]:
        if len(document) < 3 or any(field in ("sitename", "title") for field, _ in document.found):
            return
        text = document.lines[0].text
        if label_language(document, "navigation", 0, "section") and document.removed:
            yield document.cut(0, self.name, "the name of the section")
        elif self._is_site(document, text) or (document.removed and self._above_title(document)):
            yield document.cut(0, self.name, "the line above the title", [("sitename", _TAGLINE.split(text)[0])])

    def _is_site(self, document: Document, text: str) -> bool:
        """Whether the page's host is this name written together: "Lakeside Gazette" on lakesidegazette.example."""
        host = urlsplit(document.url or "").hostname or ""
        key = _NOT_WORD.sub("", document.folded[0])
        return len(text) <= 40 and len(key) >= 4 and key in _NOT_WORD.sub("", host.removeprefix("www."))

    def _above_title(self, document: Document) -> bool:
        first, second = document.lines[0].text, document.lines[1].text
        name = _TAGLINE.split(first)[0]
        return (
            len(name.split()) <= 5
            and 3 <= len(name) <= 40
            and document.weights[0] <= 80
            and not ends_with_stop(first)
            and not first.endswith((":", ",", ";", "?", "!"))
            and document.weights[1] >= max(20, len(name))
            and document.headlines[1]
            and not document.paragraphs[1]
            and not document.paragraphs[0]
            and any(document.paragraphs[2:5])
            and second[:1].isalnum() | (not second.isascii())
        )
