"""A result as a row of JSON Lines or Parquet, and as a row of the ledger."""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from cleaner.io.records import Outcome

OWN_FIELDS = ("text", "removed", "review", "source_sha256", "cleaner")
"""Fields that say what this cleaning did: an input's fields of these names do not pass through."""

_SURROGATES = re.compile("[\ud800-\udfff]")


def result_row(outcome: Outcome) -> dict[str, Any]:
    """The row of a result: the input's fields, the clean text, metadata that the input lacks, and what was done.

    >>> outcome = Outcome("a.jsonl:1", "a.jsonl/000001.txt", {"id": 7, "title": "Mine"}, "The ferry sailed.", "", \
{"title": "Theirs", "author": ["Ana Li"]}, {"source": "a.jsonl:1", "removed": 0.5}, (), "", True, 34, 0.001)
    >>> result_row(outcome)
    {'id': 7, 'title': 'Mine', 'text': 'The ferry sailed.', 'author': ['Ana Li'], 'source': 'a.jsonl:1', 'removed': 0.5}
    """
    row = {name: value for name, value in outcome.passed.items() if name not in OWN_FIELDS}
    row["text"] = outcome.text
    for known in (outcome.metadata, outcome.header):
        for name, value in known.items():
            if name in OWN_FIELDS or row.get(name) in (None, "", []):
                row[name] = value
    if outcome.review:
        row["review"] = outcome.review
    return row


def ledger_row(outcome: Outcome) -> dict[str, Any]:
    """The row of a result in the ledger: its place, the hash of what it was made from, and its edits as objects."""
    names = ("start", "end", "replacement", "rule", "reason", "kind", "fields")
    edits = [{name: value for name, value in zip(names, edit, strict=False) if name != "fields" or value} for edit in outcome.edits]
    return {"place": outcome.place, "source_sha256": outcome.header.get("source_sha256"), "edits": edits}


def encode_row(row: Mapping[str, Any]) -> bytes:
    """A row as one line of JSON in UTF-8. What JSON has no word for: dates as ISO 8601, other numbers as strings, bytes as base64,
    NaN and the infinities as null; lone surrogates, which are no UTF-8, as escapes.

    >>> encode_row({"a": "\\ud800é", "b": float("nan"), "c": date(2024, 5, 3)})
    b'{"a": "\\\\ud800\\xc3\\xa9", "b": null, "c": "2024-05-03"}\\n'
    """
    try:
        line = _ENCODER.encode(row)
    except ValueError:
        line = _ENCODER.encode(_finite(row))
    try:
        return line.encode() + b"\n"
    except UnicodeEncodeError:
        return _SURROGATES.sub(lambda match: f"\\u{ord(match[0]):04x}", line).encode() + b"\n"


def _finite(value: Any) -> Any:
    """A value with null for each number that JSON does not know."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, (list, tuple)) else value


def _plain(value: object) -> object:
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    return dict(value) if isinstance(value, Mapping) else str(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, default=_plain)
