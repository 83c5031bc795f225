"""Lines made up of labels and nothing else: rows of buttons, menus on one line."""

from __future__ import annotations

from collections.abc import Iterable

from cleaner.lines import Document, dense


def label_language(document: Document, rule: str, index: int, group: str = "line") -> str | None:
    """The language in which a line is a label of this rule, or None."""
    if group != "label" and not document.known_labels[index]:
        return None
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

    See `Document.rows`.
    """
    pieces = document.rows[index]
    if not pieces:
        return 0
    known = [document.lexicon.entries(section) for section in sections]
    return len(pieces) if all(any(piece in entries for entries in known) for piece in pieces) else 0
