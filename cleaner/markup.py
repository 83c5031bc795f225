"""What a page's markup says of its lines: plain data that the page's reader fills and the scored rule looks at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleaner.document import Line

SECTIONS = tuple(
    ("nav header footer aside main article form table list figure quote code dialog address button heading section link hidden").split()
)
"""What a line can stand in, at any depth."""


class Element(NamedTuple):
    """An element that ends lines.

    parent    the number of the element that it stands in, -1 for the outermost
    tag       its name
    words     its class, id and role as they stand
    sections  what it stands in, itself included, as bits of `SECTIONS`
    depth     how many such elements it stands in
    """

    parent: int
    tag: str
    words: str
    sections: int
    depth: int


class MarkedLine(NamedTuple):
    """A line of a page.

    text      with single spaces; code as it stands
    element   the number of the innermost element that ends lines
    linked    the share of its characters that are links, 0 to 1
    strong    the share of its characters that are emphasised, 0 to 1
    words     class and id of what stands within the line
    gap       how far it stands from the line before: 0 next to it, 1 in the same list or table, 2 apart
    """

    text: str
    element: int
    linked: float
    strong: float
    words: str
    gap: int


class Marked(NamedTuple):
    """A page as lines.

    lines     in the order of the page
    elements  what they stand in; each comes behind the one that it stands in itself
    title     what the page's head calls it
    """

    lines: list[MarkedLine]
    elements: list[Element]
    title: str = ""


class Markup(NamedTuple):
    """What is known of a page's lines beside their text.

    marked   the page as lines
    kept     for each other reading of the page, by name, how much of each line it keeps, 0 to 1; -1 where there is no such reading
    """

    marked: Marked
    kept: dict[str, list[float]]


def of_lines(markup: Markup, numbers: Sequence[int]) -> Markup:
    """What is known of some of the lines, by their numbers."""
    marked = markup.marked._replace(lines=[markup.marked.lines[number] for number in numbers])
    return Markup(marked, {name: [values[number] for number in numbers] for name, values in markup.kept.items()})


def of_source(markup: Markup, source: str, lines: Sequence[Line]) -> Markup:
    """What the markup says of lines that are left of a page's text: the normaliser may have found some to be blank."""
    number: dict[int, int] = {}
    at = 0
    for raw in source.split("\n"):
        if raw.strip():
            number[at + len(raw) - len(raw.lstrip())] = len(number)
        at += len(raw) + 1
    return of_lines(markup, [number[line.start] for line in lines])
