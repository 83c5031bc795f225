"""When a page says that it was published and changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache

from cleaner.dates import find_moment
from cleaner.lexicon import load

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\s?(\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d{1,9})?\s?(Z|[+-]\d{2}:?\d{2})?)?", re.I)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}:?\d{2})?$")
_SLASHED = re.compile(r"((?:19|20)\d{2})[/.](\d{1,2})[/.](\d{1,2})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
_STAMP = re.compile(r"1\d{9}(?:\d{3})?$")
_PATH = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=[/_.-]|$)|[/_-]((?:20)\d{2})(\d{2})(\d{2})(?=[/_.-]|$)")
FIRST_YEAR = 1990
"""The web holds nothing older: an earlier date is an empty field or the article's subject."""


def iso_date(value: str, language: str | None = None) -> str | None:
    """A date as ISO 8601 with as much precision as it has; local times stay local.

    >>> iso_date("2023-04-14T00:23:00.000+0200"), iso_date("20230414"), iso_date("14 April 2023"), iso_date("soon")
    ('2023-04-14T00:23:00+02:00', '2023-04-14', '2023-04-14', None)
    """
    value = value.strip()[:120]
    for pattern in (_ISO, _COMPACT, _SLASHED):
        if match := pattern.match(value):
            return _built(match.groups())
    if _STAMP.match(value):
        return _sound(datetime.fromtimestamp(int(value[:10]), UTC).isoformat())
    moment = find_moment(value, language, _noise())
    return _sound(moment.iso) if moment and moment.iso else None


@cache
def _noise() -> frozenset[str]:
    """Words that may stand inside a date: "at", "Uhr", "г"."""
    return frozenset(load().entries("dateline.name"))


def path_date(url: str) -> str | None:
    """The day that an address names: /2023/04/14/ or -20230414-.

    >>> path_date("https://lakeside.example/2023/04/14/bridge"), path_date("https://lakeside.example/bridge")
    ('2023-04-14', None)
    """
    match = _PATH.search(url[:1000])
    if match is None:
        return None
    return _built([part for part in match.groups() if part])


def _built(groups: Iterable[str | None]) -> str | None:
    year, month, day, *clock = (*groups, None, None, None, None)
    text = f"{year}-{int(month or 0):02}-{int(day or 0):02}"
    hour, minute, second, zone = clock[:4]
    if hour is not None:
        text += f"T{int(hour):02}:{minute}:{second or '00'}{(zone or '').upper()}"
    return _sound(text) or _sound(text[:10])


def _sound(text: str) -> str | None:
    try:
        if len(text) == 10:
            moment: date = date.fromisoformat(text)
        else:
            moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.isoformat() if FIRST_YEAR <= moment.year <= 2100 else None
