"""Metadata of HTML pages held against what the corpora say, beside trafilatura's.

    python -m benchmarks.metadata [--half even|odd] [--corpus wcxb-dev] [--speed] [--worst title|author|date]

Titles are compared without case and punctuation. Authors "strict" as one such string, "lenient" as a match of the first name
within the other; dates by calendar day. A page counts where the corpus has the field. Halves are by host.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from benchmarks import corpora
from cleaner.page import page_metadata, read_page
from cleaner.page.text import key

FIELDS = ("title", "author", "author lenient", "date")
_SPLIT = re.compile(r"[;,&]|\band\b")
Values = dict[str, Any]


def half(record: Values) -> str:
    host = urlsplit(record["url"] or "").hostname or record["id"]
    return "even" if int(hashlib.sha1(host.encode()).hexdigest(), 16) % 2 == 0 else "odd"


def ours(record: Values) -> Values:
    values: Values = {"author": []}
    for found in page_metadata(read_page(record["html"]), record["url"] or None):
        if found.field == "author":
            values["author"].append(found.value)
        else:
            values.setdefault(found.field, found.value)
    return values


def trafilaturas(record: Values) -> Values:
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(record["html"], default_url=record["url"] or None)
    values = found.as_dict() if found else {}
    return {"title": values.get("title"), "author": (values.get("author") or "").split("; "), "date": values.get("date")}


def judged(field: str, record: Values, values: Values) -> bool:
    """Whether a field is right."""
    if field == "title":
        return key(values.get("title") or "") == key(record["title"])
    if field == "date":
        return str(values.get("date") or "")[:10] == str(record["date"])[:10]
    given, wanted = [key(name) for name in values["author"] if name], key(record["author"])
    names = {key(name) for name in _SPLIT.split(record["author"])} - {""}
    if field == "author":
        return "".join(given) == wanted or set(given) == names
    return bool(given) and any(name and (name in wanted or wanted in name) for name in given)


def wanted(field: str, record: Values) -> bool:
    return bool(record.get(field.split(maxsplit=1)[0]))


def table(records: Iterable[Values], worst: str | None) -> None:
    right: dict[tuple[str, str, str], list[bool]] = defaultdict(list)
    for record in records:
        for who, reader in (("ours", ours), ("trafilatura", trafilaturas)):
            if worst and who != "ours":
                continue
            values = reader(record)
            for field in FIELDS:
                if wanted(field, record):
                    good = judged(field, record, values)
                    for kind in ("all", record["kind"]):
                        right[who, field, kind].append(good)
                    if field == worst and not good:
                        print(record["id"], record["kind"], "| wanted", record[field.split()[0]], "| got", values.get(field.split()[0]))
    kinds = sorted({kind for _, _, kind in right})
    for who, field in dict.fromkeys((who, field) for who, field, _ in right):
        cells = [
            f"{kind} {statistics.mean(right[who, field, kind]):.3f} ({len(right[who, field, kind])})"
            for kind in kinds
            if right.get((who, field, kind))
        ]
        print(f"{who:12} {field:15}", "  ".join(cells if len(cells) < 12 else [cell for cell in cells if cell.startswith("all ")]))


def speed(records: list[Values]) -> None:
    """Processor time of parsing and metadata, over trafilatura's bare extraction with metadata."""
    from trafilatura import bare_extraction

    for record in records[:5]:
        ours(record)
        bare_extraction(record["html"], url=record["url"], with_metadata=True)
    start = time.process_time()
    for record in records:
        ours(record)
    middle = time.process_time()
    for record in records:
        bare_extraction(record["html"], url=record["url"], with_metadata=True)
    mine, theirs = middle - start, time.process_time() - middle
    print(f"ours {1000 * mine / len(records):.1f} ms a page, trafilatura {1000 * theirs / len(records):.1f} ms, ratio {mine / theirs:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", default="wcxb-dev")
    parser.add_argument("--half", choices=("even", "odd"), help="pages of half of the hosts")
    parser.add_argument("--speed", action="store_true", help="time a sample instead")
    parser.add_argument("--worst", choices=FIELDS, help="print the pages where this field is wrong; leaves trafilatura out")
    arguments = parser.parse_args()
    records = [record for record in corpora.load(arguments.corpus) if arguments.half in (None, half(record))]
    if arguments.speed:
        speed(records[:: max(1, len(records) // 100)])
    else:
        table(records, arguments.worst)


if __name__ == "__main__":
    main()
