"""Inputs that nobody meant to be cleaned, or somebody meant to break the cleaner: bytes, headers, bombs, and much of one thing."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.dates import find_moment, is_clock, is_weekday_line
from cleaner.decode import decode, settle
from cleaner.extract import looks_like_html
from cleaner.header import read_header
from cleaner.language import detect_language
from cleaner.lexicon import fold, fold_line, load
from cleaner.lexicon.fold import trim_line
from cleaner.lines import dense, ends_sentence, ends_with_stop, sentences
from cleaner.normalize import normalize
from cleaner.rules.names import people

BODY = "The bridge over the lake opens today, the mayor said on Monday at noon."
FRENCH = (
    "Le pont sur le lac a été inauguré aujourd'hui à midi, a annoncé la mairesse. Les élèves de l'école voisine ont chanté, et la fête "
    "s'est prolongée jusqu'à la tombée de la nuit près du château."
)
RUSSIAN = (
    "Мост через озеро открыли сегодня в полдень, сообщил мэр города на площади. Ученики соседней школы спели песню, а праздник "
    "продолжался до самой ночи у стен старой крепости."
)
JAPANESE = (
    "湖にかかる橋は今日の正午に開通したと市長が述べた。近くの学校の生徒たちが歌を歌い、祭りは夜まで城のそばで続いたという。"
    "町の人々は橋を渡って祝った。工事は三年前に始まり、途中で二度止まったが、費用は予算の中に収まった。トラックは来週から通れる。"
)
CHINESE = (
    "市长说，湖上的大桥今天中午开通。附近学校的学生们唱了歌，庆祝活动在古城墙边一直持续到深夜。居民们走过大桥，互相祝贺，并且拍照留念。"
)


def seconds(action: Callable[[], object]) -> float:
    """The processor time that an action takes: what other programs do meanwhile does not count."""
    start = time.process_time()
    action()
    return time.process_time() - start


def slow_ones(call: Callable[[str], object], limit: float) -> dict[str, float]:
    """Which texts of `MUCH` take a call longer than the limit, and how long.

    Parts of each go first, and the search ends once the case is clear: a failing test must not take hours.
    """
    slow: dict[str, float] = {}
    for name, text in MUCH.items():
        for share in (50, 10, 1):
            part = text[: len(text) // share]
            start = time.process_time()
            call(part)
            if (spent := time.process_time() - start) >= limit:
                slow[f"{name}, {len(part)} characters"] = round(spent, 2)
                break
        if sum(slow.values()) > 3:
            break
    return slow


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Load the lexicon and ftfy before anything is timed."""
    cleaner.clean(f"Loading…\n\n{BODY}\n\nWe use cookies. Ã©tÃ©, “so”.\n\nPublished: 3 May 2023")


def run(folder: Path, *arguments: str, stdin: bytes = b"") -> tuple[int, str, list[str]]:
    """Run the command line with 2 GB of memory and 30 seconds of time; gives its exit code, output and lines of error."""
    limit = 2 * 1024**3
    done = subprocess.run(
        [sys.executable, "-m", "cleaner", *arguments],
        cwd=folder,
        input=stdin,
        capture_output=True,
        timeout=30,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    errors = done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in errors, errors[-2000:]
    return done.returncode, done.stdout.decode("utf-8"), errors.splitlines()


# Nothing, or nearly


@pytest.mark.parametrize(
    "source",
    [
        "",
        b"",
        " ",
        "\n",
        "\n\n\n",
        " \t\n \u00a0\n\u3000\n",
        "\u200b",
        "\ufeff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        "\r\n\r\n",
        "\0",
        "\0" * 100,
    ],
)
def test_what_holds_no_text_gives_none(source: str | bytes) -> None:
    result = cleaner.clean(source)
    assert result.text.strip("\u200b") == ""
    assert result.render("none").strip("\u200b\n") == ""


def test_an_empty_document_is_marked_for_review() -> None:
    assert cleaner.clean(" \n\n").review == "the document is empty"


@pytest.mark.parametrize(
    "source", ["a", ".", "<", "&", "-", "---", "---\n", "---\n---", "---\n\n---\n", "{", "{}", '{"a": 1}', "%", "\\", "0", "€", "中"]
)
def test_one_sign_comes_back(source: str) -> None:
    assert cleaner.clean(source).text == source.strip()


# Encodings


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("marked", [True, False], ids=["with a mark", "without"])
@pytest.mark.parametrize("text", [BODY, FRENCH])
def test_utf16(encoding: str, marked: bool, text: str) -> None:
    mark = "\ufeff".encode(encoding) if marked else b""
    assert cleaner.clean(mark + text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", [FRENCH, RUSSIAN, JAPANESE, CHINESE])
def test_any_script_with_a_byte_order_mark(encoding: str, text: str) -> None:
    assert cleaner.clean(text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("latin-1", FRENCH),
        ("cp1252", FRENCH.replace("'", "’") + " – « fin »"),
        ("cp1251", RUSSIAN),
        ("koi8-r", RUSSIAN),
        ("shift_jis", JAPANESE),
        ("euc_jp", JAPANESE),
        ("gb18030", CHINESE),
        ("gb18030", CHINESE.replace("大桥", "大桥𠮷")),
    ],
)
def test_older_encodings_are_told(encoding: str, text: str) -> None:
    assert cleaner.clean(text.encode(encoding)).text == cleaner.clean(text).text


@pytest.mark.parametrize("encoding", ["latin-1", "cp1251", "shift_jis", "gb18030"])
def test_a_declared_encoding_is_believed(encoding: str) -> None:
    text = {"latin-1": FRENCH, "cp1251": RUSSIAN, "shift_jis": JAPANESE, "gb18030": CHINESE}[encoding]
    page = f'<!DOCTYPE html><html><head><meta charset="{encoding}"><title>T</title></head><body><p>{text}</p><p>{text}</p></body></html>'
    assert text[:40] in cleaner.clean(page.encode(encoding), kind="html").text


@pytest.mark.parametrize(
    "declared",
    [b"no-such-encoding", b"utf-7", b"rot13", b"zlib", b"undefined", b"idna", b"hex", b"unicode_escape", b"punycode", b"mbcs", b"utf-16"],
)
def test_a_false_declaration_does_no_harm(declared: bytes) -> None:
    page = (
        b'<html><head><meta charset="'
        + declared
        + b'"></head><body><article><p>'
        + FRENCH.encode("latin-1") * 2
        + b"</p></article></body></html>"
    )
    assert "Le pont sur le lac" in cleaner.clean(page).text


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\xc0\xaf", b"\xed\xa0\x80"])
def test_a_few_broken_bytes_spoil_no_more_than_themselves(bad: bytes) -> None:
    first, second = FRENCH.encode().split(b" pr\xc3\xa8s ")
    text = cleaner.clean(first + b" " + bad + b" " + b"pr\xc3\xa8s " + second).text
    assert text.startswith(first.decode())
    assert text.endswith("près " + second.decode())
    assert "Ã" not in text


def test_lone_surrogates_become_replacement_characters() -> None:
    result = cleaner.clean(f"{BODY} \ud800 and \udc80 and \ud83d\ude00.")
    assert result.text == f"{BODY} \ufffd and \ufffd and 😀."
    for style in ("yaml", "json", "none"):
        result.render(style).encode("utf-8")


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_every_line_break_is_one(line_break: str) -> None:
    page = f"Loading…\n\n{BODY}\n\nWe use cookies to improve your experience.\nAccept all\n"
    given_back = cleaner.clean(page.replace("\n", line_break))
    assert given_back.text == cleaner.clean(page).text == BODY
    assert cleaner.clean(page.replace("\n", line_break).encode()).text == BODY


def test_nuls_inside_text_go_and_words_stay() -> None:
    for source in (f"{BODY}\0\n\nThe\0 end came at last, he said.", f"{BODY}\0\n\nThe\0 end came at last, he said.".encode()):
        text = cleaner.clean(source).text
        assert "\0" not in text
        assert text == f"{BODY}\n\nThe end came at last, he said."


# Bytes that are no text


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj", "PDF"),
        (b"PK\x03\x04\x14\0\0\0\x08\0", "zip"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "JPEG"),
        (b"GIF89a\x01\0\x01\0", "GIF"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
        (b"\x7fELF\x02\x01\x01\0", "program"),
    ],
)
def test_files_of_other_kinds_are_named(data: bytes, what: str) -> None:
    for padding in (b"", b"\0" * 3000, bytes(range(256)) * 20):
        with pytest.raises(cleaner.DecodeError, match=what):
            cleaner.clean(data + padding)


@pytest.mark.parametrize("seed", range(12))
def test_random_bytes_are_no_text(seed: int) -> None:
    with pytest.raises(cleaner.DecodeError):
        cleaner.clean(random.Random(seed).randbytes(4096))


@pytest.mark.parametrize(
    "data", [b"\0" * 1000, zlib.compress(FRENCH.encode() * 500 + random.Random(1).randbytes(3000)), bytes(range(32)) * 50]
)
def test_other_binary_bytes_are_no_text(data: bytes) -> None:
    with pytest.raises(cleaner.DecodeError):
        cleaner.clean(data)


@given(st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_bytes_are_text_or_a_decode_error(data: bytes) -> None:
    try:
        result = cleaner.clean(data)
    except cleaner.DecodeError:
        return
    result.render("yaml").encode("utf-8")


# Headers that were not written by us

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


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_in_front_matter_is_text_or_metadata_soon(tmp_path: Path, name: str) -> None:
    code, out, errors = run(tmp_path, "clean", "-", stdin=f"---\n{BOMBS[name]}---\n\n{BODY}\n".encode())
    assert (code, errors) == (0, [])
    assert out.endswith(BODY + "\n")


@pytest.mark.parametrize("name", ["aliases", "merges", "a huge number"])
def test_a_bomb_in_front_matter_costs_the_other_documents_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(f"---\n{BOMBS[name]}---\n\n{BODY}\n")
    (tmp_path / "in/b.txt").write_text(BODY)
    code, _, errors = run(tmp_path, "clean", "in", "-o", "out")
    assert code in (0, 3)
    assert len(errors) <= 2
    assert (tmp_path / "out/b.txt").read_text().endswith(BODY + "\n")


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


@pytest.mark.parametrize("depth", [300, 450, 600, 900, 980, 3000, 100_000])
@pytest.mark.parametrize("signs", ["[]", "{}"])
def test_a_deep_json_sidecar_is_read_or_one_line(tmp_path: Path, depth: int, signs: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(BODY)
    (tmp_path / "in/b.txt").write_text(BODY)
    opening = '{"a": ' if signs == "{}" else "["
    (tmp_path / "in/a.meta.json").write_text('{"title": "A", "deep": ' + opening * depth + "1" + signs[1] * depth + "}")
    code, _, errors = run(tmp_path, "clean", "in", "-o", "out")
    assert code in (0, 3)
    assert len(errors) == 1 + (code == 3)
    assert (tmp_path / "out/b.txt").is_file()
    assert (tmp_path / "out/a.txt").is_file() == (code == 0)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_in_a_yaml_sidecar_is_read_or_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.txt").write_text(BODY)
    (tmp_path / "in/a.meta.yaml").write_text(BOMBS[name])
    (tmp_path / "in/b.txt").write_text(BODY)
    code, _, errors = run(tmp_path, "clean", "in", "-o", "out")
    assert code in (0, 3)
    assert len(errors) == 1 + (code == 3)
    assert (tmp_path / "out/b.txt").is_file()


# Much of one thing

SIXTY = 60_000
UNITS = {
    "spaces": " ",
    "less-than signs": "<",
    "entities": "&amp;",
    "quotes": '"',
    "curly quotes": "“",
    "apostrophes": "'",
    "letters": "a",
    "accented letters": "é",
    "digits": "1",
    "braces": "{{",
    "initials": "a.",
    "clocks": "1:",
    "no-break spaces": "\u00a0",
    "tags": "<p>",
    "comments": "<!--",
    "capitals": "A ",
    "capital initials": "A. ",
    "parentheses": "(",
    "bullets": "• ",
    "bars": " | ",
    "hashtags": "#ab ",
    "mojibake": "Ã",
    "dashes": "---",
    "bylines": "by ",
    "han": "中",
    "combining marks": "\u0301",
    "escapes": "\x1b[",
    "copyright": "© a ",
    "replacement characters": "\ufffd",
}
IN_LINES = {"bylines", "clocks", "entities", "hashtags", "capitals", "mojibake"}  # a minute for all of them would be too much
MUCH = {
    f"{name}{form}": text
    for name, unit in UNITS.items()
    for form, text in ((" in a line", unit * SIXTY), (" in lines", (unit + "\n") * SIXTY))
    if form == " in a line" or name in IN_LINES
}
MUCH |= {f"{name} between words": f"a{unit * SIXTY}b" for name, unit in UNITS.items()}
FUNCTIONS: dict[str, Callable[[str], object]] = {
    "find_moment": find_moment,
    "is_clock": is_clock,
    "is_weekday_line": is_weekday_line,
    "people": lambda text: people(text, load()),
    "read_header": read_header,
    "read_header behind a fence": lambda text: read_header(f"---\n{text}"),
    "read_header behind a brace": lambda text: read_header('{"cleaner": ' + text),
    "looks_like_html": looks_like_html,
    "looks_like_html behind a sign": lambda text: looks_like_html("<" + text),
    "fold": fold,
    "fold_line": fold_line,
    "trim_line": trim_line,
    "sentences": lambda text: list(sentences(text)),
    "ends_sentence": ends_sentence,
    "ends_with_stop": ends_with_stop,
    "dense": dense,
    "detect_language": detect_language,
    "settle": settle,
    "decode": lambda text: decode(text.encode()),
}


@pytest.mark.parametrize("name", MUCH)
def test_much_of_one_thing_is_cleaned_soon(name: str) -> None:
    assert seconds(lambda: cleaner.clean(MUCH[name])) < (6 if name.endswith("lines") else 2)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_much_of_one_thing_is_read_soon_by_each_function(function: str) -> None:
    call = FUNCTIONS[function]
    call("warm")
    assert slow_ones(call, 0.2) == {}


def test_normalize_reads_much_of_one_thing_soon() -> None:
    assert slow_ones(lambda text: list(normalize(text)), 1) == {}


LABELS = [
    "by",
    "1:",
    "a.",
    "by Ana",
    "Ana Lind",
    "we use cookies",
    "accept all",
    "read also",
    "3 May 2023",
    "news",
    "#a #b",
    "12:30 Storm",
    "“a”",
    "Ã©",
]


@pytest.mark.parametrize("unit", LABELS)
def test_time_grows_with_length_and_no_faster(unit: str) -> None:
    cleaner.clean(f"{unit}\n" * 100)
    short = min(seconds(lambda: cleaner.clean(f"{unit}\n" * 5_000)) for _ in range(2))
    long = seconds(lambda: cleaner.clean(f"{unit}\n" * 20_000))
    assert long < 8 * short + 0.2  # four times as much: 4 if linear, 16 if quadratic


SENTENCE = "In the spring of that year the ferry sailed at noon, and the mayor of the town said so to the reporters on the quay. "


@pytest.mark.parametrize(
    "unit", [SENTENCE, SENTENCE.replace(" ", "_"), "“Ça va,” dit-il près du château. "], ids=["prose", "no spaces", "accents"]
)
def test_ten_megabytes_on_one_line_are_cleaned_within_20_seconds(unit: str) -> None:
    text = (unit * (10_000_000 // len(unit.encode()) + 1)).strip()
    spent = time.process_time()
    result = cleaner.clean(text.encode())
    assert time.process_time() - spent < 20
    assert len(result.text) == len(text)


def test_two_hundred_thousand_short_lines_are_cleaned_within_30_seconds() -> None:
    lines = [f"Line {number} of a long poem" for number in range(200_000)]
    spent = time.process_time()
    result = cleaner.clean("\n".join(lines))
    assert time.process_time() - spent < 30
    assert result.text.count("\n") > 150_000


def test_a_page_of_nested_tags_is_read_or_marked() -> None:
    page = "<html><body>" + "<div>" * 5000 + f"<p>{BODY}</p>" + "</div>" * 5000 + "</body></html>"
    result = cleaner.clean(page)
    assert BODY in result.text or result.review
