"""Results as a mirrored tree: which documents arrive, under which names, and what must not be overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import BODY, HTML, PAGE, body_of, header_of, put, run, tree


def test_clean_to_a_folder_mirrors_the_tree(tmp_path: Path) -> None:
    for name in ("in/a.txt", "in/sub/deep/b.md", "in/noext"):
        put(tmp_path / name)
    put(tmp_path / "in/sub/c.html", HTML)
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert (ran.code, ran.out) == (0, "")
    assert list(tree(tmp_path / "out")) == ["a.txt", "noext", "sub/c.txt", "sub/deep/b.md"]
    assert body_of((tmp_path / "out/sub/deep/b.md").read_text()) == BODY + "\n"
    assert ran.errors[-1].startswith("4 cleaned")


def test_the_header_says_where_in_the_folder_a_document_stood(tmp_path: Path) -> None:
    put(tmp_path / "in/sub/deep/b.md")
    run(tmp_path, "clean", "in", "-o", "out")
    assert header_of((tmp_path / "out/sub/deep/b.md").read_text())["source"] == "sub/deep/b.md"


def test_the_inputs_stay_as_they_are(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/b.html", HTML)
    before = tree(tmp_path / "in")
    assert run(tmp_path, "clean", "in", "-o", "out").code == 0
    assert tree(tmp_path / "in") == before


def test_pictures_hidden_files_and_sidecars_are_no_documents(tmp_path: Path) -> None:
    for name in ("a.txt", "photo.jpg", ".hidden.txt", ".git/config", "a.txt.meta.yaml"):
        put(tmp_path / "in" / name, PAGE if name != "a.txt.meta.yaml" else "title: A")
    run(tmp_path, "clean", "in", "-o", "out")
    assert list(tree(tmp_path / "out")) == ["a.txt"]


@pytest.mark.parametrize("name", ["page.html", "page.htm", "page.xhtml", "page.HTML"])
def test_html_becomes_txt(tmp_path: Path, name: str) -> None:
    put(tmp_path / "in" / name, HTML)
    assert run(tmp_path, "clean", "in", "-o", "out").code == 0
    (only,) = tree(tmp_path / "out").items()
    assert only[0] == "page.txt"
    assert BODY in only[1].decode()
    assert "<p>" not in only[1].decode()


def test_two_inputs_with_one_output_name_both_arrive(tmp_path: Path) -> None:
    put(tmp_path / "in/story.txt")
    put(tmp_path / "in/story.html", HTML)
    assert run(tmp_path, "clean", "in", "-o", "out").code == 0
    out = tree(tmp_path / "out")
    assert sorted(out) == ["story.html.txt", "story.txt"]
    assert header_of(out["story.txt"].decode())["source"] == "story.txt"
    assert header_of(out["story.html.txt"].decode())["source"] == "story.html"


@pytest.mark.parametrize(
    "names",
    [("story.html", "story.htm"), ("story.html", "story.html.txt", "story.txt"), ("story.html", "story.htm", "story.xhtml", "story.txt")],
)
def test_every_document_arrives_where_names_clash(tmp_path: Path, names: tuple[str, ...]) -> None:
    for name in names:
        put(tmp_path / "in" / name, HTML if "htm" in name.rsplit(".", 1)[1] else PAGE)
    assert run(tmp_path, "clean", "in", "-o", "out").code == 0
    sources = [header_of(content.decode())["source"] for content in tree(tmp_path / "out").values()]
    assert sorted(sources) == sorted(names)


def test_the_same_file_name_from_two_folders_is_numbered(tmp_path: Path) -> None:
    put(tmp_path / "one/a.txt", "First of all, the ferry sailed at noon on Monday.")
    put(tmp_path / "two/a.txt", "Then again, the ferry sailed at dawn on Tuesday.")
    assert run(tmp_path, "clean", "one/a.txt", "two/a.txt", "-o", "out").code == 0
    out = tree(tmp_path / "out")
    assert sorted(out) == ["a-2.txt", "a.txt"]
    assert b"First of all" in out["a.txt"]
    assert b"Then again" in out["a-2.txt"]


@pytest.mark.parametrize(
    "paths", [("in/a.txt", "in/a.txt"), ("in", "in/a.txt"), ("in", "./in/../in/a.txt"), ("in/*", "link"), ("in/a.txt", "in"), ("in", "in")]
)
def test_a_file_given_twice_keeps_its_name(tmp_path: Path, paths: tuple[str, ...]) -> None:
    put(tmp_path / "in/a.txt")
    (tmp_path / "link").symlink_to("in")
    assert run(tmp_path, "clean", *paths, "-o", "out").code == 0
    assert list(tree(tmp_path / "out")) == ["a.txt"]


def test_globs_are_expanded_by_us_where_the_shell_does_not(tmp_path: Path) -> None:
    for name in ("in/a.txt", "in/b.txt", "in/c.md"):
        put(tmp_path / name)
    assert run(tmp_path, "clean", "in/*.txt", "-o", "out").code == 0
    assert list(tree(tmp_path / "out")) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("name", ["[a].txt", "a*.txt", "what?.txt"])
def test_a_file_whose_name_looks_like_a_glob_is_that_file(tmp_path: Path, name: str) -> None:
    put(tmp_path / name)
    assert run(tmp_path, "clean", name, "-o", "out").code == 0
    assert list(tree(tmp_path / "out")) == [name]


def test_a_glob_is_mirrored_from_where_it_starts(tmp_path: Path) -> None:
    for name in ("in/a.txt", "in/sub/a.txt", "in/sub/.hidden.txt", "in/.git/a.txt"):
        put(tmp_path / name)
    for pattern in ("in/**/*.txt", "in/**", "in/*"):
        assert run(tmp_path, "clean", pattern, "-o", f"out{len(pattern)}").code == 0
        assert list(tree(tmp_path / f"out{len(pattern)}")) == ["a.txt", "sub/a.txt"]


def test_a_path_mistyped_among_good_ones_overwrites_nothing(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    assert run(tmp_path, "clean", "a.txt", "missing.txt", "--in-place").code == 2
    assert tree(tmp_path) == {"a.txt": PAGE.encode()}


@pytest.mark.parametrize("where", [("-o", "out"), ("--in-place",)])
def test_standard_input_has_no_name_to_be_written_under(tmp_path: Path, where: tuple[str, ...]) -> None:
    ran = run(tmp_path, "clean", "-", *where, stdin=PAGE.encode())
    assert (ran.code, len(ran.errors)) == (2, 1)
    assert "standard input" in ran.errors[0]


def test_an_output_folder_without_a_name_is_2(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    ran = run(tmp_path, "clean", "a.txt", "-o", "")
    assert (ran.code, ran.out, len(ran.errors)) == (2, "", 1)


def test_an_empty_folder_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert (ran.code, ran.out) == (0, "")
    assert ran.errors[-1].startswith("0 cleaned")


@pytest.mark.parametrize("inputs", ["in", "in/**/*.txt"])
def test_an_output_folder_inside_the_input_is_not_read_again(tmp_path: Path, inputs: str) -> None:
    put(tmp_path / "in/a.txt")
    assert run(tmp_path, "clean", inputs, "-o", "in/out").code == 0
    before = tree(tmp_path)
    again = run(tmp_path, "clean", inputs, "-o", "in/out")
    assert again.errors[-1].startswith("1 cleaned")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("style", ["yaml", "json", "none"])
def test_cleaning_the_output_folder_again_changes_no_byte(tmp_path: Path, style: str) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/quotes.txt", f"Published: 3 May 2023\nBy Ana Lind\n\n“So,” he said – it’s done. {BODY}\n\nTags: bridge, Lake Orm\n")
    put(tmp_path / "in/sub/page.html", HTML)
    put(
        tmp_path / "in/sub/page.html.meta.json",
        json.dumps({"title": 'A "b": c\n---\n', "authors": ["Ana", "Bo"], "score": 0.25, "draft": False}),
    )
    put(tmp_path / "in/empty.txt", "")
    put(tmp_path / "in/crlf.txt", PAGE.replace("\n", "\r\n"))
    assert run(tmp_path, "clean", "in", "-o", "out", "--header", style).code == 0
    assert run(tmp_path, "clean", "out", "-o", "again", "--header", style).code == 0
    assert tree(tmp_path / "again") == tree(tmp_path / "out")


# --in-place, and what must not be overwritten


def test_in_place_overwrites_the_inputs_and_nothing_else(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt").chmod(0o640)
    put(tmp_path / "in/photo.jpg", b"\xff\xd8\xff\xe0")
    ran = run(tmp_path, "clean", "in", "--in-place")
    assert (ran.code, ran.out) == (0, "")
    assert sorted(tree(tmp_path / "in")) == ["a.txt", "photo.jpg"]
    assert body_of((tmp_path / "in/a.txt").read_text()) == BODY + "\n"
    assert (tmp_path / "in/a.txt").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "in/photo.jpg").read_bytes() == b"\xff\xd8\xff\xe0"


def test_in_place_twice_changes_no_byte(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/b.html", HTML)
    run(tmp_path, "clean", "in", "--in-place")
    once = tree(tmp_path)
    assert run(tmp_path, "clean", "in", "--in-place").code == 0
    assert tree(tmp_path) == once


def test_in_place_leaves_a_broken_document_alone(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    assert run(tmp_path, "clean", "in", "--in-place").code == 3
    assert tree(tmp_path / "in") == {"a.txt": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"}


@pytest.mark.parametrize(("inputs", "out"), [("in", "in"), ("in/a.txt", "in"), ("in", "./sub/../in"), ("in", "link")])
def test_an_input_is_not_overwritten_unless_asked(tmp_path: Path, inputs: str, out: str) -> None:
    put(tmp_path / "in/a.txt")
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to("in")
    ran = run(tmp_path, "clean", inputs, "-o", out)
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert "--in-place" in ran.complaints[0]
    assert tree(tmp_path / "in") == {"a.txt": PAGE.encode()}


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_an_input_is_not_overwritten_by_the_result_of_another(tmp_path: Path, order: tuple[str, str]) -> None:
    put(tmp_path / "one/a.txt", f"Here comes the first one of them. {BODY}")
    put(tmp_path / "two/a.txt", f"Here comes the second one of them. {BODY}")
    ran = run(tmp_path, "clean", *order, "-o", "two")
    assert ran.code != 0
    assert (tmp_path / "two/a.txt").read_text() == f"Here comes the second one of them. {BODY}"


def test_an_output_folder_that_is_a_file_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    put(tmp_path / "out", "precious")
    ran = run(tmp_path, "clean", "a.txt", "-o", "out")
    assert ran.code in (2, 3)
    assert len(ran.complaints) == 1
    assert (tmp_path / "out").read_text() == "precious"


def test_a_folder_where_the_result_should_stand_is_one_line(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/b.txt")
    (tmp_path / "out/a.txt").mkdir(parents=True)
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert "a.txt" in ran.complaints[0]
    assert list(tree(tmp_path / "out")) == ["b.txt"]
