"""The article that a page carries as JSON: in JSON-LD, or in the state that its scripts start from."""

from __future__ import annotations

import html as entities
import json
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from cleaner.page.linked_data import MAX_LENGTH, read_json, stated_bodies
from cleaner.page.tree import select

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

_LEAST_BODY = 250
"""A body shorter than this is a teaser, in characters."""
_LEAST_PIECE = 60
_MOST_VALUES = 200_000
_MOST_SCRIPTS = 200
_STATE = re.compile(r"(?:^|[;\s])(?:window|self|globalThis)?[.\w$\[\]\"']{1,80}\s{0,9}=\s{0,9}(?=[{\[])")
_JSON_CALL = re.compile(r"JSON\.parse\(\s{0,9}(?=[\"'])")
_NOT_PROSE = re.compile(r"[{}<>]|https?://|function\b|[;=]\s*$|^[\w./%-]+$")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}+>")
_BLOCK_TAG = re.compile(r"</?(?:p|div|br|h[1-6]|li|ul|ol|blockquote|figure|section|table|tr)\b[^<>]{0,2000}+>", re.I)
_DECODER = json.JSONDecoder(strict=False)


def article_body(tree: HTMLTree) -> str | None:
    """The article's text as the page's JSON holds it, paragraphs parted by blank lines; None where it holds none.

    JSON-LD's `articleBody` first; then the state of the page's scripts, where the longest run of prose under one path of keys
    is taken for the body.

    >>> from cleaner.page import read_page
    >>> text = "The bridge over the lake opens today, the mayor said. " * 8
    >>> page = '<div id=root></div><script type="application/json">{"post": {"content": [{"t": "%s"}]}}</script>'
    >>> article_body(read_page(page % text).tree) == text.strip()
    True
    """
    best = max(map(_plain, stated_bodies(tree)), key=len, default="")
    if len(best) >= _LEAST_BODY:
        return best
    pieces: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    left = MAX_LENGTH
    for script in select(tree, "script", _MOST_SCRIPTS):
        text = script.text
        if "ld+json" in (script.getattr("type") or "") or len(text) < _LEAST_BODY or (left := left - len(text)) < 0:
            continue
        for value in _state(script.getattr("type") or "", text):
            _gather(value, pieces)
    best = max(("\n\n".join(values) for values in pieces.values()), key=len, default="")
    return best if len(best) >= _LEAST_BODY else None


def _state(kind: str, text: str) -> list[Any]:
    """The JSON values of a script: all of it, or what it assigns."""
    if "json" in kind.lower():
        return read_json(text)
    values: list[Any] = []
    for match in list(_STATE.finditer(text))[:20]:
        try:
            values.append(_DECODER.raw_decode(text, match.end())[0])
        except (ValueError, RecursionError):
            continue
    for match in list(_JSON_CALL.finditer(text))[:20]:
        try:
            values += read_json(str(_DECODER.raw_decode(text, match.end())[0]))
        except (ValueError, RecursionError):
            continue
    return values


def _gather(value: object, pieces: dict[tuple[str, ...], dict[str, None]]) -> None:
    """Collect prose by the path of keys that leads to it, places in lists left out."""
    waiting: list[tuple[tuple[str, ...], object]] = [((), value)]
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        path, item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(((*path, str(key)[:80])[-12:], inner) for key, inner in reversed(item.items()))
        elif isinstance(item, list):
            waiting.extend((path, inner) for inner in reversed(item))
        elif isinstance(item, str) and len(item) >= _LEAST_PIECE:
            text = _plain(item)
            if (" " in text[:200] or not text.isascii()) and not _NOT_PROSE.search(text[:300]):
                pieces[path][text] = None


def _plain(text: str) -> str:
    """Text without the tags that JSON may hold, a paragraph a line."""
    if "<" in text or "&" in text:
        text = entities.unescape(_TAG.sub("", _BLOCK_TAG.sub("\n\n", text)))
    return "\n\n".join(line for part in text.split("\n") if (line := " ".join(part.split())))
