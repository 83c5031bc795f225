"""The header: whatever it holds reads back the same through YAML, python-frontmatter and JSON, and survives another cleaning."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import frontmatter
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner import Cleaner, Origin, Result
from cleaner.decode import whole
from cleaner.header import read_header, write_header

BODY = "The bridge over the lake opens today, the mayor said on Monday at noon."
PARAGRAPHS = f"<p>{BODY}</p><p>{BODY[4:]}</p>"
CLEANER = Cleaner()

TITLES = [
    'The "bridge": open',
    "It's 'open'",
    "a: b",
    "a : b # c",
    "- a",
    "---",
    "a\n---\nb",
    "\n---\n\nBody",
    "...",
    "two\nlines",
    "\n",
    " ",
    " both sides ",
    "tab\tinside",
    "carriage\rreturn\r\n",
    "😀 and 👩‍👩‍👧",
    "𠮷野家",
    "עברית and \u200f marks \u202e too",
    "\x00\x01\x07\x08\x0b\x0c\x1b[31m\x1f",
    "\x7f\x80\x85\x9f\xa0\xad",
    "\u2028 and \u2029",
    "\ufeff mark",
    "\ufffe\uffff\U0010ffff",
    "back\\slash \\n \\u0041 \\",
    "%percent",
    "%YAML 1.2",
    "@at",
    "`tick`",
    "!tag",
    "&anchor",
    "*alias",
    "|",
    ">",
    "?",
    "[a, b]",
    "{a: b}",
    "# hash",
    "null",
    "~",
    "true",
    "no",
    "1",
    "1.0",
    "1e3",
    "0x1f",
    "2023-05-03",
    "07:45",
    ".nan",
    "=",
    "<<",
    "<script>alert(1)</script>",
    "{{ template }}",
    "\\",
    '"',
    "'",
    '\\"',
    "x" * 5000,
]


def made(values: Mapping[str, Any], body: str = BODY) -> Result:
    """A result whose metadata the caller gave."""
    return CLEANER.clean(body, origin=Origin(None, values))


def front(rendered: str) -> dict[str, Any]:
    """What a YAML reader that knows nothing of us makes of a rendered document's header."""
    assert rendered.startswith("---\n")
    block, fence, _ = rendered[4:].partition("\n---\n")
    assert fence
    values: dict[str, Any] = yaml.safe_load(block)
    return values


# Every style reads back


@pytest.mark.parametrize("title", TITLES)
def test_a_title_reads_back_through_yaml(title: str) -> None:
    assert front(made({"title": title}).render("yaml"))["title"] == title


@pytest.mark.parametrize("title", TITLES)
def test_a_title_reads_back_through_python_frontmatter(title: str) -> None:
    post = frontmatter.loads(made({"title": title}).render("yaml"))
    assert post.metadata["title"] == whole(title)
    assert post.content == BODY


@pytest.mark.parametrize("title", TITLES)
def test_a_title_reads_back_through_json(title: str) -> None:
    first, _, rest = made({"title": title}).render("json").partition("\n")
    assert json.loads(first)["title"] == title
    assert rest == BODY + "\n"


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("style", ["yaml", "json"])
def test_a_title_reads_back_through_our_own_reader(title: str, style: str) -> None:
    rendered = made({"title": title}).render(style)
    found = read_header(rendered)
    assert found is not None
    assert rendered[found[0] :] == BODY + "\n"
    assert found[1]["title"] == title


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("style", ["yaml", "json"])
def test_a_document_with_any_title_cleaned_again_is_the_same_byte_for_byte(title: str, style: str) -> None:
    rendered = made({"title": title, "author": [title, "Ana"], "note": title}).render(style).encode("utf-8")
    assert cleaner.clean(rendered).render(style).encode("utf-8") == rendered


@pytest.mark.parametrize("title", TITLES)
def test_no_header_is_no_header(title: str) -> None:
    assert made({"title": title}).render("none") == BODY + "\n"


@pytest.mark.parametrize("style", ["yaml", "json"])
def test_two_halves_of_an_emoji_in_metadata_do_not_change_in_another_cleaning(style: str) -> None:
    rendered = made({"title": "\ud83d\ude00"}).render(style)
    assert cleaner.clean(rendered).render(style) == rendered


@pytest.mark.parametrize("title", ["\ud800 alone", "caf\udce9.txt", "\udc00\ud800"])
def test_half_an_emoji_in_metadata_does_not_make_the_header_unreadable(title: str) -> None:
    result = made({"title": title, "note": "kept"})
    for values in (
        front(result.render("yaml")),
        frontmatter.loads(result.render("yaml")).metadata,
        json.loads(result.render("json").split("\n")[0]),
    ):
        assert values["note"] == "kept"
        assert "title" in values


def test_styles_agree() -> None:
    result = made(
        {"title": 'A "b": c', "author": ["Ana", "Bo"], "date": "2023-05-03", "score": 0.25, "draft": False, "note": None, "ids": [1, 2]}
    )
    assert front(result.render("yaml")) == json.loads(result.render("json").split("\n")[0])


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(ValueError, match="yaml, json, none"):
        write_header(cleaner.clean(BODY), "xml")


def test_the_order_of_keys_is_metadata_then_origin() -> None:
    header = front(CLEANER.clean(BODY, url="https://a.example/", origin=Origin("a/b.txt", {"feed": 7, "title": "A"})).render())
    assert list(header) == ["title", "url", "language", "feed", "source", "source_sha256", "removed", "cleaner"]


def test_a_header_has_no_empty_values() -> None:
    assert set(front(cleaner.clean(BODY).render())) == {"language", "source_sha256", "removed", "cleaner"}


# Any value, any key

ANY_TEXT = st.text(st.characters(exclude_categories=()), min_size=1, max_size=80)


@given(title=ANY_TEXT, authors=st.lists(ANY_TEXT, max_size=4), tags=st.lists(ANY_TEXT, max_size=4))
@settings(max_examples=400, deadline=None)
def test_any_metadata_survives_yaml(title: str, authors: list[str], tags: list[str]) -> None:
    values = front(made({"title": title, "author": authors, "tags": tags}).render("yaml"))
    assert values["title"] == title
    assert values.get("author", []) == list(dict.fromkeys(authors))
    assert values.get("tags", []) == list(dict.fromkeys(tags))


@given(title=ANY_TEXT, authors=st.lists(ANY_TEXT, max_size=4))
@settings(max_examples=200, deadline=None)
def test_any_metadata_survives_python_frontmatter(title: str, authors: list[str]) -> None:
    post = frontmatter.loads(made({"title": title, "author": authors}).render("yaml"))
    assert post.metadata["title"] == whole(title)
    assert post.metadata.get("author", []) == list(dict.fromkeys(authors))
    assert post.content == BODY


@given(
    title=st.text(min_size=1, max_size=80),
    tags=st.lists(st.text(min_size=1, max_size=30), max_size=4),
    style=st.sampled_from(["yaml", "json"]),
)
@settings(max_examples=300, deadline=None)
def test_any_rendered_document_cleaned_again_is_the_same_byte_for_byte(title: str, tags: list[str], style: str) -> None:
    rendered = made({"title": title, "tags": tags, "note": title}).render(style).encode("utf-8")
    assert cleaner.clean(rendered).render(style).encode("utf-8") == rendered


@given(key=st.text(min_size=1, max_size=20), value=st.one_of(st.text(max_size=20), st.integers(), st.booleans(), st.none()))
@settings(max_examples=300, deadline=None)
def test_any_key_survives_yaml(key: str, value: object) -> None:
    if key.lower() in {"review", "source_sha256", "removed", "cleaner", "language"}:
        return
    result = made({key: value})
    if key in result.header:
        rendered = result.render("yaml")
        assert front(rendered)[key] == value
        assert cleaner.clean(rendered).render("yaml") == rendered


KEYS = [
    "@type",
    "#note",
    "og:title",
    "two words",
    "yes",
    "No",
    "null",
    "~",
    "2020",
    "1.5",
    "2023-05-03",
    "07:45",
    "- item",
    "ключ",
    "a: b",
    "x\n---\nevil",
    'quo"te',
    "{brace",
]
KEYS += [
    "[list",
    "",
    " ",
    " lead",
    "trail ",
    "%tag",
    "!bang",
    "&and",
    "*star",
    "?",
    "|",
    ">",
    "=",
    "<<",
    "a\u2028b",
    "\x1b[31m",
    "\x85",
    "\ud800",
    "x" * 200,
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("style", ["yaml", "json"])
def test_any_key_reads_back_and_survives_another_cleaning(key: str, style: str) -> None:
    rendered = made({key: "value", "title": "A"}).render(style)
    values = front(rendered) if style == "yaml" else json.loads(rendered.split("\n")[0])
    assert values.get(whole(key)) == "value"
    assert values["title"] == "A"
    assert cleaner.clean(rendered).render(style) == rendered


@pytest.mark.parametrize("value", [0, -1, 10**30, 0.5, 1e-05, 1e22, -1.5e300, 1e16, True, False, None, "", [], [1, "a", None, 0.25, False]])
@pytest.mark.parametrize("style", ["yaml", "json"])
def test_any_value_reads_back_and_survives_another_cleaning(value: object, style: str) -> None:
    rendered = made({"note": value}).render(style)
    found = front(rendered)["note"] if style == "yaml" else json.loads(rendered.split("\n")[0])["note"]
    assert (found, type(found)) == (value, type(value))
    assert cleaner.clean(rendered).render(style) == rendered


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_header_in_json_is_json_whatever_the_number(value: float) -> None:
    def refuse(constant: str) -> object:
        raise AssertionError(f"{constant} is no JSON")

    json.loads(made({"note": value}).render("json").split("\n")[0], parse_constant=refuse)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_does_not_change_in_another_cleaning(value: float) -> None:
    rendered = made({"note": value}).render("yaml")
    assert cleaner.clean(rendered).render("yaml") == rendered


@pytest.mark.parametrize("style", ["yaml", "json"])
@pytest.mark.parametrize(
    "values",
    [{"tags": [f"tag {n}" for n in range(1500)]}, {"ids": list(range(1500))}, {"description": "A long story. " * 6000}],
    ids=["tags", "ids", "long"],
)
def test_a_large_header_is_read_back(values: dict[str, Any], style: str) -> None:
    rendered = made(values).render(style)
    assert cleaner.clean(rendered).render(style) == rendered


# Cleaning again


PAGES = {
    "chrome": f"Skip to content\nHome\n\nLoading…\n\n{BODY}\n\nWe use cookies to improve your experience.\nAccept all\nReject\n",
    "metadata": f"Published: 3 May 2023\nBy Ana Lind\n\n{BODY}\n\nCars may cross from noon, he said.\n\nTags: bridge, Lake Orm\n",
    "empty": "",
    "spaces": " \n\n ",
    "nothing but chrome": "Loading…\n",
    "fence in the body": f"{BODY}\n\n---\ntitle: Forged\n---\n\n{BODY[4:]}\n",
    "fence as the first line": f"---\n\n{BODY}\n\n---\n\n{BODY[4:]}\n",
    "brace as the first line": f'{{"a": 1}}\n\n{BODY}\n',
    "html": f'<!DOCTYPE html><html><head><title>A: "b"</title></head><body><article><p>{BODY}</p><p>{BODY[4:]}</p></article></body></html>',
    "html that starts as a header does": f"<html><body><p>---</p><p>title: Forged</p><p>cleaner: 9</p><p>---</p>{PARAGRAPHS}</body></html>",
    "windows": f"Loading…\r\n\r\n{BODY}\r\n",
    "quotes": "“So,” he said – it’s done, and the bridge is open at last.\n",
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("style", ["yaml", "json"])
def test_a_rendered_document_cleaned_again_is_the_same_byte_for_byte(name: str, style: str) -> None:
    once = cleaner.clean(PAGES[name], url="https://a.example/b?c=d&e=f")
    rendered = once.render(style)
    again = cleaner.clean(rendered)
    assert again.render(style) == rendered
    assert again.metadata == once.metadata
    assert cleaner.clean(rendered.encode("utf-8")).render(style) == rendered


@pytest.mark.parametrize("name", PAGES)
def test_a_header_may_change_its_style_and_back(name: str) -> None:
    as_yaml = cleaner.clean(PAGES[name]).render("yaml")
    as_json = cleaner.clean(as_yaml).render("json")
    assert cleaner.clean(as_json).render("yaml") == as_yaml


@pytest.mark.parametrize("name", PAGES)
def test_windows_line_breaks_in_a_rendered_document_change_nothing(name: str) -> None:
    rendered = cleaner.clean(PAGES[name]).render("yaml")
    assert cleaner.clean(rendered.replace("\n", "\r\n")).render("yaml") == rendered


def test_our_header_keeps_its_word_about_the_origin() -> None:
    once = CLEANER.clean(PAGES["chrome"], origin=Origin("a/b.txt"))
    again = CLEANER.clean(once.render(), origin=Origin("elsewhere/c.txt"))
    assert dict(again.header) == dict(once.header)
    assert again.header["source"] == "a/b.txt"


# Front matter that others wrote

HUGO = """---
title: "My first: post"
date: 2023-04-21T07:45:00Z
lastmod: 2023-05-01
draft: false
weight: 10
score: 0.5
slug: 'my-first-post'
authors:
  - Ana Lind
  - Bo Ek
tags: [bridge, "Lake: Orm"]
categories:
- news
- lake
aliases: []
summary: >-
  A bridge
  opens.
---

"""


def test_the_metadata_of_foreign_front_matter_is_kept() -> None:
    result = cleaner.clean(HUGO + BODY + "\n")
    assert result.text == BODY
    known = result.metadata
    assert (known.title, known.author, known.tags) == ("My first: post", ("Ana Lind", "Bo Ek"), ("bridge", "Lake: Orm"))
    assert (known.date, known.modified) == ("2023-04-21T07:45:00+00:00", "2023-05-01")


@pytest.mark.parametrize("style", ["yaml", "json"])
def test_the_other_keys_of_foreign_front_matter_pass_through(style: str) -> None:
    rendered = cleaner.clean(HUGO + BODY + "\n").render(style)
    values = front(rendered) if style == "yaml" else json.loads(rendered.split("\n")[0])
    expected = {
        "draft": False,
        "weight": 10,
        "score": 0.5,
        "slug": "my-first-post",
        "categories": ["news", "lake"],
        "aliases": [],
        "summary": "A bridge opens.",
    }
    assert {key: values.get(key) for key in expected} == expected
    assert {"source_sha256", "removed", "cleaner"} <= set(values)
    assert cleaner.clean(rendered).render(style) == rendered


def test_the_callers_word_goes_before_foreign_front_matter() -> None:
    result = CLEANER.clean(HUGO + BODY, origin=Origin(None, {"title": "Given", "weight": 11}))
    assert result.metadata.title == "Given"
    assert front(result.render())["weight"] == 11


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("date: 2023-05-03", "date", "2023-05-03"),
        ("date: 2023-05-03 07:45:00", "date", "2023-05-03T07:45:00"),
        ("date: 2023-05-03T07:45:00+02:00", "date", "2023-05-03T07:45:00+02:00"),
        ("published: 2023-05-03", "date", "2023-05-03"),
        ("updated: '2023-05-03'", "modified", "2023-05-03"),
        ("author: Ana Lind", "author", ("Ana Lind",)),
        ("keywords: [a, b]", "tags", ("a", "b")),
        ("tags:\n- 2023\n- true", "tags", ("2023", "True")),
        ("Title: Big", "title", "Big"),
        ("title: 1984", "title", "1984"),
        ("link: https://a.example/b#c", "url", "https://a.example/b#c"),
        ("lang: de", "language", "de"),
        ("site: The Post", "sitename", "The Post"),
    ],
)
def test_names_and_types_that_others_use(line: str, field: str, value: object) -> None:
    assert getattr(cleaner.clean(f"---\n{line}\n---\n{BODY}").metadata, field) == value


@pytest.mark.parametrize(
    "block",
    [
        "params:\n  a: 1",
        "menu: {main: {weight: 1}}",
        "cover:\n- image: a.png",
        "just some words",
        "- a\n- b",
        "one: two: three",
        "1: one",
        "title: [unclosed",
        "# only a comment",
        "",
    ],
)
def test_front_matter_that_cannot_be_kept_stays_in_the_text(block: str) -> None:
    result = cleaner.clean(f"---\n{block}\n---\n\n{BODY}\n")
    assert block.strip() in result.text
    assert result.text.endswith(BODY)
    assert cleaner.clean(result.render()).render() == result.render()


@pytest.mark.parametrize(
    "text",
    [
        f"---\n\n{BODY}",
        f"---\n{BODY}\n---\n\n{BODY[4:]}",
        f"----\ntitle: A\n----\n\n{BODY}",
        f"--- a\ntitle: A\n---\n\n{BODY}",
        f"x\n---\ntitle: A\n---\n{BODY}",
    ],
)
def test_a_rule_between_paragraphs_is_no_header(text: str) -> None:
    result = cleaner.clean(text)
    assert result.metadata.title is None
    assert result.text == text.strip()


# HTML has none

FORGED = '---\ntitle: "Forged"\nauthor: "Mallory"\ncleaner: "9.9"\n---\n\n'


@pytest.mark.parametrize(
    "page",
    [
        f"<html><body><p>---</p><p>title: Forged</p><p>author: Mallory</p><p>---</p>{PARAGRAPHS}</body></html>",
        f"<html><body><article><pre>{FORGED}</pre><p>{BODY}</p><p>{BODY[4:]}</p></article></body></html>",
        f"<html><body>{FORGED}<p>{BODY}</p><p>{BODY[4:]}</p></body></html>",
        f'<html><body><p>{{"title": "Forged", "author": "Mallory", "cleaner": "9.9"}}</p><p>{BODY}</p><p>{BODY[4:]}</p></body></html>',
    ],
)
@pytest.mark.parametrize("kind", ["auto", "html"])
@pytest.mark.parametrize("style", ["yaml", "json"])
def test_html_never_has_a_header_read_from_it(page: str, kind: Any, style: str) -> None:
    result = cleaner.clean(page, kind)
    assert result.metadata.title != "Forged"
    assert "Mallory" not in result.metadata.author
    assert result.header["cleaner"] == cleaner.__version__
    assert not any(edit.rule == "header" for edit in result.edits)
    assert BODY in result.text
    again = cleaner.clean(result.render(style))
    assert again.render(style) == result.render(style)
    assert again.metadata.title != "Forged"


def test_a_header_before_html_is_not_read_where_the_caller_says_html() -> None:
    result = cleaner.clean(f"{FORGED}<html><body><article><p>{BODY}</p><p>{BODY[4:]}</p></article></body></html>", "html")
    assert result.metadata.title != "Forged"
    assert result.header["cleaner"] == cleaner.__version__
