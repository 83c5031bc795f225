"""The rule `navigation`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import regex

from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.labels import label_language, says_enough, tiles

_CRUMB = regex.compile(r"\s*[>»›→|]\s*|\s+/\s+")
_CRUMB_MARK = regex.compile(r"[>»›→|]|\s/\s")
_CRUMB_MARKS = ">»›→|/"
_PAGES = regex.compile(r"(?:\p{Nd}{1,3}\s+){3,}\p{Nd}{1,3}|(?:\p{Nd}{1,3}\s+){2,}(?:…|\.\.\.)\s*\p{Nd}{1,4}")
GROUPS = (
    ("navigation", "line"),
    ("navigation", "section"),
    ("legal_footer", "line"),
    ("share_bar", "line"),
    ("subscription_prompt", "line"),
    ("newsletter_prompt", "line"),
    ("news_ticker", "heading"),
)
SECTIONS = tuple(f"{rule}.{group}" for rule, group in GROUPS)


@dataclass(frozen=True, slots=True)
class Navigation:
    """Menus, breadcrumbs, page numbers and lines such as "Skip to content".

    Removes runs of lines that are names of sections and buttons, such lines at either end of the page, and breadcrumb
    trails that start at home.

    >>> import cleaner
    >>> page = "Skip to content\\nHome\\nNews\\nSport\\nContact\\n\\nCars may cross from noon, the mayor said on Monday.\\n\\nBack to top"
    >>> cleaner.clean(page).text
    'Cars may cross from noon, the mayor said on Monday.'

    Keeps headings between paragraphs, and lists of other things:

    >>> text = "The mayor spoke of three fields on Monday, at length.\\n\\nEconomy\\n\\nThe harbour will grow by a third, he said."
    >>> cleaner.clean(text).text == text
    True

    Options: `row`, how many labels in a row are a menu.
    """

    name: ClassVar[str] = "navigation"
    row: int = 3

    def edits(self, document: Document) -> Iterator[Edit]:
        labels: dict[int, str] = {}
        trails = any(mark in document.text for mark in _CRUMB_MARKS)
        for index, label in enumerate(document.labels):
            if not label:
                continue
            reason = _label(document, index) if document.known_labels[index] else None
            if not reason and (trails or document.rows[index] or document.folded[index][0].isdigit()):
                reason = _trail(document, index)
            if reason:
                labels[index] = reason
        for index in sorted(self._sure(document, labels)):
            yield document.cut(index, self.name, labels[index])

    def _sure(self, document: Document, labels: dict[int, str]) -> set[int]:
        sure: set[int] = set()
        run: list[int] = []
        for index in sorted(labels):
            own = label_language(document, self.name, index)
            alone = own and says_enough(document.labels[index])
            first_or_last = index in (0, len(document) - 1)
            if labels[index].startswith(("a trail", "a row")) or (document.at_edge(index) and (alone or (own and first_or_last))):
                sure.add(index)
            if not run or index - run[-1] > 1:
                run = []
            run.append(index)
            if len(run) >= self.row and (document.at_edge(index) or len(run) >= self.row + 2):
                sure.update(run)
                del run[: -self.row - 2]  # these are taken; what follows still belongs to the row
        return sure


def _label(document: Document, index: int) -> str | None:
    for rule, group in GROUPS:
        if language := label_language(document, rule, index, group):
            return f'the label "{document.labels[index]}" ({language})'
    return None


def _trail(document: Document, index: int) -> str | None:
    """A breadcrumb trail from home, a row of labels on one line, or a row of page numbers."""
    text = document.folded[index]
    if len(document.rows[index]) < 3 and not _CRUMB_MARK.search(text) and not text[0].isdigit():
        return None
    if _PAGES.fullmatch(document.lines[index].text):
        return "a trail of page numbers"
    # Words parted by nothing but spaces make a sentence more easily than a menu: more of them are asked for.
    if tiles(document, index, SECTIONS) >= (3 if _CRUMB_MARK.search(text) or "·" in text or "•" in text else 5):
        return "a row of section names"
    parts = [part.strip() for part in _CRUMB.split(text) if part.strip()]
    if len(parts) < 2:
        return None
    home = document.lexicon.line("navigation.line", parts[0]) and any(mark in text for mark in (">", "»", "›", "→", " / "))
    deep = document.removed and sum(text.count(mark) for mark in ">»›→") >= 2 and document.at_edge(index) and max(map(len, parts)) <= 60
    if (home and len(text) <= 120) or deep or _mostly_labels(document, parts):
        return "a trail of section names"
    return None


def _mostly_labels(document: Document, parts: list[str]) -> bool:
    """Whether a line's parts, told apart by marks, are short and most of them known."""
    known = sum(any(document.lexicon.line(section, part) for section in SECTIONS) for part in parts)
    return len(parts) >= 3 and known >= 0.6 * len(parts) and all(len(part) <= 40 for part in parts)
