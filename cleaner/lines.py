"""The document as rules see it: the lines still there, and what is known of each, computed once and shared by all rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import regex

from cleaner.document import Edit, Line
from cleaner.lexicon import Hit, Lexicon, fold, trim_line
from cleaner.markup import Markup

MAX_LABEL = 120
"""Longer lines are no labels, in characters."""

MAX_LABEL_WORDS = 6
"""A label in a row of them has no more words than this."""

MARKS = " •|-—–*([【（［"
"""What may stand before the first word of a line."""

_ROW_MARKS = regex.compile(r"\s*[|/·•,;:>»›→+&]+\s*|\s{2,}")

BLOCKS = frozenset({"cookie_notice", "browser_notice", "legal_footer", "subscription_prompt", "newsletter_prompt", "comment_prompt"})
"""The rules whose chrome comes as several sentences, at the end of pages above all."""

_FULL_STOP = regex.compile(r"(?:[.。｡।۔։።！!？?؟]|\.\.\.|…)[\"'”’»」』)\]）\s]*$")
_STOP_ONLY = regex.compile(r"[.。｡।۔։።](?<!\.\.\.)[\"'”’»」』)\]）\s]*$")
_MAYBE_DENSE = re.compile("[\u1100-\u11ff\u2e80-\U0010ffff]")
"""Every letter of the scripts below and others: the standard library's `re` finds that there is none much faster."""

_DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]")
_SURELY_DENSE = re.compile("[\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fef\uac00-\ud7a3]+")
"""Most letters of these scripts: counted many times faster, and most lines need no other."""

_SENTENCE = regex.compile(
    r"(?<=[.!?。！？؟।۔։])[\"')\]]*(?=\s|[^\s\p{Latin}\p{Cyrillic}\p{Greek}\p{Nd}.!?,;:)\]\"'])\s*|\s[|•·]\s|(?<=;)\s"
)
_DIGIT = regex.compile(r"\p{Nd}")


class Document:
    """The lines that no rule has removed yet. Frozen: `without` gives the next one.

    lines    the lines, blank ones left out
    found    (field, value) pairs that rules have moved to the metadata so far, the caller's and the header's before them
    removed  how many lines rules have removed or moved so far: that there was chrome at all
    gaps     for each line, and for the end: the rules that removed what stood directly before it
    joined   for each line: whether what stood directly above it, with no blank line between, was removed; and below it
    url      where the document came from, as far as the caller knows
    page     the document before any rule removed a line, and
    places   for each line, its number there
    markup   what the page's markup says of the lines of `page`; None for plain text

    What `removed` and `gaps` tell, a second cleaning does not know. Rules may only use them to remove more, never to keep
    what they would remove without: then a second cleaning finds nothing to do.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        lexicon: Lexicon,
        found: Sequence[tuple[str, str]] = (),
        removed: int = 0,
        url: str | None = None,
        gaps: Sequence[tuple[str, ...]] = (),
        joined: Sequence[tuple[bool, bool]] = (),
        page: Document | None = None,
        places: Sequence[int] = (),
        markup: Markup | None = None,
    ) -> None:
        self.lines = lines
        self.lexicon = lexicon
        self.found = found
        self.removed = removed
        self.url = url
        self.gaps = gaps or [()] * (len(lines) + 1)
        self.joined = joined or [(False, False)] * len(lines)
        self.page = page or self
        self.places = places if page else range(len(lines))
        self.markup = markup

    def __len__(self) -> int:
        return len(self.lines)

    def without(self, gone: Mapping[int, str], fields: Iterable[tuple[str, str]]) -> Document:
        """The document after lines are gone, each by a rule; what is known of the others is carried over."""
        kept: list[int] = []
        lines: list[Line] = []
        gaps: list[tuple[str, ...]] = []
        joined: list[tuple[bool, bool]] = []
        blank, gap = False, tuple[str, ...]()
        for index, line in enumerate(self.lines):
            blank, gap = blank or line.after_blank, (gap + self.gaps[index])[-4:]
            if index in gone:
                gap += (gone[index],)
                continue
            kept.append(index)
            lines.append(line if line.after_blank == blank else line._replace(after_blank=blank))
            gaps.append(gap[-4:])
            above, below = self.joined[index]
            following = index + 1 in gone and not self.lines[index + 1].after_blank
            joined.append((above or (index - 1 in gone and not line.after_blank), below or following))
            blank, gap = False, ()
        gaps.append((gap + self.gaps[-1])[-4:])
        places = [self.places[index] for index in kept]
        found = (*self.found, *fields)
        after = Document(lines, self.lexicon, found, self.removed + len(gone), self.url, gaps, joined, self.page, places, self.markup)
        for name in ("folded", "labels", "known_labels", "rows", "digits", "paragraphs", "headlines", "weights"):
            if name in self.__dict__:
                values = self.__dict__[name]
                after.__dict__[name] = [values[index] for index in kept]
        for name in ("language", "moments"):  # the same for every line that stays
            if name in self.__dict__:
                after.__dict__[name] = self.__dict__[name]
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
    def text(self) -> str:
        """The folded lines in one: to rule out in one search what no line holds."""
        return "\n".join(self.folded)

    @cached_property
    def labels(self) -> list[str]:
        """Each short line as the lexicon's `line` phrases are written; empty for lines too long to be one."""
        return [
            trim_line(text, has_digit) if len(text) <= MAX_LABEL else "" for text, has_digit in zip(self.folded, self.digits, strict=True)
        ]

    @cached_property
    def digits(self) -> list[bool]:
        """Whether each line holds a digit."""
        return [_DIGIT.search(line.text) is not None for line in self.lines]

    @cached_property
    def digit_lines(self) -> list[int]:
        """The lines of moderate length that hold a digit: where times and dates may stand."""
        return [index for index, has_digit in enumerate(self.digits) if has_digit and len(self.lines[index].text) <= 250]

    @cached_property
    def known_labels(self) -> list[bool]:
        """Whether each line is a label of any rule."""
        labels = self.lexicon.labels
        return [label in labels for label in self.labels]

    @cached_property
    def rows(self) -> list[tuple[str, ...]]:
        """For each line, the labels of any rule that it is made of (one, or a row of them); nothing where it holds else."""
        labels, starts = self.lexicon.labels, self.lexicon.label_starts
        return [
            (label,) if known else split_row(label, labels) if label.partition(" ")[0].strip(".,:;|/-·#") in starts else ()
            for label, known in zip(self.labels, self.known_labels, strict=True)
        ]

    @cached_property
    def label_lines(self) -> list[int]:
        """The lines that are made of labels."""
        return [index for index, row in enumerate(self.rows) if row]

    @cached_property
    def hits(self) -> dict[int, list[Hit]]:
        """The lexicon's phrases inside each line that has any, with offsets in its folded text."""
        starts = [0]
        for line in self.folded:
            starts.append(starts[-1] + len(line) + 1)
        found: dict[int, list[Hit]] = defaultdict(list)
        at = 0
        for hit in sorted(self.lexicon.scan(self.text), key=lambda hit: hit.start):
            while starts[at + 1] <= hit.start:
                at += 1
            found[at].append(hit._replace(start=hit.start - starts[at], end=hit.end - starts[at]))
        return dict(found)

    @cached_property
    def openings(self) -> dict[str, set[int]]:
        """For each section of prefixes, the lines that may start with one of its phrases, marks before it left off."""
        found: dict[str, set[int]] = defaultdict(set)
        for index, text in enumerate(self.folded):
            for section in self.lexicon.openings(text.lstrip(MARKS)):
                found[section].add(index)
        return dict(found)

    @cached_property
    def lines_by_rule(self) -> dict[str, list[int]]:
        """For each rule, the lines that hold its phrases, in order."""
        found: dict[str, list[int]] = defaultdict(list)
        for index in sorted(self.hits):
            for rule in {hit.rule for hit in self.hits[index]}:
                found[rule].append(index)
        return dict(found)

    @cached_property
    def weights(self) -> list[int]:
        """Each line's length in characters, dense scripts counted double: comparable between languages."""
        if not _MAYBE_DENSE.search("".join([line.text for line in self.lines])):
            return [len(line.text) for line in self.lines]
        return [len(line.text) * (2 if dense(line.text) else 1) for line in self.lines]

    @cached_property
    def paragraphs(self) -> list[bool]:
        """Whether each line reads as running text: long, or of some length and ended as sentences are, not as headlines."""
        return [
            weight >= 200 or (weight >= 45 and (ends_with_stop(line.text) or (weight >= 100 and ends_sentence(line.text))))
            for line, weight in zip(self.lines, self.weights, strict=True)
        ]

    @cached_property
    def headlines(self) -> list[bool]:
        """Whether each line could be the headline of another article: some words, no full stop at its end."""
        return [8 <= weight <= 220 and not _STOP_ONLY.search(line.text) for line, weight in zip(self.lines, self.weights, strict=True)]

    @cached_property
    def body_span(self) -> tuple[int, int]:
        """The first line of running text that holds no phrase of chrome, and the last line before the tail; (0, -1) without any."""
        places = [index for index in range(len(self)) if self._is_plain(index)]
        if not places:
            return 0, -1
        tail = self._tail_start()
        return places[0], max((index for index in places if index < tail), default=places[0])

    def _is_plain(self, index: int) -> bool:
        return self.paragraphs[index] and not (index in self.hits and any(hit.group == "says" for hit in self.hits[index]))

    def _tail_start(self) -> int:
        """Where the page's end begins: the place behind which lines that speak as chrome most outweigh running text."""
        total = best = 0.0
        start = len(self)
        for index in range(len(self) - 1, -1, -1):
            if gap := self.gaps[index + 1]:
                total += min(3, sum(rule in BLOCKS for rule in gap))
            hits = [hit for hit in self.hits[index] if hit.rule in BLOCKS] if index in self.hits else []
            if hits and any(hit.group == "says" for hit in hits):
                total += 1.5
            elif self.known_labels[index]:
                total += 0.5
            elif self.paragraphs[index] and not hits:
                total -= 2
            if total > best:
                best, start = total, index
        return start

    def at_edge(self, index: int) -> bool:
        """Whether a line stands before the first or after the last running text, in a document that has any."""
        first, last = self.body_span
        return first <= last and not first <= index <= last

    def in_tail(self, index: int) -> bool:
        """Whether a line stands after the last running text."""
        first, last = self.body_span
        return first <= last < index


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
    if text.isascii():
        return False
    start = text[:200]
    return sum(map(len, _SURELY_DENSE.findall(start))) * 3 > len(start) or len(_DENSE.findall(start)) * 3 > len(start)


def split_row(text: str, labels: frozenset[str]) -> tuple[str, ...]:
    """The labels that a folded line is made of, parted by marks or spaces, the longest first; nothing where it holds else.

    >>> split_row("home | contact us", frozenset({"home", "contact us"}))
    ('home', 'contact us')
    """
    pieces: list[str] = []
    for part in _ROW_MARKS.split(text):
        words = part.strip(" .()[]-–—*").split(" ")
        at = 0
        while at < len(words):
            for length in range(min(MAX_LABEL_WORDS, len(words) - at), 0, -1):
                piece = " ".join(words[at : at + length]).strip(" .()[]-")
                if piece in labels or not any(map(str.isalpha, piece)):
                    break
            else:
                return ()
            at += length
            if any(map(str.isalpha, piece)):
                pieces.append(piece)
    return tuple(pieces)


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
