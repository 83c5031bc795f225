"""Select from lexbor's tree: its nodes are typed loosely, so what they give is settled here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

Node = Any
"""An element or text of the tree; resiliparse's own types leave most attributes open."""


def select(tree: HTMLTree, selector: str) -> list[Node]:
    """The elements that a CSS selector meets, in the order of the page."""
    return list(tree.document.query_selector_all(selector)) if tree.document else []


def select_one(tree: HTMLTree, selector: str) -> Node | None:
    """The first of them."""
    return tree.document.query_selector(selector) if tree.document else None
