"""A page's visible text as lines, each with what the markup says of it.

A line is what a browser would set as a line if it were wide enough: a paragraph, a list's item, a heading, a table's row. Nothing
that a reader could see is left out here; what is hidden by the page's own markup comes too, and is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from resiliparse.parse.html import HTMLTree

from cleaner.markup import SECTIONS, Element, Marked, MarkedLine

SKIPPED = frozenset(
    (
        "script style noscript template head svg math iframe object embed canvas audio video map select datalist textarea "
        "frameset noframes applet progress meter rp"
    ).split()
)
"""Elements whose text no reader sees as text."""

INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr picture q rb rt ruby s samp "
        "small source span strike strong sub sup time track tt u var wbr input"
    ).split()
)
"""Elements that do not end a line; all others do, those that nobody knows too."""

TIGHT = frozenset("li dt dd tr td th option summary caption".split())
"""Elements that follow one another without a blank line."""

EMPHASIS = frozenset(["b", "strong", "em", "i", "mark"])

ROLES = {"navigation": "nav", "banner": "header", "contentinfo": "footer", "complementary": "aside", "search": "form", "menu": "nav"}
"""ARIA landmark roles, as the elements that mean the same."""

_SECTION_OF = {
    **{
        name: name
        for name in ("nav", "header", "footer", "aside", "main", "article", "form", "table", "figure", "dialog", "address", "button")
    },
    **dict.fromkeys(("ul", "ol", "dl", "menu"), "list"),
    **dict.fromkeys(("blockquote", "q"), "quote"),
    **dict.fromkeys(("pre", "code", "samp", "kbd"), "code"),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    "section": "section",
}
_BIT = {name: 1 << place for place, name in enumerate(SECTIONS)}

VOID = frozenset("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split())
"""Elements that hold nothing and have no end tag."""

AS_TEXT = frozenset("style iframe noembed noframes textarea".split())
"""Elements whose content is no markup; that of scripts is not either, but for one odd case."""

PLAIN = frozenset(["xmp", "plaintext"])
"""Elements whose content is text as it stands, tags and all."""

_TOKEN = re.compile(r'<(/?)([a-zA-Z][^\s/>]*+)((?:\s=?+[^\s=>]*+(?:="[^"]*+")?+)*+)/?>|([^<]++)|(<!--)|<')
_ATTRIBUTE = re.compile(r'\s(class|id|role|itemprop|style|hidden|aria-hidden)="([^"]*+)"')
_NO_ATTRIBUTES: dict[str, str] = {}

_ICONS = re.compile(r"[\ue000-\uf8ff\u200b\ufeff]+")
"""Letters of icon fonts, which nobody can read, and what takes no space."""

LITTLE = 1_500
"""Where a page shows less text than this, what it holds for readers without scripts is looked at, in characters."""

LONGEST_WORDS = 300
"""How much of an element's class and id is looked at, in characters."""

AS_IT_STANDS = frozenset(["pre", "listing", "xmp", "plaintext"])
"""Elements whose line breaks and spaces are kept."""

MOST_INNER = 4
"""Of how many elements within a line class and id are kept."""

MOST_CELLS = 12
"""Rows of a table with more cells than these stay a line a cell."""

LONGEST_ROW = 400
"""A table's row that is longer is no row of data, and stays a line a cell, in characters."""


def read_lines(tree: HTMLTree) -> Marked:
    """The lines of a page.

    >>> marked = read_lines(HTMLTree.parse("<body><nav><a href='/'>Home</a></nav><p>It <b>rained</b>.<table><tr><td>1<td>2</table>"))
    >>> [(line.text, line.linked, marked.elements[line.element].tag) for line in marked.lines]
    [('Home', 1.0, 'nav'), ('It rained.', 0.0, 'p'), ('1 | 2', 0.0, 'tr')]
    """
    root = tree.body or tree.document
    html = root.html if root is not None else ""
    writer = _read(html, SKIPPED)
    # Some sites give all their text to readers without scripts, and to scripts the rest of the page.
    seen = _length(writer)
    if seen < LITTLE and "<noscript" in html:
        plain = _read(html, SKIPPED - {"noscript"})
        writer = plain if _length(plain) > 2 * seen else writer
    return Marked(writer.lines, writer.elements, " ".join((tree.title or "").split()))


def _length(writer: _Writer) -> int:
    return sum(len(line.text) for line in writer.lines)


def _read(html: str, skipped: frozenset[str]) -> _Writer:
    writer = _Writer()
    _walk(html, writer, skipped)
    writer.end_line()
    return writer


def _walk(html: str, writer: _Writer, skipped: frozenset[str]) -> None:
    """Go through a page as the parser writes it out again: whole, in order, every tag closed and every value in quotes.

    Twice as fast as going from node to node, and a page may be nested deeper than Python recurses.
    """
    at, search = 0, _TOKEN.search
    while match := search(html, at):
        at = match.end()
        slash, tag, attributes, text, comment = match.groups()
        if comment:
            at = max(html.find("-->", at) + 3, at)  # the parser ends every comment
        elif text is not None:
            writer.add(unescape(text) if "&" in text else text)
        elif slash:
            writer.leave(tag.lower())
        elif tag and (tag := tag.lower()) in skipped:
            at = _behind(html, at, tag)
        elif tag:
            writer.enter(tag, dict(_ATTRIBUTE.findall(attributes)) if attributes else _NO_ATTRIBUTES)
            if tag in VOID:
                writer.leave(tag)
            elif tag in PLAIN:
                end = html.rfind(f"</{tag}>") if tag == "plaintext" else html.find(f"</{tag}>", at)
                writer.add(html[at:end])
                at = end


def _behind(html: str, at: int, tag: str) -> int:
    """Where an element ends that is not read; what it holds may be no markup, or hold others of its name."""
    if tag in VOID:
        return at
    opening, closing, depth = re.compile(rf"<{tag}[\s/>]"), f"</{tag}>", 1
    while depth:
        end = html.find(closing, at)
        if end < 0:
            return len(html)
        held = html[at:end]
        if tag == "script":  # a comment that opens in one may hold another, whose end is then not its own
            inside = min(len(opening.findall(held[held.rfind("<!--") :])), 1) if held.rfind("<!--") > held.rfind("-->") else 0
        else:
            inside = 0 if tag in AS_TEXT else len(opening.findall(held))
        depth, at = depth + inside - 1, end + len(closing)
    return at


@dataclass
class _Open:
    """An element that is being read.

    block       the number of the innermost element that ends lines
    first_line  how many lines there were before it
    """

    tag: str
    block: int
    first_line: int
    linked: bool = False
    strong: bool = False
    pre: bool = False


@dataclass
class _Writer:
    """Gathers text into lines."""

    lines: list[MarkedLine] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    opened: list[_Open] = field(default_factory=lambda: [_Open("", -1, 0)])
    parts: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    block: int = -1
    linked: int = 0
    strong: int = 0
    count: int = 0
    gap: int = 2
    pre: bool = False
    after_link: bool = False

    def add(self, text: str) -> None:
        """Text as it stands in the page."""
        top = self.opened[-1]
        if top.pre:
            *whole, text = text.split("\n")
            for line in whole:
                self._gather(line, top)
                self.end_line()
        self._gather(text, top)

    def _gather(self, text: str, top: _Open) -> None:
        size = len(text.strip())
        if not size and not self.parts and not top.pre:
            return
        self.parts.append(text)
        self.after_link = False
        self.count += size
        self.linked += size if top.linked else 0
        self.strong += size if top.strong else 0
        if size and self.block < 0:
            self.block, self.pre = top.block, top.pre

    def enter(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        above = self.opened[-1]
        if tag == "br":
            self.end_line()
        words = _words(attributes)
        if tag in INLINE or tag == "br":
            if words and len(self.words) < MOST_INNER:
                self.words.append(words)
            linked, strong = above.linked or tag == "a", above.strong or tag in EMPHASIS
            if tag == "a" and self.after_link:
                self.parts.append(" ")  # two links are two things, whatever stands between them in the source
            self.opened.append(_Open(tag, above.block, len(self.lines), linked, strong, above.pre))
            return
        self._part(tag)
        self.opened.append(
            _Open(tag, self._element(tag, words, attributes), len(self.lines), above.linked, False, above.pre or tag in AS_IT_STANDS)
        )

    def _element(self, tag: str, words: str, attributes: Mapping[str, str]) -> int:
        above = self.opened[-1]
        outer = self.elements[above.block] if above.block >= 0 else None
        bits = (outer.sections if outer else 0) | _sections(tag, attributes, above.linked)
        self.elements.append(Element(above.block, tag, words, bits, outer.depth + 1 if outer else 0))
        return len(self.elements) - 1

    def leave(self, tag: str) -> None:
        """The innermost element ends, if it is one of this name: every other end is of something that was not read."""
        if self.opened[-1].tag != tag:
            return
        last = self.opened.pop()
        self.after_link = self.after_link or last.tag == "a"
        if last.tag in INLINE or last.tag == "br":
            return
        self._part(last.tag)
        if last.tag == "tr":
            self._join_row(last)

    def _part(self, tag: str) -> None:
        self.end_line()
        self.gap = max(self.gap, 1 if tag in TIGHT else 2)

    def end_line(self) -> None:
        """What was gathered is a line."""
        text = _ICONS.sub("", "".join(self.parts)) if self.count else ""
        if text.strip():
            text = text.rstrip().expandtabs(4) if self.pre else " ".join(text.split())
            linked, strong = min(self.linked / self.count, 1.0), min(self.strong / self.count, 1.0)
            self.lines.append(MarkedLine(text, max(self.block, 0), linked, strong, " ".join(self.words), self.gap))
            self.gap = 0
        self.parts, self.words, self.block = [], [], -1
        self.linked = self.strong = self.count = 0
        self.after_link = False

    def _join_row(self, row: _Open) -> None:
        """The cells of a row of data become one line."""
        cells = self.lines[row.first_line :]
        places = {line.element for line in cells}
        size = sum(len(line.text) for line in cells)
        if not 1 < len(cells) <= MOST_CELLS or len(places) < len(cells) or size > LONGEST_ROW:
            return
        if any(self.elements[line.element].tag not in ("td", "th", "p") for line in cells):
            return
        linked = sum(line.linked * len(line.text) for line in cells) / size
        strong = sum(line.strong * len(line.text) for line in cells) / size
        text = " | ".join(line.text for line in cells)
        self.lines[row.first_line :] = [MarkedLine(text, row.block, linked, strong, cells[0].words, cells[0].gap)]


def _words(attributes: Mapping[str, str]) -> str:
    found = [attributes[name] for name in ("class", "id", "role", "itemprop") if name in attributes]
    return unescape(" ".join(text for text in found if text))[:LONGEST_WORDS]


def _sections(tag: str, attributes: Mapping[str, str], linked: bool) -> int:
    role = attributes.get("role")
    named = _SECTION_OF.get(ROLES.get(role, role) if role else tag) or _SECTION_OF.get(tag)
    bits = _BIT[named] if named else 0
    if linked:
        bits |= _BIT["link"]
    return bits | (_BIT["hidden"] if _is_hidden(attributes) else 0)


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style", "").replace(" ", "").lower()
    return "display:none" in style or "visibility:hidden" in style
