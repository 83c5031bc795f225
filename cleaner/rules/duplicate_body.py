"""The rule `duplicate_body`."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import regex

from cleaner.document import Edit
from cleaner.lines import Document

_CUT = "\v"
"""Stands between sentences while they are compared: a line break, so that no line holds one."""

_NOT_WORD = regex.compile(r"[^\p{L}\p{M}\p{Nd}\n\v]+")
# The standard library's `re` here, which runs over text many times faster.
_PIECE_END = re.compile(r"[.!?。！？…؟।։۔;；]+(?=[^\S\x1c-\x1f]|$|[\"')\]]|(?<=[。！？；]))")
_ROUGH_ENDS = ".!?。！？…؟।۔։;；"
"""The same without what must follow: for the first look only."""

_NOT_WORD_ASCII = {code: None for code in range(128) if not chr(code).isalnum() and chr(code) not in "\n\v"}
LOOK = 30
"""The first look compares this much of each sentence, in characters."""

_BREAKS = regex.compile(r"[\n\v]")
_ENTITY = regex.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,12});", regex.I)


class _Piece(NamedTuple):
    """A sentence as the comparison sees it: letters and digits only, and the line it stands in."""

    key: str
    line: int


class _Copy(NamedTuple):
    """Two runs of lines, first and last of each, and how much of each stands in both."""

    first: tuple[int, int]
    second: tuple[int, int]
    matched: int


@dataclass(frozen=True, slots=True)
class DuplicateBody:
    """A body that stands on the page twice: the fuller copy stays, the first on a tie.

    Sentences are compared by their letters and digits alone, so other quotes, dashes, ellipses, width forms, spacing,
    entities and line breaks make no difference. Two runs of lines are copies where most of each stands in the other, in
    the same order. The copy may be cut short, lack paragraphs or have some changed.

    >>> import cleaner
    >>> body = (
    ...     "“The bridge opens today,” the mayor said on Monday.\\n\\n"
    ...     "The first cars – forty of them – were already waiting.\\n\\n"
    ...     "It cost ten million and took three years to build."
    ... )
    >>> cleaner.clean(body + "\\n\\n" + body.replace("“", '"').replace("”", '"').replace("–", "-")).text == cleaner.clean(body).text
    True

    Keeps refrains, repeated questions and passages that a text quotes again:

    >>> song = (
    ...     "Roll on, roll on, river of the valley\\nCarry me home\\n\\nI left in the spring\\n\\n"
    ...     "Roll on, roll on, river of the valley\\nCarry me home"
    ... )
    >>> cleaner.clean(song).text == song
    True

    Options: `min_letters`, the least that must stand twice, in letters and digits (dense scripts count double);
    `min_share`, the share of each run that must stand in the other; `min_body`, the share of the document's text that
    the two runs must make up unless both begin as the document's body begins.
    """

    name: ClassVar[str] = "duplicate_body"
    min_letters: int = 120
    min_share: float = 0.6
    min_body: float = 0.5

    def edits(self, document: Document) -> Iterator[Edit]:
        if not _anything_twice("\n".join(document.folded)):
            return
        pieces = _pieces(document)
        copy = self._find(document, pieces)
        if copy is None:
            return
        fuller_first = _letters(pieces, copy.first) >= _letters(pieces, copy.second)
        keep, drop = (copy.first, copy.second) if fuller_first else (copy.second, copy.first)
        reason = f"the body stands twice; the fuller copy is lines {keep[0] + 1} to {keep[1] + 1} of what is left"
        for index in range(drop[0], drop[1] + 1):
            yield document.cut(index, self.name, reason)

    def _find(self, document: Document, pieces: list[_Piece]) -> _Copy | None:
        pairs = _aligned(pieces)
        if len(pairs) < 2:
            return None
        copy = _runs(pieces, pairs)
        if copy is None:
            return None
        copy = _widen(document, copy)
        whole = sum(len(piece.key) for piece in pieces)
        left, right = _letters(pieces, copy.first), _letters(pieces, copy.second)
        if copy.matched < self.min_letters or copy.matched < self.min_share * min(left, right):
            return None
        if copy.matched < 0.35 * max(left, right):
            return None
        opens = _opens_body(document, copy.first[0])
        verse = _is_verse(document, copy)
        needed = 0.8 if verse else 0.15 if opens and len(pairs) >= 3 else self.min_body
        return copy if left + right >= needed * whole else None


def _anything_twice(folded: str) -> bool:
    """Whether two sentences or more may stand twice: a cheap look that spares most documents the comparison."""
    if "&" in folded and _ENTITY.search(folded):
        folded = html.unescape(folded)
    least = 16 if folded.isascii() else 8
    for end in _ROUGH_ENDS:
        folded = folded.replace(end, "\n")
    parts = zip(folded.split("\n"), folded.replace(" ", "").split("\n"), strict=True)
    keys = [squeezed[:LOOK].strip("\"'-") for part, squeezed in parts if len(part) >= least]
    return len(set(keys)) < len(keys)


def _pieces(document: Document) -> list[_Piece]:
    text = "\n".join(document.folded)
    if "&" in text and _ENTITY.search(text):
        text = "\n".join(_BREAKS.sub(" ", html.unescape(line)) for line in document.folded)
    cut = _PIECE_END.sub(_CUT, text if text.isascii() else unicodedata.normalize("NFKC", text))
    letters = _letters_of(cut) if cut.isascii() else "\n".join(map(_letters_of, cut.split("\n")))
    return [_Piece(key, index) for index, line in enumerate(letters.split("\n")) for key in line.split(_CUT) if key]


def _letters_of(text: str) -> str:
    """A text's letters and digits alone, breaks and cuts kept; by a table where that does, which is far faster."""
    return text.translate(_NOT_WORD_ASCII) if text.isascii() else _NOT_WORD.sub("", text)


def _aligned(pieces: list[_Piece]) -> list[tuple[int, int]]:
    """Pairs of equal pieces, the later in a later line, in an order that rises on both sides.

    Pieces under 12 letters and those that stand more than four times say nothing. The rising order is the longest
    increasing subsequence, found by patience sorting.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for index, piece in enumerate(pieces):
        if len(piece.key) >= (12 if piece.key.isascii() else 8):
            places[piece.key].append(index)
    twice = sorted(
        (spots[0], spots[1]) for spots in places.values() if 2 <= len(spots) <= 4 and pieces[spots[0]].line != pieces[spots[1]].line
    )
    if not twice:
        return []
    # The second run begins after the first ends: leave out pairs whose first half stands behind another's second half.
    border = _border(twice)
    return _with_cut_ends(pieces, _rising([pair for pair in twice if pair[0] < border <= pair[1]]))


def _with_cut_ends(pieces: list[_Piece], pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pairs, and a last sentence that one copy cuts short."""
    if pairs:
        first, second = pairs[-1][0] + 1, pairs[-1][1] + 1
        if first < pairs[0][1] and second < len(pieces):
            shorter, longer = sorted((pieces[first].key, pieces[second].key), key=len)
            if len(shorter) >= 20 and longer != shorter and longer.startswith(shorter):
                return [*pairs, (first, second)]
    return pairs


def _border(pairs: list[tuple[int, int]]) -> int:
    """The place that most pairs straddle."""
    events = sorted(
        [(first + 1, 1) for first, _ in pairs] + [(second + 1, -1) for _, second in pairs], key=lambda event: (event[0], -event[1])
    )
    best = level = place = 0
    for at, step in events:
        level += step
        if level > best:
            best, place = level, at
    return place


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    tails: list[int] = []
    ends: list[int] = []
    back: list[int] = []
    for number, (_, second) in enumerate(pairs):
        at = bisect_left(tails, second)
        back.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [second]
        ends[at : at + 1] = [number]
    chain, number = [], ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = back[number]
    return chain[::-1]


def _runs(pieces: list[_Piece], pairs: list[tuple[int, int]]) -> _Copy | None:
    if len(pairs) < 2:
        return None
    first = (pieces[pairs[0][0]].line, pieces[pairs[-1][0]].line)
    second = (pieces[pairs[0][1]].line, pieces[pairs[-1][1]].line)
    return _Copy(first, second, sum(_weight(pieces[left].key) for left, _ in pairs)) if first[1] < second[0] else None


def _widen(document: Document, copy: _Copy) -> _Copy:
    """Take in short equal lines at either end, and a last paragraph that one copy cuts short."""
    (a, b), (c, d) = copy.first, copy.second
    keys = document.folded
    while a > 0 and c - 1 > b and _same(keys[a - 1], keys[c - 1]):
        a, c = a - 1, c - 1
    while b + 1 < c and d + 1 < len(document) and _same(keys[b + 1], keys[d + 1]):
        b, d = b + 1, d + 1
    return _Copy((a, b), (c, d), copy.matched)


def _same(left: str, right: str) -> bool:
    """Whether two lines are the same by their letters, or one is the other cut short."""
    left, right = _letters_of(left), _letters_of(right)
    if left == right:
        return bool(left)
    shorter, longer = sorted((left, right), key=len)
    return len(shorter) >= 20 and longer.startswith(shorter)


def _weight(key: str) -> int:
    return len(key) * (1 if key.isascii() or key[0] < "\u2e80" else 2)


def _letters(pieces: list[_Piece], run: tuple[int, int]) -> int:
    return sum(_weight(piece.key) for piece in pieces if run[0] <= piece.line <= run[1])


def _opens_body(document: Document, index: int) -> bool:
    """Whether no running text stands before a line."""
    return not any(document.paragraphs[:index])


def _is_verse(document: Document, copy: _Copy) -> bool:
    """Whether the repeated lines are short and mostly without full stops, as verse and menus are."""
    lines = range(copy.first[0], copy.first[1] + 1)
    return sum(document.paragraphs[index] for index in lines) * 2 < len(lines)
