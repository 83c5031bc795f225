"""Lines made up of labels and nothing else: rows of buttons, menus on one line."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from cleaner.lines import Document, dense

MOST_WORDS = 6
"""A label has no more words than this."""

MAX_ROW = 300
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


def tiles(document: Document, text: str, sections: Iterable[str]) -> int:
    """How many labels of these sections a folded text is made of, if it is made of nothing else; 0 otherwise.

    Labels are parted by marks or by nothing but spaces; the longest is taken first.
    """
    if len(text) > MAX_ROW:
        return 0
    known = [document.lexicon.entries(section) for section in sections]
    count = 0
    for part in _MARKS.split(text):
        words = part.strip(" .()[]-–—*").split()
        at = 0
        while at < len(words):
            for length in range(min(MOST_WORDS, len(words) - at), 0, -1):
                piece = " ".join(words[at : at + length]).strip(" .()[]-")
                if not piece or any(piece in entries for entries in known):
                    break
            else:
                return 0
            at += length
            count += any(char.isalpha() for char in piece)
    return count
