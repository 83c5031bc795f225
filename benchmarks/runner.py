"""How the runner does: memory over a long run, speed-up of a second worker, its own cost, faults, kills.

    python -m benchmarks.runner [--quick] [--floor] [--documents N] [--size CHARACTERS] [--only PART ...]

Makes JSON Lines documents from the seeds in a temporary folder and prints JSON rows. Parts:

memory   resident memory of the run and its workers while N documents (200,000; quick: 6,000) pass two workers
speed    wall time of two workers against one, and the processor time of the parent as a share of the workers' cleaning;
         says little where other work keeps the processors busy
faults   5,000 documents (quick: 600), of which two kill their worker, one hangs, one eats memory: who fails, and whether all
         others are as one worker writes them
kills    a run killed 20 times (quick: 4) at random moments and gone on with, against an undisturbed one, to a tree and to a file

With --floor, exits with 1 where a figure is worse than `floors.json` asks for.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parents[1]
FLOORS: dict[str, float] = json.loads((ROOT / "benchmarks/floors.json").read_text(encoding="utf-8"))["runner"]
GUILTY = {0.1: "DIES", 0.4: "HANGS", 0.6: "EATS", 0.8: "DIES"}
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def texts() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.txt"))]


def make_rows(path: Path, count: int, marked: dict[int, str] | None = None, size: int | None = None) -> Path:
    """Rows whose texts all differ: the seeds, or their first `size` characters, each led in by a sentence of its own."""
    seeds = texts()
    with path.open("w", encoding="utf-8") as stream:
        for number in range(count):
            word = (marked or {}).get(number, "there")
            lead = f"Report {number} of the day was read out {word} at {number % 24} o'clock, and {number * 7919 % 1000} people heard it."
            text = f"{lead}\n\n{seeds[number % 5][:size]}"
            stream.write(json.dumps({"id": number, "url": f"https://example.org/{number}", "text": text}) + "\n")
    return path


def clean(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "cleaner", "clean", *arguments]
    return subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)


def done(process: subprocess.Popen[bytes], *codes: int) -> None:
    errors = process.communicate(timeout=7200)[1].decode()
    if process.returncode not in codes:
        raise RuntimeError(f"exit code {process.returncode}: {errors[-2000:]}")


def resident(process: psutil.Process) -> tuple[int, int, int]:
    """Memory of a process and its workers: their sum, what they share counted once (Linux), and the parent's own."""
    total = shared_once = 0
    for one in (process, *process.children()):
        total += one.memory_info().rss
        shared_once += getattr(one.memory_full_info(), "pss", 0)
    return total, shared_once, process.memory_info().rss


def sampled(process: subprocess.Popen[bytes], every: float) -> Iterator[tuple[int, int, int]]:
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            yield resident(watched)
        except psutil.Error:  # a worker has just ended
            continue
        time.sleep(every)


def memory(folder: Path, count: int, size: int | None) -> Iterator[dict[str, Any]]:
    source = make_rows(folder / "memory.jsonl", count, size=size)
    out = folder / "memory-out.jsonl"
    start = time.monotonic()
    process = clean(folder, str(source), "-o", str(out), "-j", "2", "--report", str(folder / "memory.json"))
    samples = [sample for sample in sampled(process, 0.5) if sample[0]]
    done(process, 0)
    seconds = time.monotonic() - start
    peak = max(samples)
    yield {
        "row": "memory",
        "documents": count,
        "megabytes": round(source.stat().st_size / 1e6),
        "seconds": round(seconds, 1),
        "peak_mb": round(peak[0] / 1e6, 1),
        "peak_shared_once_mb": round(max(sample[1] for sample in samples) / 1e6, 1),
        "parent_peak_mb": round(max(sample[2] for sample in samples) / 1e6, 1),
        "mean_mb_by_tenth": [round(mean([sample[0] for sample in part]) / 1e6, 1) for part in tenths(samples)],
    }


def tenths(samples: list[tuple[int, int, int]]) -> list[list[tuple[int, int, int]]]:
    size = max(1, len(samples) // 10)
    return [samples[at : at + size] for at in range(0, size * min(10, len(samples)), size)]


def mean(values: list[int]) -> float:
    return sum(values) / len(values) if values else 0.0


def speed(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    """Runs with one and two workers in turn; the best of each, since other work only ever slows."""
    source = make_rows(folder / "speed.jsonl", count)
    walls: dict[int, list[float]] = {1: [], 2: []}
    shares = []
    for _ in range(3):
        for jobs in (1, 2):
            report = folder / "speed.json"
            start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            done(clean(folder, str(source), "-o", str(folder / f"speed-{jobs}.jsonl"), "-j", str(jobs), "--report", str(report)), 0)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            walls[jobs].append(time.monotonic() - start)
            cleaning = json.loads(report.read_text(encoding="utf-8"))["cleaning_seconds"]
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            shares.append((spent - jobs * starting()) / cleaning - 1)
    yield {
        "row": "speed",
        "documents": count,
        "one_worker_seconds": round(min(walls[1]), 2),
        "two_workers_seconds": round(min(walls[2]), 2),
        "speed_up": round(min(walls[1]) / min(walls[2]), 2),
        "own_share": round(min(shares), 3),
    }


def starting() -> float:
    """Processor time of a run over nothing but one small document: loading, in the parent and in one worker."""
    if not _STARTING:
        with tempfile.TemporaryDirectory() as name:
            Path(name, "a.txt").write_text("The ferry sailed at noon.", encoding="utf-8")
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            done(clean(Path(name), "a.txt", "-o", "out", "-j", "1"), 0)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        _STARTING.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return _STARTING[0]


_STARTING: list[float] = []


def install_faults(folder: Path) -> None:
    (folder / "faults.py").write_text((ROOT / "tests/faults.py").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "cleaner.toml").write_text('own = ["faults:Fault"]\n', encoding="utf-8")


def faults(folder: Path, count: int) -> Iterator[dict[str, Any]]:
    install_faults(folder)
    marked = {round(share * count): word for share, word in GUILTY.items()}
    limits = ("--timeout", "5", "--memory", "500M")
    innocent = make_rows(folder / "innocent.jsonl", count)
    guilty = make_rows(folder / "guilty.jsonl", count, marked)
    done(clean(folder, str(innocent), "-o", "innocent-out.jsonl", "-j", "1", *limits), 0)
    done(clean(folder, str(guilty), "-o", "guilty-out.jsonl", "-j", "2", *limits, "--report", "faults.json"), 3)
    failures = json.loads((folder / "faults.json").read_text(encoding="utf-8"))["failures"]
    wanted = (folder / "innocent-out.jsonl").read_bytes().replace(b"innocent.jsonl:", b"guilty.jsonl:").splitlines()
    same = [line for at, line in enumerate(wanted) if at not in marked] == (folder / "guilty-out.jsonl").read_bytes().splitlines()
    found = [int(row["place"].rpartition(":")[2]) - 1 for row in failures]
    yield {
        "row": "faults",
        "documents": count,
        "exactly_the_guilty": found == list(marked),
        "others_byte_for_byte": same,
        "reasons": [row["reason"] for row in failures],
    }


def kills(folder: Path, count: int, times: int) -> Iterator[dict[str, Any]]:
    source = make_rows(folder / "kills.jsonl", count)
    tree = folder / "kills"
    tree.mkdir()
    for number, text in enumerate(json.loads(line)["text"] for line in source.open(encoding="utf-8")):
        (tree / f"{number:05}.txt").write_text(text, encoding="utf-8")
    for given, out in (("kills.jsonl", "killed.jsonl"), ("kills", "killed")):
        yield _killed(folder, given, out, times)


def _killed(folder: Path, given: str, out: str, times: int) -> dict[str, Any]:
    """Kill a run again and again, going on with it each time; one that comes to its end is looked at, and begun anew."""
    undisturbed = f"undisturbed{Path(out).suffix}"
    start = time.monotonic()
    done(clean(folder, given, "-o", undisturbed, "-j", "2"), 0)
    usual = time.monotonic() - start
    dice = random.Random(11)
    killed = kept = ended = 0
    equal, strays = True, list[str]()
    while killed < times or not ended:
        process = clean(folder, given, "-o", out, "-j", "2", "--resume", "--report", "kills.json")
        try:
            process.communicate(timeout=dice.uniform(0.2, max(2.5, 0.5 * usual)) if killed < times else None)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            killed += 1
            ended = 0
            continue
        ended = 1
        kept += json.loads((folder / "kills.json").read_text(encoding="utf-8"))["documents"]["from_earlier_run"]
        equal = equal and process.returncode == 0 and content(folder / out) == content(folder / undisturbed)
        strays += [str(path) for path in folder.rglob(".cleaner*") if path.name != ".cleaner"]
        shutil.rmtree(folder / out) if (folder / out).is_dir() else (folder / out).unlink()
    return {"row": "kills", "out": out, "killed": killed, "kept": kept, "equal": equal, "strays": strays}


def content(place: Path) -> dict[str, bytes]:
    if place.is_file():
        return {"": place.read_bytes()}
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file() and ".cleaner" not in path.parts}


def worse(row: dict[str, Any]) -> list[str]:
    """What of a row is worse than promised."""
    said = []
    if row["row"] == "memory":
        said += [f"peak {row['peak_mb']} MB"] if row["peak_mb"] > FLOORS["peak mb"] else []
        growth = row["mean_mb_by_tenth"][-1] / row["mean_mb_by_tenth"][min(1, len(row["mean_mb_by_tenth"]) - 1)]
        said += [f"memory grows {growth:.2f} times"] if growth > FLOORS["memory growth"] else []
    elif row["row"] == "speed":
        said += [f"own share {row['own_share']}"] if row["own_share"] > FLOORS["own share"] else []
        said += [f"speed-up {row['speed_up']}"] if row["speed_up"] < FLOORS["speed up"] else []
    elif row["row"] == "faults":
        said += [] if row["exactly_the_guilty"] and row["others_byte_for_byte"] else ["faults: not exactly the guilty"]
    elif row["row"] == "kills":
        said += [] if row["equal"] and not row["strays"] else [f"kills: {row['out']} differs or strays are left"]
    return said


def rows(folder: Path, parts: list[str], quick: bool, documents: int | None, size: int | None) -> Iterator[dict[str, Any]]:
    if "memory" in parts:
        yield from memory(folder, documents or (6_000 if quick else 200_000), size)
    if "speed" in parts:
        yield from speed(folder, 3_000 if quick else 10_000)
    if "faults" in parts:
        yield from faults(folder, 600 if quick else 5_000)
    if "kills" in parts:
        yield from kills(folder, 1_500 if quick else 6_000, 4 if quick else 20)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer documents, fewer kills")
    parser.add_argument("--floor", action="store_true", help="hold the figures against what is promised")
    parser.add_argument("--documents", type=int, help="documents of the memory part")
    parser.add_argument("--size", type=int, help="characters of the seeds that each of them holds (default: all)")
    parser.add_argument("--only", nargs="+", choices=["memory", "speed", "faults", "kills"], default=["memory", "speed", "faults", "kills"])
    arguments = parser.parse_args()
    below: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        for row in rows(Path(name), arguments.only, arguments.quick, arguments.documents, arguments.size):
            print(json.dumps(row), flush=True)
            below += worse(row)
    print("\n".join(below), file=sys.stderr, end="\n" if below else "")
    return 1 if below and arguments.floor else 0


if __name__ == "__main__":
    sys.exit(main())
