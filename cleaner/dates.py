"""Find dates and times as pages write them, in the languages of the lexicon, and give them as ISO 8601.

A line is read as tokens: numbers, names of months and weekdays (Unicode CLDR, see tools/make_calendar.py), marks of time.
Nothing is guessed from today's date: relative dates ("2 hours ago") and dates without a year have no ISO form here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import regex

from cleaner.lexicon.fold import fold

_TOKEN = regex.compile(
    r"(?P<iso>\p{Nd}{4}-\p{Nd}{2}-\p{Nd}{2}t\p{Nd}{2}:\p{Nd}{2}(?::\p{Nd}{2})?(?:\.\p{Nd}{1,9})?(?P<zone>z|[+-]\p{Nd}{2}:?\p{Nd}{2})?)"
    r"|(?P<han>\p{Nd}{4}\s?[年년]\s?\p{Nd}{1,2}\s?[月월]\s?\p{Nd}{1,2}\s?[日일])"
    r"|(?P<viet>\p{Nd}{1,2}\s+tháng\s+\p{Nd}{1,2},?\s+(?:năm\s+)?\p{Nd}{4})"
    r"|(?P<era>(?:令和|平成)(?:\p{Nd}{1,2}|元)年\p{Nd}{1,2}月\p{Nd}{1,2}日)"
    r"|(?P<numeric>(?<!\p{Nd}[./-])\p{Nd}{1,4}(?P<sep>\s?[./-]\s?)\p{Nd}{1,2}(?P=sep)\p{Nd}{2,4}(?![\p{Nd}]))"
    r"|(?P<time>(?:(?:오전|오후|上午|下午|午前|午後)\s?)?\p{Nd}{1,2}\s?(?:[:時时시点點]|[h.](?=\p{Nd}{2}(?!\p{Nd})))\s?\p{Nd}{2}"
    r"(?:[:分분]\s?\p{Nd}{2}(?!\p{Nd}))?[分분秒초]?"
    r"(?:\s?(?:am|pm|a\.m\.?|p\.m\.?|πμ|μμ|π\.μ\.?|μ\.μ\.?)(?![\p{L}]))?)"
    r"|(?P<hour>\p{Nd}{1,2}\s?(?:am|pm|a\.m\.?|p\.m\.?)(?![\p{L}]))"
    r"|(?P<number>\p{Nd}+)(?P<ordinal>(?:st|nd|rd|th|er|º|ª|η|-?го|-?ші|ni|a|an)(?![\p{L}]))?"
    r"|(?P<word>[\p{L}\p{M}]+(?:['-][\p{L}\p{M}]+)*)"
    r"|(?P<mark>[^\s\p{L}\p{Nd}\p{M}])"
)
# What every token but names and plain numbers holds: a digit beside a mark of dates or times, or before "am" and the like.
_SHAPE = regex.compile(
    r"\p{Nd}\s?(?:[:時时시点點]\s?\p{Nd}|[h.]\p{Nd}{2}(?!\p{Nd})|[./-]\s?\p{Nd}{1,2}\s?[./-]\s?\p{Nd}|[年년]|[ap]\.?m)|元年|tháng"
)
_LETTERS = regex.compile(r"[\p{L}\p{M}]+")
_DIGITS = regex.compile(r"\p{Nd}+")
_LATE = ("pm", "p.m", "μμ", "μ.μ", "오후", "下午", "午後")
_EARLY = ("am", "a.m", "πμ", "π.μ", "오전", "上午", "午前")
_ERAS = {"令和": 2018, "平成": 1988}
_BUDDHIST = 543
MAX_LINE = 300
"""Longer lines are not searched for dates, in characters."""


class Moment(NamedTuple):
    """A date or time found in a line.

    start, end  where, in the folded line
    date        "2023-04-21", or None where only a time or a part of a date is given
    time        "07:45:00", with the zone where the page gives its offset, or None
    """

    start: int
    end: int
    date: str | None
    time: str | None

    @property
    def iso(self) -> str | None:
        """ISO 8601 with as much precision as the page gives; None without a full date."""
        return f"{self.date}T{self.time}" if self.date and self.time else self.date


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def find_moment(line: str, language: str | None = None, noise: frozenset[str] = frozenset(), folded: bool = False) -> Moment | None:
    """Find the first date in a line, or the first time where it has no date; None where it has neither.

    line      the line, as it stands or folded
    language  BCP-47 code: decides 04/05/2023 (month first in English) and names that two languages share
    noise     words that may stand inside a date ("at", "of", "kl", "uhr", "г")
    folded    whether the line is folded already

    >>> find_moment("Fri, 04/21/2023 - 07:45", "en").iso
    '2023-04-21T07:45:00'
    >>> find_moment("14 апреля 2023 г.", "ru", frozenset("г")).iso
    '2023-04-14'
    >>> find_moment("nothing here") is None
    True
    """
    text = line if folded else fold(line)
    if len(text) > MAX_LINE or not _DIGITS.search(text) or not _may_hold_moment(text):
        return None
    moments = [moment for run in _runs(text, noise) if (moment := _interpret(run, language))]
    return next((moment for moment in moments if moment.date), moments[0] if moments else None)


def is_clock(text: str) -> bool:
    """Whether a text is a time of day and nothing else.

    >>> [is_clock(t) for t in ("20:05", "8.05 pm", "14h30", "20:05 Storm", "2023")]
    [True, True, True, False, False]
    """
    match = _TOKEN.fullmatch(fold(text).strip())
    return match is not None and match.lastgroup in {"time", "hour"} and _clock(match[0]) is not None


def _may_hold_moment(folded: str) -> bool:
    """A cheap look: a date or time has more than numbers and weekdays."""
    return _SHAPE.search(folded) is not None or not _month_starts().isdisjoint(_LETTERS.findall(folded))


@cache
def _month_starts() -> frozenset[str]:
    """The first letters in a row of every month's name: hyphens may also stand before it."""
    months, _ = _calendar()
    return frozenset(match[0] for name in months if (match := _LETTERS.search(name)))


@cache
def _calendar() -> tuple[dict[str, dict[int, list[str]]], frozenset[str]]:
    table = json.loads((files("cleaner.lexicon") / "calendar.json").read_text(encoding="utf-8"))
    months = {name: {int(number): languages for number, languages in numbers.items()} for name, numbers in table["months"].items()}
    return months, frozenset(table["weekdays"])


def _runs(folded: str, noise: frozenset[str]) -> Iterator[list[_Token]]:
    """Unbroken runs of tokens that may belong to a date."""
    months, weekdays = _calendar()
    run: list[_Token] = []
    for match in _TOKEN.finditer(folded):
        kind, text = str(match.lastgroup), match[0]
        if match["number"]:
            kind, text = "number", match["number"]
        elif kind in {"zone", "sep"}:
            kind = "iso" if match["iso"] else "numeric"
        elif kind == "word":
            kind = (
                "month"
                if text in months
                else "weekday"
                if text in weekdays or text.split("-")[0] in weekdays
                else "noise"
                if text in noise
                else ""
            )
        if kind:
            run.append(_Token(kind, text, match.start(), match.end()))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _interpret(run: list[_Token], language: str | None) -> Moment | None:
    """Read one run as a date, a time or both."""
    telling = [token for token in run if token.kind not in {"mark", "noise"}]
    if not any(token.kind not in {"number", "weekday"} for token in telling):
        return None
    date = time = None
    for token in telling:
        if token.kind == "iso":
            date, time = _iso(token.text)
        elif token.kind in {"han", "viet", "era", "numeric"}:
            date = date or _numeric(token, language)
        elif token.kind in {"time", "hour"}:
            time = time or _clock(token.text)
    date = date or _spelt(telling, language)
    if date is None and time is None and not any(token.kind == "month" for token in telling):
        return None
    return Moment(telling[0].start, telling[-1].end, date, time)


def _iso(text: str) -> tuple[str | None, str | None]:
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return None, None
    return moment.date().isoformat(), moment.timetz().isoformat(timespec="seconds")


def _numeric(token: _Token, language: str | None) -> str | None:
    first, second, third = (int(digits) for digits in _DIGITS.findall(token.text.replace("元", "1"))[:3])
    if token.kind == "era":
        return _date(first + _ERAS[token.text[:2]], second, third)
    if first > 31:
        return _date(first, second, third)
    if third < 100 and len(_DIGITS.findall(token.text)[2]) == 2:
        third += 2000 if third < 70 else 1900
    month_first = second > 12 or (first <= 12 and language == "en" and "/" in token.text)
    return _date(third, first, second) if month_first else _date(third, second, first)


def _spelt(tokens: list[_Token], language: str | None) -> str | None:
    """A date with its month as a word: the four-digit number is the year, the other the day, in either order."""
    months, _ = _calendar()
    names = [token.text for token in tokens if token.kind == "month"]
    numbers = [int(token.text) for token in tokens if token.kind == "number" and len(token.text) <= 4]
    years = [number for number in numbers if 1800 <= number <= 2700]
    days = [number for number in numbers if 1 <= number <= 31]
    if not names or not years or not days:
        return None
    by_number = months[names[0]]
    month = next((number for number, languages in by_number.items() if language in languages), next(iter(by_number)))
    return _date(years[0], month, days[0])


def _date(year: int, month: int, day: int) -> str | None:
    if 2400 < year < 2700:
        year -= _BUDDHIST
    try:
        return datetime(year, month, day).date().isoformat() if 1800 <= year <= 2200 else None
    except ValueError:
        return None


def _clock(text: str) -> str | None:
    numbers = [int(digits) for digits in _DIGITS.findall(text)]
    hour, minute, second = (*numbers, 0, 0)[:3]
    if any(mark in text for mark in _LATE) and hour < 12:
        hour += 12
    elif any(mark in text for mark in _EARLY) and hour == 12:
        hour = 0
    return f"{hour:02}:{minute:02}:{second:02}" if hour < 24 and minute < 60 and second < 60 else None


def is_weekday_line(text: str) -> bool:
    """Whether a line is a weekday with numbers at most: "2024, Sunday".

    >>> is_weekday_line("2024, Sunday"), is_weekday_line("Sunday roast")
    (True, False)
    """
    if len(text) > MAX_LINE:
        return False
    _, weekdays = _calendar()
    words = [match[0] for match in _TOKEN.finditer(fold(text)) if match.lastgroup == "word"]
    return bool(words) and all(word in weekdays for word in words)
