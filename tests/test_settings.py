"""The configuration: what `cleaner.toml` and `[tool.cleaner]` can say, and what is said of a mistake in them."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaner import DEFAULT_RULES, Cleaner
from cleaner.settings import SettingsError, find_settings, load_settings

BODY = "The bridge over the lake opens today, the mayor said on Monday at noon."
COOKIES = "We use cookies to improve your experience."
PAGE = f"Loading…\n\n{BODY}\n\n{COOKIES}\nAccept all\nReject\n"

Configure = Callable[[str], Cleaner]


@pytest.fixture
def configured(tmp_path: Path) -> Configure:
    """A function that writes a cleaner.toml and gives the `Cleaner` it describes."""

    def build(content: str) -> Cleaner:
        path = tmp_path / "cleaner.toml"
        path.write_text(content, encoding="utf-8")
        return load_settings(path).cleaner(str(path))

    return build


def run(folder: Path, *arguments: str, stdin: str = PAGE, modules: Path | None = None) -> tuple[int, str, list[str]]:
    """Run the command line in a folder; gives its exit code, output and lines of error."""
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(modules or ""), os.environ.get("PYTHONPATH"))))},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr.splitlines()


# Where settings stand


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings, where = find_settings(tmp_path)
    assert where == "defaults"
    assert settings.cleaner().rules == DEFAULT_RULES


def test_an_empty_file_is_the_defaults(configured: Configure) -> None:
    assert configured("") == Cleaner()


def test_cleaner_toml_is_found_in_a_parent_folder(tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text('quotes = "keep"')
    (tmp_path / "a/b").mkdir(parents=True)
    settings, where = find_settings(tmp_path / "a/b")
    assert (settings.quotes, where) == ("keep", str(tmp_path / "cleaner.toml"))


def test_the_nearest_file_holds_alone(tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text('quotes = "keep"\nheader = "json"')
    (tmp_path / "a").mkdir()
    (tmp_path / "a/cleaner.toml").write_text('header = "none"')
    settings, _ = find_settings(tmp_path / "a")
    assert (settings.quotes, settings.header) == ("straight", "none")


def test_tool_cleaner_in_pyproject_holds(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.cleaner]\nquotes = "keep"\n[tool.cleaner.rules]\ntitle = false\n')
    settings, where = find_settings(tmp_path)
    assert settings.quotes == "keep"
    assert where == f"{tmp_path / 'pyproject.toml'} [tool.cleaner]"
    assert [rule.name for rule in settings.cleaner().rules] == [rule.name for rule in DEFAULT_RULES if rule.name != "title"]


def test_cleaner_toml_goes_before_pyproject(tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text('header = "json"')
    (tmp_path / "pyproject.toml").write_text('[tool.cleaner]\nheader = "none"')
    assert find_settings(tmp_path)[0].header == "json"


def test_a_pyproject_without_our_table_is_passed_by(tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text('header = "json"')
    (tmp_path / "a").mkdir()
    (tmp_path / "a/pyproject.toml").write_text('[tool.other]\nheader = "none"')
    assert find_settings(tmp_path / "a")[0].header == "json"


def test_the_command_line_uses_the_nearest_file(tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text('header = "none"\n[rules]\ncookie_notice = false\n')
    code, out, errors = run(tmp_path, "clean", "-")
    assert (code, errors) == (0, [])
    assert out == f"{BODY}\n\n{COOKIES}\nAccept all\nReject\n"


def test_an_option_of_the_command_line_beats_the_file(tmp_path: Path) -> None:
    (tmp_path / "cleaner.toml").write_text('header = "none"\nquotes = "keep"')
    ran = run(tmp_path, "clean", "-", "--quotes", "straight", stdin="“So,” he said at the harbour.")
    assert ran[1] == '"So," he said at the harbour.\n'
    assert run(tmp_path, "clean", "-", "--header", "json")[1].startswith("{")


@pytest.mark.parametrize("name", ["mine.toml", "pyproject.toml"])
def test_a_named_file_is_used_instead_of_the_nearest(tmp_path: Path, name: str) -> None:
    (tmp_path / "cleaner.toml").write_text('header = "json"')
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / name).write_text(("[tool.cleaner]\n" if name == "pyproject.toml" else "") + 'header = "none"')
    assert run(tmp_path, "clean", "-", "--config", f"a/{name}")[1] == BODY + "\n"


# What settings say


def test_a_rule_that_is_off_removes_nothing(configured: Configure) -> None:
    cleaner = configured("[rules]\ncookie_notice = false\n")
    assert COOKIES in cleaner.clean(PAGE).text
    assert COOKIES not in configured("[rules]\ncookie_notice = true\n").clean(PAGE).text


def test_all_rules_off_leave_the_words_alone(configured: Configure) -> None:
    cleaner = configured("[rules]\n" + "".join(f"{rule.name} = false\n" for rule in DEFAULT_RULES))
    assert cleaner.rules == ()
    assert cleaner.clean(PAGE).text == PAGE.strip()


def test_an_option_changes_its_rule_and_no_other(configured: Configure) -> None:
    verse = "Row, row, row your boat\nRow, row, row your boat\n"
    assert configured("").clean(verse).text.count("boat") == 2
    cleaner = configured("[rules.repeated_line]\nmin_weight = 10\n")
    assert cleaner.clean(verse).text.count("boat") == 1
    assert [new.name for new, old in zip(cleaner.rules, DEFAULT_RULES, strict=True) if new != old] == ["repeated_line"]


def test_the_order_of_the_chain_is_ours_whatever_the_files(configured: Configure) -> None:
    cleaner = configured("[rules]\ntitle = true\n[rules.navigation]\nrow = 4\n[rules.cookie_notice]\nmin_share = 0.6\n")
    assert [rule.name for rule in cleaner.rules] == [rule.name for rule in DEFAULT_RULES]


@pytest.mark.parametrize("spelling", ["we bake biscuits on this page", "We bake (biscuits|bread) on this page", "we bake biscuit*"])
def test_own_phrases_are_looked_for(configured: Configure, spelling: str) -> None:
    page = f"{BODY}\n\nWe bake biscuits on this page.\n"
    assert "biscuits" in configured("").clean(page).text
    assert configured(f'[phrases]\n"cookie_notice.says" = ["{spelling}"]\n').clean(page).text == BODY


def test_own_labels_are_looked_for(configured: Configure) -> None:
    page = f"Loading…\n\n{BODY}\n\n{COOKIES}\nMunch biscuits\n"

    def takers(cleaner: Cleaner) -> list[str]:
        result = cleaner.clean(page)
        return [edit.rule for edit in result.edits if result.source[edit.start : edit.end].startswith("Munch")]

    assert takers(configured("")) != ["cookie_notice"]
    assert takers(configured('[phrases]\n"cookie_notice.line" = ["munch biscuits"]\n')) == ["cookie_notice"]


def test_own_phrases_are_compiled_once(configured: Configure) -> None:
    cleaner = configured('[phrases]\n"cookie_notice.says" = ["we bake biscuits on this page"]\n')
    cleaner.clean(PAGE)
    start = time.process_time()
    for _ in range(5):
        cleaner.clean(PAGE)
    assert time.process_time() - start < 0.5


def test_the_chains_own_phrases_hold_beside_them(configured: Configure) -> None:
    assert configured('[phrases]\n"cookie_notice.says" = ["we bake biscuits on this page"]\n').clean(PAGE).text == BODY


def test_a_protected_line_stays(configured: Configure) -> None:
    cleaner = configured("protect = ['^We use cookies', 'Accept \\w+$']\n")
    assert cleaner.clean(PAGE).text == f"{BODY}\n\n{COOKIES}\nAccept all"


@pytest.mark.parametrize("other", [r"(x)nothing(y)", "(?i)NOTHING", "qq|zz", "(?P<word>nothing)", "(?x) not # hing"])
def test_protect_patterns_do_not_disturb_each_other(configured: Configure, other: str) -> None:
    page = f"Loading…\n\n{BODY}\n\n{COOKIES}\n"
    assert configured(rf"protect = ['''{other}''', '''c(o)\1kies''']").clean(page).text == f"{BODY}\n\n{COOKIES}"


RULE = '''
"""A rule of one's own."""
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Weather:
    """Lines that speak of the weather."""

    name: ClassVar[str] = "weather"

    def edits(self, document):
        for index, line in enumerate(document.lines):
            if line.text.startswith("Weather:"):
                yield document.cut(index, self.name, "the weather")


weather = Weather()
nothing = 42


class Demanding(Weather):
    def __init__(self, needed):
        raise AssertionError
'''


@pytest.mark.parametrize("name", ["Weather", "weather"])
def test_a_rule_of_ones_own_runs(tmp_path: Path, name: str) -> None:
    (tmp_path / "modules/mine").mkdir(parents=True)
    (tmp_path / "modules/mine/__init__.py").write_text("")
    (tmp_path / "modules/mine/rules.py").write_text(RULE)
    (tmp_path / "cleaner.toml").write_text(f'header = "none"\nown = ["mine.rules:{name}"]\n')
    page = f"{BODY}\n\nWeather: sunny, some wind\n"
    assert run(tmp_path, "clean", "-", stdin=page, modules=tmp_path / "modules") == (0, BODY + "\n", [])
    _, explained, _ = run(tmp_path, "explain", "-", stdin=page, modules=tmp_path / "modules")
    assert "removed  weather" in explained
    assert "the weather" in explained


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("mine", RULE),
        ("mine:", RULE),
        ("mine:Missing", RULE),
        ("missing_module:Weather", RULE),
        ("mine.missing:Weather", RULE),
        ("mine:nothing", RULE),
        ("mine:Demanding", RULE),
        (":Weather", RULE),
        (".mine:Weather", RULE),
        ("mine:Weather", "def broken(:\n"),
        ("mine:Weather", "raise RuntimeError('not today')\n"),
        ("mine:Weather", "1 / 0\n"),
    ],
)
def test_a_rule_that_cannot_be_imported_is_one_line_with_its_path(tmp_path: Path, path: str, module: str) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules/mine.py").write_text(module)
    (tmp_path / "cleaner.toml").write_text(f'own = ["{path}"]\n')
    code, out, errors = run(tmp_path, "clean", "-", modules=tmp_path / "modules")
    assert (code, out) == (2, "")
    assert len(errors) == 1
    assert errors[0].startswith(f"cleaner: {tmp_path / 'cleaner.toml'}: ")
    assert repr(path) in errors[0]


# Mistakes


@pytest.mark.parametrize(
    ("content", "wrong", "nearest"),
    [
        ('qoutes = "keep"', "qoutes", "quotes"),
        ('heder = "none"', "heder", "header"),
        ("[rule]\ntitle = false", "rule", "rules"),
        ("[rules]\ncookie_notices = false", "cookie_notices", "cookie_notice"),
        ("[rules]\nbylines = false", "bylines", "byline"),
        ("[rules.cookie_notice]\nmin_shar = 0.4", "min_shar", "min_share"),
        ("[rules.repeated_line]\nweight = 10", "weight", "min_weight"),
        ('[phrases]\n"cookie_notice.say" = ["a b"]', "cookie_notice.say", "cookie_notice.says"),
        ('[phrases]\n"cookie_notic.says" = ["a b"]', "cookie_notic.says", "cookie_notice.says"),
        ('[phrases.cookie_notice]\nsays = ["a b"]', "cookie_notice", "cookie_notice."),
    ],
)
def test_an_unknown_name_suggests_the_nearest(configured: Configure, tmp_path: Path, content: str, wrong: str, nearest: str) -> None:
    with pytest.raises(SettingsError) as caught:
        configured(content)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'cleaner.toml'}: ")
    assert wrong in message
    assert f"did you mean '{nearest}" in message


def test_a_name_like_no_other_lists_what_there_is(configured: Configure) -> None:
    with pytest.raises(SettingsError, match=r"known are .*header.*quotes"):
        configured("zzzzzzzz = 1")


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ("quotes = 1", "quotes"),
        ("quotes = true", "quotes"),
        ('quotes = "curly"', "quotes"),
        ('header = ["yaml"]', "header"),
        ('header = "xml"', "header"),
        ('protect = "^We"', "protect"),
        ("protect = [1]", "protect"),
        ("protect = ['(']", "protect"),
        ("own = 'mine:Rule'", "own"),
        ("own = [1]", "own"),
        ("rules = ['title']", "rules"),
        ("rules = false", "rules"),
        ("[rules]\ntitle = 'no'", "title"),
        ("[rules]\ntitle = 0", "title"),
        ("[rules.cookie_notice]\nmin_share = 'half'", "min_share"),
        ("[rules.cookie_notice]\nmin_share = true", "min_share"),
        ("[rules.cookie_notice]\nmin_share = [0.5]", "min_share"),
        ("[rules.cookie_notice]\nname = 3", "name"),
        ("phrases = ['we use']", "phrases"),
        ('[phrases]\n"cookie_notice.says" = "we bake"', "cookie_notice.says"),
        ('[phrases]\n"cookie_notice.says" = ["(we|you bake"]', "cookie_notice.says"),
        ('[phrases]\n"cookie_notice.says" = ["[we bake"]', "cookie_notice.says"),
        ('[phrases]\n"cookie_notice.says" = [7]', "cookie_notice.says"),
        ('[phrases]\n"cookie_notice.line" = ["' + "(a|b)" * 12 + '"]', "cookie_notice.line"),
        ('[phrases]\n"cookie_notice.says" = ["' + "(" * 3000 + '"]', "cookie_notice.says"),
    ],
)
def test_a_wrong_value_names_its_key_and_the_file(configured: Configure, tmp_path: Path, content: str, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        configured(content)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'cleaner.toml'}: ")
    assert key in message
    assert len(message) < 500


@pytest.mark.parametrize("phrase", ["*", "**", "(|)", "()", "(a|)", "", "...", "(we|you) * (use|eat)"])
def test_a_phrase_of_nothing_is_refused_or_finds_nothing(configured: Configure, phrase: str) -> None:
    with contextlib.suppress(SettingsError):
        assert BODY in configured(f'[phrases]\n"cookie_notice.says" = ["{phrase}"]\n').clean(f"{BODY}\n\n{BODY}").text


@pytest.mark.parametrize("content", [b"quotes = ", b"[rules\n", b"quotes = 'a'\nquotes = 'b'\n", b"\xff\xfe\x00", b"title: yaml\n"])
@pytest.mark.parametrize("name", ["cleaner.toml", "pyproject.toml"])
def test_broken_toml_names_the_file(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        find_settings(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")


@pytest.mark.parametrize("content", ["[tool]\ncleaner = 3\n", "[tool]\ncleaner = ['a']\n", "[[tool.cleaner]]\nquotes = 'keep'\n"])
def test_tool_cleaner_that_is_no_table_names_the_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "pyproject.toml").write_text(content)
    with pytest.raises(SettingsError) as caught:
        find_settings(tmp_path)
    assert str(caught.value).startswith(str(tmp_path / "pyproject.toml"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path / "missing.toml")
    assert str(caught.value) == f"{tmp_path / 'missing.toml'}: No such file or directory"


@pytest.mark.parametrize("content", ['qoutes = "keep"', "quotes = ", "protect = ['(']", "[rules]\ncookie_notices = false"])
def test_the_command_line_says_it_in_one_line_and_ends_with_2(tmp_path: Path, content: str) -> None:
    (tmp_path / "cleaner.toml").write_text(content)
    code, out, errors = run(tmp_path, "clean", "-")
    assert (code, out) == (2, "")
    assert len(errors) == 1
    assert errors[0].startswith(f"cleaner: {tmp_path / 'cleaner.toml'}: ")
