"""What reading and writing cost beside cleaning: documents of JSON Lines and other formats, made here, each read once.

python -m benchmarks.reading            # 200,000 rows
python -m benchmarks.reading --rows 20000
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import resource
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import zstandard

from cleaner.io.options import ReadOptions, WriteOptions
from cleaner.io.readers import read_records
from cleaner.io.records import Outcome, Record
from cleaner.io.writers import open_writer

TEXT = "The bridge over the lake opens today, the mayor said on Monday at noon.\n\n" * 12


def rows(count: int) -> Iterator[dict[str, Any]]:
    """Rows of about a kilobyte."""
    for number in range(count):
        yield {"id": number, "url": f"https://example.org/{number}", "title": f"Ferry {number}", "text": f"{number}\n\n{TEXT}"}


def write_json_lines(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows(count))


def packed(source: Path, target: Path, pack: Callable[[bytes], bytes]) -> Path:
    """A file packed, in members of some megabytes."""
    with source.open("rb") as plain, target.open("wb") as file:
        while block := plain.read(4 << 20):
            file.write(pack(block))
    return target


def write_tar(path: Path, count: int) -> Path:
    with tarfile.open(path, "w") as archive:
        for row in rows(count):
            data = row["text"].encode()
            member = tarfile.TarInfo(f"{row['id'] // 1000}/{row['id']}.txt")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def write_parquet(path: Path, count: int) -> Path:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.Table.from_pylist(list(rows(count))), path, row_group_size=10_000)
    return path


def write_tree(path: Path, count: int) -> Path:
    for row in rows(count):
        file = path / str(row["id"] // 1000) / f"{row['id']}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(row["text"], encoding="utf-8")
    return path


def time_reading(path: Path) -> tuple[int, float]:
    """Documents read, and microseconds each."""
    start = time.perf_counter()
    count = sum(isinstance(found, Record) for found in read_records([str(path)], ReadOptions()))
    return count, (time.perf_counter() - start) / max(count, 1) * 1e6


def time_writing(path: Path, count: int) -> float:
    """Microseconds a document."""
    made = [
        Outcome(f"a:{n}", f"a/{n}.txt", {"id": n}, row["text"], row["text"], {}, {"removed": 0.0}, (), "", True, 900, 0.0)
        for n, row in enumerate(rows(min(count, 1000)))
    ]
    start = time.perf_counter()
    writer = open_writer(path, WriteOptions())
    for number in range(count):
        writer.write(made[number % len(made)])
    writer.close()
    return (time.perf_counter() - start) / count * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=200_000)
    count = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain = folder / "a.jsonl"
        write_json_lines(plain, count)
        few = max(count // 10, 1)
        inputs = [
            plain,
            packed(plain, folder / "a.jsonl.gz", lambda data: gzip.compress(data, 1)),
            packed(plain, folder / "a.jsonl.zst", zstandard.ZstdCompressor().compress),
            write_parquet(folder / "a.parquet", few),
            write_tar(folder / "a.tar", few),
            write_tree(folder / "tree", few),
        ]
        for path in inputs:
            read, cost = time_reading(path)
            print(f"read  {path.name:<14} {read:>8,} documents  {cost:6.1f} µs each")
        for output in ("b.jsonl", "b.jsonl.gz", "b.jsonl.zst", "b.parquet", "tree-out"):
            print(f"write {output:<14} {few:>8,} documents  {time_writing(folder / output, few):6.1f} µs each")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1 << 20)
    print(f"peak resident memory {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
