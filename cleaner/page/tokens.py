"""HTML's tags as HTML5 reads them, found in one pass: where comments, scripts and quoted values hide what looks like a tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_SPACE = r"[ \t\n\f\r]"
_ATTRIBUTE = (
    rf"(?:=[^ \t\n\f\r/>=]*+|[^ \t\n\f\r/>=]++)"
    rf"""(?:{_SPACE}*+={_SPACE}*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r"'>][^ \t\n\f\r>]*+|))?+"""
)
_ATTRIBUTES = rf"(?:[ \t\n\f\r/]++|{_ATTRIBUTE})*+"
_RAW_NAMES = "script|style|textarea|title|xmp|iframe|noembed|noframes"
RAW = frozenset(_RAW_NAMES.split("|"))
"""Elements whose content is text."""

# The standard library's engine, for it is three times as fast here; every quantifier is possessive, and every alternative
# also ends where the page does, so that no part of a page is read twice.
TOKEN = re.compile(
    rf"<(?:(?P<raw>{_RAW_NAMES})(?=[ \t\n\f\r/>]){_ATTRIBUTES}(?:>|\Z)"
    rf"|[a-zA-Z][^ \t\n\f\r/>]*+{_ATTRIBUTES}(?:>|\Z)"
    rf"|(?P<end>/[a-zA-Z])[^>]*+(?:>|\Z)"
    rf"|(?P<comment>!--)(?:-?>)?+"
    rf"|[!?/][^>]*+(?:>|\Z))",
    re.I,
)
FIRST_ATTRIBUTES = re.compile(rf"<[a-zA-Z][^ \t\n\f\r/>]*+(?:[ \t\n\f\r/]*+{_ATTRIBUTE}){{0,100}}+")
"""A tag's name and its first hundred attributes."""

_NAME = re.compile(r"[^ \t\n\f\r/><]+")
_ENDS = {
    "comment": re.compile(r"--!?>"),
    **{name: re.compile(rf"</{name}(?=[ \t\n\f\r/>])", re.I) for name in _RAW_NAMES.split("|")},
}


class Token(NamedTuple):
    """A start tag, an end tag or a comment.

    kind   "start", "end", "raw" (a start tag whose content is text, to `stop`), "comment", "unended" (a comment without an
           end: what follows is read on) or "other"
    start  where the tag begins
    end    where it ends
    stop   where what it holds ends; the page's length where it never does
    """

    kind: str
    start: int
    end: int
    stop: int


def tokens(html: str) -> Iterator[Token]:
    """The tags of a page in order; what comments and scripts hold is passed by."""
    at, search = 0, TOKEN.search
    missing: set[str] = set()  # ends that do not come again: the page is searched for each but once
    while match := search(html, at):
        kind, start, at = match.lastgroup, match.start(), match.end()
        if kind is None:
            yield Token("start" if html[start + 1].isalpha() else "other", start, at, at)
        elif kind == "end":
            yield Token("end", start, at, at)
        elif kind == "comment":
            stop = at if match[0].endswith(">") else _find(html, at, "comment", missing)
            yield Token("comment" if stop else "unended", start, at, stop or at)
            at = stop or at
        else:
            name = match["raw"].lower()
            stop = _find(html, at, name, missing) or len(html)
            yield Token("raw", start, at, stop)
            # What stands in a title is looked at too: one without an end is ended by its reader.
            at = at if name == "title" else stop


def tag_name(html: str, start: int) -> str:
    """The name of the tag that starts here, lower case."""
    match = _NAME.match(html, start + (2 if html[start + 1 : start + 2] == "/" else 1))
    return match[0].lower() if match else ""


def _find(html: str, start: int, what: str, missing: set[str]) -> int:
    """Where a comment or an element's text ends; 0 where it does not."""
    found = None if what in missing else _ENDS[what].search(html, start)
    if found is None:
        missing.add(what)
        return 0
    return found.end() if what == "comment" else found.start()
