"""The header: where a text came from, written before it and read back. YAML front matter whose every value is JSON.

JSON is YAML but for a few characters that YAML readers fold or refuse (U+007F to U+009F, U+2028, U+2029, U+FEFF,
surrogates): those are escaped, so that each value reads back the same through `yaml.safe_load`, python-frontmatter and
`json.loads`, and nothing that a page holds can end the header or add a key.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any

import regex

from cleaner.decode import whole
from cleaner.document import LIST_FIELDS, METADATA_FIELDS

if TYPE_CHECKING:
    from cleaner.document import Result

STYLES = ("yaml", "json", "none")
OWN_KEY = "cleaner"
"""The key that tells our header from another's front matter; its value is our version."""

MAX_EVENTS = 20_000
_SMALL_INT = regex.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_SMALL_FLOAT = regex.compile(r"-?[0-9]{1,10}\.[0-9]{1,10}")

MAX_HEADER = 65_536
"""Front matter longer than this is text, in characters."""

_ESCAPED = regex.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BLOCK = regex.compile(rf"---\n(.{{0,{MAX_HEADER}}}?)\n---(?:\n|$)", regex.S)
_PLAIN_KEY = regex.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_OWN_LINE = regex.compile(r'([A-Za-z_][A-Za-z0-9_-]*|"(?:[^"\\\n]|\\.)*+"): (.+)')
_NAMES = {
    "authors": "author",
    "contributors": "contributor",
    "published": "date",
    "updated": "modified",
    "lastmod": "modified",
    "site": "sitename",
    "lang": "language",
    "keywords": "tags",
    "link": "url",
}


def write_header(result: Result, style: str = "yaml") -> str:
    """The header of a result: "yaml" with its fences and a blank line, "json" on one line, or "" for "none".

    Raises ValueError for another style.
    """
    if style not in STYLES:
        raise ValueError(f"header style {style!r} is not one of {', '.join(STYLES)}")
    if style == "none":
        return ""
    values = header_values(result)
    if style == "json":
        return _dump(values) + "\n"
    lines = [f"{_key(key)}: {_dump(value)}" for key, value in values.items()]
    return "---\n" + "\n".join(lines) + "\n---\n\n"


def header_values(result: Result) -> dict[str, Any]:
    """What the header says, by key: known metadata, then the origin of the text."""
    known = {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(result.metadata).items() if value}
    return {whole(key): _whole_value(value) for key, value in {**known, **result.header}.items()}


def _whole_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_dump(item) if isinstance(item, (list, dict)) else _whole_value(item) for item in value]
    return whole(value) if isinstance(value, str) else value


def read_header(text: str) -> tuple[int, dict[str, Any]] | None:
    """Read front matter at the start of a text, ours or another's.

    Gives where the body begins and the values, or None where the text starts with no front matter: scalars and lists of
    scalars under plain keys.

    >>> read_header('---\\ntitle: "A: b"\\ncleaner: "1.0"\\n---\\n\\nBody')
    (38, {'title': 'A: b', 'cleaner': '1.0'})
    """
    if text.startswith("{") and (own := _read_json_line(text)):
        return own
    match = _BLOCK.match(text)
    if not match:
        return None
    values = _read_own(match[1])
    if values is None:
        values = read_yaml(match[1])
    if not values:
        return None
    end = match.end()
    while text[end : end + 1] == "\n":
        end += 1
    return end, values


def metadata_pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The metadata among a header's or a sidecar's values, as (field, value) pairs; other keys are left out.

    >>> metadata_pairs({"title": "A", "authors": ["B", "C"], "draft": True})
    [('title', 'A'), ('author', 'B'), ('author', 'C')]
    """
    pairs: list[tuple[str, str]] = []
    for key, value in values.items():
        name = _NAMES.get(key.lower(), key.lower())
        if name not in METADATA_FIELDS or value in (None, "", []):
            continue
        items = value if isinstance(value, list) else [value]
        pairs += [(name, whole(str(item))) for item in (items if name in LIST_FIELDS else items[:1])]
    return pairs


def other_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are no metadata of ours; they pass through to the new header."""
    return {key: value for key, value in values.items() if _NAMES.get(key.lower(), key.lower()) not in METADATA_FIELDS}


def _key(key: str) -> str:
    """A key as YAML reads it back: as it is where it is a plain word, else in quotes."""
    return key if _PLAIN_KEY.fullmatch(key) and key.lower() not in _WORDS else _dump(key)


def _dump(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and "e" in text and "." not in text:
        text = text.replace("e", ".0e")  # YAML 1.1 reads 1e-05 as a word
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _read_json_line(text: str) -> tuple[int, dict[str, Any]] | None:
    line, _, _ = text[:MAX_HEADER].partition("\n")
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or OWN_KEY not in values or not _is_plain(values):
        return None
    return len(line) + 1 if len(text) > len(line) else len(line), values


def _read_own(block: str) -> dict[str, Any] | None:
    """A header as we write it: a key and JSON on each line."""
    values: dict[str, Any] = {}
    for line in block.split("\n"):
        match = _OWN_LINE.fullmatch(line)
        if not match:
            return None
        try:
            key = json.loads(match[1]) if match[1].startswith('"') else match[1]
            values[key] = json.loads(match[2])
        except (ValueError, RecursionError):
            return None
    return values if _is_plain(values) else None


def read_yaml(block: str) -> dict[str, Any] | None:
    """Another tool's front matter: names with scalars or lists of scalars. Anything else (nesting, anchors, tags) is text.

    Read from PyYAML's events, without building objects: aliases, merges and numbers that cost more than their text
    never come to life.
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        events = list(itertools.islice(yaml.parse(block, Loader=loader), MAX_EVENTS))
        return _mapping([event for event in events if not isinstance(event, _frame_events())])
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


@cache
def _frame_events() -> tuple[type, ...]:
    import yaml

    return (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent)


def _mapping(events: list[Any]) -> dict[str, Any] | None:
    """The one flat mapping that events describe, or None."""
    kinds = [type(event).__name__ for event in events]
    if len(events) < 4 or kinds[0] != "MappingStartEvent" or kinds[-1] != "MappingEndEvent":
        return None
    values: dict[str, Any] = {}
    at, end = 1, len(events) - 1
    while at < end:
        if not _is_scalar(events[at]) or at + 1 >= end:
            return None
        key, at = events[at].value, at + 1
        if kinds[at] == "SequenceStartEvent" and "SequenceEndEvent" in kinds[at:]:
            stop = kinds.index("SequenceEndEvent", at)
            items = events[at + 1 : stop]
            if not all(map(_is_scalar, items)):
                return None
            values[key], at = [_typed(item) for item in items], stop + 1
        elif _is_scalar(events[at]):
            values[key], at = _typed(events[at]), at + 1
        else:
            return None
    return values


def _is_scalar(event: Any) -> bool:
    return type(event).__name__ == "ScalarEvent" and event.anchor is None and event.tag is None


def _typed(event: Any) -> object:
    """A plain scalar as what it says; dates stay as they are written, which is ISO 8601."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text.lower() in ("", "~", "null"):
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return int(text) if _SMALL_INT.fullmatch(text) else float(text) if _SMALL_FLOAT.fullmatch(text) else text


def _is_plain(values: dict[Any, Any]) -> bool:
    """Whether a mapping holds scalars and lists of scalars under names."""

    def scalar(value: object) -> bool:
        return value is None or isinstance(value, (str, int, float, bool))

    return all(
        isinstance(key, str) and (scalar(value) or (isinstance(value, list) and len(value) <= 1000 and all(map(scalar, value))))
        for key, value in values.items()
    )
