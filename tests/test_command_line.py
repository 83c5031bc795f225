"""The command line as a user meets it: streams, exit codes, what it says and shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commands import BODY, HTML, PAGE, body_of, header_of, put, run, tree

from cleaner import DEFAULT_RULES, __version__

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


def test_standard_input_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    ran = run(tmp_path, "clean", "-", stdin=b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj")
    assert (ran.code in (2, 3), ran.out) == (True, "")
    assert len(ran.errors) == 1
    assert "standard input" in ran.errors[0]
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
        ("clean", "missing.txt"),
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
    assert "standard input" in ran.out
    clean = run(tmp_path, "clean", "-", option, stdin=BODY.encode())
    assert (clean.code, clean.out) == (0, "")


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
