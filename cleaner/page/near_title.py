"""What stands around a page's title: bylines and dates as readers see them, whatever the markup calls them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from cleaner.dates import find_moment
from cleaner.lexicon import fold, load
from cleaner.page.authors import is_name, people, reads_like_person
from cleaner.page.dates import iso_date
from cleaner.page.text import key, one_line
from cleaner.page.tree import Node

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

_NODES_BEFORE, _NODES_AFTER = 120, 400
_BEFORE, _AFTER = 14, 30
"""So many pieces of text before and behind the title are looked at."""
_PARAGRAPH = 220
"""A longer piece is the body; bylines stand above it."""
_INTRODUCTIONS = 1
_SHORT = 90
_UNSEEN = frozenset({"script", "style", "noscript", "template", "svg", "select", "head", "form", "nav"})
_PROFILE = (
    "/author",
    "/contributor",
    "/profile",
    "/writer",
    "/journalist",
    "/redakt",
    "/autor",
    "/auteur",
    "/autore",
    "/people/",
    "/user",
    "/member",
)
"""Addresses of pages about a writer, as sites' software names them."""


class Piece(NamedTuple):
    """A stretch of text without markup, the address that it links to, and the description of a picture beside it."""

    text: str
    link: str = ""
    picture: str = ""


def around_title(tree: HTMLTree, heading: Node | None) -> tuple[Sequence[Piece], Sequence[Piece]]:
    """The pieces of text before and behind a heading, the nearest first; those at the top of the page where it has none."""
    if heading is None:
        return (), _until_body(_pieces(_walk(tree.body, True), _NODES_AFTER), 2 * _AFTER)
    before = list(_pieces(_walk(heading, False), _NODES_BEFORE))[:_BEFORE]
    return before, _until_body(_pieces(_walk(heading, True), _NODES_AFTER), _AFTER)


def named_people(pieces: Sequence[Piece], sites: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The authors that pieces name, in the order of trust."""
    prefixes = load().entries("byline.prefix")
    pictures = [key(piece.picture) for piece in pieces if piece.picture]
    texts = [piece for piece in pieces if piece.text]
    for place, piece in enumerate(texts):
        folded = fold(piece.text).strip(" :•·|-–—")
        if folded in prefixes:
            behind = texts[place + 1].text if place + 1 < len(texts) else ""
            names = [name for name in people(behind, sites) if len(behind) <= _SHORT]
        elif (prefix := load().prefix("byline.prefix", folded)) and piece.text[len(prefix) : len(prefix) + 1] in (" ", ":", "："):
            line = _undated(piece.text)
            names = [name for name in people(line, sites) if len(line) <= _SHORT and key(name) != key(line)]
            dated = any(iso_date(beside.text) for beside in texts[max(place - 2, 0) : place + 3] if len(beside.text) <= _SHORT)
            names = [name for name in names if reads_like_person(name) or (dated and len(line.split()) <= 3)]
        else:
            continue
        if names:
            yield "; ".join(names), "byline by the title"
    linked = [
        (place, piece.text)
        for place, piece in enumerate(texts)
        if any(word in piece.link.lower() for word in _PROFILE) and len(piece.text) <= 50 and people(piece.text, sites)
    ]
    if linked:
        yield "; ".join(text for place, text in linked if place <= linked[0][0] + 6), "link to the author by the title"
    for piece in texts:
        name = piece.text
        if len(name) <= 50 and reads_like_person(name) and is_name(name, sites) and any(key(name) in picture for picture in pictures):
            yield name, "name and picture by the title"

    for place, piece in enumerate(texts[:-1]):
        behind = texts[place + 1].text
        if place < 4 and not piece.link and len(behind) <= _SHORT and iso_date(behind) and len(piece.text) <= 40:
            name = piece.text
            if reads_like_person(name) and is_name(name, sites):
                yield name, "name above the date by the title"


def dates_said(pieces: Sequence[Piece], language: str | None) -> Iterator[tuple[str, bool]]:
    """The dates that pieces give, and whether each is one of modification."""
    lexicon = load()
    before = ""
    for piece in pieces:
        text = piece.text
        if not text:
            continue
        folded = fold(text).strip(" •|-*([")
        if len(text) <= _SHORT and any(map(str.isdigit, text)) and (iso := iso_date(text, language)):
            label = before if len(before) <= 30 else ""
            changed = lexicon.prefix("modified_date.label", folded) or label.strip(" :") in lexicon.entries("modified_date.label")
            printed = lexicon.prefix("dateline.print", folded)
            if not printed:
                yield iso, bool(changed)
        before = folded


def _undated(text: str) -> str:
    """A byline without the date behind it."""
    folded = fold(text)
    moment = find_moment(folded, folded=True) if len(folded) == len(text) else None
    return text[: moment.start].rstrip(" ,|-–—•·(") if moment and moment.start > 3 else text


def _until_body(pieces: Iterator[Piece], most: int) -> list[Piece]:
    """The pieces down to the body: one long piece may introduce it."""
    found: list[Piece] = []
    long = 0
    for piece in pieces:
        if len(piece.text) > _PARAGRAPH:
            long += 1
            if long > _INTRODUCTIONS:
                break
        elif len(found) >= most:
            break
        else:
            found.append(piece)
    return found


def _pieces(nodes: Iterator[Node], most: int) -> Iterator[Piece]:
    for count, node in enumerate(nodes):
        if count >= most:
            return
        if node.tag == "#text":
            text = one_line(node.text, 300)
            if text:
                yield Piece(text, _link(node))
        elif node.tag == "time":
            yield Piece(one_line(node.getattr("datetime"), 60))
        elif node.tag == "img":
            yield Piece("", "", one_line(node.getattr("alt"), 100))


def _link(node: Node) -> str:
    for _ in range(3):
        node = node.parent
        if node is None:
            return ""
        if node.tag == "a":
            return (node.getattr("href") or "")[:300]
    return ""


def _walk(node: Node, forward: bool) -> Iterator[Node]:
    """Nodes in the order of the page from behind a node (or before it, backwards); what is not shown is passed by."""
    at = node
    inside = node.tag == "body"
    while at is not None:
        down = (at.first_child if forward else at.last_child) if inside and at.tag not in _UNSEEN else None
        if down is not None:
            at = down
        else:
            beside = None
            while at is not None and (beside := at.next if forward else at.prev) is None:
                at = at.parent
                if at is not None and at.tag == "body":
                    return
            at = beside
        inside = True
        if at is not None:
            yield at
