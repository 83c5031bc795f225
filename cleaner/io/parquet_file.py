"""Rows as a Parquet file. Parquet cannot be gone on with once its writer has died: rows are gathered as JSON Lines, and made
Parquet when they are all there and it is known what their fields hold.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from cleaner.decode import whole
from cleaner.document import LIST_FIELDS, METADATA_FIELDS
from cleaner.io.locks import lock
from cleaner.io.names import RESERVED, safe_component
from cleaner.io.part import PartFile, sync_folder
from cleaner.io.tree import OutputError, give_mode

if TYPE_CHECKING:
    import pyarrow as pa

_GROUP_ROWS = 1000
_GROUP_BYTES = 16 << 20
_MAX_FIELDS = 1000
REST = "_more"
"""The column of the fields past the thousandth, as JSON."""

_OWN = {
    **{name: "strings" if name in LIST_FIELDS else "string" for name in METADATA_FIELDS},
    **dict.fromkeys(("text", "source", "source_sha256", "review", "cleaner"), "string"),
    "removed": "float",
}
_HOLDS = {
    "string": {"string"},
    "bool": {"bool"},
    "int": {"int", "large"},
    "float": {"float", "int"},
    "strings": {"strings", "empty"},
    "ints": {"ints", "empty"},
    "floats": {"floats", "ints", "empty"},
}
_EXACT = 1 << 53  # a float tells whole numbers apart up to here
_LARGEST = 1 << 63


class ParquetFile:
    """A file of rows that becomes Parquet in the end. The same as `PartFile`, which it gathers its rows in."""

    def __init__(self, target: Path, state: Mapping[str, Any] | None = None) -> None:
        try:
            import pyarrow  # noqa: F401 - better told now than when a night's work is to be written
        except ImportError:
            raise OutputError(f"{target}: Parquet is written by pyarrow: pip install 'cleaner[parquet]'") from None
        self.target = target
        self._rows = PartFile(target, "", state, revives=False)
        self.write, self.checkpoint, self.abort = self._rows.write, self._rows.checkpoint, self._rows.abort

    def finish(self) -> None:
        """Make the rows Parquet, under their name. The rows stay: see `leftover`."""
        self._rows.end()
        temporary = self.target.with_name(f"{RESERVED}-{safe_component(self.target.name + '.tmp')[-240:]}")
        try:
            with temporary.open("wb") as file:
                lock(file.fileno())
                _write_parquet(self._rows.path, file)
                file.flush()
                os.fsync(file.fileno())
                give_mode(file.fileno(), self.target)
                temporary.replace(self.target)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            failed = OutputError(f"{self.target}: {error.strerror or error}")
            failed.final = True
            raise failed from None
        sync_folder(self.target.parent)
        self._rows.let_go()

    @property
    def leftover(self) -> Path:
        """The rows, which a run that crashes goes on from until it has made a state in which this file is finished."""
        return self._rows.path


def _write_parquet(rows: Path, file: BinaryIO) -> None:
    """Write gathered rows as Parquet: once over them to see what their fields hold, once to write."""
    import pyarrow as pa
    from pyarrow import parquet

    kinds = _kinds(_read(rows))
    types = _types()
    marked = {"cleaner": "json"}  # a reader can tell JSON from text by this
    # A name is kept as it is but for lone surrogates, which stand as escapes.
    told = {name: name.encode("utf-8", "backslashreplace").decode() for name in kinds}
    schema = pa.schema([pa.field(told[name], types[kind], metadata=marked if kind == "json" else None) for name, kind in kinds.items()])
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(rows):
            columns = [pa.array([_value(row, name, kind, kinds) for row in group], types[kind]) for name, kind in kinds.items()]
            writer.write_table(pa.Table.from_arrays(columns, schema=schema))


def _types() -> dict[str, pa.DataType]:
    import pyarrow as pa

    single = {"string": pa.string(), "float": pa.float64(), "int": pa.int64()}
    return {**single, **{kind + "s": pa.list_(kept) for kind, kept in single.items()}, "bool": pa.bool_(), "json": pa.string()}


def _kinds(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The columns by name, with what they hold: the input's fields in the order in which they first occur, then our own."""
    found: dict[str, set[str]] = {}
    own = {name: {kind} for name, kind in _OWN.items()}
    more = False
    for row in rows:
        for name, value in row.items():
            kinds = own.get(name) or found.get(name)
            if kinds is None and len(found) < _MAX_FIELDS:
                kinds = found[name] = set()
            if kinds is None:
                more = True
            else:
                kinds.add(_kind(name, value))
    if more:
        found.pop(REST, None)
    return {name: _joined(kinds) for name, kinds in (found | own).items()} | ({REST: "json"} if more else {})


def _kind(name: str, value: object) -> str:
    """What kind of column holds a value; "" for what any does, "json" for what only text can."""
    if isinstance(value, list):
        kinds = {_kind("", item) for item in value}
        joined = "" if None in value else _joined(kinds) if kinds else "empty"
        return {"empty": "empty"}.get(joined, joined + "s") if joined in ("empty", "string", "int", "float") else "json"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int):
        return "int" if abs(value) <= _EXACT else "large" if abs(value) < _LARGEST else "json"
    if isinstance(value, str):
        return "strings" if name in LIST_FIELDS else "string"
    return "" if value is None else "float" if isinstance(value, float) else "json"


def _joined(kinds: set[str]) -> str:
    """The kind of column that holds all of these kinds."""
    kinds = kinds - {""}
    for wide, held in _HOLDS.items():
        if kinds <= held:
            return wide
    return "json"


def _value(row: Mapping[str, Any], name: str, kind: str, kinds: Mapping[str, str]) -> Any:
    """A row's value for a column. Lone surrogates, which Parquet cannot hold, become U+FFFD."""
    if name == REST and kind == "json" and len(kinds) > _MAX_FIELDS:
        rest = {key: value for key, value in row.items() if key not in kinds or key == REST}
        return json.dumps(rest) if rest else None
    value = row.get(name)
    if value is None or kind not in ("string", "strings", "json"):
        return value
    if kind == "json":
        return json.dumps(value)
    if kind == "strings":
        return [whole(item) for item in (value if isinstance(value, list) else [value])]
    return whole(value)


def _read(rows: Path) -> Iterator[dict[str, Any]]:
    with rows.open("rb") as lines:
        yield from map(json.loads, lines)


def _groups(rows: Path) -> Iterator[list[dict[str, Any]]]:
    """The rows in groups of a thousand, or of 16 MiB."""
    group: list[dict[str, Any]] = []
    size = 0
    with rows.open("rb") as lines:
        for line in lines:
            group.append(json.loads(line))
            size += len(line)
            if len(group) >= _GROUP_ROWS or size >= _GROUP_BYTES:
                yield group
                group, size = [], 0
    if group:
        yield group
