"""Parquet: rows in groups, each row a document. Read by pyarrow, a batch of rows at a time."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from cleaner.io.decompress import GRACE
from cleaner.io.files import InputError
from cleaner.io.records import Record
from cleaner.io.rows import Rows, nests_too_deep
from cleaner.io.streams import Source

_BATCH = 64
_BUFFER = 1 << 20
_MAX_COLUMNS = 10_000


def read_parquet(source: Source) -> Iterator[Record | InputError]:
    """The documents of a Parquet file, named by the number of their row, from 1."""
    if source.file is None:
        yield source.error("is Parquet, which cannot be read as a stream: unpack it or save it to a file first")
        return
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        yield source.error("is Parquet, which pyarrow reads: pip install 'cleaner[parquet]'")
        return
    try:
        source.file.seek(0)
        table = parquet.ParquetFile(source.file, pre_buffer=False, buffer_size=_BUFFER)
    except (pa.ArrowException, OSError, ValueError) as error:
        yield source.error(f"is no Parquet that can be read ({_line(error)}): fetch the file again")
        return
    with table:
        if len(table.schema_arrow) > _MAX_COLUMNS:
            yield source.error(f"has {len(table.schema_arrow):,} columns: is it a table of documents?")
            return
        yield from _groups(source, table, Rows(source.place, source.options))


def _groups(source: Source, table: Any, rows: Rows) -> Iterator[Record | InputError]:
    """The rows of each group; a group that cannot be read is one error, and its rows are counted all the same."""
    import pyarrow as pa

    number = 0
    size = source.file.seek(0, io.SEEK_END) if source.file else 0
    for group in range(table.num_row_groups):
        last = number + table.metadata.row_group(group).num_rows
        wrong = _bomb(table.metadata.row_group(group), size, source.options.max_ratio)
        if wrong:
            yield source.error(wrong, f"{number + 1}-{last}")
        else:
            try:
                for batch in table.iter_batches(batch_size=_BATCH, row_groups=[group], use_threads=False):
                    for row in batch.to_pylist():
                        number += 1
                        deep = nests_too_deep(row)
                        yield source.error("nests too deep: flatten it", number) if deep else rows.record(number, row)
            except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
                yield source.error(f"cannot be read ({_line(error)}): fetch the file again", f"{number + 1}-{last}")
        number = last


def _bomb(group: Any, packed: int, max_ratio: int) -> str:
    """What is wrong with a group that unpacks to more than it may, as far as it says so itself.

    Of its columns nothing is asked: where their statistics are broken, the library ends the process.
    """
    if group.total_byte_size > GRACE and group.total_byte_size > max_ratio * packed:
        return f"unpacks to more than {max_ratio} times the file's size: taken for a decompression bomb, and not read"
    return ""


def _line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
