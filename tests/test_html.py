"""The HTML path: told from text, read as lines with their markup, cleaned by the same chain."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.document import apply_edits
from cleaner.extract import looks_like_html

BODY = "".join(
    f"<p>{text}</p>"
    for text in (
        "The bridge over the lake opens today, the mayor said on Monday at the town hall, three years after work began.",
        "Cars may cross it from noon, and lorries from next week on, once the last of the lamps has been put up.",
        "It cost ten million, a fifth more than planned, and the ferry that it replaces will sail until the autumn.",
    )
)
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Bridge opens | Lakeside Gazette</title>
<meta property="og:title" content="Bridge opens after three years"><meta name="author" content="Ana Lind">
<meta property="og:site_name" content="Lakeside Gazette"><meta property="article:published_time" content="2023-04-14T00:23:00">
</head><body><nav>Home News Sport</nav><article><h1>Bridge opens after three years</h1>{BODY}<p>Loading…</p></article></body></html>"""


def test_page() -> None:
    result = cleaner.clean(PAGE, url="https://lakeside.example/bridge")
    assert result.text.startswith("The bridge over the lake opens today")
    assert result.text.endswith("will sail until the autumn.")
    assert result.metadata.title == "Bridge opens after three years"
    assert result.metadata.author == ("Ana Lind",)
    assert result.metadata.sitename == "Lakeside Gazette"
    assert result.metadata.date is not None
    assert result.metadata.date.startswith("2023-04-14")
    assert result.metadata.url == "https://lakeside.example/bridge"


def test_bytes_in_another_encoding() -> None:
    page = PAGE.replace("the lake", "den Öresund").replace('lang="en">', 'lang="en"><meta charset="iso-8859-1">')
    assert "Öresund" in cleaner.clean(page.replace("…", "...").encode("iso-8859-1")).text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (PAGE, True),
        ("<p>One</p><p>Two</p>", True),
        ("a < b and b > c", False),
        ("Use <b> for bold and <i> for italics.", False),
        ("", False),
        ("<", False),
    ],
)
def test_kind_is_told(text: str, html: bool) -> None:
    assert looks_like_html(text) == html


def test_kind_text_reads_tags_as_text() -> None:
    assert cleaner.clean("<p>One line of text here.</p>", kind="text").text == "<p>One line of text here.</p>"


def test_page_without_text_says_so() -> None:
    result = cleaner.clean("<html><body></body></html>")
    assert result.text == ""
    assert result.review


@pytest.mark.parametrize(
    "html", ["<html>" + "<div>" * 3000 + "x", "<p" + " a" * 20_000 + ">x", "<html>\0<p>a", "<![CDATA[", "<html><body>" + "<" * 5000]
)
def test_broken_pages_do_not_crash(html: str) -> None:
    assert isinstance(cleaner.clean(html, kind="html").text, str)


def test_page_cannot_forge_a_header() -> None:
    page = PAGE.replace("<p>Loading…</p>", "<p>---<br>title: forged<br>---</p>").replace("Bridge opens after", '---\\ntitle: \\"x')
    values = cleaner.clean(page).render().split("---\n")[1]
    assert "forged" not in values


SENTENCES = st.sampled_from(
    [
        "The bridge over the lake opens today, the mayor said on Monday at the town hall, three years after work began.",
        "Cars may cross it from noon, and lorries from next week on, once the last of the lamps has been put up.",
        "Harbour",
        "Read also: ferry sails for the last time",
        "12 comments",
        "Ships and boats",
        "Nobody had seen water as high as this since the old mill was given up, the keeper of the lock told us.",
        "Written by Ana Lind",
        "3 May 2023",
    ]
)
BLOCKS = st.sampled_from(
    ["<p>{}</p>", "<div class='teaser card'><a href=x>{}</a></div>", "<li>{}</li>", "<h2>{}</h2>", "<td>{}</td>", "{}<br>"]
)
SECTIONS = st.sampled_from(
    ["<main>{}</main>", "<nav>{}</nav>", "<ul class=related>{}</ul>", "<footer>{}</footer>", "<article>{}</article>", "{}"]
)


def blocks_of(section: str, parts: list[tuple[str, str]]) -> str:
    return section.format("".join(block.format(text) for block, text in parts))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.builds(blocks_of, SECTIONS, st.lists(st.tuples(BLOCKS, SENTENCES), min_size=1, max_size=12)), min_size=1, max_size=5))
def test_what_comes_of_a_page_stays_when_it_is_cleaned_again(sections: list[str]) -> None:
    result = cleaner.clean(f"<!DOCTYPE html><title>Bridge opens</title><body>{''.join(sections)}</body>", kind="html")
    assert apply_edits(result.source, result.edits) == result.text
    assert cleaner.clean(result.render(), kind="text").text == result.text
    assert cleaner.clean(result.text, kind="text").text == result.text


def test_the_ledger_accounts_for_the_whole_page() -> None:
    result = cleaner.clean(PAGE)
    assert "Home News Sport" in result.source
    gone = "".join(result.source[edit.start : edit.end] for edit in result.edits)
    assert "Home News Sport" in gone
    assert "Bridge opens after three years" in gone


def test_each_field_knows_where_it_came_from() -> None:
    page = PAGE.replace("<p>Loading…</p>", "<p>Filed under: Bridges</p>")
    result = cleaner.clean(page, url="https://lakeside.example/bridge")
    assert result.sources["title"] == "h1"
    assert result.sources["author"] == "meta author"
    assert result.sources["url"] == "the caller"
    assert result.sources.keys() == {name for name, _ in result.metadata.pairs()}
    text = "Bridge opens after three years\n\nLast updated on May 3, 2023\n\nCars may cross from noon, the mayor said on Monday."
    assert cleaner.clean(text).sources == {"title": "the rule title", "modified": "the rule modified_date", "language": "the text"}
    assert cleaner.clean(result.render()).sources["title"] == "the text's header"


TEXT = "The bridge over the lake opens today, the mayor said on Monday at the town hall. "


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 300 + TEXT + "</div>" * 300,
        "<div>" * 100_000 + TEXT + "</div>" * 100_000,
        "<p " + " ".join(f"a{number}=1" for number in range(100_000)) + f">{TEXT}",
        "<p>" * 80_000 + TEXT,
        f"<p>{TEXT}" * 20_000,
        f"<img src='data:image/png;base64,{'A' * 30_000_000}'><p>{TEXT}",
        f"<p>{TEXT}<table>" + "<tr><td>a<td>b" * 10_000,
    ],
    ids=["255 elements deep", "100,000 deep", "100,000 attributes", "80,000 empty", "20,000 paragraphs", "data URI", "cells"],
)
def test_bad_pages_are_cleaned_in_time_and_lose_no_text(page: str) -> None:
    cleaner.clean(PAGE)
    start = time.process_time()
    result = cleaner.clean(f"<!DOCTYPE html><title>Bridge</title><body>{page}</body>", kind="html")
    assert time.process_time() - start < 3  # two seconds, and what a busy machine takes longer
    assert TEXT.strip() in result.source
