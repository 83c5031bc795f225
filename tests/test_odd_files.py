"""Links, odd names, files that cannot be read: each is told in one line, and nothing leaves its folder."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from commands import BODY, header_of, put, run, tree

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


@pytest.mark.parametrize("pattern", ["in/**/*.txt", "in/*/*.txt", "in/*"])
def test_a_glob_follows_no_link_out_of_its_folder_nor_in_circles(tmp_path: Path, pattern: str) -> None:
    put(tmp_path / "elsewhere/secret.txt", f"Nobody must read this line. {BODY}")
    put(tmp_path / "in/sub/a.txt")
    (tmp_path / "in/away").symlink_to(tmp_path / "elsewhere")
    for name in ("in/up", "in/sub/up", "in/sub/round"):
        (tmp_path / name).symlink_to(tmp_path / "in")
    ran = run(tmp_path, "clean", pattern, "-o", "out")
    assert ran.code in (0, 3)
    assert list(tree(tmp_path / "out")) == ["sub/a.txt"]


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
