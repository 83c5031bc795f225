"""A page's lines: all that a reader could see, once and in order, each with what the markup says of it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resiliparse.parse.html import HTMLTree

from cleaner.markup import SECTIONS, Marked, MarkedLine
from cleaner.page.lines import read_lines
from cleaner.page.readings import kept


def lines(html: str) -> Marked:
    return read_lines(HTMLTree.parse(html))


def texts(html: str) -> list[str]:
    return [line.text for line in lines(html).lines]


def sections(marked: Marked, line: MarkedLine) -> set[str]:
    bits = marked.elements[line.element].sections
    return {name for place, name in enumerate(SECTIONS) if bits >> place & 1}


def test_blocks_end_lines_and_inline_elements_do_not() -> None:
    assert texts("<p>One <b>bold</b> <a href=x>link</a>.<p>Two<br>three<div>four<span>teen</span></div>") == [
        "One bold link.",
        "Two",
        "three",
        "fourteen",
    ]


def test_what_nobody_reads_is_left_out() -> None:
    assert texts(
        "<title>T</title><script>var a = 1</script><style>p{}</style><template><p>no</p></template><p>yes<noscript>no</noscript>"
    ) == ["yes"]


def test_what_is_for_readers_without_scripts_is_read_where_there_is_little_else() -> None:
    post = "Has anybody tried to sail from here to the island in winter? " * 5
    assert texts(f"<div id=app></div><noscript><div><h1>Sailing</h1><p>{post}</div></noscript>") == ["Sailing", post.strip()]
    assert texts(f"<div>{post * 9}</div><noscript><p>Switch on scripts.</noscript>") == [(post * 9).strip()]


@pytest.mark.parametrize(
    "script",
    ["<!-- <script>a</script> -->", 'w("<!--$--><script>x<\\/script>")', "<!--", "if (a<b) w('</p>')", "<!-- --> w('<script src=x>')"],
)
def test_whatever_a_script_holds_is_no_text(script: str) -> None:
    assert texts(f"<p>before<script>{script}</script><p>behind<div>within</div>")[:1] == ["before"]
    assert "within" in texts(f"<p>before<script>{script}</script>--></script><p>behind<div>within</div>")


def test_hidden_text_comes_and_is_told() -> None:
    marked = lines("<p style='display: none'>a</p><p aria-hidden=true>b</p><div hidden><p>c</p></div><p>d</p>")
    assert [(line.text, "hidden" in sections(marked, line)) for line in marked.lines] == [
        ("a", True),
        ("b", True),
        ("c", True),
        ("d", False),
    ]


def test_a_line_knows_all_sections_it_stands_in() -> None:
    marked = lines("<main><article><ul><li>a</ul></article></main><div role=navigation><a href=x>b</a></div>")
    assert [sections(marked, line) for line in marked.lines] == [{"main", "article", "list"}, {"nav"}]


def test_links_and_emphasis_are_shares_of_the_characters() -> None:
    first, second = lines("<p><a href=x>half</a>half<p><strong>all</strong>").lines
    assert (first.linked, first.strong) == (0.5, 0)
    assert (second.linked, second.strong) == (0, 1)


def test_rows_of_data_are_lines_and_tables_of_layout_are_not() -> None:
    assert texts("<table><tr><th>Port<th>Depth<tr><td>Old harbour<td>9 m</table>") == ["Port | Depth", "Old harbour | 9 m"]
    assert texts("<table><tr><td><p>One.</p><p>Two.</p><td><ul><li>a<li>b</ul></table>") == ["One.", "Two.", "a", "b"]


def test_code_keeps_its_lines_and_its_indentation() -> None:
    assert texts("<pre><code>if wet:\n    stay()\n\nelse:\n    go()</code></pre>") == ["if wet:", "    stay()", "else:", "    go()"]


def test_lists_stand_close_and_paragraphs_apart() -> None:
    assert [line.gap for line in lines("<p>a<p>b<ul><li>c<li>d</ul><p>e<br>f").lines] == [2, 2, 2, 1, 2, 0]


def test_letters_of_icon_fonts_are_no_text() -> None:
    assert texts("<p>\ue001</p><p>\ue001 Share</p>") == ["Share"]


@pytest.mark.parametrize("tag", ["div", "span", "b", "ul", "table"])
def test_deep_nesting_loses_no_text(tag: str) -> None:
    start = time.process_time()
    assert "deep" in " ".join(texts(f"<{tag}>" * 20_000 + "deep" + f"</{tag}>" * 20_000 + "<p>after"))
    assert time.process_time() - start < 2


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<br>", "<td>", "<table>", "</table>", "w", "x y", " ", "<pre>", "\n"]
        )
    )
)
def test_every_word_comes_once_and_in_order(parts: list[str]) -> None:
    html = "".join(parts)
    words = "".join(texts(html)).replace(" | ", "")
    tree = HTMLTree.parse(html)
    assert tree.body is not None
    assert "".join(words.split()) == "".join((tree.body.text or "").split())


def test_another_reading_is_told_line_by_line() -> None:
    page = [
        "Menu",
        "The ferry sailed at noon from the old harbour, and it was full.",
        "By noon it was full, the captain of the ferry said to us.",
    ]
    assert kept(page, page[1]) == [0.0, 1.0, 0.0]
    assert 0 < kept(page, "By noon it was full, the captain said.")[2] < 1
