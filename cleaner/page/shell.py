"""Pages without text, which scripts would fill in a browser: told by how little they say for how much they load."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

SHELL_NOTE = "the page is a shell that scripts fill: its text is not in its source"
_FEW_ELEMENTS = 300
_LITTLE_TEXT = 250
"""A shell says less than this outside of scripts, in characters without white space."""


def shell_note(tree: HTMLTree, html: str) -> str:
    """What to say of a page that is a shell for scripts; empty for a page with text."""
    body = tree.body
    if body is None or "<script" not in html or len(body.query_selector_all("p, li, h2, td")) > 20:
        return ""
    if len(body.query_selector_all("*")) > _FEW_ELEMENTS or visible_length(tree) > _LITTLE_TEXT:
        return ""
    return SHELL_NOTE


def visible_length(tree: HTMLTree) -> int:
    """How much the body says outside of scripts, styles and what stands in for scripts, in characters without white space."""
    body = tree.body
    if body is None:
        return 0
    unseen = body.query_selector_all("script, style, noscript, template")[:_FEW_ELEMENTS]
    return _letters(body.text) - sum(_letters(node.text) for node in unseen)


def _letters(text: str | None) -> int:
    return sum(len(word) for word in (text or "").split())
