"""The header: where a text came from, written before it and read back. YAML front matter whose every value is JSON.

JSON is YAML but for a few characters that YAML readers fold or refuse (U+007F to U+009F, U+2028, U+2029, U+FEFF,
surrogates): those are escaped, so that each value reads back the same through `yaml.safe_load`, python-frontmatter and
`json.loads`, and nothing that a page holds can end the header or add a key.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
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

MAX_FOREIGN = 65_536
"""Front matter of others that is longer than this is text, in characters; ours is read whatever its length."""

_ESCAPED = regex.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BLOCK = regex.compile(rf"---\n(.{{0,{MAX_FOREIGN}}}?)\n---(?:\n|$)", regex.S)
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
    return {whole(key): _listed(value) for key, value in {**known, **result.header}.items()}


def _listed(value: object) -> object:
    return [_scalar(item) for item in value] if isinstance(value, (list, tuple)) else _scalar(value)


def _scalar(value: object) -> object:
    """A value as a header can hold it: NaN and the infinities, for which JSON has no word, as null; nested ones as JSON."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return whole(value if isinstance(value, str) else _dump(value) if isinstance(value, (list, tuple, dict)) else str(value))


def read_header(text: str, start: int = 0) -> tuple[int, dict[str, Any]] | None:
    """Read front matter at the start of a text, or at an offset: ours or another's.

    Gives where the body begins and the values, or None where the text starts with no front matter: scalars and lists of
    scalars under plain keys.

    >>> read_header('---\\ntitle: "A: b"\\ncleaner: "1.0"\\n---\\n\\nBody')
    (38, {'title': 'A: b', 'cleaner': '1.0'})
    """
    if text.startswith("{", start):
        return _read_json_line(text, start)
    if not text.startswith("---\n", start):
        return None
    found = _read_own(text, start + 4) or _read_foreign(text, start)
    if not found or not found[1]:
        return None
    end, values = found
    while text.startswith("\n", end):
        end += 1
    return end, values


def metadata_pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The metadata among a header's or a sidecar's values, as (field, value) pairs; other keys are left out.

    >>> metadata_pairs({"title": "A", "authors": ["B", "C"], "draft": True})
    [('title', 'A'), ('author', 'B'), ('author', 'C')]
    """
    pairs: list[tuple[str, str]] = []
    for key, value in values.items():
        name = field_name(key)
        if name not in METADATA_FIELDS or value in (None, "", []):
            continue
        items = value if isinstance(value, list) else [value]
        pairs += [(name, _metadata_value(name, item)) for item in (items if name in LIST_FIELDS else items[:1])]
    return pairs


def _metadata_value(name: str, value: object) -> str:
    text = whole(str(value))
    if name in ("date", "modified") and len(text) > len("2023-05-03"):
        try:  # others write a space for the T, or Z for the zone
            return datetime.fromisoformat(text).isoformat()
        except ValueError:
            return text  # no date that we know: it stays as its writer put it
    return text


def other_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are no metadata of ours; they pass through to the new header."""
    return {key: value for key, value in values.items() if field_name(key) not in METADATA_FIELDS}


def field_name(key: str) -> str:
    """The metadata field that a key stands for under any of its usual names; any other key in lower case.

    >>> field_name("Authors"), field_name("published"), field_name("Feed")
    ('author', 'date', 'feed')
    """
    return _NAMES.get(key.lower(), key.lower())


def merged(known: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is known, and what is given: the latter goes first, whatever name either calls a field by.

    >>> merged({"published": "2020-01-01", "feed": 7}, {"date": "2021-05-05"})
    {'feed': 7, 'date': '2021-05-05'}
    """
    spelt = {field_name(key): key for key in given}
    return {**{key: value for key, value in known.items() if spelt.get(field_name(key), key) == key}, **given}


def _key(key: str) -> str:
    """A key as YAML reads it back: as it is where it is a plain word, else in quotes."""
    return key if _PLAIN_KEY.fullmatch(key) and key.lower() not in _WORDS else _dump(key)


def _dump(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and "e" in text and "." not in text:
        text = text.replace("e", ".0e")  # YAML 1.1 reads 1e-05 as a word
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _read_json_line(text: str, start: int) -> tuple[int, dict[str, Any]] | None:
    end = _line_end(text, start)
    try:
        values = json.loads(text[start:end])
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict) or OWN_KEY not in values or not _is_plain(values):
        return None
    return min(end + 1, len(text)), values


def _read_own(text: str, at: int) -> tuple[int, dict[str, Any]] | None:
    """A header as we write it: a key and JSON on each line, up to the fence."""
    values: dict[str, Any] = {}
    while at < len(text):
        end = _line_end(text, at)
        line, at = text[at:end], min(end + 1, len(text))
        if line == "---":
            return (at, values) if _is_plain(values) else None
        match = _OWN_LINE.fullmatch(line)
        if not match:
            return None
        try:
            key = json.loads(match[1]) if match[1].startswith('"') else match[1]
            values[key] = json.loads(match[2])
        except (ValueError, RecursionError):
            return None
    return None


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _read_foreign(text: str, start: int) -> tuple[int, dict[str, Any]] | None:
    match = _BLOCK.match(text, start)
    values = read_yaml(match[1]) if match else None
    return (match.end(), values) if match and values else None


def read_yaml(block: str) -> dict[str, Any] | None:
    """Another tool's front matter: names with scalars or lists of scalars. Anything else (nesting, anchors, tags) is text.

    Read from PyYAML's events, without building objects: aliases, merges and numbers that cost more than their text
    never come to life.
    """
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        events = list(itertools.islice(_shallow(yaml.parse(block, Loader=loader)), MAX_EVENTS))
        return _mapping([event for event in events if not isinstance(event, _frame_events())])
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _shallow(events: Iterable[Any]) -> Iterator[Any]:
    """Events up to the first that lies deeper than a list in a mapping: the time that YAML takes grows with depth squared."""
    from yaml import CollectionEndEvent, CollectionStartEvent

    depth = 0
    for event in events:
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > 2:
            return
        yield event


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
        if not _is_scalar(events[at]) or at + 1 >= end or not isinstance(_typed(events[at]), str):
            return None  # `1: one` is a list in words, no name with its value
        key, at = events[at].value, at + 1
        if kinds[at] == "SequenceStartEvent" and events[at].anchor is None and events[at].tag is None:
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
        isinstance(key, str) and (scalar(value) or (isinstance(value, list) and all(map(scalar, value)))) for key, value in values.items()
    )
