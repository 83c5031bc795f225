"""A row of a table or of JSON Lines as a document: which field holds what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cleaner.document import METADATA_FIELDS
from cleaner.header import field_name
from cleaner.io.files import InputError
from cleaner.io.names import SeenNames, safe_component
from cleaner.io.options import ReadOptions
from cleaner.io.records import Record
from cleaner.io.streams import Place

TEXT_FIELDS = ("text", "content", "body", "article", "document", "maintext", "raw_content", "markdown")
HTML_FIELDS = ("html", "raw_html", "page", "html_content", "page_source")
URL_FIELDS = ("url", "link", "uri", "source_url", "page_url")

_PASSED_ON = frozenset(METADATA_FIELDS) - {"url"}

MAX_DEPTH = 100
"""How deep a value that passes through may nest: each of those who hand it on goes down its levels."""


class Rows:
    """The documents of one source of rows.

    >>> rows = Rows(Place("news.jsonl", "news.jsonl", "news.jsonl"), ReadOptions())
    >>> rows.record(17, {"content": "The ferry sailed.", "url": "https://example.org/a", "n": 1})
    Record(place='news.jsonl:17', name='news.jsonl/000017.txt', data='The ferry sailed.', kind='auto', url='https://example.org/a', \
metadata={'source': 'news.jsonl:17'}, passed={'url': 'https://example.org/a', 'n': 1})
    """

    def __init__(self, place: Place, options: ReadOptions) -> None:
        self._place, self._options = place, options
        self._seen = SeenNames() if options.id_field else None

    def record(self, number: int, row: dict[str, Any]) -> Record | InputError:
        """The document of a row, or what is wrong with it. The field of its content is taken out of the row; all others pass."""
        options, place = self._options, f"{self._place.told}:{number}"
        field = content_field(row, options)
        if field is None:
            return InputError(place, _no_content(row, options))
        content = row.pop(field)
        if not isinstance(content, (str, bytes)):
            return InputError(place, f"its field {field!r} is {_kind_of(content)}, not text: name the field that holds the text")
        if len(content) > options.max_size:
            return InputError(place, f"its field {field!r} is larger than {options.max_size:,} bytes: raise the limit if it is a document")
        url = row.get(options.url_field) if options.url_field else _first(row, URL_FIELDS)
        kind = "html" if options.kind == "auto" and is_html_field(field, options) else options.kind
        known = {**_known(row), "source": place}
        return Record(place, self._name(number, row), content, kind, url if isinstance(url, str) and url else None, known, row)

    def _name(self, number: int, row: Mapping[str, Any]) -> str:
        given = row.get(self._options.id_field) if self._options.id_field else None
        if self._seen is None or not isinstance(given, (str, int)) or given == "":
            return f"{self._place.name}/{number:06d}.txt"
        return self._seen.fresh(f"{self._place.name}/{safe_component(str(given)[:4096] + '.txt')}")


def content_field(row: Mapping[str, Any], options: ReadOptions) -> str | None:
    """The field of a row that holds its document: the one asked for, else the first of the usual names that holds something."""
    asked = [field for field in (options.text_field, options.html_field) if field]
    names: Iterable[str] = asked or (*TEXT_FIELDS, *HTML_FIELDS)
    empty = None
    for name in names:
        if name in row:
            if row[name]:
                return name
            empty = name if empty is None else empty
    if empty is None and not asked:
        lowered = {str(key).lower(): key for key in row}
        empty = next((lowered[name] for name in names if name in lowered), None)
    return empty


def is_html_field(field: str, options: ReadOptions) -> bool:
    return field == options.html_field or (options.html_field is None and options.text_field is None and field.lower() in HTML_FIELDS)


def _no_content(row: Mapping[str, Any], options: ReadOptions) -> str:
    asked = [field for field in (options.text_field, options.html_field) if field]
    has = ", ".join(sorted(repr(str(key)[:40]) for key in list(row)[:12])) or "none"
    if asked:
        return f"has no field {' or '.join(map(repr, asked))}: its fields are {has}"
    return f"none of its fields is known to hold a text (its fields are {has}): name the one that does"


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    return {dict: "an object", list: "a list", bool: "true or false"}.get(
        type(value), "a number" if isinstance(value, (int, float)) else "a value"
    )


def _first(row: Mapping[str, Any], names: Iterable[str]) -> object:
    return next((row[name] for name in names if row.get(name)), None)


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata among a row's fields: who wrote the row knows its title better than the page shows it."""
    return {key: value for key, value in row.items() if value and field_name(key) in _PASSED_ON and _is_plain(value)}


def _is_plain(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def nests_too_deep(value: object) -> bool:
    """Whether a value nests deeper than MAX_DEPTH. Asked level by level: recursion is what shall be kept from harm."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            item for outer in level if isinstance(outer, (dict, list)) for item in (outer.values() if isinstance(outer, dict) else outer)
        ]
        if not level:
            return False
    return True
