"""Values from pages: one line, bounded, and keys to compare them by."""

from __future__ import annotations

import html as entities
import re
from functools import lru_cache

MAX_VALUE = 1_000
"""Longer values are cut there, in characters."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,30}\d?);", re.I)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}+>")
_NOT_WORD = re.compile(r"[\W_]+")


def shown(text: str | None, most: int = MAX_VALUE) -> str:
    """Text of the tree as one line without control characters.

    >>> shown(" The <table>   element¶")
    'The <table> element'
    """
    return " ".join(_CONTROL.sub(" ", (text or "")[: 8 * most]).split())[:most].rstrip(" ¶")


def one_line(value: object, most: int = MAX_VALUE) -> str:
    """A value as one line of text without control characters, tags and twice escaped entities.

    >>> one_line(" Bridge&amp;amp; <b>lake</b>\\n---\\x00 "), one_line(None)
    ('Bridge& lake ---', '')
    """
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return ""
    text = str(value)[: 8 * most]
    for _ in range(3):
        if not _ENTITY.search(text):
            break
        text = entities.unescape(text)
    if "<" in text:
        text = _TAG.sub(" ", text)
    return " ".join(_CONTROL.sub(" ", text).split())[:most].strip()


@lru_cache(4096)
def key(text: str) -> str:
    """What two spellings of one title or name have in common: letters and digits, case folded."""
    return _NOT_WORD.sub("", text.casefold())
