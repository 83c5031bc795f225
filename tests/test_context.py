"""The scored rule: what it holds back from, what it says, and the model behind it."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import cleaner
from cleaner.document import Line
from cleaner.lexicon import load
from cleaner.lines import Document
from cleaner.model import scorer
from cleaner.model.features import NAMES, Page, describe
from cleaner.rules.context import Context, page_of

FIXTURES = Path(__file__).parents[1] / "fixtures" / "rules" / "context"
PAGE = (FIXTURES / "removes-menus-and-teasers" / "input.txt").read_text(encoding="utf-8")
BODY = (FIXTURES / "removes-menus-and-teasers" / "expected.txt").read_text(encoding="utf-8").strip()
MENU = "\n".join(f"{first} {second}" for first in ("Harbour", "Market", "Hill", "Mill") for second in ("news", "walks", "shops", "people"))


def clean(text: str) -> cleaner.Result:
    return cleaner.clean(text, kind="text")


def test_each_line_goes_with_a_reason_in_words() -> None:
    reasons = [edit.reason for edit in clean(PAGE).edits if edit.rule == "context"]
    assert len(reasons) > 10
    assert all(reason and reason.replace(",", "").replace("'", "").replace(" ", "").isalpha() for reason in reasons)
    assert any("short" in reason for reason in reasons)


@pytest.mark.parametrize(
    "text",
    [BODY, BODY.replace("\n", "\n\n"), "\n\n".join(textwrap.fill(line, 72) for line in BODY.split("\n")), BODY.replace("\n", " ")],
    ids=["lines", "blank lines between", "wrapped", "one line"],
)
def test_clean_text_stays_however_it_is_laid_out(text: str) -> None:
    assert clean(text).text == text


def test_a_page_of_three_lines_is_not_judged() -> None:
    text = "Harbour news\nMarket walks\nHill shops"
    assert clean(text).text == text


def test_what_is_all_menu_stays_or_is_empty_but_never_half() -> None:
    result = clean(MENU)
    left = result.text.split("\n") if result.text else []
    assert len(left) in (0, len(MENU.split("\n")))


def test_over_its_budget_it_removes_nothing_and_asks_for_a_look() -> None:
    rules = tuple(Context(budget=0.05) if rule.name == "context" else rule for rule in cleaner.DEFAULT_RULES)
    result = cleaner.Cleaner(rules=rules).clean(PAGE, kind="text")
    assert "context" not in {edit.rule for edit in result.edits}
    assert "scored rule" in result.review
    assert result.header["review"] == result.review


def test_once_is_enough() -> None:
    once = clean(PAGE).text
    assert once == BODY
    assert clean(once).text == once


def test_blank_lines_at_the_top_tell_nothing() -> None:
    lines = [Line(text, 0, len(text), index < 2) for index, text in enumerate(("It rained.", "It stopped."))]
    assert page_of(Document(lines, load()), with_removed=False).blank == [False, True]


def test_what_a_line_scores_does_not_hang_on_how_many_are_judged() -> None:
    rows = np.random.default_rng(1).normal(size=(37, len(NAMES))).astype(np.float32)
    network = scorer.load().lines
    assert np.array_equal(network(rows)[:5], network(rows[:5]))


def test_a_model_comes_back_from_its_file() -> None:
    model = scorer.load()
    again = scorer.unpack(scorer.pack(model))
    rows = np.ones((3, len(NAMES)), np.float32)
    assert np.array_equal(model.lines(rows), again.lines(rows))


@pytest.mark.parametrize("text", ["a", "…", "😀" * 50, "\ud7ff", "1" * 100_000, "汉" * 3000], ids=range(6))
def test_features_are_numbers_whatever_the_line(text: str) -> None:
    no = [False] * 3
    page = Page([text, text, "x"], [text, text, "x"], [True, False, True], no, [0, 1, 5], [False, True, False], [0, 1, 0.5], no, no)
    assert np.isfinite(describe(page)).all()


def test_the_model_is_read_when_a_page_needs_it() -> None:
    script = "import sys, cleaner; cleaner.clean('It rained all day.', kind='text'); sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_nothing_goes_where_nothing_is_unlikely_enough() -> None:
    text = (
        "The sea wall was opened to walkers again on Saturday, two winters after a storm tore a gap into its northern end.\n"
        "Engineers had to sink forty piles before the stone could be laid, and the work was halted twice by spring tides.\n"
        "The gap was found at dawn by a woman who walks her dog there; she was the first to cross the mended wall."
    )
    page = "\n".join(["Weather", "Harbour", "Fishing", "Schools", "Town hall", "Markets", "Letters", "Sailing", text])
    kept = [cleaner.Cleaner((Context(least=least),)).clean(page).text.count("\n") + 1 for least in (0.0, 0.45)]
    assert kept == [11, 3]
