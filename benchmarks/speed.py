"""How fast the chain is, as ratios within one run.

    python -m benchmarks.speed [--quick] [--floor]

Prints JSON rows: the whole chain on plain text against `ftfy.fix_text` alone on the same text (processor time, less is
better), by language; pages of HTML against `trafilatura.bare_extraction` with its metadata; time by length up to 10 MB (a
doubling may cost 2.2 times at most); the start of the command line.
With --floor, exits with 1 where a ratio is above what the project promises.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import ftfy

import cleaner
from benchmarks import corpora

PROMISED: dict[str, float] = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))["speed"]
SEEDS = Path(__file__).parents[1] / "seeds"
SAMPLE = min(SEEDS.glob("*.txt")).read_text(encoding="utf-8")


def timed(function: Callable[[], object]) -> float:
    start = time.process_time()
    function()
    return time.process_time() - start


def paired(first: Callable[[], object], second: Callable[[], object], runs: int) -> float:
    """The median of first/second over runs taken in turn."""
    return statistics.median(timed(first) / timed(second) for _ in range(runs))


def articles() -> dict[str, list[str]]:
    """Clean article texts by language: the corpora's where they are at hand, the seeds' bodies elsewhere."""
    if not corpora.available():
        gold = json.loads((SEEDS / "gold.json").read_text(encoding="utf-8"))
        return {"en": ["\n\n".join(document["body"]) for document in gold.values()] * 20}
    texts: dict[str, list[str]] = {}
    for name in ("news-dev", "wcxb-dev", "daniel-dev"):
        for record in corpora.load(name):
            if record["gold"] and record["kind"] not in ("service", "product", "collection", "forum", "listing", "documentation"):
                texts.setdefault(corpora.language(record), []).append("\n\n".join(record["gold"].split("\n")))
    return {language: found[:150] for language, found in sorted(texts.items()) if sum(map(len, found)) > 50_000}


def over_ftfy(chain: cleaner.Cleaner, texts: list[str], runs: int) -> float:
    return paired(lambda: [chain.clean(text, kind="text") for text in texts], lambda: [ftfy.fix_text(text) for text in texts], runs)


def doublings(largest: int) -> list[tuple[int, float]]:
    """The time of each length over the time of half of it."""
    body = "\n\n".join(path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt")))
    rows, before, length = [], 0.0, 300_000
    while length <= largest:
        text = "".join(f"{number} {body}\n\n" for number in range(length // len(body) + 1))[:length]
        now = min(timed(lambda text=text: cleaner.clean(text, kind="text")) for _ in range(2))  # type: ignore[misc]
        if before:
            rows.append((length, now / before))
        before, length = now, length * 2
    return rows


def help_seconds() -> float:
    """Processor time of `cleaner --help`, start of Python included."""
    script = "import resource, subprocess, sys; subprocess.run([sys.executable, '-m', 'cleaner', '--help'], stdout=subprocess.DEVNULL)"
    script += "; u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime)"
    runs = [float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout) for _ in range(5)]
    return statistics.median(runs)


def over_trafilatura(count: int) -> float:
    """Pages as HTML, metadata among it, against trafilatura's reading with metadata; of pages of all kinds, taken in turn."""
    from trafilatura import bare_extraction

    records = corpora.load("wcxb-dev")[:: 1497 // count]
    for record in records[:2]:
        cleaner.clean(record["html"], kind="html")
        bare_extraction(record["html"], with_metadata=True)
    ours = theirs = 0.0
    for record in records:
        ours += timed(lambda record=record: cleaner.clean(record["html"], kind="html", url=record["url"]))  # type: ignore[misc]
        theirs += timed(lambda record=record: bare_extraction(record["html"], url=record["url"], with_metadata=True))  # type: ignore[misc]
    return ours / theirs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer runs, shorter texts")
    parser.add_argument("--floor", action="store_true", help="hold the ratios against what is promised")
    arguments = parser.parse_args()
    above = []
    print(json.dumps({"row": "first document", "processor_seconds": round(timed(lambda: cleaner.clean(SAMPLE, kind="text")), 3)}))
    for texts in articles().values():  # what is read once a process, and a language's phrases when they are first met
        cleaner.clean(texts[0], kind="text")
    everything = [text for texts in articles().values() for text in texts]
    unscored = cleaner.Cleaner(rules=tuple(rule for rule in cleaner.DEFAULT_RULES if rule.name != "context"))
    for name, chain in (("chain over ftfy", cleaner.Cleaner()), ("chain without the scored rule over ftfy", unscored)):
        ratios = {language: over_ftfy(chain, texts, 1 if arguments.quick else 5) for language, texts in articles().items()}
        ratios["all"] = over_ftfy(chain, everything, 3 if arguments.quick else 5)
        for language, ratio in ratios.items():
            print(json.dumps({"row": name, "language": language, "ratio": round(ratio, 2)}), flush=True)
        above += [f"{name}: {ratios['all']:.2f}"] if ratios["all"] > PROMISED[name] else []
    if corpora.available():
        pages = over_trafilatura(60 if arguments.quick else 300)
        print(json.dumps({"row": "HTML over trafilatura", "ratio": round(pages, 2)}), flush=True)
        above += [f"HTML over trafilatura: {pages:.2f}"] if pages > PROMISED["HTML over trafilatura"] else []
    for length, ratio in doublings(2_400_000 if arguments.quick else 10_000_000):
        print(json.dumps({"row": "doubling", "length": length, "ratio": round(ratio, 2)}))
        above += [f"doubling to {length}: {ratio:.2f}"] if ratio > PROMISED["doubling"] else []
    seconds = help_seconds()
    print(json.dumps({"row": "cleaner --help", "processor_seconds": round(seconds, 3)}))
    above += [f"cleaner --help: {seconds:.3f} s"] if seconds > PROMISED["help seconds"] else []
    print("\n".join(above), file=sys.stderr, end="\n" if above else "")
    return 1 if above and arguments.floor else 0


if __name__ == "__main__":
    sys.exit(main())
