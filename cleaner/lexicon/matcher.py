"""Match the lexicon: whole lines by a dictionary, phrases inside text by one Aho-Corasick pass over the document.

The automaton only finds candidates; words must match whole unless the phrase leaves an end open, and that is decided here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import NamedTuple

import regex
from ahocorasick_rs import AhoCorasick, Implementation

from cleaner.lexicon.fold import fold, trim_line
from cleaner.lexicon.phrases import Phrase, read_languages

WITHIN = frozenset({"says", "about", "asks"})

_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_HANGUL = regex.compile(r"\p{Hangul}")


class Hit(NamedTuple):
    """A phrase found: the rule and group it stands under, its place in the folded text, its words and language."""

    rule: str
    group: str
    start: int
    end: int
    phrase: str
    language: str


class _Pattern(NamedTuple):
    text: str
    open_start: bool
    open_end: bool
    phrase: Phrase


class Lexicon:
    """All phrases, ready to match. Build once and share: it does not change, and is safe between threads."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._lines: dict[str, dict[str, str]] = defaultdict(dict)
        self._prefixes: dict[str, tuple[list[int], frozenset[str]]] = {}
        patterns: dict[str, list[_Pattern]] = defaultdict(list)
        for phrase in phrases:
            if phrase.group in WITHIN:
                pattern = _pattern(phrase)
                patterns[pattern.text].append(pattern)
            else:
                key = trim_line(fold(phrase.text.replace("#", "0"))) or fold(phrase.text)
                self._lines[f"{phrase.rule}.{phrase.group}"].setdefault(key, phrase.language)
        self._patterns = list(patterns.values())
        self._texts = list(patterns)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self._texts, implementation=Implementation.ContiguousNFA, store_patterns=False)

    def line(self, section: str, key: str) -> str | None:
        """The language in which the whole line `key` (folded and trimmed) stands under `section`, or None."""
        return self._lines[section].get(key) if section in self._lines else None

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label of every rule: buttons, headings, names of sections."""
        groups = {"line", "heading", "section", "ago"}
        return frozenset(label for section, entries in self._lines.items() if section.rsplit(".", 1)[1] in groups for label in entries)

    def entries(self, section: str) -> dict[str, str]:
        """Every phrase of a section that matches whole lines or starts, with its language."""
        return self._lines.get(section, {})

    def scan(self, folded: str) -> Iterator[Hit]:
        """Yield every `says`, `about` and `asks` phrase in folded text, by where it ends."""
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            for pattern in self._patterns[index]:
                if (pattern.open_start or _edge(folded, start)) and (pattern.open_end or _edge(folded, end)):
                    phrase = pattern.phrase
                    yield Hit(phrase.rule, phrase.group, start, end, phrase.text, phrase.language)

    def prefix(self, section: str, text: str) -> str | None:
        """The longest phrase of a section that folded text starts with, or None. Where it ends is the caller's to judge."""
        lengths, starts = self._prefix_lengths(section)
        if text[:2] not in starts:
            return None
        entries = self._lines[section]
        return next((text[:length] for length in lengths if text[:length] in entries), None)

    def _prefix_lengths(self, section: str) -> tuple[list[int], frozenset[str]]:
        """The lengths of a section's phrases, longest first, and the two letters they start with."""
        if section not in self._prefixes:
            entries = self._lines.get(section, {})
            self._prefixes[section] = (sorted({len(entry) for entry in entries}, reverse=True), frozenset(entry[:2] for entry in entries))
        return self._prefixes[section]


@cache
def load() -> Lexicon:
    """The packaged lexicon, read on first use."""
    return Lexicon(read_languages())


def extended(phrases: Iterable[Phrase]) -> Lexicon:
    """The packaged lexicon with a caller's own phrases."""
    own = tuple(phrases)
    return Lexicon((*read_languages(), *own)) if own else load()


def _pattern(phrase: Phrase) -> _Pattern:
    text = fold(phrase.text)
    open_start, open_end = text.startswith("*"), text.endswith("*")
    text = text.strip("*").strip().replace(" :", ":")
    return _Pattern(
        text,
        open_start or not text[:1].isalnum() or bool(_UNSPACED.match(text[:1])),
        open_end or not text[-1:].isalnum() or bool(_UNSPACED.match(text[-1:]) or _HANGUL.match(text[-1:])),
        phrase,
    )


def _edge(text: str, at: int) -> bool:
    """Whether no word runs across this place."""
    return at == 0 or at >= len(text) or not (text[at - 1].isalnum() and text[at].isalnum())
