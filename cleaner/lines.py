"""The document as rules see it: the lines still there, and what is known of each, computed once and shared by all rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import regex

from cleaner.document import Edit, Line
from cleaner.lexicon import Hit, Lexicon, fold, trim_line

MAX_LABEL = 120
"""Longer lines are no labels, in characters."""

_FULL_STOP = regex.compile(r"(?:[.。｡।۔։።！!？?؟]|\.\.\.|…)[\"'”’»」』)\]）\s]*$")
_STOP_ONLY = regex.compile(r"[.。｡।۔։።](?<!\.\.\.)[\"'”’»」』)\]）\s]*$")
_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_SENTENCE = regex.compile(r"(?<=[.!?。！？؟।۔։])[\"')\]]*(?=\s|[^\s\p{Latin}\p{Cyrillic}\p{Greek}\p{Nd}.!?,;:)\]\"'])\s*|\s[|•·]\s|(?<=;)\s")
_TIME_END = regex.compile(r"\d[.。]?$")


class Document:
    """The lines that no rule has removed yet. Frozen: `without` gives the next one.

    lines    the lines, blank ones left out
    found    (field, value) pairs that rules have moved to the metadata so far, the caller's and the header's before them
    removed  how many lines rules have removed or moved so far: that there was chrome at all
    url      where the document came from, as far as the caller knows
    """

    def __init__(
        self,
        lines: Sequence[Line],
        lexicon: Lexicon,
        found: Sequence[tuple[str, str]] = (),
        removed: int = 0,
        url: str | None = None,
    ) -> None:
        self.lines = lines
        self.lexicon = lexicon
        self.found = found
        self.removed = removed
        self.url = url

    def __len__(self) -> int:
        return len(self.lines)

    def without(self, gone: set[int], fields: Iterable[tuple[str, str]]) -> Document:
        """The document after lines are gone; what is known of the others is carried over."""
        kept = [index for index in range(len(self.lines)) if index not in gone]
        lines: list[Line] = []
        blank = False
        for index, line in enumerate(self.lines):
            blank = blank or line.after_blank
            if index not in gone:
                lines.append(line if line.after_blank == blank else line._replace(after_blank=blank))
                blank = False
        after = Document(lines, self.lexicon, (*self.found, *fields), self.removed + len(gone), self.url)
        for name in ("folded", "labels", "paragraphs", "headlines", "weights"):
            if name in self.__dict__:
                values = self.__dict__[name]
                after.__dict__[name] = [values[index] for index in kept]
        if "hits" in self.__dict__:
            place = {old: new for new, old in enumerate(kept)}
            after.__dict__["hits"] = {place[i]: hits for i, hits in self.hits.items() if i in place}
        return after

    def cut(self, index: int, rule: str, reason: str, fields: Iterable[tuple[str, str]] = ()) -> Edit:
        """The edit that removes a line, or moves it where it gives metadata fields."""
        line, given = self.lines[index], tuple(fields)
        return Edit(line.start, line.end, "", rule, reason, "move" if given else "remove", given)

    @cached_property
    def folded(self) -> list[str]:
        """Each line folded for comparison (see `cleaner.lexicon.fold`)."""
        return fold("\n".join([line.text for line in self.lines])).split("\n") if self.lines else []

    @cached_property
    def labels(self) -> list[str]:
        """Each short line as the lexicon's `line` phrases are written; empty for lines too long to be one."""
        return [trim_line(text) if len(text) <= MAX_LABEL else "" for text in self.folded]

    @cached_property
    def hits(self) -> dict[int, list[Hit]]:
        """The lexicon's phrases inside each line that has any, with offsets in its folded text."""
        text = "\n".join(self.folded)
        starts = [0]
        for line in self.folded:
            starts.append(starts[-1] + len(line) + 1)
        found: dict[int, list[Hit]] = defaultdict(list)
        at = 0
        for hit in sorted(self.lexicon.scan(text), key=lambda hit: hit.start):
            while starts[at + 1] <= hit.start:
                at += 1
            found[at].append(hit._replace(start=hit.start - starts[at], end=hit.end - starts[at]))
        return dict(found)

    @cached_property
    def weights(self) -> list[int]:
        """Each line's length in characters, dense scripts counted double: comparable between languages."""
        if "".join([line.text for line in self.lines]).isascii():
            return [len(line.text) for line in self.lines]
        return [len(line.text) * (2 if dense(line.text) else 1) for line in self.lines]

    @cached_property
    def paragraphs(self) -> list[bool]:
        """Whether each line reads as running text: long, or of some length and ended by a full stop."""
        return [
            weight >= 200 or (weight >= 45 and ends_sentence(line.text))
            for line, weight in zip(self.lines, self.weights, strict=True)
        ]

    @cached_property
    def headlines(self) -> list[bool]:
        """Whether each line could be the headline of another article: some words, no full stop at its end."""
        return [
            8 <= weight <= 220 and not _STOP_ONLY.search(line.text)
            for line, weight in zip(self.lines, self.weights, strict=True)
        ]

    @property
    def body_span(self) -> tuple[int, int]:
        """The first and the last line that read as running text; (0, -1) where none does."""
        places = [index for index, is_text in enumerate(self.paragraphs) if is_text]
        return (places[0], places[-1]) if places else (0, -1)

    def at_edge(self, index: int) -> bool:
        """Whether a line stands before the first or after the last running text."""
        first, last = self.body_span
        return last < first or index < first or index > last


def ends_sentence(text: str) -> bool:
    """Whether a line ends as sentences do, closing quotes and brackets aside.

    >>> ends_sentence('He said "no."'), ends_sentence("Storm hits coast")
    (True, False)
    """
    return bool(_FULL_STOP.search(text[-12:]))


def ends_with_stop(text: str) -> bool:
    """Whether a line ends with a full stop, not with a question, a shout or an ellipsis."""
    return bool(_STOP_ONLY.search(text[-12:]))


def dense(text: str) -> bool:
    """Whether text is written without spaces, so that one character says what two letters do."""
    return not text.isascii() and len(_DENSE.findall(text[:200])) * 3 > min(len(text), 200)


def sentences(folded: str) -> Iterator[tuple[int, int]]:
    """The sentences of a folded line, as offsets. A bar or bullet parts them like a full stop.

    >>> [(a, b) for a, b in sentences("we use cookies. read more")]
    [(0, 16), (16, 25)]
    """
    start = 0
    for match in _SENTENCE.finditer(folded):
        if match.end() > start:
            yield start, match.end()
            start = match.end()
    if start < len(folded):
        yield start, len(folded)
