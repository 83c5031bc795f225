"""Pages that break parsers: each is read in bounded time, keeps its text or says what is lost."""

from __future__ import annotations

import json
import time

import pytest

import cleaner
from cleaner.page import Parsed, page_metadata, read_page
from cleaner.page.embedded import article_body
from cleaner.page.shell import SHELL_NOTE
from cleaner.page.tame import MAX_DEPTH, MAX_HTML, _Tamer, tame

SECONDS = 2.0
MANY = 50_000


def visible(page: Parsed) -> str:
    return (page.tree.body and page.tree.body.text) or ""


@pytest.mark.parametrize(
    ("html", "last"),
    [
        ("<div>" * 255 + "end", "end"),
        ("<div>" * 100_000 + "end", "end"),
        ("<div>" * 100_000 + "x" + "</div>" * 100_000 + "end", "end"),
        ("<p " + " ".join(f"a{i}=1" for i in range(100_000)) + ">end", "end"),
        ("<p " + " ".join(f'a{i}="<>"' for i in range(100_000)) + ">end", "end"),
        (("<p " + " ".join(f"a{i}=1" for i in range(10)) + ">x</p>") * 100_000 + "end", "end"),
        ("<p>x" * 80_000 + "end", "end"),
        ('<img src="data:image/png;base64,' + "A" * 30_000_000 + '">end', "end"),
        ("<" * 1_000_000 + "p>end", "end"),
        ("<table>" * MANY + "end", "end"),
        ("<table><tr><td>" * MANY + "end", "end"),
        ("<div><table><tr><td></div>" * MANY + "end", "end"),
        ("<a href=x>y" * MANY + "end", "end"),
        ("<b>y" * MANY + "end", "end"),
        ("".join(f"<font color=c{i}><p>y" for i in range(MANY)) + "end", "end"),
        ("".join(f"<p><font color=c{i}>y</p>" for i in range(MANY)) + "end", "end"),
        ("<a><div>" * MANY + "</a>" * MANY + "end", "end"),
        ("<select>" + "<option>x" * MANY + "</select>end", "end"),
        ("<div>" * MANY + "</h1>" * MANY + "end", "end"),
        ("<div>" * MANY + "<li></li>" * MANY + "end", "end"),
        ("".join(f"<html a{i}=1>" for i in range(MANY)) + "end", "end"),
        ("&amp;" * 1_000_000 + "end", "end"),
        ("<p>a" + "\0" * 100_000 + "end", "end"),
        ("<title>x" * MANY + "<p>end", "end"),
        ("<p>x" * 1_000_000 + "end", "end"),
        ("<!--" * MANY + "end", "end"),
        ("<![CDATA[" * MANY + "end", "end"),
    ],
    ids=range(27),
)
def test_text_is_kept_in_time(html: str, last: str) -> None:
    start = time.process_time()
    page = read_page(html)
    page_metadata(page)
    assert time.process_time() - start < SECONDS
    assert visible(page).endswith(last)


def test_what_is_left_out_is_said() -> None:
    assert read_page("<div>" * 100_000 + "x").notes == (f"elements nested deeper than {MAX_DEPTH} stand beside each other",)
    assert "attributes" in read_page("<p " + " ".join(f"a{i}" for i in range(9_999)) + ">x").notes[0]
    assert "<script> that never ends" in read_page("<p>Text</p><script>var a = 1; <p>lost").notes[0]
    assert "a tag that never ends" in read_page("<p>Text</p><p class='x <p>lost").notes[0]
    assert "was cut at" in read_page("x" * (MAX_HTML + 1)).notes[0]


def test_ordinary_pages_are_not_touched() -> None:
    html = "<!doctype html><html><head><title>A</title></head><body><h1>A</h1><p>One <b>two</b></p><!-- 3 --><script>4</script></body>"
    assert tame(html) == (html, ())


def test_many_tags_change_nothing_that_a_reader_sees() -> None:
    row = "<tr><td>a<td>b <b>c</b><tr><td><ul><li>d<li>e</ul></table><p>f<p>g <i>h</p><script>if (a < b) '<p>'</script><title>no</title>"
    html = f"<table>{row}" * 3_000
    kept, _ = _Tamer(html).run()
    assert visible(read_page(kept)).split() == visible(read_page(f"<table>{row}" * 3_000)).split()
    assert "".join(visible(read_page(html)).split()).startswith("abcdefgh")


def test_comment_without_an_end_is_read() -> None:
    page = read_page("<p>One</p><!-- two <p>three")
    assert "three" in visible(page)
    assert page.notes == ("a comment that never ends was read as text",)


def test_title_without_an_end_hides_nothing() -> None:
    page = read_page("<head><title>Bridge<meta name=author content='Ana Lind'><body><p>Text<svg><title>Icon</title></svg>")
    assert page.tree.title == "Bridge"
    assert ("author", "Ana Lind", "meta author") in page_metadata(page)


def test_mhtml_gives_its_page() -> None:
    source = (
        "From: <Saved by a browser>\r\nSubject: Bridge\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="--b1"\r\n\r\n----b1\r\n'
        "Content-Type: text/html; charset=windows-1252\r\n"
        'Content-Transfer-Encoding: quoted-printable\r\n\r\n<p class=3D"a">=D6resund bridge o=\r\npens</p>\r\n----b1\r\n'
        "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n----b1--\r\n"
    )
    for saved in (source, source.encode()):
        assert visible(read_page(saved)).strip() == "Öresund bridge opens"


def test_mhtml_without_a_page_says_so() -> None:
    source = 'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: image/png\n\nx\n--b--'
    assert read_page(source).notes[0] == "the saved page (MHTML) holds no HTML"


def test_xhtml_with_empty_scripts_and_cdata() -> None:
    page = read_page(
        '<?xml version="1.0"?><html><head><script src="a.js" /><title>A</title></head><body><p><![CDATA[One < two]]></p></body></html>'
    )
    assert visible(page).split() == ["One", "<", "two"]
    assert page.tree.title == "A"


def test_feed_is_read() -> None:
    page = read_page(
        "<?xml version='1.0'?><rss><channel><item><title>A</title><description><![CDATA[<p>Rain</p>]]></description></item></channel></rss>"
    )
    assert "Rain" in visible(page)


def test_encodings_of_bytes() -> None:
    assert "Öre" in visible(read_page("<meta charset=iso-8859-1><p>Öre å".encode("iso-8859-1")))
    assert "Öre" in visible(read_page(b"\xff\xfe" + "<p>Öre".encode("utf-16-le")))
    mixed = "<p>Über Öresund führt die Brücke, größer als".encode() + " früher".encode("cp1252")
    assert visible(read_page(mixed)).endswith("früher")


def test_frame_set_is_said() -> None:
    page = read_page("<html><frameset cols=2><frame src=a><frame src=b><noframes>No</noframes></frameset></html>")
    assert page.notes == ("the page is a frame set: its text is in the 2 pages that it frames",)


@pytest.mark.parametrize(
    "html", ["", " ", "<html></html>", "<html><head></head></html>", "text only", "<frameset>", "</p>", "<!doctype html>"]
)
def test_pages_without_body(html: str) -> None:
    assert isinstance(page_metadata(read_page(html)), tuple)


ARTICLE = "The bridge over the lake opens today, the mayor said on Monday at the town hall. " * 5


def test_shell_is_told_and_its_article_found() -> None:
    state = json.dumps({"props": {"post": {"slug": "bridge", "blocks": [{"text": ARTICLE}, {"text": ARTICLE.replace("bridge", "ferry")}]}}})
    page = read_page(f'<div id="__next"></div><script id="__NEXT_DATA__" type="application/json">{state}</script>')
    assert page.notes == (SHELL_NOTE,)
    assert article_body(page.tree) == f"{ARTICLE.strip()}\n\n{ARTICLE.replace('bridge', 'ferry').strip()}"
    result = cleaner.clean(f'<html><body><div id="root"></div><script>window.state = {state};</script></body></html>', kind="html")
    assert "ferry" in result.text
    assert SHELL_NOTE in result.review


def test_page_with_text_is_no_shell() -> None:
    assert read_page(f"<p>{ARTICLE}</p><script>a()</script>").notes == ()


def test_article_body_of_linked_data() -> None:
    data = json.dumps({"@graph": [{"@type": "NewsArticle", "articleBody": f"<p>{ARTICLE}</p><p>Second.</p>"}]})
    page = read_page(f'<script type="application/ld+json">{data}</script>')
    assert article_body(page.tree) == f"{ARTICLE.strip()}\n\nSecond."


def test_page_without_article_in_its_json_has_no_body() -> None:
    assert article_body(read_page('<script type="application/json">{"a": "b"}</script>').tree) is None
