"""What a page shows near its title: headings, bylines, dates, by the markup that sites use for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.page.text import one_line, shown
from cleaner.page.tree import Node, brief_texts, select

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

MOST = 40
_BYLINES = (
    '[itemprop="author"]', '[rel="author"]', '[class*="byline"]', '[class*="author"]', '[class*="Author"]', '[class*="Byline"]',
    '[data-testid*="byline"]', '[class*="writer"]', '[id*="byline"]',
)  # fmt: skip
_DATES = (
    '[class*="date"]', '[class*="Date"]', '[class*="publish"]', '[class*="timestamp"]', '[class*="posted"]', '[class*="meta"]',
    '[class*="byline"]',
)  # fmt: skip
_ELSEWHERE = (
    "comment", "related", "sidebar", "footer", "recommend", "teaser", "card", "widget", "popular", "latest", "carousel", "promo",
    "trending", "reply", "modal",
)  # fmt: skip
"""Classes of what is not the article itself."""


def headings(tree: HTMLTree) -> list[tuple[Node, str]]:
    """The page's first level of headings, with their text."""
    nodes = select(tree, "h1", MOST)
    return [(node, text) for node in nodes if (text := shown(node.text, 500))]


def bylines(tree: HTMLTree) -> list[tuple[Node, str]]:
    """Short texts that the markup calls the author's, in the order of the page."""
    found: list[tuple[Node, str]] = []
    for node in select(tree, ", ".join(_BYLINES), MOST):
        if node.tag == "meta":
            found.append((node, one_line(node.getattr("content"), 200)))
        elif node.hasattr("itemprop") or not elsewhere(node):
            found += [(node, line) for text in brief_texts(node, 300)[:8] if (line := one_line(text, 200))]
    return found[:12]


def times(tree: HTMLTree) -> list[Node]:
    """<time> elements, those of the article itself before others."""
    return sorted(select(tree, "time", MOST), key=elsewhere)


def date_lines(tree: HTMLTree) -> list[str]:
    """Short texts that the markup calls a date, those of the article itself before others."""
    found = []
    for node in select(tree, ", ".join(_DATES), 5 * MOST):
        text = " ".join(brief_texts(node, 150))
        if any(map(str.isdigit, text)):
            found.append((elsewhere(node), one_line(text, 120)))
            if len(found) >= MOST:
                break
    return [line for _, line in sorted(found, key=lambda one: one[0])]


def elsewhere(node: Node) -> bool:
    """Whether a node stands in a part of the page that is not the article."""
    for _ in range(8):
        if node is None or node.tag in ("body", "html", None):
            return False
        if node.tag in ("footer", "nav"):
            return True
        name = ((node.getattr("class") or "") + " " + (node.getattr("id") or "")).lower()[:300]
        if any(word in name for word in _ELSEWHERE):
            return True
        node = node.parent
    return False
