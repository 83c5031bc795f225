"""The lexicon as it is matched: labels by section and language, and for phrases inside text an anchor each to look for.

Spelling out the phrase files takes a second; reading what came of it, packed beside this file, a tenth of that. The packed
file is made by `python -m tools.compile_lexicon`, and a test fails where it is behind the phrase files.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from cleaner.lexicon.fold import trim_line
from cleaner.lexicon.phrases import WITHIN, LexiconError, Phrase, segments

PACKED = "compiled.json.gz"
MOST_JOINED = 20_000
MAX_ANCHORS = 24
"""Parts that together have more alternatives than this are not looked for as one."""

_GZIP = 31  # zlib's window size for gzip's format
_PARTING = "\ue000"  # private use: no phrase has it, and JSON need not escape it


class Compiled(NamedTuple):
    """A lexicon ready to match.

    labels   section ("share_bar.line") to language to its labels, folded and trimmed; a label stands under its first language
    phrases  [rule, group, languages, before, behind] for each phrase that is looked for inside text: what must stand before
             and behind its anchor, as phrase files write it
    anchors  the strings to look for
    uses     for each anchor, the phrases that it may stand for: numbers parted by commas, with "<" where words may go on
             before the anchor, and ">" where they may go on behind it
    """

    labels: dict[str, dict[str, list[str]]]
    phrases: list[tuple[str, str, str, str, str]]
    anchors: list[str]
    uses: list[str]


def compile_phrases(phrases: Iterable[Phrase]) -> Compiled:
    """Compile phrases. Raises LexiconError where one stands for too many.

    >>> compile_phrases([Phrase("cookie_notice", "says", "en", "(we|our) cookies")]).anchors
    ['we cookies', 'our cookies']
    """
    languages: dict[str, dict[str, str]] = defaultdict(dict)
    within: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for phrase in phrases:
        if phrase.group in WITHIN:
            within[phrase.rule, phrase.group, phrase.text].append(phrase.language)
        elif key := _key(phrase.text):
            languages[f"{phrase.rule}.{phrase.group}"].setdefault(key, phrase.language)
    rows: list[tuple[str, str, str, str, str]] = []
    uses: dict[str, list[str]] = defaultdict(list)
    for (rule, group, text), tongues in within.items():
        try:
            before, anchors, behind = _anchored(text)
        except LexiconError as error:
            raise LexiconError(f"{tongues[0]} [{rule}.{group}] {text!r}: {error}") from None
        for anchor in anchors:
            if bare := anchor.strip("*").strip():  # an optional part that is left out leads to nothing
                uses[bare].append(f"{len(rows)}{'<' * anchor.startswith('*')}{'>' * anchor.endswith('*')}")
        rows.append((rule, group, " ".join(tongues), before, behind))
    return Compiled(
        {section: _by_language(labels) for section, labels in languages.items()},
        rows,
        list(uses),
        [",".join(dict.fromkeys(found)) for found in uses.values()],
    )


def pack(compiled: Compiled) -> bytes:
    """The packed file's content for a compiled lexicon."""
    labels = {
        section: {language: _PARTING.join(found) for language, found in by_language.items()}
        for section, by_language in compiled.labels.items()
    }
    content = [labels, compiled.phrases, _PARTING.join(compiled.anchors), _PARTING.join(compiled.uses)]
    packer = zlib.compressobj(9, wbits=_GZIP)
    return packer.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()) + packer.flush()


def unpack(packed: bytes) -> Compiled:
    """The lexicon that `pack` packed.

    >>> made = compile_phrases([Phrase("share_bar", "line", "en", "share")])
    >>> unpack(pack(made)) == made
    True
    """
    labels, phrases, anchors, uses = json.loads(zlib.decompress(packed, _GZIP))
    return Compiled(
        {section: {language: found.split(_PARTING) for language, found in tongues.items()} for section, tongues in labels.items()},
        [tuple(row) for row in phrases],
        anchors.split(_PARTING) if anchors else [],
        uses.split(_PARTING) if uses else [],
    )


def packaged() -> Compiled:
    """The lexicon of the package's own languages."""
    return unpack((files(__package__) / PACKED).read_bytes())


def _by_language(labels: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for label, language in labels.items():
        found[language].append(label)
    return dict(found)


def _key(text: str) -> str:
    """A phrase as `Document.labels` gives it. Most need nothing done, and there are over a hundred thousand."""
    if text.replace(" ", "").isalpha():
        return text
    return trim_line(text.replace("#", "0")) or text


def _anchored(text: str) -> tuple[str, tuple[str, ...], str]:
    """A phrase's anchors (the run of parts that is rarest in text), and what stands before and behind them, unread."""
    parts = segments(text)
    first, last = _anchor_parts(parts)
    before, behind = _written(parts[:first]), _written(parts[last:])
    for side in (before, behind):
        spelt(side)  # what would be too many is told now, not when a document first meets the anchor
    return before, _joined(parts[first:last]), behind


def _anchor_parts(parts: list[list[str]]) -> tuple[int, int]:
    """The run of parts that is rarest in text (its shortest alternative is long) and has few alternatives."""
    best, place = -99.0, (0, len(parts))
    for first in range(len(parts)):
        count, shortest = 1, 0
        for last in range(first, len(parts)):
            count *= len(parts[last])
            shortest += min(len(alternative.strip()) for alternative in parts[last])
            if count > MAX_ANCHORS and last > first:
                break
            worth = min(shortest, 9) - 3 * max(0, 5 - shortest) - min(count / 4, 6)
            if shortest and worth > best:
                best, place = worth, (first, last + 1)
    return place


def _written(parts: list[list[str]]) -> str:
    """Parts as phrase files write them, alternatives spelt out."""
    return "".join(f"({'|'.join(choice)})" if len(choice) > 1 else choice[0] for choice in parts)


@cache
def spelt(text: str) -> tuple[str, ...]:
    """Every way to read one side of a phrase, without space at the ends; one empty string where nothing stands there."""
    return _joined(segments(text))


def _joined(parts: list[list[str]]) -> tuple[str, ...]:
    phrases = [""]
    for choice in parts:
        phrases = [left + right for left in phrases for right in choice]
        if len(phrases) > MOST_JOINED:
            raise LexiconError(f"one side of it stands for over {MOST_JOINED} phrases: split the line")
    return tuple(dict.fromkeys(_settled(phrases)))


def _settled(phrases: Iterable[str]) -> Iterator[str]:
    for phrase in phrases:
        yield " ".join(phrase.split()).replace(" :", ":")
