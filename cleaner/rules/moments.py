"""What the rules that read dates share: the document's language and the words that may stand inside a date."""

from __future__ import annotations

from functools import cache

from cleaner.dates import Moment, find_moment
from cleaner.language import detect_language
from cleaner.lexicon import Lexicon
from cleaner.lines import Document, ends_with_stop

MAX_DATE_LINE = 120
"""Longer lines say more than when, in characters."""


def noise_words(document: Document) -> frozenset[str]:
    """Words that may stand inside a date: "at", "Uhr", "г"."""
    return _noise(document.lexicon)


@cache
def _noise(lexicon: Lexicon) -> frozenset[str]:
    return frozenset(lexicon.entries("dateline.name"))


def language_of(document: Document) -> str | None:
    """The language of the document, found once."""
    if "language" not in document.__dict__:
        known = dict(document.found).get("language")
        document.__dict__["language"] = known or detect_language("\n".join(line.text for line in document.lines))
    language: str | None = document.__dict__["language"]
    return language


def date_line(document: Document, index: int, section: str, told: int = 99) -> tuple[Moment, str | None] | None:
    """The moment of a line that holds a date or time and at most a label of `section` ("dateline.label") before it.

    told  a label of this many words may have anything behind the date

    Gives the moment and the label, or None where the line holds anything else.
    """
    moment = moment_of(document, index)
    if moment is None:
        return None
    text = document.folded[index]
    label, start = _label(document, text[: moment.start], section)
    before, after = text[start : moment.start], text[moment.end :]
    free = label is not None and len(label.split()) >= told
    return (moment, label) if only_noise(document, before) and (free or only_noise(document, after)) else None


def moment_of(document: Document, index: int) -> Moment | None:
    """The first date or time of a short line, found once."""
    known: dict[int, Moment | None] = document.__dict__.setdefault("moments", {})
    key = document.lines[index].start
    if key not in known:
        text = document.folded[index]
        short = len(text) <= MAX_DATE_LINE and document.digits[index]
        if short and len(text) > 40 and ends_with_stop(text):  # a sentence, unless it is one that tells of a change
            short = document.lexicon.prefix("modified_date.label", text) is not None
        known[key] = find_moment(text, language_of(document), noise_words(document), folded=True) if short else None
    return known[key]


def _label(document: Document, text: str, section: str) -> tuple[str | None, int]:
    bare = text.lstrip(" •|-*([")
    label = document.lexicon.prefix(section, bare)
    if label is None or bare[len(label) : len(label) + 1].isalpha():
        return None, 0
    return label, len(text) - len(bare) + len(label)


def only_noise(document: Document, text: str) -> bool:
    """Whether a text holds nothing but marks and words that may stand inside a date."""
    noise = noise_words(document)
    words = "".join(char if char.isalnum() else " " for char in text).split()
    return all(word in noise or word == "read" for word in words)
