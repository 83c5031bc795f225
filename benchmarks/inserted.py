"""Articles with chrome put in: how many come out exactly right, what was lost of them and what was left of the chrome.

    python -m benchmarks.inserted [--articles N] [--corpus NAME ...] [--bank chrome|heldout|fresh] [--floor]

Bodies are the corpora's gold texts; the chrome is `benchmarks/chrome/`, written for this measure by authors who had not seen
the lexicon, and looked at while rules were made; `benchmarks/chrome_heldout/`, whose English misses were read once; and
`benchmarks/chrome_fresh/`, which nobody looked at. Articles in a language that a bank does not have are left out.
Every article is cleaned twice over: as it is (it must come back word for word), and with chrome put in where pages have it.
Prints one JSON object a row. The row "C4" is what the line rules of the C4 corpus (Raffel et al. 2020) do.
With --floor, exits with 1 where a figure falls below those of benchmarks/floors.json.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import cleaner
from benchmarks import corpora

FOLDERS = {"chrome": "chrome", "heldout": "chrome_heldout", "fresh": "chrome_fresh"}
BANKS = {name: Path(__file__).parent / folder for name, folder in FOLDERS.items()}
STRAIGHT = str.maketrans({"‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "\xa0": " "})
CURLY = re.compile(r'"([^"]*)"')
WORD = re.compile(r"\w+")
TOP = ("navigation", "share_bar")
MIDDLE = ("related_links", "advertisement", "newsletter_prompt", "caption_credit", "subscription_prompt", "placeholder")
BOTTOM = ("tags", "contributors", "share_bar", "comment_prompt", "related_links", "news_ticker", "newsletter_prompt", "subscription_prompt")
END = ("legal_footer", "cookie_notice", "browser_notice", "placeholder")


class Case(NamedTuple):
    """A document with chrome, what of it is body, and which lines are chrome of which kind."""

    source: str
    body: list[str]
    chrome: list[tuple[str, str]]


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(STRAIGHT)).strip()


def banks(name: str = "chrome") -> dict[str, dict[str, list[Any]]]:
    """A bank of chrome, by language and kind."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(BANKS[name].glob("*.json"))}


def lines_of(block: Any) -> list[str]:
    return [str(line) for line in (block["lines"] if isinstance(block, dict) else block)]


def build(paragraphs: list[str], title: str | None, language: str, bank: dict[str, dict[str, list[Any]]], seed: str) -> Case:
    """Put chrome around and between paragraphs, by a seed."""
    chance = random.Random(seed)
    chrome: list[tuple[str, str]] = []
    rows: list[list[str]] = []

    def put(kind: str, tongue: str | None = None) -> None:
        source = bank[tongue or language].get(kind, [])
        if source:
            lines = lines_of(chance.choice(source))
            rows.append(lines)
            chrome.extend((kind, line) for line in lines)

    def some(kinds: tuple[str, ...], likely: float) -> None:
        for kind in kinds:
            if chance.random() < likely:
                put(kind, chance.choice(sorted(bank)) if kind in ("cookie_notice", "browser_notice") and chance.random() < 0.3 else None)

    some(TOP, 0.2)
    if title and chance.random() < 0.4:
        put("site_name")
    if title and chance.random() < 0.7:
        rows.append([title])
        chrome.append(("title", title))
    put(chance.choice(("dateline", "byline", "modified_date")))
    places = {chance.randrange(1, len(paragraphs)): kind for kind in MIDDLE if len(paragraphs) > 2 and chance.random() < 0.15}
    for index, paragraph in enumerate(paragraphs):
        if index in places:
            put(places[index])
        rows.append([paragraph])
    if chance.random() < 0.2:
        copy = [CURLY.sub("“\\1”", paragraph).replace("'", "’") for paragraph in paragraphs]
        rows.extend([paragraph] for paragraph in copy)
        chrome.extend(("duplicate_body", line) for line in copy)
    some(BOTTOM, 0.25)
    some(END, 0.4)
    blank = chance.random() < 0.6
    source = ("\n\n" if blank else "\n").join("\n".join(row) for row in rows)
    return Case(source, [squeeze(paragraph) for paragraph in paragraphs], chrome)


def c4(text: str) -> str:
    """The line rules of C4: a terminal mark, five words, no "javascript", no policy lines."""
    kept = []
    for line in text.split("\n"):
        low = line.lower()
        policy = any(phrase in low for phrase in ("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies"))
        sentence = line.strip().endswith((".", "!", "?", '"')) and len(line.split()) >= 5
        if sentence and not policy and "javascript" not in low:
            kept.append(line)
    return "\n".join(kept)


def measure(cases: list[Case], clean: Callable[[str], str]) -> dict[str, Any]:
    exact = lost = left = body_words = chrome_words = 0
    left_by: Counter[str] = Counter()
    total_by: Counter[str] = Counter()
    for case in cases:
        got = [squeeze(line) for line in clean(case.source).split("\n") if line.strip()]
        exact += got == case.body
        want, have = Counter(WORD.findall("\n".join(case.body))), Counter(WORD.findall("\n".join(got)))
        lost += sum((want - have).values())
        left += sum((have - want).values())
        body_words += sum(want.values())
        chrome_words += sum(len(WORD.findall(line)) for _, line in case.chrome)
        remaining = Counter(got) - Counter(case.body)
        for kind, line in case.chrome:
            total_by[kind] += 1
            left_by[kind] += squeeze(line) in remaining
    return {
        "documents": len(cases),
        "exactly_right": round(exact / len(cases), 4),
        "body_words_lost": round(lost / body_words, 5),
        "chrome_words_left": round(left / max(chrome_words, 1), 4),
        "lines_left_by_kind": {kind: round(left_by[kind] / total, 3) for kind, total in sorted(total_by.items())},
    }


def cases_of(name: str, count: int | None, with_chrome: bool, bank: dict[str, dict[str, list[Any]]]) -> list[Case]:
    cases = []
    for record in corpora.load(name):
        paragraphs = [line.strip() for line in (record["gold"] or "").split("\n") if line.strip()]
        title = record.get("title")
        if name == "daniel-dev" and paragraphs:  # its gold starts with the title, and gives none apart
            title, paragraphs = paragraphs[0], paragraphs[1:]
        if (name == "wcxb-dev" and record["kind"] != "article") or len(paragraphs) < 2:
            continue
        if corpora.language(record) not in bank:
            continue
        if with_chrome:
            cases.append(build(paragraphs, title, corpora.language(record), bank, record["id"]))
        else:
            cases.append(Case("\n\n".join(paragraphs), [squeeze(paragraph) for paragraph in paragraphs], []))
    return cases[:count]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, help="at most this many of each corpus")
    parser.add_argument("--corpus", action="append", help="only these corpora")
    parser.add_argument("--bank", choices=sorted(BANKS), default="fresh", help="which chrome to put in (default: fresh)")
    parser.add_argument("--floor", action="store_true", help="hold the figures against benchmarks/floors.json")
    arguments = parser.parse_args()
    bank, below = banks(arguments.bank), list[str]()
    floors = json.loads((Path(__file__).parent / "floors.json").read_text()) if arguments.floor else {}
    for name in arguments.corpus or ["news-dev", "wcxb-dev", "daniel-dev"]:
        for track in ("clean", "inserted"):
            cases = cases_of(name, arguments.articles, track == "inserted", bank)
            row = measure(cases, lambda text: cleaner.clean(text, kind="text").text)
            print(json.dumps({"corpus": name, "track": track, **row}), flush=True)
            if track == "inserted":
                print(json.dumps({"corpus": name, "track": "inserted, C4", **measure(cases, c4)}), flush=True)
            floor = floors.get(f"{name} {track}", {})
            below += [f"{name} {track}: {key} {row[key]}" for key, least in floor.items() if (row[key] < least) == (key == "exactly_right")]
    print("\n".join(below), file=sys.stderr, end="\n" if below else "")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
