"""Which language a text is in: by its script where that tells, by resiliparse's n-grams elsewhere."""

from __future__ import annotations

import regex

_SAMPLE = 1500
# Letters of the scripts below: what Latin, Cyrillic, Arabic and Devanagari text has none of.
_TELLING = regex.compile(r"[^\P{L}\p{Latin}\p{Cyrillic}\p{Arabic}\p{Devanagari}]")
_MIN_LETTERS = 20
_TRUSTED = 1400
"""resiliparse's out-of-place score: lower is surer; above this its guess on news text is mostly wrong."""

_SCRIPTS = (
    ("ja", regex.compile(r"[\p{Hiragana}\p{Katakana}]"), 0.05),
    ("ko", regex.compile(r"\p{Hangul}"), 0.2),
    ("zh", regex.compile(r"\p{Han}"), 0.3),
    ("th", regex.compile(r"\p{Thai}"), 0.3),
    ("lo", regex.compile(r"\p{Lao}"), 0.3),
    ("km", regex.compile(r"\p{Khmer}"), 0.3),
    ("my", regex.compile(r"\p{Myanmar}"), 0.3),
    ("ka", regex.compile(r"\p{Georgian}"), 0.3),
    ("hy", regex.compile(r"\p{Armenian}"), 0.3),
    ("el", regex.compile(r"\p{Greek}"), 0.3),
    ("he", regex.compile(r"\p{Hebrew}"), 0.3),
    ("bn", regex.compile(r"\p{Bengali}"), 0.3),
    ("ta", regex.compile(r"\p{Tamil}"), 0.3),
    ("te", regex.compile(r"\p{Telugu}"), 0.3),
    ("am", regex.compile(r"\p{Ethiopic}"), 0.3),
)


def detect_language(text: str) -> str | None:
    """The language of a text as a BCP-47 code ("en", "zh"), or None where it is too short or in doubt.

    >>> detect_language("The bridge opens today, the mayor said on Monday at the town hall."), detect_language("42")
    ('en', None)
    >>> detect_language("橋は今日開通すると市長が月曜日に述べた。町では祝賀会が開かれる。")
    'ja'
    """
    sample = text[:_SAMPLE]
    if not _has_letters(sample, _MIN_LETTERS if sample.isascii() else 2):
        return None
    if not sample.isascii() and _TELLING.search(sample):
        sample, letters = sample[:400], sum(map(str.isalpha, sample[:400]))
        for language, script, share in _SCRIPTS:
            if len(script.findall(sample)) > max(share * letters, 1):
                return language
        sample = text[:_SAMPLE]
    if not _has_letters(sample, _MIN_LETTERS):
        return None
    from resiliparse.parse.lang import detect_fast

    language, score = detect_fast(sample)
    return str(language) if language != "unknown" and score <= _TRUSTED else None


def _has_letters(text: str, least: int) -> bool:
    """Whether a text has this many letters: most show it at once."""
    return sum(map(str.isalpha, text[: 2 * least])) >= least or sum(map(str.isalpha, text)) >= least
