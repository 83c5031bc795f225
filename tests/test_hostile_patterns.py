"""Much of one thing: no input takes more time than its length is worth."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from commands import BODY

import cleaner
from cleaner.dates import find_moment, is_clock, is_weekday_line
from cleaner.decode import decode, settle
from cleaner.extract import looks_like_html
from cleaner.header import read_header
from cleaner.language import detect_language
from cleaner.lexicon import fold, fold_line, load
from cleaner.lexicon.fold import trim_line
from cleaner.lines import dense, ends_sentence, ends_with_stop, sentences
from cleaner.normalize import normalize
from cleaner.rules.names import people

SIXTY = 60_000
LINES = 20_000

UNITS = {
    "spaces": " ",
    "less-than signs": "<",
    "entities": "&amp;",
    "quotes": '"',
    "curly quotes": "“",
    "apostrophes": "'",
    "letters": "a",
    "accented letters": "é",
    "digits": "1",
    "braces": "{{",
    "initials": "a.",
    "clocks": "1:",
    "no-break spaces": "\u00a0",
    "tags": "<p>",
    "comments": "<!--",
    "capitals": "A ",
    "capital initials": "A. ",
    "parentheses": "(",
    "bullets": "• ",
    "bars": " | ",
    "hashtags": "#ab ",
    "mojibake": "Ã",
    "dashes": "---",
    "bylines": "by ",
    "han": "中",
    "combining marks": "\u0301",
    "escapes": "\x1b[",
    "copyright": "© a ",
    "replacement characters": "\ufffd",
}

IN_LINES = {"bylines", "clocks", "entities", "hashtags", "capitals", "mojibake"}  # a minute for all of them would be too much

MUCH = {
    f"{name}{form}": text
    for name, unit in UNITS.items()
    for form, text in ((" in a line", unit * SIXTY), (" in lines", (unit + "\n") * LINES))
    if form == " in a line" or name in IN_LINES
}

MUCH |= {f"{name} between words": f"a{unit * SIXTY}b" for name, unit in UNITS.items()}

FUNCTIONS: dict[str, Callable[[str], object]] = {
    "find_moment": find_moment,
    "is_clock": is_clock,
    "is_weekday_line": is_weekday_line,
    "people": lambda text: people(text, load()),
    "read_header": read_header,
    "read_header behind a fence": lambda text: read_header(f"---\n{text}"),
    "read_header behind a brace": lambda text: read_header('{"cleaner": ' + text),
    "looks_like_html": looks_like_html,
    "looks_like_html behind a sign": lambda text: looks_like_html("<" + text),
    "fold": fold,
    "fold_line": fold_line,
    "trim_line": trim_line,
    "sentences": lambda text: list(sentences(text)),
    "ends_sentence": ends_sentence,
    "ends_with_stop": ends_with_stop,
    "dense": dense,
    "detect_language": detect_language,
    "settle": settle,
    "decode": lambda text: decode(text.encode()),
}


def seconds(action: Callable[[], object]) -> float:
    """The processor time that an action takes: what other programs do meanwhile does not count."""
    start = time.process_time()
    action()
    return time.process_time() - start


def slow_ones(call: Callable[[str], object], limit: float) -> dict[str, float]:
    """Which texts of `MUCH` take a call longer than the limit, and how long.

    Parts of each go first, and the search ends once the case is clear: a failing test must not take hours.
    """
    slow: dict[str, float] = {}
    for name, text in MUCH.items():
        for share in (50, 10, 1):
            part = text[: len(text) // share]
            start = time.process_time()
            call(part)
            if (spent := time.process_time() - start) >= limit:
                slow[f"{name}, {len(part)} characters"] = round(spent, 2)
                break
        if sum(slow.values()) > 3:
            break
    return slow


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Load the lexicon and ftfy before anything is timed."""
    cleaner.clean(f"Loading…\n\n{BODY}\n\nWe use cookies. Ã©tÃ©, “so”.\n\nPublished: 3 May 2023")


@pytest.mark.parametrize("name", MUCH)
def test_much_of_one_thing_is_cleaned_soon(name: str) -> None:
    assert seconds(lambda: cleaner.clean(MUCH[name])) < 2


@pytest.mark.parametrize("function", FUNCTIONS)
def test_much_of_one_thing_is_read_soon_by_each_function(function: str) -> None:
    call = FUNCTIONS[function]
    call("warm")
    assert slow_ones(call, 0.2) == {}


def test_normalize_reads_much_of_one_thing_soon() -> None:
    assert slow_ones(lambda text: list(normalize(text)), 1) == {}


LABELS = [
    "by",
    "1:",
    "a.",
    "by Ana",
    "Ana Lind",
    "we use cookies",
    "accept all",
    "read also",
    "3 May 2023",
    "news",
    "#a #b",
    "12:30 Storm",
    "“a”",
    "Ã©",
]


@pytest.mark.parametrize("unit", LABELS)
def test_time_grows_with_length_and_no_faster(unit: str) -> None:
    cleaner.clean(f"{unit}\n" * 100)
    short = min(seconds(lambda: cleaner.clean(f"{unit}\n" * 3_000)) for _ in range(2))
    long = seconds(lambda: cleaner.clean(f"{unit}\n" * 12_000))
    assert long < 8 * short + 0.2  # four times as much: 4 if linear, 16 if quadratic


SENTENCE = "In the spring of that year the ferry sailed at noon, and the mayor of the town said so to the reporters on the quay. "


@pytest.mark.parametrize(
    "unit", [SENTENCE, SENTENCE.replace(" ", "_"), "“Ça va,” dit-il près du château. "], ids=["prose", "no spaces", "accents"]
)
def test_three_megabytes_on_one_line_are_cleaned_soon(unit: str) -> None:
    text = (unit * (3_000_000 // len(unit.encode()) + 1)).strip()
    spent = time.process_time()
    result = cleaner.clean(text.encode())
    assert time.process_time() - spent < 6
    assert len(result.text) == len(text)


def test_many_short_lines_are_cleaned_soon() -> None:
    lines = [f"Line {number} of a long poem" for number in range(50_000)]
    spent = time.process_time()
    result = cleaner.clean("\n".join(lines))
    assert time.process_time() - spent < 8
    assert result.text.count("\n") > 37_000


@pytest.mark.parametrize("text", ["<p>\n", "<P> "])
def test_empty_paragraphs_cost_next_to_nothing_and_no_text(text: str) -> None:
    page = f"<p>{BODY}</p>{text * 60_000}<p>Cars may cross from noon, and lorries from next week on.</p>"
    spent = time.process_time()
    result = cleaner.clean(page)
    assert time.process_time() - spent < 1
    assert result.text.split() == f"{BODY} Cars may cross from noon, and lorries from next week on.".split()


def test_a_page_of_nested_tags_is_read_or_marked() -> None:
    page = "<html><body>" + "<div>" * 5000 + f"<p>{BODY}</p>" + "</div>" * 5000 + "</body></html>"
    result = cleaner.clean(page)
    assert BODY in result.text or result.review
