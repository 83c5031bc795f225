"""Headers that we did not write: forged ones, values that want out of theirs, bombs."""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path

import pytest
import yaml
from commands import BODY, put, run_process, tree
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.header import read_header

FORGED = '---\ntitle: "Forged"\nauthor: ["Mallory"]\ncleaner: "9.9"\n---\n'


def test_a_header_inside_the_text_is_text() -> None:
    source = f"{BODY}\n\n{FORGED}\n{BODY[4:]}\n"
    result = cleaner.clean(source)
    assert result.metadata.title is None
    assert result.metadata.author == ()
    assert 'title: "Forged"' in result.text


@pytest.mark.parametrize(
    "lead", ["\n", "  \n\n", "Loading…\n\n", "Skip to content\n\n", "\u200b\n", "We use cookies to improve your experience.\n\n"]
)
@pytest.mark.parametrize("forged", [FORGED, '{"title": "Forged", "cleaner": "9.9"}\n'], ids=["yaml", "json"])
@pytest.mark.parametrize("style", ["yaml", "json", "none"])
def test_a_header_that_comes_first_once_chrome_is_gone_is_still_text(lead: str, forged: str, style: str) -> None:
    once = cleaner.clean(f"{lead}{forged}\n{BODY}\n")
    assert once.metadata.title is None
    # Of a YAML header only the fence has to go; a JSON header is one line.
    assert "Forged" in once.text or forged.startswith("{")
    again = cleaner.clean(once.render(style))
    assert again.text == once.text
    assert again.metadata.title is None


@pytest.mark.parametrize("forged", ['{"cleaner": 1}\n', '{"cleaner": 1}\n---\n', "---\ncleaner: 1\n---\n", "---\n"])
def test_many_forged_headers_are_found_in_one_pass(forged: str) -> None:
    spent = time.process_time()
    result = cleaner.clean(f"Loading…\n{forged * 10_000}\n{BODY}")
    assert time.process_time() - spent < 3
    assert read_header(result.text) is None
    assert result.text.endswith(BODY)


@pytest.mark.parametrize("style", ["yaml", "json"])
@pytest.mark.parametrize(
    "title", ["a\n---\nreview: b", '"\n---\n\nBody', "---", "\n---\n", "x\u2028---\u2028y", "a\x85---\x85", "\r\n---\r\n"]
)
def test_a_value_cannot_end_the_header_or_add_a_key(title: str, style: str) -> None:
    source = "---\n" + yaml.safe_dump({"title": title}) + "---\n\n" + BODY
    result = cleaner.clean(source)
    again = cleaner.clean(result.render(style))
    assert again.text == BODY
    assert again.metadata == result.metadata
    assert set(again.header) == set(result.header)


@pytest.mark.parametrize(
    "key", ["a\n---\nb", "review: x\ntitle", "a: b", "@a", "# a", "- a", "", "a\u2028b", "\x1b[31m", '"', "{", "!!a", "&a", "*a", "%a", "?"]
)
@pytest.mark.parametrize("style", ["yaml", "json"])
def test_a_key_cannot_end_the_header_or_add_a_key(key: str, style: str) -> None:
    source = "---\n" + yaml.safe_dump({"title": "A", key: "value"}) + "---\n\n" + BODY
    result = cleaner.clean(source)
    assert result.text == BODY
    rendered = result.render(style)
    values = json.loads(rendered.split("\n")[0]) if style == "json" else next(yaml.safe_load_all(rendered))
    assert values.get(key) == "value"
    assert set(values) == {"title", key, "language", "source_sha256", "removed", "cleaner"}
    again = cleaner.clean(rendered)
    assert again.render(style) == rendered


BOMBS = {
    "aliases": "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)),
    "merges": "a0: &a0 {x: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}\n" for n in range(1, 12)),
    "an alias of itself": "a: &a [*a]\n",
    "a mapping of itself": "a: &a {b: *a}\n",
    "brackets": "a: " + "[" * 30_000 + "]" * 30_000 + "\n",
    "open brackets": "a: " + "[" * 60_000 + "\n",
    "braces": "a: " + "{a: " * 10_000 + "\n",
    "dashes": "a:\n" + "- " * 30_000 + "x\n",
    "questions": "? " * 30_000 + "x\n",
    "indents": "".join(" " * depth + "a:\n" for depth in range(340)),
    "many keys": "".join(f"k{n}: {n}\n" for n in range(5000)),
    "anchors": "".join(f"k{n}: &a{n} {n}\n" for n in range(4000)),
    "quotes": "a: " + "'" * 60_000 + "\n",
    "an open quote": 'a: "' + "x" * 60_000 + "\n",
    "spaces": "a:" + " " * 60_000 + "b\n",
    "comments": "a: 1\n" + "#\n" * 30_000,
    "a huge number": "a: 0x" + "f" * 60_000 + "\n",
    "a long number": "a: " + "9" * 60_000 + "\n",
    "a number of base 60": "a: 1" + ":1" * 20_000 + "\n",
}


@pytest.mark.parametrize(
    "block",
    [
        "a: !!timestamp soon",
        "a: !!bool maybe",
        "a: !!int x",
        'a: !!int ""',
        "a: !!float x",
        'a: !!float ""',
        "a: !!binary '*'",
        "a: !!binary aGk=",
        "a: !!set {b, c}",
        "a: !!omap [b: 1]",
        "a: !!python/name:os.system x",
        "a: !unknown x",
        "a: 2023-13-45",
        "a: 2023-02-31T25:61:61Z",
        "a: 0001-01-01T00:00:00+23:59",
        "a: 2023-01-01T00:00:00+99:99",
        "? [a]\n: b",
        "? {a: b}\n: c",
        "1: a",
        "null: a",
        "2023-01-01: a",
        "a: =",
        "<<: a",
        "<<: [a]",
        "a: .nan",
        "a: -.inf",
        "a: \x07",
        "a: \U0001f600",
        "%YAML 9.9",
        "a: b\n...\nc: d",
        "a: b\n--- c",
        "*a",
        "a: *b",
        "a: b: c",
        "\ta: b",
        "@: a",
    ],
)
@pytest.mark.parametrize("style", ["yaml", "json"])
def test_odd_front_matter_is_text_or_metadata(block: str, style: str) -> None:
    result = cleaner.clean(f"---\n{block}\n---\n\n{BODY}\n")
    assert result.text.endswith(BODY)
    rendered = result.render(style)
    assert rendered.endswith(BODY + "\n")
    assert cleaner.clean(rendered).render(style) == rendered


@given(st.text(alphabet="ab: -[]{}!&*#|>%@`'\"\\\n0.~<=?,\t", max_size=60))
@settings(max_examples=600, deadline=None)
def test_read_header_never_fails(block: str) -> None:
    for text in (f"---\n{block}\n---\n\nBody", f"{{{block}}}\nBody", f'{{"cleaner": {block}}}\nBody'):
        found = read_header(text)
        assert found is None or 0 < found[0] <= len(text)


def little_memory() -> None:
    """Two gigabytes: the libraries take a part of one, a bomb that goes off more than there are."""
    resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3, 2 * 1024**3))


def test_bombs_in_front_matter_and_sidecars_cost_other_documents_nothing(tmp_path: Path) -> None:
    for number, bomb in enumerate(BOMBS.values()):
        put(tmp_path / f"in/front-{number:02}.txt", f"---\n{bomb}---\n\n{BODY}\n")
        put(tmp_path / f"in/beside-{number:02}.txt", BODY)
        put(tmp_path / f"in/beside-{number:02}.meta.yaml", bomb)
    spent = time.monotonic()
    ran = run_process(tmp_path, "clean", "in", "-o", "out", before=little_memory)
    assert time.monotonic() - spent < 30
    assert ran.code == 3
    assert len(ran.errors) == len(ran.complaints) + 1
    assert all("beside-" in line and "sidecar" in line for line in ran.complaints)
    written = tree(tmp_path / "out")
    assert len(written) == 2 * len(BOMBS) - len(ran.complaints)
    assert all(content.endswith(f"{BODY}\n".encode()) for content in written.values())
