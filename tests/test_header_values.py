"""The header: whatever it holds reads back the same through YAML, python-frontmatter, JSON and our own reader."""

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


@pytest.mark.parametrize("title", TITLES)
def test_a_title_reads_back_through_yaml_frontmatter_and_json(title: str) -> None:
    result = made({"title": title})
    assert front(result.render("yaml"))["title"] == title
    post = frontmatter.loads(result.render("yaml"))
    assert (post.metadata["title"], post.content) == (title, BODY)
    first, _, rest = result.render("json").partition("\n")
    assert (json.loads(first)["title"], rest) == (title, BODY + "\n")


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


ANY_TEXT = st.text(st.characters(exclude_categories=()), min_size=1, max_size=80)


@given(title=ANY_TEXT, authors=st.lists(ANY_TEXT, max_size=4), tags=st.lists(ANY_TEXT, max_size=4))
@settings(max_examples=300, deadline=None)
def test_any_metadata_reads_back_but_for_halves_of_emoji(title: str, authors: list[str], tags: list[str]) -> None:
    rendered = made({"title": title, "author": authors, "tags": tags}).render("yaml")
    post = frontmatter.loads(rendered)
    assert post.content == BODY
    assert post.metadata == front(rendered)
    assert post.metadata["title"] == whole(title)
    assert post.metadata.get("author", []) == list(dict.fromkeys(map(whole, authors)))
    assert post.metadata.get("tags", []) == list(dict.fromkeys(map(whole, tags)))


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
