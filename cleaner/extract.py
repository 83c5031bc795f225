"""HTML to lines of text and metadata. The only importer of trafilatura.

Today trafilatura chooses the main content, and the chain cleans what it gives. The seam for more: `extract_page` returns
the page's text and what the page says of itself, and nothing behind it knows how either was found.
"""

from __future__ import annotations

from typing import NamedTuple

import regex

MAX_HTML = 20_000_000
"""Pages longer than this are cut there, and the result says so, in characters."""

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

    review = "" if len(html) <= MAX_HTML else f"the page has {len(html)} characters and was cut at {MAX_HTML}"
    tidy = _EMPTY_PARAGRAPHS.sub("", html[:MAX_HTML].replace("\0", ""))
    found = bare_extraction(tidy, url=url, with_metadata=True, include_comments=False, include_tables=True, deduplicate=False)
    if found is None:
        return Page("", (), review or "no text was found in the page")
    document = found if isinstance(found, dict) else found.as_dict()
    return Page(str(document.get("text") or ""), tuple(_pairs(document)), review)


def _pairs(document: dict[str, object]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name in ("title", "date", "sitename", "url", "language", "description", "license"):
        value = document.get(name)
        if value:
            pairs.append((name, " ".join(str(value).split())))
    pairs += [("author", name.strip()) for name in str(document.get("author") or "").split(";") if name.strip()]
    for name in ("tags", "categories"):
        values = document.get(name) or []
        pairs += [("tags", str(tag)) for tag in values] if isinstance(values, list) else []
    return pairs
