"""The rule `news_ticker`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

import regex

from cleaner.dates import find_moment, is_clock
from cleaner.document import Edit
from cleaner.lines import Document
from cleaner.rules.labels import label_language

_CLOCK_START = regex.compile(
    r"^[\[(•\-– ]*(?:\p{Nd}{1,2}[./]\p{Nd}{1,2}[./]?(?:\p{Nd}{2,4})?,?\s+)?"
    r"(?P<clock>\p{Nd}{1,2}[:.h時시]\p{Nd}{2}(?:\s?[ap]\.?m\.?)?)[\])]?\s*[|:•\-–—]?\s+(?=\S)",
    regex.I,
)
_CLOCK_END = regex.compile(r"\s[|•\-–—]?\s*(?P<clock>\p{Nd}{1,2}[:.]\p{Nd}{2}(?:\s?[ap]\.?m\.?)?)$", regex.I)
_CLOCK = regex.compile(r"\p{Nd}\s?(?:[:.h時시]\s?\p{Nd}{2}|[ap]\.?m)", regex.I)
_DIGITS = regex.compile(r"\p{Nd}+")

LEAST_TEXT = 60
"""A ticker stands beside an article: the document has at least this much running text outside the run."""

TIME, DAY, LABEL, HEADLINE, ITEM, TEXT = "time", "day", "label", "headline", "item", "text"


@dataclass(frozen=True, slots=True)
class NewsTicker:
    """Runs of times and headlines: the site's other news, beside or below the article.

    Sees a time, a label ("Exclusive") and a headline each on a line of its own or together, days between them, 12- and
    24-hour clocks and "2 hours ago", with or without a heading. A run is a ticker where several times stand in it and they
    fall, as in a list of the latest news, or where labels, days or a heading say so.

    >>> import cleaner
    >>> article = (
    ...     "The bridge opens today, the mayor said on Monday at the town hall.\\n\\n"
    ...     "Cars may cross from noon, and lorries from next week on.\\n\\n"
    ... )
    >>> ticker = (
    ...     "20:05\\nStorm closes the old harbour for two days\\n19:40\\nOPINION\\n"
    ...     "Why the ferry should stay\\n18:15\\nMinister visits the northern islands\\n17:02\\n"
    ...     "Four hurt in crash on the coast road"
    ... )
    >>> cleaner.clean(article + ticker).text == article.strip()
    True

    Keeps timetables, programmes and live blogs, where times and text are the article:

    >>> plan = "09:00\\nDoors open\\n09:30\\nOpening words\\n10:15\\nFirst concert\\n12:00\\nLunch"
    >>> cleaner.clean(article + plan).text == article + plan
    True

    Options: `min_times`, the least number of times in a run.
    """

    name: ClassVar[str] = "news_ticker"
    min_times: int = 3

    def edits(self, document: Document) -> Iterator[Edit]:
        clocks = sum(_CLOCK.search(document.lines[index].text) is not None for index in document.digit_lines)
        if clocks < self.min_times and not any(label_language(document, self.name, i, "ago") for i in document.label_lines):
            return
        kinds = [self._kind(document, index) for index in range(len(document))]
        if sum(kind in (TIME, ITEM) for kind in kinds) < self.min_times:
            return
        running_text = _text_weight(document, kinds, 0, len(document) - 1)
        for first, last in _runs(kinds):
            elsewhere = running_text - _text_weight(document, kinds, first, last)
            reason = self._reason(document, kinds, first, last) if elsewhere >= LEAST_TEXT else None
            if reason:
                widened = self._widen(document, kinds, first, last)
                for index in range(widened[0], widened[1] + 1):
                    yield document.cut(index, self.name, reason)

    def _kind(self, document: Document, index: int) -> str:
        text = document.lines[index].text
        if len(text) > 250 or (len(text) > 40 and not (document.headlines[index] or document.digits[index])):
            return TEXT
        if len(text) <= 40:
            if document.labels[index] in document.lexicon.entries(f"{self.name}.label"):
                return LABEL
            if label_language(document, self.name, index, "ago"):
                return TIME
            if _DIGITS.search(text):
                if is_clock(text):
                    return TIME
                if _is_day(text):
                    return DAY
        if _DIGITS.match(text.lstrip("[(•-– ")) and _CLOCK_START.match(text) and document.headlines[index]:
            return ITEM
        if document.headlines[index]:
            return ITEM if text[-1].isdigit() and _CLOCK_END.search(text) else HEADLINE
        return TEXT

    def _reason(self, document: Document, kinds: list[str], first: int, last: int) -> str | None:
        run = range(first, last + 1)
        times = [index for index in run if kinds[index] in (TIME, ITEM)]
        heads = sorted(document.weights[index] for index in run if kinds[index] in (HEADLINE, ITEM))
        if len(times) < self.min_times or len(heads) * 2 < len(times) or heads[len(heads) // 2] < 22:
            return None
        falls = _falling([document.lines[index].text for index in times])
        marked = any(kinds[index] in (LABEL, DAY) for index in run) or self._heading_before(document, first)
        ago = any(label_language(document, self.name, index, "ago") for index in times)
        if not (falls or ago or (marked and len(times) >= self.min_times + 1)):
            return None
        return f"a run of {len(times)} times and headlines"

    def _heading_before(self, document: Document, first: int) -> bool:
        return first > 0 and self._is_heading(document, first - 1)

    def _is_heading(self, document: Document, index: int) -> bool:
        return bool(label_language(document, self.name, index, "heading") or label_language(document, "related_links", index, "heading"))

    def _widen(self, document: Document, kinds: list[str], first: int, last: int) -> tuple[int, int]:
        """Take in headings and days before the run, and a closing "More news" behind it."""
        if kinds[first] == kinds[last] == TIME and first > 0 and kinds[first - 1] == HEADLINE:
            first -= 1  # each time stands under its headline
        while first > 0 and (kinds[first - 1] in (DAY, LABEL) or self._is_heading(document, first - 1)):
            first -= 1
        while last + 1 < len(document) and (self._is_heading(document, last + 1) or label_language(document, "navigation", last + 1)):
            last += 1
        return first, last


def _is_day(text: str) -> bool:
    """Whether a short line is a day and nothing else: "24 November", "2024, Sunday"."""
    moment = find_moment(text)
    if moment:
        return not text[: moment.start].strip(" ,.|-") and not text[moment.end :].strip(" ,.|-г") and moment.time is None
    from cleaner.dates import is_weekday_line

    return is_weekday_line(text)


def _runs(kinds: list[str]) -> Iterator[tuple[int, int]]:
    """Stretches that start at a time, day or label and hold at most two headlines after each; text ends them."""
    first: int | None = None
    last = loose = 0
    for index, kind in enumerate((*kinds, TEXT)):
        loose = loose + 1 if kind == HEADLINE else 0
        if kind == TEXT or loose > 2:
            if first is not None and last > first:
                yield first, last
            first = None
        elif kind in (TIME, DAY, LABEL, ITEM) and first is None:
            # A list that gives each time after its headline starts with the headline.
            first = index
        if first is not None:
            last = index if kind != HEADLINE or _belongs(kinds, index) else last


def _belongs(kinds: list[str], index: int) -> bool:
    """Whether a headline has a time within the two lines before it, or right behind it."""
    around = kinds[max(0, index - 3) : index] + kinds[index + 1 : index + 2]
    return any(kind in (TIME, ITEM, LABEL) for kind in around)


def _text_weight(document: Document, kinds: list[str], first: int, last: int) -> int:
    """How much running text these lines hold."""
    return sum(document.weights[index] for index in range(first, last + 1) if kinds[index] == TEXT)


def _falling(times: list[str]) -> bool:
    """Whether clock times mostly fall, as the latest news do; a new day may begin anew."""
    minutes = []
    for text in times:
        match = _CLOCK_START.match(text) or _CLOCK_END.search(text)
        numbers = _DIGITS.findall(match["clock"] if match else text)
        if len(numbers) >= 2:
            late = 12 if "p" in (match["clock"] if match else text).lower() and int(numbers[0]) < 12 else 0
            minutes.append((int(numbers[0]) + late) * 60 + int(numbers[1]))
    steps = [later - earlier for earlier, later in pairwise(minutes)]
    return len(steps) >= 2 and sum(step <= 0 for step in steps) >= 0.7 * len(steps)
