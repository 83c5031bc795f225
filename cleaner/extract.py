"""HTML to lines of text and metadata. The only importer of trafilatura.

Today trafilatura chooses the main content, and the chain cleans what it gives; parsing and metadata are `cleaner.page`'s. The
seam for more: `extract_page` returns the page's text and what the page says of itself, and nothing behind it knows how either
was found.
"""

from __future__ import annotations

from typing import NamedTuple

import regex

from cleaner.document import LIST_FIELDS
from cleaner.page import Found, page_metadata, read_page
from cleaner.page.embedded import article_body
from cleaner.page.shell import SHELL_NOTE

_LOOKS_HTML = regex.compile(
    r"\s{0,1000}+(?:<\?xml[^>]{0,200}+>\s{0,100}+)?(?:<!--.{0,2000}?-->\s{0,100}+)?<(?:!doctype\s+html|html|head|body)\b", regex.I | regex.S
)
_BLOCK_TAG = regex.compile(
    r"</?(?:p|div|br|h[1-6]|li|ul|ol|table|tr|td|article|section|span|a|blockquote|article)\b[^<>]{0,2000}+>", regex.I
)
_TAG = regex.compile(r"<[a-z/!][^<>]{0,2000}+>", regex.I)

_EMPTY_PARAGRAPHS = regex.compile(r"<p>\s*+(?=<p>)", regex.I)
"""A paragraph that the next one ends before it holds anything: tens of thousands of them would cost trafilatura seconds."""


class Page(NamedTuple):
    """What a page gives: its text, (field, value) pairs of metadata, and why a person should look, if so."""

    text: str
    pairs: tuple[tuple[str, str], ...]
    review: str


def looks_like_html(text: str) -> bool:
    """Whether a text is HTML: it starts as a page does, or much of it is block tags.

    >>> looks_like_html("<!DOCTYPE html><p>Hi"), looks_like_html("a < b and b > c")
    (True, False)
    """
    if _LOOKS_HTML.match(text):
        return True
    sample = text[:20_000]
    if "<" not in sample or not sample.lstrip().startswith("<"):
        return False
    return len(_BLOCK_TAG.findall(sample)) >= 2 and sum(len(tag) for tag in _TAG.findall(sample)) > 0.02 * len(sample)


def extract_page(html: str, url: str | None = None) -> Page:
    """Read a page: its main text as trafilatura finds it, and its metadata.

    html  the page's source; url  its address, if known
    """
    from trafilatura import bare_extraction

    parsed = read_page(html)
    tidy = _EMPTY_PARAGRAPHS.sub("", parsed.html)
    found = bare_extraction(tidy, url=url, with_metadata=False, include_comments=False, include_tables=True, deduplicate=False)
    text = "" if found is None else str((found if isinstance(found, dict) else found.as_dict()).get("text") or "")
    notes = list(parsed.notes)
    if not text or SHELL_NOTE in notes:
        if body := article_body(parsed.tree):
            text, notes = body, [*notes, "the text was read from the JSON that the page carries"]
        elif not text:
            notes = notes or ["no text was found in the page"]
    return Page(text, _pairs(page_metadata(parsed, url)), "; ".join(notes))


def _pairs(found: tuple[Found, ...]) -> tuple[tuple[str, str], ...]:
    """The most trusted value of each field; of lists, all."""
    known: set[str] = set()
    pairs = []
    for field, value, _ in found:
        if field in LIST_FIELDS or field not in known:
            known.add(field)
            pairs.append((field, value))
    return tuple(pairs)
