"""A page to lines of text with what its markup says of them, and to metadata. The only importer of trafilatura.

The lines are the page's whole visible text, so that the ledger accounts for all of it. What trafilatura, resiliparse and the
page's linked data take for the article is evidence beside the markup: the scored rule weighs it, and decides.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

import regex

from cleaner.document import LIST_FIELDS
from cleaner.markup import Marked, Markup
from cleaner.page.mhtml import is_mhtml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from resiliparse.parse.html import HTMLTree

    from cleaner.page import Found, Parsed

# trafilatura complains of pages that it cannot read; where nobody listens, that would end up on standard error.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())

MOST_READ, MOST_LINES, MOST_TAGS = 4_000_000, 6_000, 40_000
"""Longer pages are not read by other extractors (characters, lines, tags): each of these needs more than linear time for some."""

FEW = 1_000
"""Pages with more visible text than this are no empty shells, in characters."""

SHELL = 3
"""Where a page carries its article as data, and that is so many times longer than all that can be seen, the data is the text."""

_LOOKS_HTML = regex.compile(
    r"\s{0,1000}+(?:<\?xml[^>]{0,200}+>\s{0,100}+)?(?:<!--.{0,2000}?-->\s{0,100}+)?<(?:!doctype\s+html|html|head|body)\b", regex.I | regex.S
)
_BLOCK_TAG = regex.compile(
    r"</?(?:p|div|br|h[1-6]|li|ul|ol|table|tr|td|article|section|span|a|blockquote|article)\b[^<>]{0,2000}+>", regex.I
)
_TAG = regex.compile(r"<[a-z/!][^<>]{0,2000}+>", regex.I)


class Page(NamedTuple):
    """What a page gives.

    text    its whole visible text, as lines
    markup  what the markup says of each line; None where the text is not the page's lines
    pairs   metadata as (field, value) pairs
    review  why a person should look, if so
    told    where on the page each pair was found
    """

    text: str
    markup: Markup | None
    pairs: tuple[tuple[str, str], ...]
    review: str
    told: Mapping[tuple[str, str], str] = {}


def looks_like_html(text: str) -> bool:
    """Whether a text is HTML: it starts as a page or a saved page (MHTML) does, or much of it is block tags.

    >>> looks_like_html("<!DOCTYPE html><p>Hi"), looks_like_html("a < b and b > c")
    (True, False)
    """
    if _LOOKS_HTML.match(text) or is_mhtml(text):
        return True
    sample = text[:20_000]
    if "<" not in sample or not sample.lstrip().startswith("<"):
        return False
    return len(_BLOCK_TAG.findall(sample)) >= 2 and sum(len(tag) for tag in _TAG.findall(sample)) > 0.02 * len(sample)


def extract_page(source: str | bytes, url: str | None = None) -> Page:
    """Read a page: its visible text as lines with their markup, and its metadata.

    source  the page; bytes are decoded as browsers do
    url     its address, if known

    Raises DecodeError for bytes that are no text.
    """
    from cleaner.page import page_metadata, read_page
    from cleaner.page.embedded import article_body
    from cleaner.page.lines import read_lines

    parsed = read_page(source)
    marked = read_lines(parsed.tree)
    told = dict(_pairs(page_metadata(parsed, url)))
    pairs = tuple(told)
    seen = sum(len(line.text) for line in marked.lines)
    carried = article_body(parsed.tree) if seen < FEW else None
    if carried and len(carried) > SHELL * seen:
        return Page(carried, None, pairs, "; ".join((*parsed.notes, "the text was read from the JSON that the page carries")), told)
    if not marked.lines:
        return Page("", None, pairs, "; ".join(parsed.notes) or "no text was found in the page", told)
    kept, notes = _other_readings(parsed, marked, url)
    return Page(_laid_out(marked), Markup(marked, kept), pairs, "; ".join((*parsed.notes, *notes)), told)


def _pairs(values: Iterable[Found]) -> Iterator[tuple[tuple[str, str], str]]:
    """What the page is trusted with, and where it says so: the first value of each field, all of those that are lists."""
    told: set[str] = set()
    for found in values:
        if found.field in LIST_FIELDS or found.field not in told:
            yield (found.field, found.value), found.source
        told.add(found.field)


def _laid_out(marked: Marked) -> str:
    """The lines as text: a blank line between those that stand apart."""
    return "".join(("\n\n" if line.gap > 1 else "\n") + line.text for line in marked.lines).lstrip("\n")


def _other_readings(parsed: Parsed, marked: Marked, url: str | None) -> tuple[dict[str, list[float]], tuple[str, ...]]:
    """How much of each line other readings of the page keep, and what went wrong with them."""
    from cleaner.page.linked_data import stated_bodies
    from cleaner.page.readings import kept

    if len(parsed.html) > MOST_READ or len(marked.lines) > MOST_LINES or parsed.html.count("<") > MOST_TAGS:
        return {}, ("the page is too long for other extractors to be asked",)
    lines = [line.text for line in marked.lines]
    texts = {
        "trafilatura": _by_trafilatura(parsed.html, url),
        "linked data": max(stated_bodies(parsed.tree), key=len, default=""),
        "resiliparse": _by_resiliparse(parsed.tree),
    }
    return {name: kept(lines, text) for name, text in texts.items() if text}, ()


def _by_trafilatura(html: str, url: str | None) -> str:
    from trafilatura import bare_extraction

    # Without its second opinions (`fast=False`): they would take a seventh of its whole time more.
    found = bare_extraction(html, url=url, fast=True, with_metadata=False, include_comments=False, deduplicate=False)
    if found is None:
        return ""
    return str((found if isinstance(found, dict) else found.as_dict()).get("text") or "")


def _by_resiliparse(tree: HTMLTree) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(tree, main_content=True))
