"""The gate before ftfy lets nothing through that ftfy would change, and ftfy's repairs land in the ledger."""

from __future__ import annotations

import re

import pytest
from ftfy import fix_and_explain
from ftfy.badness import MOJIBAKE_CATEGORIES
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.document import apply_edits
from cleaner.normalize import _config, normalize

RANGE = re.compile(r"(.)-(.)|(.)", re.S)


def characters() -> list[str]:
    found = list("abcXYZ .,19")
    for category in MOJIBAKE_CATEGORIES.values():
        for first, last, single in RANGE.findall(category):
            found += [single] if single else [chr(code) for code in range(ord(first), ord(last) + 1)]
    return [char for char in found if char != "\x85"]  # a line break, settled before


@settings(max_examples=3000, deadline=None)
@given(st.text(alphabet=characters(), min_size=1, max_size=8))
def test_gate_misses_nothing(line: str) -> None:
    line = line.rstrip()  # space at a line's end is the layout's
    repaired = apply_edits(line, normalize(line))
    fixed = fix_and_explain(line, _config("straight")).text
    fixed = fixed.replace("\xa0", " ").replace("\n", " ").rstrip()
    if fix_and_explain(fixed, _config("straight")).text == fixed:  # else it is repaired until it stays
        assert repaired.rstrip() == fixed


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("â€œHereâ€\x9d it is", '"Here" it is'),
        ("schÃ¶n und gut", "schön und gut"),
        ("ПÑ€Ð¸Ð²ÐµÑ‚ Ð²ÑÐµÐ¼", None),
        ("ｶﾀｶﾅ ＡＢＣ ﬁne", "ｶﾀｶﾅ ＡＢＣ ﬁne"),
        ("e\u0301te\u0301", "été"),
        ("« Oui », dit-elle…", "« Oui », dit-elle…"),
    ],
)
def test_repairs(source: str, text: str | None) -> None:
    got = cleaner.clean(source, kind="text").text
    assert got == (text if text is not None else got)
    assert cleaner.clean(got, kind="text").text == got


def test_quotes_are_kept_on_request() -> None:
    assert cleaner.Cleaner(quotes="keep").clean("“So,” he’d say.").text == "“So,” he’d say."
    assert cleaner.clean("“So,” he’d say.").text == '"So," he\'d say.'
