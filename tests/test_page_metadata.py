"""Metadata of pages: what is chosen among what pages say of themselves, and where it was found."""

from __future__ import annotations

import json
import time

import pytest

from cleaner.document import METADATA_FIELDS
from cleaner.page import Found, page_metadata, read_page


def found(html: str, url: str | None = None) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for field, value, _ in page_metadata(read_page(html), url):
        values.setdefault(field, []).append(value)
    return values


def linked(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>Bridge opens | Lakeside Gazette</title><h1>Bridge opens</h1>", "Bridge opens"),
        ("<title>Bridge opens - Lakeside Gazette</title><meta property=og:site_name content='Lakeside Gazette'>", "Bridge opens"),
        ("<title>Lakeside Gazette: Bridge opens</title><meta property=og:title content='Bridge opens'>", "Bridge opens"),
        ("<h1>Lakeside</h1><h1>Bridge opens</h1><meta property=og:title content='Bridge opens'>", "Bridge opens"),
        ("<h1>Bridge - after years - opens</h1>", "Bridge - after years - opens"),
        ("<title>橋が開通 - 湖畔新聞</title><meta property=og:site_name content=湖畔新聞>", "橋が開通"),
        ("<h1>The &lt;table&gt; element¶</h1>", "The <table> element"),
        (linked({"@type": "NewsArticle", "headline": "Bridge &amp; ferry"}), "Bridge & ferry"),
    ],
)
def test_title(html: str, title: str) -> None:
    assert found(html)["title"][0] == title


@pytest.mark.parametrize(
    ("html", "authors"),
    [
        ("<meta name=author content='By Ana Lind and Bo Ek'>", ["Ana Lind", "Bo Ek"]),
        ("<meta name=author content='Von Ana Lind, Bo Ek und Cy Dahl'>", ["Ana Lind", "Bo Ek", "Cy Dahl"]),
        ("<meta name=author content='Ana Lind; J. R. Ek'>", ["Ana Lind", "J. R. Ek"]),
        ("<meta name=author content=admin><h1>A</h1><p>By <a href=/a>Ana Lind</a></p>", ["Ana Lind"]),
        ("<meta name=author content='Ana Lind, ana@lake.example, @ana'>", ["Ana Lind"]),
        ("<meta name=author content='https://lake.example/ana'>", []),
        ("<meta name=author content='Ana Lind, staff writer'>", ["Ana Lind"]),
        ("<meta name=author content='李明'>", ["李明"]),
        (
            linked({"@type": "Article", "author": [{"@type": "Person", "name": "Ana Lind"}, {"@type": "Person", "name": "Bo Ek"}]}),
            ["Ana Lind", "Bo Ek"],
        ),
        (
            linked({"@graph": [{"@type": "Article", "author": {"@id": "#a"}}, {"@type": "Person", "@id": "#a", "name": "Ana Lind"}]}),
            ["Ana Lind"],
        ),
        (
            linked({"@type": "Article", "author": {"@type": "Organization", "name": "Lake Press"}})
            + "<h1>A</h1><p>By Ana Lind</p><p>3 May 2023</p>",
            ["Ana Lind"],
        ),
        ("<h1>A</h1><span>Ana Lind</span><img alt='Portrait of Ana Lind'>", ["Ana Lind"]),
        ("<p itemprop=author><span itemprop=name>Ana Lind</span></p>", ["Ana Lind"]),
    ],
)
def test_author(html: str, authors: list[str]) -> None:
    assert found(html).get("author", []) == authors


@pytest.mark.parametrize(
    ("html", "date"),
    [
        (linked({"@type": "NewsArticle", "datePublished": "2023-04-14T00:23:00+02:00"}), "2023-04-14T00:23:00+02:00"),
        ("<meta property=article:published_time content='2023-04-14T00:23:00Z'>", "2023-04-14T00:23:00+00:00"),
        ("<meta name=w-published-date content='14.04.2023'>", "2023-04-14"),
        ("<h1>A</h1><time datetime=2023-04-14>yesterday</time>", "2023-04-14"),
        ("<html lang=de><h1>A</h1><p>14. April 2023, 8.30 Uhr</p>", "2023-04-14T08:30:00"),
        ("<h1>A</h1><p>Updated 1 May 2023</p><p>14 April 2023</p>", "2023-04-14"),
        ("<p>1 May 2023</p>" + "<p>word</p>" * 3, "2023-05-01"),
    ],
)
def test_date(html: str, date: str) -> None:
    assert found(html)["date"][0] == date


def test_date_in_the_address() -> None:
    assert found("<h1>A</h1>", "https://lake.example/2023/04/14/a")["date"] == ["2023-04-14"]


def test_publication_apart_from_modification() -> None:
    values = found("<h1>A</h1><p>Updated: <b>1 May 2023</b></p><p>Published 14 April 2023</p>")
    assert (values["date"][0], values["modified"][0]) == ("2023-04-14", "2023-05-01")


def test_impossible_dates_are_left_out() -> None:
    assert "date" not in found(linked({"@type": "Article", "datePublished": "2023-13-45"}) + "<meta name=date content=0001-01-01>")


def test_other_fields_and_where_they_stand() -> None:
    html = (
        "<html lang=en-GB><head><link rel=canonical href='/a'><link rel=license href='https://lake.example/by'>"
        "<meta property=og:site_name content=Lakeside>"
        "<meta name=description content='What\n it says'>"
        "<meta property=article:tag content='Bridges'><meta name=keywords content='a, b'></head>"
    )
    values = page_metadata(read_page(html), "https://lake.example/x")
    assert Found("url", "https://lake.example/a", "link canonical") in values
    assert Found("language", "en-GB", "html lang") in values
    assert Found("sitename", "Lakeside", "meta og:site_name") in values
    assert Found("description", "What it says", "meta description") in values
    assert Found("license", "https://lake.example/by", "link license") in values
    assert [found.value for found in values if found.field == "tags"] == ["Bridges", "a", "b"]
    assert {found.field for found in values} <= set(METADATA_FIELDS)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "Article", "headline": "Bridge opens", }',
        '<!-- {"@type": "Article", "headline": "Bridge opens"} //-->',
        '//<![CDATA[\n{"@type": "Article", "headline": "Bridge opens"}\n//]]>',
        "{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;Bridge opens&quot;}",
        '{"@type": "Article", "headline": "Bridge opens", "description": "a "quoted" word"}',
        '[[{"@graph": [{"@type": ["Thing", "https://schema.org/NewsArticle"], "headline": "Bridge opens"}]}]]',
        '{"@type": "Article", "headline": "Bridge\nopens"}',
    ],
)
def test_broken_linked_data(script: str) -> None:
    assert found(f'<script type="application/ld+json">{script}</script>')["title"] == ["Bridge opens"]


@pytest.mark.parametrize(
    "html",
    [
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        '<script type="application/ld+json">' + '{"a":' * 100_000 + "</script>",
        linked([{"@type": "NewsArticle", "headline": "x" * 50, "author": {"name": "Ana Lind"}}] * 90_000),
        "<meta name=author content='" + "Ana Lind, " * 100_000 + "'>",
        "<meta name=author content='" + " - " * 100_000 + "'>",
        "<title>" + "a | " * 100_000 + "</title><h1>" + "a | " * 100_000 + "</h1>",
        "".join(f"<meta name=n{i} content=x>" for i in range(50_000)),
        "<h1>x</h1>" * 20_000,
        '<script type="application/ld+json">{' + "// " * 60_000 + "x</script>",
        '<div class="author date">' * 400 + "<p>" + "word " * 1_000_000,
        "<h1>x</h1>" + "<p class=date>1 May 2023</p>" * 10_000,
        linked({"@type": "Article", "keywords": ["k"] * 100_000, "author": ["Ana Lind"] * 100_000, "headline": "x" * 100_000}),
    ],
    ids=range(12),
)
def test_hostile_values_are_bounded(html: str) -> None:
    start = time.process_time()
    values = page_metadata(read_page(html))
    assert time.process_time() - start < 2
    assert len(values) < 200
    assert all(len(value) <= 2_000 and "\n" not in value for _, value, _ in values)


def test_values_forge_nothing() -> None:
    values = found(
        '<meta name=author content="Ana Lind&#10;---&#10;title: x"><meta property=og:title content="A&#13;&#10;---&#x2028;b&#0;c&#x202e;">'
    )
    assert all(char.isprintable() for listed in values.values() for value in listed for char in value)
