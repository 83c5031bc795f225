"""Match the lexicon: whole lines by a dictionary, phrases inside text by one Aho-Corasick pass over the document.

The automaton only finds candidates; words must match whole unless the phrase leaves an end open, and that is decided here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from cleaner.lexicon.fold import trim_line
from cleaner.lexicon.phrases import WITHIN, LexiconError, Phrase, read_languages, segments

MOST_JOINED = 20_000
MAX_ANCHORS = 24
"""Parts that together have more alternatives than this are not looked for as one."""

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


class _Pattern(NamedTuple):
    """A line of the lexicon, by an anchor (the part that is looked for) and what must stand before and behind it."""

    before: tuple[str, ...]
    behind: tuple[str, ...]
    open_start: bool
    open_end: bool
    rule: str
    group: str


class Lexicon:
    """All phrases, ready to match. Build once and share: it does not change, and is safe between threads."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._lines: dict[str, dict[str, str]] = defaultdict(dict)
        self._prefixes: dict[str, dict[str, list[int]]] = {}
        # Languages share phrases ("cookies"): one pattern, with all of them.
        anchors: dict[str, dict[_Pattern, set[str]]] = defaultdict(lambda: defaultdict(set))
        for phrase in phrases:
            if phrase.group in WITHIN:
                for anchor, pattern in _patterns(phrase):
                    anchors[anchor][pattern].add(phrase.language)
            elif key := _key(phrase.text):
                self._lines[f"{phrase.rule}.{phrase.group}"].setdefault(key, phrase.language)
        self._patterns = [[(pattern, frozenset(tongues)) for pattern, tongues in found.items()] for found in anchors.values()]
        self._anchors = list(anchors)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self._anchors, implementation=Implementation.ContiguousNFA, store_patterns=False)

    def line(self, section: str, key: str) -> str | None:
        """The language in which the whole line `key` (folded and trimmed) stands under `section`, or None."""
        return self._lines[section].get(key) if section in self._lines else None

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label of every rule: buttons, headings, names of sections."""
        groups = {"line", "heading", "section", "ago", "prefix"}
        return frozenset(
            label
            for section, entries in self._lines.items()
            if section.rsplit(".", 1)[1] in groups or section == "share_bar.name"
            for label in entries
        )

    @cached_property
    def label_starts(self) -> frozenset[str]:
        """The first word of every label."""
        return frozenset(label.split(" ", 1)[0] for label in self.labels)

    def entries(self, section: str) -> dict[str, str]:
        """Every phrase of a section that matches whole lines or starts, with its language."""
        return self._lines.get(section, {})

    def scan(self, folded: str) -> Iterator[Hit]:
        """Yield every `says`, `about` and `asks` phrase in folded text."""
        for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            for pattern, languages in self._patterns[index]:
                span = _grow(folded, start, end, pattern)
                if span:
                    yield Hit(pattern.rule, pattern.group, *span, folded[span[0] : span[1]], languages)

    def prefix(self, section: str, text: str) -> str | None:
        """The longest phrase of a section that folded text starts with, or None. Where it ends is the caller's to judge."""
        lengths_by_start = self._prefix_lengths(section)
        for start in (3, 2, 1):
            for length in lengths_by_start.get(text[:start], ()):
                if text[:length] in self._lines[section]:
                    return text[:length]
        return None

    def _prefix_lengths(self, section: str) -> dict[str, list[int]]:
        """The lengths of a section's phrases, longest first, by the three letters they start with (shorter ones by themselves)."""
        if section not in self._prefixes:
            found: dict[str, set[int]] = defaultdict(set)
            for entry in self._lines.get(section, ()):
                found[entry[:3]].add(len(entry))
            self._prefixes[section] = {start: sorted(lengths, reverse=True) for start, lengths in found.items()}
        return self._prefixes[section]


@cache
def load() -> Lexicon:
    """The packaged lexicon, read on first use."""
    return Lexicon(read_languages())


@cache
def extended(phrases: tuple[Phrase, ...]) -> Lexicon:
    """The packaged lexicon with a caller's own phrases, built once for each set of them."""
    return Lexicon((*read_languages(), *phrases)) if phrases else load()


def _key(text: str) -> str:
    """A phrase as `Document.labels` gives it. Most need nothing done, and there are over a hundred thousand."""
    if text.replace(" ", "").isalpha():
        return text
    return trim_line(text.replace("#", "0")) or text


def _patterns(phrase: Phrase) -> Iterator[tuple[str, _Pattern]]:
    """A line of the lexicon, for each of its anchors: the run of parts whose shortest alternative is longest."""
    open_start, open_end = OPEN.get(phrase.language, (False, False))
    parts = segments(phrase.text)
    first, last = _anchor_parts(parts)
    try:
        before, behind = _joined(parts[:first]), _joined(parts[last:])
    except LexiconError as error:
        raise LexiconError(f"{phrase.language} [{phrase.rule}.{phrase.group}] {phrase.text!r}: {error}") from None
    for anchor in _joined(parts[first:last]):
        starts, ends = anchor.startswith("*"), anchor.endswith("*")
        pattern = _Pattern(
            before if before != ("",) else (),
            behind if behind != ("",) else (),
            open_start or starts or not anchor.strip("*")[:1].isalnum(),
            open_end or ends or not anchor.strip("*")[-1:].isalnum(),
            phrase.rule,
            phrase.group,
        )
        if bare := anchor.strip("*").strip():  # an optional part that is left out leads to nothing
            yield bare, pattern


def _anchor_parts(parts: list[list[str]]) -> tuple[int, int]:
    """The run of parts that is rarest in text (its shortest alternative is long) and has few alternatives."""
    best, place = -9.0, (0, len(parts))
    for first in range(len(parts)):
        count, shortest = 1, 0
        for last in range(first, len(parts)):
            count *= len(parts[last])
            shortest += min(len(alternative.strip()) for alternative in parts[last])
            if count > MAX_ANCHORS and last > first:
                break
            worth = min(shortest, 12) - min(count / 12, 3)
            if shortest and worth > best:
                best, place = worth, (first, last + 1)
    return place


def _joined(parts: list[list[str]]) -> tuple[str, ...]:
    """Every way to choose one alternative of each part, the longest first, without space at the ends."""
    phrases = [""]
    for choice in parts:
        phrases = [left + right for left in phrases for right in choice]
        if len(phrases) > MOST_JOINED:
            raise LexiconError(f"one side of it stands for over {MOST_JOINED} phrases: split the line")
    settled = {" ".join(phrase.split()).replace(" :", ":") for phrase in phrases}
    return tuple(sorted(settled, key=lambda phrase: (-len(phrase), phrase)))


def _grow(text: str, start: int, end: int, pattern: _Pattern) -> tuple[int, int] | None:
    """Where the whole phrase stands around its anchor, words whole unless the phrase leaves them open; None if it does not."""
    if pattern.before:
        found = _before(text, start, pattern)
        if found is None:
            return None
        start = found
    elif not (pattern.open_start or _edge(text, start)):
        return None
    if pattern.behind:
        return None if (found := _behind(text, end, pattern)) is None else (start, found)
    return (start, end) if pattern.open_end or _edge(text, end) else None


def _before(text: str, start: int, pattern: _Pattern) -> int | None:
    at = start - 1 if text[start - 1 : start] == " " else start
    if "" not in pattern.before and not text.endswith(_closed(pattern.before), 0, at):
        return None
    for phrase in pattern.before:
        word = phrase.strip("*")
        if not word:
            if pattern.open_start or _edge(text, start):
                return start
        elif text.endswith(word, 0, at):
            begin = at - len(word)
            if pattern.open_start or phrase[0] == "*" or not word[0].isalnum() or _edge(text, begin):
                return begin
    return None


def _behind(text: str, end: int, pattern: _Pattern) -> int | None:
    at = end + 1 if text[end : end + 1] == " " else end
    if "" not in pattern.behind and not text.startswith(_closed(pattern.behind), at):
        return None
    for phrase in pattern.behind:
        word = phrase.strip("*")
        if not word:
            if pattern.open_end or _edge(text, end):
                return end
        elif text.startswith(word, at):
            stop = at + len(word)
            if pattern.open_end or phrase[-1] == "*" or not word[-1].isalnum() or _edge(text, stop):
                return stop
    return None


@cache
def _closed(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Phrases without their marks for open ends."""
    return tuple(phrase.strip("*") for phrase in phrases)


def _edge(text: str, at: int) -> bool:
    """Whether no word runs across this place."""
    return at == 0 or at >= len(text) or not (text[at - 1].isalnum() and text[at].isalnum())
