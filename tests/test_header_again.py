"""Headers read: ours when a document is cleaned again, front matter of others, and none where a page only looks like one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from commands import BODY, header_of

import cleaner
from cleaner import Cleaner, Origin

PARAGRAPHS = f"<p>{BODY}</p><p>{BODY[4:]}</p>"

CLEANER = Cleaner()


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
    values = header_of(rendered) if style == "yaml" else json.loads(rendered.split("\n")[0])
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
    assert header_of(result.render())["weight"] == 11


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
