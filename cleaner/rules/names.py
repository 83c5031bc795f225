"""Names of people on a line: told by their shape, for no list of names is long enough."""

from __future__ import annotations

from functools import cache

import regex

from cleaner.lexicon import Lexicon
from cleaner.lines import dense

_WORD = r"(?:[\p{Lu}\p{Lt}][\p{L}\p{M}'’.-]*+|\p{Lu}\.)"
_PARTICLE = r"(?:de|da|do|dos|das|del|della|di|du|van|von|der|den|ter|ten|zu|zum|af|av|el|al|bin|ibn|ben|la|le|los|y|e|st\.)"
_NAME = regex.compile(rf"(?:{_WORD})(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_WORD}){{1,4}}")
_CAPITALS = regex.compile(r"\p{Lu}{2,}+(?:[\s-]\p{Lu}{2,}+){1,3}")
_LETTERS_ONLY = regex.compile(r"[\p{L}\p{M}\s.·・'’-]{2,40}")
_CASED = regex.compile(r"[\p{Lu}\p{Ll}]")
MOST = 8
"""More names than this on one line are a list of something else."""


def people(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    """The names on a line that holds nothing else; empty where it holds anything else.

    >>> from cleaner.lexicon import load
    >>> people("Alex Ward and Lara Seligman", load()), people("Weather for Monday", load())
    (('Alex Ward', 'Lara Seligman'), ())
    """
    parts = [part.strip(" .") for part in _separators(lexicon).split(text.strip(" .,:;()[]|-–—【】（）［］"))]
    parts = [part for part in parts if part]
    if not 1 <= len(parts) <= MOST or not all(_is_name(part) for part in parts):
        return ()
    return tuple(dict.fromkeys(parts))


def _is_name(text: str) -> bool:
    if len(text) > 60:
        return False
    if _NAME.fullmatch(text) or _CAPITALS.fullmatch(text):
        return True
    # Scripts without capitals: a short run of letters is all that can be asked for.
    limit = 8 if dense(text) else 30
    return not _CASED.search(text) and len(text) <= limit and bool(_LETTERS_ONLY.fullmatch(text))


@cache
def _separators(lexicon: Lexicon) -> regex.Pattern[str]:
    words = "|".join(map(regex.escape, sorted(lexicon.entries("byline.name"), key=len, reverse=True)))
    # White space is entered at its start only and never given back: a line that holds little else takes linear time.
    return regex.compile(rf"(?:(?<!\s)\s++)?[,;/&|•、，；]\s*+(?:(?:{words})\s++)?|(?<!\s)\s++(?:{words})\s++")
