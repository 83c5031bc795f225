"""Select from lexbor's tree: its nodes are typed loosely, so what they give is settled here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

Node = Any
"""An element or text of the tree; resiliparse's own types leave most attributes open."""


MOST = 100_000
"""So many elements are looked at."""
_MOST_STEPS = 120


def select(tree: HTMLTree, selector: str, most: int = MOST) -> tuple[Node, ...]:
    """The elements that a CSS selector meets, in the order of the page; never more than `most`.

    By a slice: iterating a collection of resiliparse's makes the whole of it anew for every element.
    """
    return tuple(tree.document.query_selector_all(selector)[:most]) if tree.document else ()


def select_one(tree: HTMLTree, selector: str) -> Node | None:
    """The first of them."""
    return tree.document.query_selector(selector) if tree.document else None


def brief_texts(node: Node, most: int) -> list[str]:
    """The pieces of text in an element that says little; empty for one that says more than `most` characters.

    By hand: the whole text of a great element is copied by every element around it.
    """
    found: list[str] = []
    at, length = node.first_child, 0
    for _ in range(_MOST_STEPS):
        if at is None or length > most:
            break
        if at.tag == "#text":
            found.append(at.text)
            length += len(at.text.strip())
        down = at.first_child if at.tag not in ("script", "style") else None
        at = down if down is not None else _behind(at, node)
    return found if at is None and length <= most else []


def _behind(at: Node, root: Node) -> Node | None:
    """The node behind one in the order of the page, its children passed by; None where the root ends."""
    while at is not None and at != root:
        if at.next is not None:
            return at.next
        at = at.parent
    return None
