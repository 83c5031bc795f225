"""What the caller knows: sidecars, --set, --url; and how the header and the body are to be written."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from commands import BODY, HTML, PAGE, body_of, header_of, put, run, tree

from cleaner import __version__
from cleaner.io.readers import InputError, read_sidecar


@pytest.mark.parametrize("name", ["a.txt.meta.json", "a.meta.json", "a.txt.meta.yaml", "a.meta.yaml", "a.txt.meta.yml", "a.meta.yml"])
def test_a_sidecar_goes_to_the_header(tmp_path: Path, name: str) -> None:
    put(tmp_path / "in/a.txt")
    values = {"title": 'The "bridge": open', "authors": ["Ana Lind", "Bo Ek"], "published": "2023-05-03", "feed": 7}
    put(tmp_path / "in" / name, json.dumps(values) if name.endswith("json") else yaml.safe_dump(values))
    assert run(tmp_path, "clean", "in", "-o", "out").code == 0
    header = header_of((tmp_path / "out/a.txt").read_text())
    assert header["title"] == 'The "bridge": open'
    assert header["author"] == ["Ana Lind", "Bo Ek"]
    assert header["date"] == "2023-05-03"
    assert header["feed"] == 7
    assert list(tree(tmp_path / "out")) == ["a.txt"]


def test_dates_of_a_yaml_sidecar_become_iso(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    put(tmp_path / "a.meta.yaml", "date: 2023-05-03\nmodified: 2023-05-04 07:45:00\nfetched: 2023-06-01\n")
    header = header_of(run(tmp_path, "clean", "a.txt").out)
    assert (header["date"], header["modified"], header["fetched"]) == ("2023-05-03", "2023-05-04T07:45:00", "2023-06-01")


@pytest.mark.parametrize(("name", "content"), [("a.meta.yaml", "date: 2023-02-31"), ("a.meta.json", '{"date": "2023-02-31"}')])
def test_a_date_that_never_was_stays_as_its_writer_put_it(tmp_path: Path, name: str, content: str) -> None:
    put(tmp_path / "a.txt")
    put(tmp_path / name, content)
    assert header_of(run(tmp_path, "clean", "a.txt").out)["date"] == "2023-02-31"


@pytest.mark.parametrize("key", ["@type", "2020", "x\n---\nevil"])
def test_any_key_of_a_sidecar_survives_in_the_header(tmp_path: Path, key: str) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/a.meta.json", json.dumps({key: "value", "title": "A"}))
    assert run(tmp_path, "clean", "in", "-o", "out").code == 0
    text = (tmp_path / "out/a.txt").read_text()
    assert header_of(text).get(key) == "value"
    assert header_of(text)["title"] == "A"
    assert body_of(text) == BODY + "\n"
    assert run(tmp_path, "clean", "out", "-o", "again").code == 0
    assert tree(tmp_path / "again") == tree(tmp_path / "out")


@pytest.mark.parametrize(
    "values",
    [
        {"related": [[1, 2], [3, 4]]},
        {"places": [{"name": "Orm"}, {"name": "Lind"}]},
        {"place": {"name": "Orm", "at": [1, 2]}},
        {"tags": [f"tag {number}" for number in range(1500)]},
        {"ids": list(range(1500))},
        {"description": "A long story. " * 6000},
    ],
    ids=["nested lists", "list of mappings", "mapping", "1,500 tags", "1,500 ids", "long description"],
)
def test_what_a_large_or_nested_sidecar_left_is_cleaned_again_to_the_same(tmp_path: Path, values: dict[str, Any]) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/a.meta.json", json.dumps(values))
    assert run(tmp_path, "clean", "in", "-o", "out").code == 0
    assert run(tmp_path, "clean", "out", "-o", "again").code == 0
    assert tree(tmp_path / "again") == tree(tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt.meta.json", b'{"title": '),
        ("a.txt.meta.json", b"[1, 2]"),
        ("a.txt.meta.json", b""),
        ("a.txt.meta.json", b'"title"'),
        ("a.txt.meta.json", b'{"n": ' + b"9" * 5000 + b"}"),
        ("a.txt.meta.yaml", b"title: [A"),
        ("a.txt.meta.yaml", b"- title"),
        ("a.txt.meta.yaml", b"title: !!python/object/apply:os.system ['touch hacked']"),
        ("a.txt.meta.yaml", b"date: !!timestamp soon"),
        ("a.txt.meta.yaml", b"draft: !!bool maybe"),
        ("a.meta.yml", b"title: \x00"),
    ],
)
def test_a_broken_sidecar_is_one_clear_line_and_3(tmp_path: Path, name: str, content: bytes) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in" / name, content)
    put(tmp_path / "in/b.txt")
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert f"in/{name}" in ran.complaints[0]
    assert "sidecar" in ran.complaints[0]
    assert len(ran.complaints[0]) < 300
    assert list(tree(tmp_path / "out")) == ["b.txt"]
    assert not (tmp_path / "hacked").exists()


def test_set_beats_the_sidecar_and_the_sidecar_beats_the_page(tmp_path: Path) -> None:
    put(tmp_path / "in/a.html", HTML.replace("<article>", "<article><p>Published: 3 May 2023</p>"))
    page = header_of(run(tmp_path, "clean", "in/a.html").out)
    assert page["title"] == "The bridge opens"
    put(tmp_path / "in/a.html.meta.json", json.dumps({"title": "From the sidecar", "sitename": "The Sidecar", "feed": "sidecar"}))
    beside = header_of(run(tmp_path, "clean", "in/a.html").out)
    assert (beside["title"], beside["sitename"], beside["feed"]) == ("From the sidecar", "The Sidecar", "sidecar")
    given = header_of(run(tmp_path, "clean", "in/a.html", "--set", "title=From the command", "--set", "feed=command").out)
    assert (given["title"], given["sitename"], given["feed"]) == ("From the command", "The Sidecar", "command")


@pytest.mark.parametrize(
    ("beside", "given", "field", "value"),
    [
        ({"published": "2020-01-01"}, "date=2021-05-05", "date", "2021-05-05"),
        ({"Title": "From the sidecar"}, "title=From the command", "title", "From the command"),
        ({"lang": "de"}, "language=fr", "language", "fr"),
        ({"date": "2020-01-01"}, "published=2021-05-05", "date", "2021-05-05"),
        ({"date": "2020-01-01"}, "PUBLISHED=2021-05-05", "date", "2021-05-05"),
        ({"authors": ["Ana Lind"]}, "authors=Bo Ek", "author", ["Bo Ek"]),
        ({"Feed": 1}, "feed=2", "feed", "2"),
        ({"authors": ["Ana Lind"]}, "author=Bo Ek", "author", ["Bo Ek"]),
        ({"author": "Ana Lind"}, "author=Bo Ek", "author", ["Bo Ek"]),
    ],
)
def test_set_beats_the_sidecar_by_whatever_name_it_calls_a_field(
    tmp_path: Path, beside: dict[str, Any], given: str, field: str, value: object
) -> None:
    put(tmp_path / "a.txt")
    put(tmp_path / "a.meta.json", json.dumps(beside))
    assert header_of(run(tmp_path, "clean", "a.txt", "--set", given).out)[field] == value


@pytest.mark.parametrize("given", ["author=Bo Ek", "authors=Bo Ek"])
@pytest.mark.parametrize("page", [f"By Ana Lind\n\n{PAGE}", f"---\nauthors: [Ana Lind]\n---\n{PAGE}"], ids=["byline", "front matter"])
def test_a_list_field_that_is_set_is_what_was_set(tmp_path: Path, given: str, page: str) -> None:
    assert header_of(run(tmp_path, "clean", "-", stdin=page.encode()).out)["author"] == ["Ana Lind"]
    assert header_of(run(tmp_path, "clean", "-", "--set", given, stdin=page.encode()).out)["author"] == ["Bo Ek"]


def test_a_list_field_that_is_set_again_gathers_its_values(tmp_path: Path) -> None:
    ran = run(tmp_path, "clean", "-", "--set", "author=Ana Lind", "--set", "author=Bo Ek", "--set", "tags=a=b", stdin=PAGE.encode())
    header = header_of(ran.out)
    assert (header["author"], header["tags"]) == (["Ana Lind", "Bo Ek"], ["a=b"])


def test_set_changes_a_header_that_we_wrote(tmp_path: Path) -> None:
    first = run(tmp_path, "clean", "-", "--set", "title=Old", stdin=PAGE.encode()).out
    second = run(tmp_path, "clean", "-", "--set", "title=New", stdin=first.encode()).out
    assert second == first.replace('title: "Old"', 'title: "New"')


@pytest.mark.parametrize("value", ["title", "=A", "two words=A", "a-b=A", "1st=A", ""])
def test_a_set_that_is_no_pair_is_2(tmp_path: Path, value: str) -> None:
    ran = run(tmp_path, "clean", "-", "--set", value, stdin=PAGE.encode())
    assert (ran.code, ran.out) == (2, "")
    assert ran.errors == [f"cleaner: --set takes KEY=VALUE, not {value!r}"]


def test_url_goes_to_the_header_and_beats_the_sidecar(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    put(tmp_path / "a.meta.json", '{"url": "https://old.example/a"}')
    assert header_of(run(tmp_path, "clean", "a.txt").out)["url"] == "https://old.example/a"
    assert header_of(run(tmp_path, "clean", "a.txt", "--url", "https://new.example/a").out)["url"] == "https://new.example/a"


def test_header_yaml_is_the_default(tmp_path: Path) -> None:
    plain = run(tmp_path, "clean", "-", stdin=PAGE.encode()).out
    assert plain.startswith("---\n")
    assert plain == run(tmp_path, "clean", "-", "--header", "yaml", stdin=PAGE.encode()).out
    assert header_of(plain)["cleaner"] == __version__


def test_header_json_is_one_line(tmp_path: Path) -> None:
    first, _, rest = run(tmp_path, "clean", "-", "--header", "json", "--set", "title=A\nB", stdin=PAGE.encode()).out.partition("\n")
    assert json.loads(first)["title"] == "A\nB"
    assert rest == BODY + "\n"


def test_header_none_is_the_body_alone(tmp_path: Path) -> None:
    assert run(tmp_path, "clean", "-", "--header", "none", stdin=PAGE.encode()).out == BODY + "\n"


def test_quotes_can_be_kept(tmp_path: Path) -> None:
    text = "“So,” he said at the harbour on Monday, “it’s done.”\n"
    assert run(tmp_path, "clean", "-", "--header", "none", "--quotes", "keep", stdin=text.encode()).out == text
    assert (
        run(tmp_path, "clean", "-", "--header", "none", stdin=text.encode()).out
        == '"So," he said at the harbour on Monday, "it\'s done."\n'
    )


def test_kind_text_leaves_tags_where_they_are(tmp_path: Path) -> None:
    assert "<article>" in run(tmp_path, "clean", "-", "--kind", "text", stdin=HTML.encode()).out
    assert "<article>" not in run(tmp_path, "clean", "-", "--kind", "html", stdin=HTML.encode()).out


@pytest.mark.parametrize("depth", [300, 900, 980, 3000, 100_000])
@pytest.mark.parametrize("signs", ["[]", "{}"])
def test_a_deep_json_sidecar_is_read_or_told(tmp_path: Path, depth: int, signs: str) -> None:
    opening = '{"a": ' if signs == "{}" else "["
    put(tmp_path / "a.meta.json", '{"title": "A", "deep": ' + opening * depth + "1" + signs[1] * depth + "}")
    with contextlib.suppress(InputError):
        assert read_sidecar(tmp_path / "a.txt")["title"] == "A"
