"""The HTML path: told from text, read by trafilatura, cleaned by the same chain."""

from __future__ import annotations

import pytest

import cleaner
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
