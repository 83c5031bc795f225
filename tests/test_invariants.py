"""What is true of every document, held by hypothesis: on arbitrary text, and on pages put together from real pieces."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import apply_edits, revert_edits

ROOT = Path(__file__).parents[1]
BANK = json.loads((ROOT / "benchmarks" / "chrome" / "en.json").read_text(encoding="utf-8"))
CHROME = ["\n".join(block["lines"] if isinstance(block, dict) else block) for blocks in BANK.values() for block in blocks] + [
    "Werbung",
    "Читайте также:",
    "广告",
    "Loading…",
    "{{ title }}",
    "20:05",
    "Share on Facebook",
]
PROSE = [
    "The bridge opens today, the mayor said on Monday at the town hall, and lorries may cross it from next week.",
    "“We waited three years for this,” said one of the drivers – a baker – who had come before dawn.",
    "Мост открылся сегодня утром, сообщил мэр города на встрече с жителями и строителями.",
    "橋は今日開通すると市長が月曜日に述べた。町では祝賀会が開かれ、多くの人が集まった。",
    "How it began",
    "Roll on, river of the valley",
    "- a first point",
    "Mojibake â€œhereâ€\x9d and no-break\xa0space.",
]

pieces = st.lists(st.sampled_from(CHROME + PROSE * 4), min_size=0, max_size=14)
pages = st.builds(lambda parts, gap: gap.join(parts), pieces, st.sampled_from(["\n", "\n\n", "\n \n", "\r\n"]))
texts = st.one_of(pages, st.text(max_size=400), st.text(alphabet="ab .:\n\t•{}%/1“”’é\xa0\u2028\r\x00", max_size=200))


@settings(max_examples=300, deadline=None)
@given(texts)
def test_cleaning_twice_is_cleaning_once(source: str) -> None:
    once = cleaner.clean(source, kind="text")
    assert cleaner.clean(once.text, kind="text").text == once.text


@settings(max_examples=150, deadline=None)
@given(pages)
def test_header_survives_a_second_cleaning(source: str) -> None:
    once = cleaner.clean(source, kind="text").render()
    assert cleaner.clean(once, kind="text").render() == once


@settings(max_examples=300, deadline=None)
@given(texts)
def test_ledger_replays_and_reverts(source: str) -> None:
    result = cleaner.clean(source, kind="text")
    assert apply_edits(result.source, result.edits) == result.text
    removed = [result.source[edit.start : edit.end] for edit in result.edits]
    assert revert_edits(result.text, result.edits, removed) == result.source
    ends = [0, *(edit.end for edit in result.edits)]
    assert all(edit.start >= end for edit, end in zip(result.edits, ends, strict=False))


@settings(max_examples=200, deadline=None)
@given(texts)
def test_rules_only_delete(source: str) -> None:
    for edit in cleaner.clean(source, kind="text").edits:
        assert edit.start < edit.end
        assert edit.reason
        assert edit.replacement == "" or edit.rule == "normalize"


@settings(max_examples=100, deadline=None)
@given(st.lists(pages, min_size=2, max_size=4))
def test_order_makes_no_difference(sources: list[str]) -> None:
    alone = [cleaner.clean(source) for source in sources]
    together = [cleaner.clean(source) for source in reversed(sources)]
    assert alone == together[::-1]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PROSE[:4]), min_size=2, max_size=8, unique=True))
def test_clean_article_comes_back(paragraphs: list[str]) -> None:
    result = cleaner.Cleaner(quotes="keep").clean("\n\n".join(paragraphs), kind="text")
    assert result.text == "\n\n".join(paragraphs)
    assert not result.edits
