"""Bytes of every kind: nothing, older encodings, false declarations, broken bytes, files that are no text."""

from __future__ import annotations

import random
import zlib

import pytest
from commands import BODY
from hypothesis import given, settings
from hypothesis import strategies as st

import cleaner

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
        ("latin-1", FRENCH[:60]),
        ("cp1252", "La città è più bella che mai, ha detto il sindaco."),
        ("cp1252", "Die Brücke über den See öffnet heute, sagte der Bürgermeister."),
        ("cp1250", "Zażółć gęślą jaźń, powiedział burmistrz miasta w poniedziałek."),
        ("cp1250", "Žluťoučký kůň pije vodu z řeky pod hradem každý den."),
        ("cp1254", "Köprü bugün açıldı, dedi belediye başkanı. Çocuklar şarkı söyledi."),
        ("koi8-r", RUSSIAN[:40]),
        ("shift_jis", JAPANESE[:22]),
        ("euc_jp", JAPANESE[:22]),
        ("gb18030", CHINESE[:20]),
        ("big5", "市長說，湖上的大橋今天中午開通。"),
        ("cp949", "시장은 호수 위의 다리가 오늘 정오에 개통되었다고 말했다."),
    ],
)
def test_older_encodings_are_told(encoding: str, text: str) -> None:
    assert cleaner.clean(text.encode(encoding)).text == cleaner.clean(text).text


@pytest.mark.parametrize("encoding", ["latin-1", "cp1251", "shift_jis", "gb18030"])
def test_a_declared_encoding_is_believed(encoding: str) -> None:
    text = {"latin-1": FRENCH, "cp1251": RUSSIAN, "shift_jis": JAPANESE, "gb18030": CHINESE}[encoding]
    page = f'<!DOCTYPE html><html><head><meta charset="{encoding}"><title>T</title></head><body><p>{text}</p><p>{text}</p></body></html>'
    assert text[:40] in cleaner.clean(page.encode(encoding), kind="html").text


def test_a_page_that_declares_utf8_without_being_it_is_not_believed() -> None:
    page = f'<html><head><meta charset="utf-8"></head><body><article><p>{FRENCH}</p><p>{FRENCH}</p></article></body></html>'
    assert FRENCH in cleaner.clean(page.encode("latin-1")).text


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
