"""The command line as a user meets it: every test starts `python -m cleaner` and looks at files, streams and exit codes."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

import pytest
import yaml

from cleaner import DEFAULT_RULES, __version__

BODY = "The bridge over the lake opens today, the mayor said on Monday at noon."
"""An article that is clean already."""

PAGE = f"Skip to content\nHome\n\nLoading…\n\n{BODY}\n\nWe use cookies to improve your experience.\nAccept all\nReject\n"
"""The same article as a page gives it."""

HTML = (
    "<!DOCTYPE html><html lang='en'><head><title>The bridge opens</title></head><body><article><h1>The bridge opens</h1>"
    f"<p>{BODY}</p><p>Cars may cross from noon, and lorries from next week on, the harbour office said.</p></article></body></html>"
)


class Ran(NamedTuple):
    """What a run of the command line left: its exit code, standard output and the lines of standard error."""

    code: int
    out: str
    errors: list[str]

    @property
    def complaints(self) -> list[str]:
        return [line for line in self.errors if line.startswith("cleaner: ")]


def run(folder: Path, *arguments: str | bytes | Path, stdin: bytes = b"", before: Callable[[], None] | None = None) -> Ran:
    """Run the command line in a folder; it must never show a traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
        preexec_fn=before,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    errors = done.stderr.decode("utf-8", "surrogateescape")
    assert "Traceback" not in errors, errors
    return Ran(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), errors.splitlines())


def put(path: Path, content: str | bytes = PAGE) -> Path:
    """Write a file, its folders made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, hidden ones too, with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def header_of(text: str) -> dict[str, Any]:
    """The values of a YAML header."""
    _, block, _ = text.split("---\n", 2)
    values: dict[str, Any] = yaml.safe_load(block)
    return values


def body_of(text: str) -> str:
    """What stands behind a YAML header."""
    return text.split("\n---\n\n", 1)[1]


# Folders


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


@pytest.mark.parametrize("paths", [("in/a.txt", "in/a.txt"), ("in", "in/a.txt"), ("in/a.txt", "in"), ("in", "in")])
def test_a_file_given_twice_keeps_its_name(tmp_path: Path, paths: tuple[str, ...]) -> None:
    put(tmp_path / "in/a.txt")
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


# Streams


def test_standard_input_goes_to_standard_output(tmp_path: Path) -> None:
    ran = run(tmp_path, "clean", "-", stdin=PAGE.encode())
    assert (ran.code, ran.errors) == (0, [])
    assert body_of(ran.out) == BODY + "\n"
    assert "source" not in header_of(ran.out)
    assert list(tmp_path.iterdir()) == []


def test_one_file_goes_to_standard_output(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    ran = run(tmp_path, "clean", "a.txt", "--header", "none")
    assert (ran.code, ran.out, ran.errors) == (0, BODY + "\n", [])


def test_standard_output_is_utf8_whatever_the_locale(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", "clean", "-", "--header", "none"],
        cwd=tmp_path,
        input="Žluťoučký kůň pije vodu ☃ z řeky pod hradem každý den.".encode(),
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == "Žluťoučký kůň pije vodu ☃ z řeky pod hradem každý den.\n"


def test_standard_input_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    ran = run(tmp_path, "clean", "-", stdin=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj")
    assert (ran.code in (2, 3), ran.out) == (True, "")
    assert len(ran.errors) == 1
    assert "PDF" in ran.errors[0]


@pytest.mark.parametrize("paths", [("a.txt", "b.txt"), (".",), ("*.txt",)])
def test_several_documents_need_a_place_to_go(tmp_path: Path, paths: tuple[str, ...]) -> None:
    put(tmp_path / "a.txt")
    put(tmp_path / "b.txt")
    ran = run(tmp_path, "clean", *paths)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.errors) == 1
    assert "-o OUT" in ran.errors[0]


# Exit codes


def test_all_well_is_0(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    assert run(tmp_path, "clean", "a.txt", "-o", "out").code == 0


def test_found_something_to_change_is_1(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    assert run(tmp_path, "clean", "a.txt", "--check").code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("scrub", "a.txt"),
        ("clean",),
        ("clean", "a.txt", "--no-such-option"),
        ("clean", "a.txt", "--header", "xml"),
        ("clean", "a.txt", "--kind", "pdf"),
        ("clean", "a.txt", "--quotes", "curly"),
        ("clean", "a.txt", "-o", "out", "--in-place"),
        ("clean", "a.txt", "--check", "--diff"),
        ("explain",),
        ("explain", "a.txt", "b.txt"),
    ],
)
def test_a_command_that_makes_no_sense_is_2_with_its_usage(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    put(tmp_path / "a.txt")
    ran = run(tmp_path, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.errors[0].startswith("usage: cleaner")
    assert list(tree(tmp_path)) == ["a.txt"]


def test_an_unknown_command_is_named(tmp_path: Path) -> None:
    assert "scrub" in run(tmp_path, "scrub", "a.txt").errors[-1]


def test_an_unknown_option_is_named(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    assert "--no-such-option" in run(tmp_path, "clean", "a.txt", "--no-such-option").errors[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ("clean", "missing.txt", "-o", "out"),
        ("clean", "a.txt", "missing.txt", "-o", "out"),
        ("clean", "*.nothing", "-o", "out"),
        ("clean", "missing.txt", "--check"),
        ("clean", "missing.txt", "--in-place"),
        ("explain", "missing.txt"),
        ("clean", "a.txt", "--config", "missing.toml", "-o", "out"),
    ],
)
def test_a_path_that_does_not_exist_is_2_in_one_line_and_nothing_is_written(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    put(tmp_path / "a.txt")
    before = tree(tmp_path)
    ran = run(tmp_path, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.errors) == 1
    assert ran.errors[0].startswith("cleaner: ")
    assert "missing" in ran.errors[0] or "*.nothing" in ran.errors[0]
    assert tree(tmp_path) == before


def test_a_document_that_cannot_be_cleaned_is_3_and_the_others_are_written(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/b.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj")
    put(tmp_path / "in/c.txt")
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert ran.code == 3
    assert list(tree(tmp_path / "out")) == ["a.txt", "c.txt"]
    assert len(ran.complaints) == 1
    assert "in/b.txt" in ran.complaints[0]
    assert "PDF" in ran.complaints[0]
    assert "1 failed" in ran.errors[-1]


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_a_broken_document_among_changed_ones_is_3(tmp_path: Path, option: str) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/b.txt", b"PK\x03\x04\x14\0\0\0")
    assert run(tmp_path, "clean", "in", option).code == 3


@pytest.mark.parametrize(("option", "shown"), [("--version", f"cleaner {__version__}\n"), ("--help", "usage: cleaner")])
def test_help_and_version_are_0(tmp_path: Path, option: str, shown: str) -> None:
    ran = run(tmp_path, option)
    assert (ran.code, ran.errors) == (0, [])
    assert ran.out.startswith(shown)


# --check and --diff


def test_check_names_what_would_change_and_writes_nothing(tmp_path: Path) -> None:
    put(tmp_path / "in/clean.txt", BODY + "\n")
    put(tmp_path / "in/dirty.txt")
    before = tree(tmp_path)
    ran = run(tmp_path, "clean", "in", "--check")
    assert (ran.code, ran.out) == (1, "in/dirty.txt\n")
    assert tree(tmp_path) == before


@pytest.mark.parametrize("option", ["--check", "--diff"])
@pytest.mark.parametrize("text", [BODY, BODY + "\n", f"{BODY}\n\n{BODY[4:]}\n", ""])
def test_a_clean_text_passes_check_and_diff(tmp_path: Path, option: str, text: str) -> None:
    put(tmp_path / "a.txt", text)
    ran = run(tmp_path, "clean", "a.txt", option)
    assert (ran.code, ran.out) == (0, "")


@pytest.mark.parametrize("option", ["--check", "--diff"])
@pytest.mark.parametrize("style", ["yaml", "json"])
def test_what_we_wrote_passes_check_and_diff(tmp_path: Path, option: str, style: str) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/b.html", HTML)
    run(tmp_path, "clean", "in", "-o", "out", "--header", style)
    ran = run(tmp_path, "clean", "out", option)
    assert (ran.code, ran.out) == (0, "")


def test_diff_shows_the_lines_that_go(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    ran = run(tmp_path, "clean", "a.txt", "--diff")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert lines[0].startswith("--- a.txt")
    assert lines[1].startswith("+++ a.txt")
    assert "-We use cookies to improve your experience." in lines
    assert f" {BODY}" in lines
    assert list(tree(tmp_path)) == ["a.txt"]


@pytest.mark.parametrize("option", ["--check", "--diff"])
def test_standard_input_can_be_checked(tmp_path: Path, option: str) -> None:
    ran = run(tmp_path, "clean", "-", option, stdin=PAGE.encode())
    assert ran.code == 1
    assert ran.out != ""
    clean = run(tmp_path, "clean", "-", option, stdin=BODY.encode())
    assert (clean.code, clean.out) == (0, "")


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


# Links


def test_a_link_that_leads_out_of_the_input_is_refused_in_one_line(tmp_path: Path) -> None:
    secret = put(tmp_path / "elsewhere/secret.txt", f"Nobody must read this line. {BODY}")
    put(tmp_path / "in/a.txt")
    (tmp_path / "in/link.txt").symlink_to(secret)
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert "in/link.txt" in ran.complaints[0]
    assert "link" in ran.complaints[0].partition("link.txt")[2]
    assert list(tree(tmp_path / "out")) == ["a.txt"]


def test_a_link_to_a_folder_outside_is_not_walked(tmp_path: Path) -> None:
    put(tmp_path / "elsewhere/secret.txt")
    put(tmp_path / "in/a.txt")
    (tmp_path / "in/sub").symlink_to(tmp_path / "elsewhere")
    run(tmp_path, "clean", "in", "-o", "out")
    assert list(tree(tmp_path / "out")) == ["a.txt"]


def test_a_link_inside_the_input_is_read(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    (tmp_path / "in/b.txt").symlink_to("a.txt")
    assert run(tmp_path, "clean", "in", "-o", "out").code == 0
    assert sorted(tree(tmp_path / "out")) == ["a.txt", "b.txt"]


@pytest.mark.parametrize("target", ["nowhere.txt", "loop.txt"])
def test_a_link_to_nothing_or_to_itself_is_one_line(tmp_path: Path, target: str) -> None:
    put(tmp_path / "in/a.txt")
    (tmp_path / "in/loop.txt").symlink_to(target)
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert "loop.txt" in ran.complaints[0]
    assert list(tree(tmp_path / "out")) == ["a.txt"]


@pytest.mark.parametrize("name", ["in/sub/a.txt", "in/sub/deep/deeper/a.txt"])
def test_a_link_in_the_output_that_leads_out_gets_nothing(tmp_path: Path, name: str) -> None:
    put(tmp_path / name)
    put(tmp_path / "in/b.txt")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/sub").symlink_to(tmp_path / "elsewhere")
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert "link" in ran.complaints[0]
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (tmp_path / "out/b.txt").is_file()


def test_a_file_link_in_the_output_is_not_written_through(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    precious = put(tmp_path / "elsewhere/precious.txt", "precious")
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.txt").symlink_to(precious)
    run(tmp_path, "clean", "in", "-o", "out")
    assert precious.read_text() == "precious"
    assert list(tree(tmp_path / "elsewhere")) == ["precious.txt"]


def test_the_output_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    put(tmp_path / "in/sub/a.txt")
    (tmp_path / "disk").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "disk")
    assert run(tmp_path, "clean", "in", "-o", "out").code == 0
    assert list(tree(tmp_path / "disk")) == ["sub/a.txt"]


# Metadata: sidecars, --set, --url, --header


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
        ("a.txt.meta.yaml", b"date: 2023-02-31"),
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


# Odd names, unreadable files


ODD_NAMES: Sequence[bytes] = (
    b"two\nlines.txt",
    b"caf\xe9.txt",
    b"\xff\xfe.txt",
    b"esc\x1b[31m.txt",
    b"-o.txt",
    " \u2028 .txt".encode(),
    "😀 é.txt".encode(),
    b"a;rm -rf $HOME.txt",
)


def test_odd_names_come_through_as_they_are(tmp_path: Path) -> None:
    for name in ODD_NAMES:
        put(tmp_path / "in" / os.fsdecode(name))
    assert run(tmp_path, "clean", "in", "-o", "out").code == 0
    assert {os.fsencode(path.name) for path in (tmp_path / "out").iterdir()} == set(ODD_NAMES)
    for name in ODD_NAMES:
        source = header_of((tmp_path / "out" / os.fsdecode(name)).read_text())["source"]
        assert source in (os.fsdecode(name), name.decode("utf-8", "replace"))
    assert run(tmp_path, "clean", "out", "-o", "again").code == 0
    assert tree(tmp_path / "again") == tree(tmp_path / "out")


def test_a_complaint_about_an_odd_name_is_one_printable_line(tmp_path: Path) -> None:
    for name in ODD_NAMES:
        put(tmp_path / "in" / os.fsdecode(name), b"%PDF-1.7")
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert ran.code == 3
    assert len(ran.complaints) == len(ODD_NAMES)
    assert len(ran.errors) == len(ODD_NAMES) + 1
    assert all(line.isprintable() for line in ran.errors)


def test_check_names_a_file_by_its_bytes(tmp_path: Path) -> None:
    put(tmp_path / "in" / os.fsdecode(b"caf\xe9.txt"))
    assert os.fsencode(run(tmp_path, "clean", "in", "--check").out) == b"in/caf\xe9.txt\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="chmod does not bind root")
def test_an_unreadable_file_is_one_line_and_3(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/locked.txt").chmod(0)
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert "in/locked.txt" in ran.complaints[0]
    assert "Permission denied" in ran.complaints[0]
    assert list(tree(tmp_path / "out")) == ["a.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="chmod does not bind root")
def test_an_unreadable_folder_is_one_line_and_3(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/locked/b.txt")
    (tmp_path / "in/locked").chmod(0)
    try:
        ran = run(tmp_path, "clean", "in", "-o", "out")
    finally:
        (tmp_path / "in/locked").chmod(0o755)
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert "in/locked" in ran.complaints[0]
    assert list(tree(tmp_path / "out")) == ["a.txt"]


# rules and explain


def test_rules_lists_every_rule_on_a_line(tmp_path: Path) -> None:
    ran = run(tmp_path, "rules")
    assert (ran.code, ran.errors) == (0, [])
    lines = ran.out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.name for rule in DEFAULT_RULES]
    assert all(len(line.split()) > 2 for line in lines)


def test_rules_with_a_name_prints_its_page(tmp_path: Path) -> None:
    ran = run(tmp_path, "rules", "cookie_notice")
    assert (ran.code, ran.errors) == (0, [])
    assert ran.out.startswith("cookie_notice\n")
    assert "min_share" in ran.out
    assert "Keeps" in ran.out


@pytest.mark.parametrize(
    ("wrong", "right"), [("cookie_notic", "cookie_notice"), ("bylin", "byline"), ("news-ticker", "news_ticker"), ("Tags", "tags")]
)
def test_an_unknown_rule_suggests_the_nearest(tmp_path: Path, wrong: str, right: str) -> None:
    ran = run(tmp_path, "rules", wrong)
    assert (ran.code, ran.out) == (2, "")
    assert ran.errors == [f"cleaner: no rule {wrong!r}: did you mean {right!r}?"]


def test_explain_says_what_became_of_each_line(tmp_path: Path) -> None:
    quoted = "It’s “so”, he said to the reporters at the harbour."
    text = f"Loading…\n\nPublished: 3 May 2023\n\n{BODY}\n\n{quoted}\n\nWe use cookies to improve your experience.\n"
    put(tmp_path / "a.txt", text)
    ran = run(tmp_path, "explain", "a.txt")
    assert (ran.code, ran.errors) == (0, [])
    verdicts = {line.split()[0]: line.split()[1:3] for line in ran.out.splitlines() if line.split()[0].isdigit()}
    assert verdicts["1"] == ["removed", "placeholder"]
    assert verdicts["3"] == ["moved", "dateline"]
    assert verdicts["5"][0] == "kept"
    assert verdicts["7"] == ["changed", "normalize"]
    assert verdicts["9"] == ["removed", "cookie_notice"]
    assert "date: 2023-05-03" in ran.out
    assert ran.out == run(tmp_path, "explain", "-", stdin=text.encode()).out


ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;owned\x07 \x9b2J back\x08\x08space \u202egnp.exe"


@pytest.mark.parametrize(
    ("text", "escape"),
    [
        ("The mayor said {} on Monday at the harbour.\n", ESCAPES),
        ("Loading…\n\nBy Ana {} Lind\n\n" + BODY + "\n\nTags: one {}, two\n", ESCAPES),
        ('---\ntitle: "A {}"\nfeed: "look {} here"\ncleaner: "0.1.0"\n---\n\n' + BODY + "\n", json.dumps(ESCAPES)[1:-1]),
        ('---\nreview: "look {} here"\ncleaner: "0.1.0"\n---\n\n' + BODY + "\n", json.dumps(ESCAPES)[1:-1]),
        ("---\nreview: look {} here\n---\n\n" + BODY + "\n", "\u202egnp.exe"),
    ],
    ids=["body", "metadata", "own header", "review in an own header", "review in front matter"],
)
def test_explain_shows_terminal_escapes_escaped(tmp_path: Path, text: str, escape: str) -> None:
    ran = run(tmp_path, "explain", "-", stdin=text.replace("{}", escape).encode())
    assert ran.code == 0
    assert [char for char in ran.out if char != "\n" and not char.isprintable()] == []


# Failure, closed pipes, interruption


def small_files_only() -> None:
    """Let no file grow over 20,000 bytes: a full disk, as far as the writer can tell."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


LONG = "\n\n".join(
    f"In chapter {number}, the ferry sailed at noon, and the mayor told the reporters so at length." for number in range(900)
)


def test_a_write_that_fails_midway_leaves_nothing(tmp_path: Path) -> None:
    put(tmp_path / "in/long.txt", LONG)
    put(tmp_path / "in/short.txt")
    ran = run(tmp_path, "clean", "in", "-o", "out", before=small_files_only)
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert "long.txt" in ran.complaints[0]
    assert list(tree(tmp_path / "out")) == ["short.txt"]


def test_a_write_that_fails_midway_leaves_the_older_result(tmp_path: Path) -> None:
    put(tmp_path / "in/long.txt", LONG)
    put(tmp_path / "out/long.txt", "older")
    assert run(tmp_path, "clean", "in", "-o", "out", before=small_files_only).code == 3
    assert tree(tmp_path / "out") == {"long.txt": b"older"}


def test_in_place_that_fails_midway_leaves_the_input(tmp_path: Path) -> None:
    put(tmp_path / "in/long.txt", LONG)
    assert run(tmp_path, "clean", "in", "--in-place", before=small_files_only).code == 3
    assert tree(tmp_path / "in") == {"long.txt": LONG.encode()}


def test_a_folder_where_the_result_should_stand_is_one_line(tmp_path: Path) -> None:
    put(tmp_path / "in/a.txt")
    put(tmp_path / "in/b.txt")
    (tmp_path / "out/a.txt").mkdir(parents=True)
    ran = run(tmp_path, "clean", "in", "-o", "out")
    assert ran.code == 3
    assert len(ran.complaints) == 1
    assert "a.txt" in ran.complaints[0]
    assert list(tree(tmp_path / "out")) == ["b.txt"]


def start(folder: Path, *arguments: str, stdin: int | IO[bytes] | None = None) -> subprocess.Popen[bytes]:
    """Start the command line and give the running process; it heeds interrupts even where the tests run in the background."""
    return subprocess.Popen(
        [sys.executable, "-m", "cleaner", *arguments],
        cwd=folder,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )


@pytest.mark.parametrize(
    "arguments",
    [("clean", "a.txt"), ("explain", "a.txt"), ("clean", "a.txt", "--diff"), ("clean", "many", "--check"), ("rules",), ("rules", "title")],
)
def test_a_pipe_closed_by_its_reader_ends_quietly(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    put(tmp_path / "a.txt", f"Loading…\n\n{LONG}\n\nLoading…\n\n{LONG.replace('ferry', 'schooner')}")
    for number in range(20):
        put(tmp_path / f"many/{number}.txt")
    with start(tmp_path, *arguments) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert process.returncode == 0
    assert errors == ""


def test_head_gets_its_line_and_the_rest_ends_quietly(tmp_path: Path) -> None:
    put(tmp_path / "a.txt", LONG)
    with start(tmp_path, "explain", "a.txt") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        first = process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert b"In chapter 0" in first
    assert (process.returncode, errors) == (0, "")


def test_an_interrupt_while_reading_standard_input_is_130(tmp_path: Path) -> None:
    with start(tmp_path, "clean", "-", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(b"a line of text\n" * 100_000)  # more than a pipe holds: the program is reading once this returns
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == b""
    assert b"Traceback" not in errors


def test_an_interrupt_in_the_midst_of_a_run_leaves_no_partial_file(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "b.txt")
    with start(tmp_path, "clean", "a.txt", "b.txt", "-o", "out") as process:
        writer = os.open(tmp_path / "b.txt", os.O_WRONLY)  # returns once the program has opened the other end
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        os.close(writer)
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert list(tree(tmp_path / "out")) == ["a.txt"]
