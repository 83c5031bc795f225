"""JSON Lines: one object a line, each a document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cleaner.io.files import InputError
from cleaner.io.records import Record
from cleaner.io.rows import MAX_DEPTH, Rows, nests_too_deep
from cleaner.io.streams import Source, too_large

_LARGE = 1 << 20
_MAX_VALUES = 1_000_000
"""Values in one row: each takes some hundred bytes of memory, be it two bytes long."""


def read_json_lines(source: Source) -> Iterator[Record | InputError]:
    """The documents of JSON Lines, row by row as they come; a row that cannot be read is an error in its place."""
    rows = Rows(source.place, source.options)
    most = source.options.max_size
    readline = source.stream.readline
    number = 0
    while line := readline(most + 1):
        number += 1
        whole = line.endswith(b"\n")
        if len(line) > most and not whole:
            _skip_line(source)
        elif not whole and source.fault():
            return  # half a row, before a cut that whoever asked for the rows tells of
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if line.isspace() or not line:
            number += _skip_blank_lines(source)
            continue
        row = _parse(line, most)
        yield source.error(row, number) if isinstance(row, str) else rows.record(number, row)


def _skip_blank_lines(source: Source) -> int:
    """Pass over white space up to the next row, as far as it has come; gives the number of lines. A bomb may hold millions."""
    skipped = 0
    while (ahead := source.stream.peek()) and (blank := len(ahead) - len(ahead.lstrip())):
        skipped += source.stream.read(blank).count(b"\n")
    return skipped


def _skip_line(source: Source) -> None:
    while (rest := source.stream.readline(_LARGE)) and not rest.endswith(b"\n"):
        pass


def _parse(line: bytes, most: int) -> dict[str, Any] | str:
    """A row, or what is wrong with it."""
    if len(line) > most:
        return too_large(most)
    nested = line.count(b"[") + line.count(b"{")
    if len(line) > _LARGE and nested + line.count(b",") > _MAX_VALUES:
        return f"holds more than {_MAX_VALUES:,} values: split it"
    try:
        row = json.loads(line)
    except UnicodeDecodeError as error:
        return f"is not UTF-8 (byte {error.start + 1}): convert the file first"
    except json.JSONDecodeError as error:
        return f"is no JSON ({error.msg} at column {error.colno}): correct the line or take it out"
    except RecursionError:
        return f"nests deeper than {MAX_DEPTH} levels: flatten it"
    except ValueError as error:
        return f"is no JSON that can be read ({str(error).splitlines()[0]})"
    if not isinstance(row, dict):
        return "is no JSON object: each line must be one"
    if nested > MAX_DEPTH and nests_too_deep(row):
        return f"nests deeper than {MAX_DEPTH} levels: flatten it"
    return row
