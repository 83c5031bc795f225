"""Lines made up of labels and nothing else: rows of buttons, menus on one line."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from cleaner.lines import Document, dense

MOST_WORDS = 6
"""A label has no more words than this."""

_MARKS = regex.compile(r"\s*[|/·•,;:>»›→+&]+\s*|\s{2,}")


def label_language(document: Document, rule: str, index: int, group: str = "line") -> str | None:
    """The language in which a line is a label of this rule, or None."""
    label = document.labels[index]
    return document.lexicon.line(f"{rule}.{group}", label) if len(label) > 1 else None


def says_enough(label: str) -> bool:
    """Whether a label is long enough to be chrome on its own, without others around it.

    >>> says_enough("accept all"), says_enough("accept"), says_enough("接受所有"), says_enough("同意")
    (True, False, True, False)
    """
    return " " in label or (dense(label) and len(label) >= 4)


def tiles(document: Document, index: int, sections: Iterable[str]) -> int:
    """How many labels of these sections a line is made of, if it is made of nothing else; 0 otherwise.

    Labels are parted by marks or by nothing but spaces; the longest is taken first.
    """
    pieces = _pieces(document)[index]
    if not pieces:
        return 0
    known = [document.lexicon.entries(section) for section in sections]
    return len(pieces) if all(any(piece in entries for entries in known) for piece in pieces) else 0


def _pieces(document: Document) -> list[tuple[str, ...]]:
    """For each line, the labels of any rule that it is made of; nothing for lines that hold anything else."""
    cached: list[tuple[str, ...]] | None = document.__dict__.get("rows")
    if cached is None:
        cached = document.__dict__["rows"] = [_split_row(label, document.lexicon.labels) if label else () for label in document.labels]
    return cached


def _split_row(text: str, labels: frozenset[str]) -> tuple[str, ...]:
    pieces: list[str] = []
    for part in _MARKS.split(text):
        words = part.strip(" .()[]-–—*").split(" ")
        at = 0
        while at < len(words):
            for length in range(min(MOST_WORDS, len(words) - at), 0, -1):
                piece = " ".join(words[at : at + length]).strip(" .()[]-")
                if piece in labels or not any(map(str.isalpha, piece)):
                    break
            else:
                return ()
            at += length
            if any(map(str.isalpha, piece)):
                pieces.append(piece)
    return tuple(pieces)
