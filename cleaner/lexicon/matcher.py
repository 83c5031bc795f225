"""Match the lexicon: whole lines by a dictionary, phrases inside text by one Aho-Corasick pass over the document.

The automaton only finds candidates; words must match whole unless the phrase leaves an end open, and that is decided here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, cached_property
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from cleaner.lexicon.compiled import Compiled, compile_phrases, packaged, spelt
from cleaner.lexicon.phrases import Phrase

OPEN = {
    "zh": (True, True),
    "ja": (True, True),
    "th": (True, True),
    "lo": (True, True),
    "km": (True, True),
    "my": (True, True),
    "ko": (False, True),
}
"""Languages written without spaces, or with particles joined to words: their phrases need no word's start or end."""

LABELS = frozenset({"line", "heading", "section", "ago", "prefix"})
"""Groups whose phrases are labels."""


PREFIXES = ("byline.prefix", "caption_credit.heading", "caption_credit.label", "contributors.prefix")
"""Sections whose phrases most lines are asked for at their start."""

_STARTS = (3, 2, 1)
"""Starts are looked up by this many letters."""

_NONE: frozenset[str] = frozenset()


class Hit(NamedTuple):
    """A phrase found: the rule and group it stands under, its place in the folded text, its words and languages."""

    rule: str
    group: str
    start: int
    end: int
    phrase: str
    languages: frozenset[str]

    @property
    def language(self) -> str:
        """The languages in words: the one it is, or the first and how many more."""
        first, *more = sorted(self.languages)
        return f"{first} and {len(more)} more" if more else first


class _Side(NamedTuple):
    """What must stand on one side of an anchor.

    words    every wording, to whether a word may run on past its far end
    lengths  the lengths of the wordings, longest first
    nearest  the letters that stand next to the anchor
    bare     whether nothing need stand there
    """

    words: dict[str, bool]
    lengths: tuple[int, ...]
    nearest: frozenset[str]
    bare: bool


class _Pattern(NamedTuple):
    """A phrase around one anchor."""

    rule: str
    group: str
    languages: frozenset[str]
    before: _Side | None
    behind: _Side | None
    open_start: bool
    open_end: bool


class Lexicon:
    """All phrases, ready to match. Build once and share: it does not change, and is safe between threads."""

    def __init__(self, *layers: Compiled) -> None:
        self._lines: dict[str, dict[str, str]] = defaultdict(dict)
        self._prefixes: dict[str, dict[str, list[int]]] = {}
        self._rows: list[tuple[str, str, str, str, str]] = []
        self._anchors: list[str] = []
        self._uses: list[tuple[int, str]] = []
        self._patterns: dict[int, list[_Pattern]] = {}
        for layer in layers:
            first = len(self._rows)
            self._rows += layer.phrases
            self._anchors += layer.anchors
            self._uses += [(first, uses) for uses in layer.uses]
            for section, by_language in layer.labels.items():
                for language, labels in by_language.items():
                    self._lines[section] |= dict.fromkeys(labels, language)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self._anchors, implementation=Implementation.ContiguousNFA, store_patterns=False)

    def line(self, section: str, key: str) -> str | None:
        """The language in which the whole line `key` (folded and trimmed) stands under `section`, or None."""
        return self._lines[section].get(key) if section in self._lines else None

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label of every rule: buttons, headings, names of sections."""
        return frozenset().union(
            *(
                entries
                for section, entries in self._lines.items()
                if section.rsplit(".", 1)[1] in LABELS or section == "share_bar.name"
            )
        )

    @cached_property
    def label_starts(self) -> frozenset[str]:
        """The first word of every label."""
        return frozenset(label.split(" ", 1)[0] for label in self.labels)

    def entries(self, section: str) -> dict[str, str]:
        """Every phrase of a section that matches whole lines or starts, with its language."""
        return self._lines.get(section, {})

    def scan(self, folded: str) -> Iterator[Hit]:
        """Yield every `says`, `about` and `asks` phrase in folded text, each place once."""
        found: dict[tuple[str, str, int, int], frozenset[str]] = {}
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            for pattern in self._patterns.get(index) or self._read(index):
                if span := _grow(folded, start, end, pattern):
                    place = (pattern.rule, pattern.group, *span)
                    found[place] = found.get(place, frozenset()) | pattern.languages
        for (rule, group, start, end), languages in found.items():
            yield Hit(rule, group, start, end, folded[start:end], languages)

    def prefix(self, section: str, text: str) -> str | None:
        """The longest phrase of a section that folded text starts with, or None. Where it ends is the caller's to judge."""
        lengths_by_start = self._prefix_lengths(section)
        for start in _STARTS:
            for length in lengths_by_start.get(text[:start], ()):
                if text[:length] in self._lines[section]:
                    return text[:length]
        return None

    def openings(self, text: str) -> frozenset[str]:
        """The sections of `PREFIXES` of which folded text may start with a phrase: what its first letters do not rule out."""
        by_start = self._openings
        found = by_start.get(text[:3], _NONE)
        for start in _STARTS[1:]:
            if sections := by_start.get(text[:start]):
                found |= sections
        return found

    @cached_property
    def _openings(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for section in PREFIXES:
            for start in self._prefix_lengths(section):
                found[start].add(section)
        return {start: frozenset(sections) for start, sections in found.items()}

    def _prefix_lengths(self, section: str) -> dict[str, list[int]]:
        """The lengths of a section's phrases, longest first, by the three letters they start with (shorter ones by themselves)."""
        if section not in self._prefixes:
            found: dict[str, set[int]] = defaultdict(set)
            for entry in self._lines.get(section, ()):
                found[entry[:3]].add(len(entry))
            self._prefixes[section] = {start: sorted(lengths, reverse=True) for start, lengths in found.items()}
        return self._prefixes[section]

    def _read(self, index: int) -> list[_Pattern]:
        """The patterns of an anchor, read when a document first holds it: most never are."""
        first, uses = self._uses[index]
        alike: dict[object, _Pattern] = {}
        for use in uses.split(","):
            pattern = self._pattern(self._anchors[index], first, use)
            # Languages write the same in several ways: "copyright", "(copyright|©)".
            key = (pattern.rule, pattern.group, id(pattern.before), id(pattern.behind), pattern.open_start, pattern.open_end)
            same = alike.get(key, pattern)
            alike[key] = pattern._replace(languages=pattern.languages | same.languages)
        self._patterns[index] = patterns = list(alike.values())
        return patterns

    def _pattern(self, anchor: str, first: int, use: str) -> _Pattern:
        rule, group, tongues, before, behind = self._rows[first + int(use.rstrip("<>"))]
        languages = frozenset(tongues.split(" "))
        open_start, open_end = (any(OPEN[tongue][end] for tongue in languages & OPEN.keys()) for end in (0, 1))
        return _Pattern(
            rule,
            group,
            languages,
            _side(before, -1, open_start),
            _side(behind, 0, open_end),
            open_start or "<" in use or not anchor[0].isalnum(),
            open_end or ">" in use or not anchor[-1].isalnum(),
        )


@cache
def load() -> Lexicon:
    """The packaged lexicon, read on first use."""
    return Lexicon(packaged())


@cache
def extended(phrases: tuple[Phrase, ...]) -> Lexicon:
    """The packaged lexicon with a caller's own phrases, built once for each set of them."""
    return Lexicon(packaged(), compile_phrases(phrases)) if phrases else load()


@cache
def _side(text: str, near: int, is_open: bool) -> _Side | None:
    """One side of a phrase; `near` is where its wordings touch the anchor: -1 for what stands before it, 0 for behind."""
    if not text.strip():
        return None
    words: dict[str, bool] = {}
    for phrase in spelt(text):
        if word := phrase.strip("*"):
            far = -1 - near
            words[word] = is_open or words.get(word, False) or phrase[far] == "*" or not word[far].isalnum()
    lengths = tuple(sorted({len(word) for word in words}, reverse=True))
    return _Side(words, lengths, frozenset(word[near] for word in words), "" in spelt(text))


def _grow(text: str, start: int, end: int, pattern: _Pattern) -> tuple[int, int] | None:
    """Where the whole phrase stands around its anchor, words whole unless the phrase leaves them open; None if it does not."""
    first = _before(text, start, pattern.before, pattern.open_start)
    if first is None:
        return None
    last = _behind(text, end, pattern.behind, pattern.open_end)
    return None if last is None else (first, last)


def _before(text: str, start: int, side: _Side | None, is_open: bool) -> int | None:
    if side:
        at = start - 1 if text[start - 1 : start] == " " else start
        if text[at - 1 : at] in side.nearest:
            for length in side.lengths:
                word = text[max(at - length, 0) : at]
                if word in side.words and (side.words[word] or _edge(text, at - length)):
                    return at - length
        if not side.bare:
            return None
    return start if is_open or _edge(text, start) else None


def _behind(text: str, end: int, side: _Side | None, is_open: bool) -> int | None:
    if side:
        at = end + 1 if text[end : end + 1] == " " else end
        if text[at : at + 1] in side.nearest:
            for length in side.lengths:
                word = text[at : at + length]
                if word in side.words and (side.words[word] or _edge(text, at + length)):
                    return at + length
        if not side.bare:
            return None
    return end if is_open or _edge(text, end) else None


def _edge(text: str, at: int) -> bool:
    """Whether no word runs across this place."""
    return at == 0 or at >= len(text) or not (text[at - 1].isalnum() and text[at].isalnum())
