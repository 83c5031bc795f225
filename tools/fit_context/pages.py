"""What users send, made of the corpora's pages: whole pages as several flatteners give them, what extractors leave, gold text."""

from __future__ import annotations

import gzip
import json
import logging
import lzma
import random
import socket
import textwrap
import warnings
import zlib
from collections.abc import Callable, Iterator
from multiprocessing import Pool
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

Record = dict[str, Any]
FITTED = ("news-dev", "segments-dev", "wcxb-dev")
FLATTENERS = ("html_text", "inscriptis", "soup")
FOLDS, MARKUP_FOLDS = 2, 4
"""Into how many folds hosts are parted, to fit on text and on pages with their markup."""

EXTRACTORS = ("trafilatura", "resiliparse", "readability", "justext", "newspaper")


def load(folder: Path, corpus: str) -> list[Record]:
    with lzma.open(folder / f"{corpus}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def made(folder: Path, corpus: str, cache: Path | None = None) -> Iterator[tuple[Record, dict[str, str]]]:
    """Every page of a corpus with its texts; read from the cache where it has them, for making them takes a quarter of an hour."""
    records = load(folder, corpus)
    kept = cache / f"{corpus}.texts.jsonl.gz" if cache else None
    if kept and kept.exists():
        with gzip.open(kept, "rt", encoding="utf-8") as lines:
            yield from zip(records, map(json.loads, lines), strict=True)
        return
    with Pool() as workers:
        found = list(workers.imap(texts, records, chunksize=4))
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(kept, "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(one) + "\n" for one in found)
    yield from zip(records, found, strict=True)


def host_of(record: Record) -> str:
    """The host that a page comes from; a page that tells none is one of its own."""
    return urlsplit(record["url"] or "").netloc.removeprefix("www.") or str(record["id"])


def fold_of(host: str, folds: int = FOLDS, salt: str = "") -> int:
    """All pages of a host fall into one fold."""
    return zlib.crc32((host + salt).encode()) % folds


def texts(record: Record) -> dict[str, str]:
    """A page as the flatteners and extractors give it. A page that one of them fails on is empty text of that one."""
    found = {}
    for name, function in _tools().items():
        try:
            found[name] = function(record["html"], record["url"]) or "" if record["html"].strip() else ""
        except Exception as error:  # noqa: BLE001 - what other people's tools raise on odd pages is theirs
            logging.getLogger(__name__).info("%s on %s: %r", name, record["id"], error)
            found[name] = ""
    return found


def layouts(record: Record, made: dict[str, str]) -> dict[str, str]:
    """Those texts, and the gold text in several layouts."""
    found = dict(made)
    if record["gold"]:
        lines = [line for line in record["gold"].split("\n") if line.strip()]
        found["gold"] = record["gold"]
        found["gold, blank lines"] = "\n\n".join(lines)
        found["gold, none"] = "\n".join(lines)
        found["gold, wrapped"] = "\n\n".join(map(_wrapped, lines))
        found["html_text, wrapped"] = "\n".join(map(_wrapped, made["html_text"].split("\n")))
    return found


def sample(variants: list[str], page: str) -> Iterator[tuple[str, float]]:
    """Which of a page's texts to fit on, and how much each weighs: two whole pages, an extractor's output, a gold text."""
    chance = random.Random(page)
    whole = [name for name in variants if name.split(",")[0] in FLATTENERS]
    gold = [name for name in variants if name.startswith("gold")]
    extracted = [name for name in variants if name in EXTRACTORS]
    for names, count, weight in ((whole, 2, 1.0), (extracted, 1, 0.5), (gold, 1, 0.5)):
        for name in chance.sample(names, min(count, len(names))):
            yield name, weight


def _wrapped(line: str) -> str:
    return "\n".join(textwrap.wrap(line, 72)) if len(line) > 72 else line


def _tools() -> dict[str, Callable[[str, str], str]]:
    import html_text
    import inscriptis
    import justext
    import newspaper
    import readability
    import trafilatura
    from bs4 import BeautifulSoup
    from resiliparse.extract.html2text import extract_plain_text

    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)
    _offline()

    def soup(html: str, url: str) -> str:
        tree = BeautifulSoup(html, "lxml")
        for tag in tree(["script", "style", "noscript", "template"]):
            tag.decompose()
        return "\n".join(line for line in map(str.strip, tree.get_text("\n").splitlines()) if line)

    def plain(html: str, url: str) -> str:
        paragraphs = justext.justext(html.encode(), justext.get_stoplist("English"), encoding="utf-8")
        return "\n\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)

    def news(html: str, url: str) -> str:
        config = newspaper.Config()
        config.fetch_images = False
        article = newspaper.Article(url or "http://example.com/", config=config)
        article.download(input_html=html)
        article.parse()
        return str(article.text or "")

    return {
        "html_text": lambda html, url: html_text.extract_text(html),
        "inscriptis": lambda html, url: inscriptis.get_text(html),
        "soup": soup,
        "trafilatura": lambda html, url: trafilatura.extract(html, url=url, include_comments=False) or "",
        "resiliparse": lambda html, url: extract_plain_text(html, main_content=True),
        "readability": lambda html, url: html_text.extract_text(readability.Document(html).summary()),
        "justext": plain,
        "newspaper": news,
    }


def _offline() -> None:
    """Some extractors ask the network for images and lists of domains: pages here are as they are."""

    def refuse(*args: object, **options: object) -> None:
        raise OSError("no network while fitting")

    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse  # type: ignore[assignment]
