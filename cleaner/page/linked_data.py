"""JSON-LD: what a page says of itself for machines, as flat objects, however it is nested or broken."""

from __future__ import annotations

import html as entities
import json
import re
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.page.tree import select

if TYPE_CHECKING:
    from resiliparse.parse.html import HTMLTree

MAX_SCRIPTS = 80
MAX_LENGTH = 4_000_000
"""JSON longer than this is not read, in characters."""
MAX_OBJECTS = 4_000

_SPARE_COMMA = re.compile(r",(?=\s*+[}\]])")
_FIELD = re.compile(r'"(headline|datePublished|dateModified|dateCreated|inLanguage|articleBody)"\s*+:\s*+"((?:[^"\\]++|\\.)*+)"', re.S)
_DECODER = json.JSONDecoder(strict=False)

Object = dict[str, Any]


class LinkedData(NamedTuple):
    """Every object of a page's JSON-LD, outer ones first, and those that have an address (`@id`) by it."""

    objects: tuple[Object, ...]
    by_id: dict[str, Object]

    def resolved(self, value: object) -> object:
        """The object that a reference stands for, or the value itself."""
        if isinstance(value, dict) and isinstance(value.get("@id"), str) and not value.get("name"):
            return self.by_id.get(value["@id"], value)
        return value


def linked_data(tree: HTMLTree) -> LinkedData:
    """Read all JSON-LD of a page."""
    found: list[Object] = []
    scripts = select(tree, "script[type]")
    left = MAX_LENGTH
    linked = [script for script in scripts if "ld+json" in (script.getattr("type") or "").lower()]
    for script in linked[:MAX_SCRIPTS]:
        text = script.text
        left -= len(text)
        if left < 0:
            break
        for value in read_json(text):
            found += _flat(value, MAX_OBJECTS - len(found))
    by_id: dict[str, Object] = {}
    for item in found:
        if isinstance(address := item.get("@id"), str) and len(item) > len(by_id.get(address, ())):
            by_id[address] = item
    return LinkedData(tuple(found), by_id)


def types(item: Object) -> tuple[str, ...]:
    """The types of an object, without the vocabulary's address.

    >>> types({"@type": ["http://schema.org/NewsArticle", "Thing"]})
    ('NewsArticle', 'Thing')
    """
    value = item.get("@type")
    names = value if isinstance(value, list) else [value]
    return tuple(re.split(r"[/#:]", name)[-1] for name in names[:10] if isinstance(name, str))


def read_json(text: str) -> list[Any]:
    """The values that a script of JSON holds: one, or several in a row; what can be saved of a broken one.

    >>> read_json('<!-- {"headline": "A", } //-->'), read_json("{&quot;headline&quot;: &quot;A&quot;}"), read_json("{")
    ([{'headline': 'A'}], [{'headline': 'A'}], [])
    """
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    # Comments, CDATA marks and semicolons around the value are left off.
    bare = text[min(starts, default=0) : max(text.rfind("}"), text.rfind("]")) + 1]
    for repaired in (str, _without_spare_commas, entities.unescape):
        try:
            return _values(repaired(bare))
        except (ValueError, RecursionError):
            continue
    return _salvaged(bare)


def _without_spare_commas(text: str) -> str:
    return _SPARE_COMMA.sub("", text)


def _values(text: str) -> list[Any]:
    values: list[Any] = []
    at = 0
    while at < len(text) and len(values) < MAX_SCRIPTS:
        value, at = _DECODER.raw_decode(text, at)
        values.append(value)
        while at < len(text) and text[at] in " \t\r\n,;":
            at += 1
    return values


def _salvaged(text: str) -> list[Any]:
    """The telling fields of JSON that cannot be read."""
    found: Object = {}
    for match in _FIELD.finditer(text):
        try:
            found.setdefault(match[1], json.loads(f'"{match[2]}"', strict=False))
        except ValueError:
            continue
    return [{"@type": "Article", **found}] if found else []


def _flat(value: object, most: int) -> list[Object]:
    """The objects of a value, outer ones first."""
    found: list[Object] = []
    waiting = deque([value])
    steps = 0
    while waiting and len(found) < most and steps < 20 * MAX_OBJECTS:
        steps += 1
        item = waiting.popleft()
        if isinstance(item, dict):
            found.append(item)
            waiting.extend(inner for inner in item.values() if isinstance(inner, dict | list))
        elif isinstance(item, list):
            waiting.extend(inner for inner in item[:MAX_OBJECTS] if isinstance(inner, dict | list))
    return found


def texts(value: object, most: int = 20) -> Iterator[str]:
    """The strings that a value is or lists; of objects, their names."""
    items = value if isinstance(value, list) else [value]
    for item in items[:most]:
        inner = item.get("name") or item.get("@value") or item.get("@id") if isinstance(item, dict) else item
        if isinstance(inner, str) and inner.strip():
            yield inner


def stated_bodies(tree: HTMLTree) -> list[str]:
    """The texts that the page's JSON-LD states as an article's."""
    return [str(item[key]) for item in linked_data(tree).objects for key in ("articleBody", "text") if isinstance(item.get(key), str)]
