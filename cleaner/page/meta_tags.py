"""The <meta> tags of a page by name, and its <link>s by relation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.page.tree import select

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

MAX_TAGS = 600
MAX_VALUE = 5_000
"""Longer values are cut there, in characters."""


def meta_tags(tree: HTMLTree) -> dict[str, list[str]]:
    """The contents of a page's meta tags by lower-case name, property, itemprop or http-equiv, in the order of the page.

    >>> from cleaner.page import read_page
    >>> meta_tags(read_page('<meta property="og:Title" content=" A "><meta name=author content="">').tree)
    {'og:title': ['A']}
    """
    found: dict[str, list[str]] = {}
    for tag in select(tree, "meta[content]", MAX_TAGS):
        value = (tag.getattr("content") or "")[:MAX_VALUE].strip()
        if not value:
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            for name in (tag.getattr(attribute) or "")[:200].lower().split():
                values = found.setdefault(name, [])
                if value not in values:
                    values.append(value)
    return found


def links(tree: HTMLTree, relation: str) -> list[str]:
    """The addresses of <link rel=…>."""
    found = select(tree, f'link[rel="{relation}"]', 10)
    return [href for link in found if (href := (link.getattr("href") or "").strip())]
