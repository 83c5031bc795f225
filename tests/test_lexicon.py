"""The phrase files: they read, they reach as many languages as promised, and they match as their README says."""

from __future__ import annotations

from collections import defaultdict

import pytest

from cleaner.lexicon import Lexicon, LexiconError, fold, fold_line, load
from cleaner.lexicon.compiled import compile_phrases, packaged
from cleaner.lexicon.phrases import expand, parse, read_languages
from cleaner.rules import DEFAULT_RULES

IN_FORTY = ("cookie_notice", "browser_notice")
IN_TWENTY_FIVE = (
    "placeholder.line",
    "related_links.heading",
    "share_bar.line",
    "newsletter_prompt.says",
    "subscription_prompt.says",
    "comment_prompt.says",
    "advertisement.line",
    "legal_footer.says",
    "news_ticker.label",
    "byline.prefix",
    "dateline.label",
    "modified_date.label",
    "contributors.prefix",
    "caption_credit.label",
    "navigation.line",
    "tags.label",
)


def languages_by_section() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for phrase in read_languages():
        found[f"{phrase.rule}.{phrase.group}"].add(phrase.language)
    return found


def test_languages() -> None:
    found = languages_by_section()
    for rule in IN_FORTY:
        for group in ("says", "about", "asks", "line"):
            assert len(found[f"{rule}.{group}"]) >= 40, (rule, group)
    for section in IN_TWENTY_FIVE:
        assert len(found[section]) >= 25, section


def test_every_section_is_a_rules() -> None:
    names = {rule.name for rule in DEFAULT_RULES}
    assert {section.split(".")[0] for section in languages_by_section()} <= names


def test_no_phrase_is_empty_or_in_capitals() -> None:
    for phrase in read_languages():
        assert phrase.text.strip("* "), phrase
        assert phrase.text == fold(phrase.text), phrase


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("[cookie_notice.shouts]", "no section"),
        ("we use cookies", "before the first section"),
        ("[cookie_notice.line]\n(a|b", "without a )"),
        ("[cookie_notice.line]\n(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)(a|b)", "split the line"),
    ],
)
def test_slips_name_the_line(line: str, problem: str) -> None:
    with pytest.raises(LexiconError, match=r"xx\.txt:\d") as caught:
        list(parse(line, "xx", "xx.txt"))
    assert problem in str(caught.value)


def test_expand() -> None:
    assert expand("(a|b (c|d)) e") == ["a e", "b c e", "b d e"]
    assert expand("comments (#)") == ["comments (#)"]


def test_packed_file_holds_the_phrase_files() -> None:
    assert packaged() == compile_phrases(read_languages()), "run: python -m tools.compile_lexicon"


@pytest.mark.parametrize(
    ("phrase", "language", "text", "found"),
    [
        ("our cookies", "en", "about our cookies here", True),
        ("our cookies", "en", "four cookies", False),
        ("our cookie*", "en", "our cookies", True),
        ("*cookies", "he", "hacookies", True),
        ("(this|our) (own |)site", "en", "see our own site now", True),
        ("(this|our) (own |)site", "en", "see our  own websites", False),
        ("同意する", "ja", "使用に同意するものと", True),
        ("쿠키", "ko", "쿠키를 사용", True),
    ],
)
def test_words_match_whole(phrase: str, language: str, text: str, found: bool) -> None:
    lexicon = Lexicon(compile_phrases(parse(f"[cookie_notice.says]\n{phrase}", language)))
    assert bool(list(lexicon.scan(text))) == found


def test_labels() -> None:
    for text, section in (
        ("COMMENTS (1,204)", "comment_prompt.line"),
        ("«ΔΗΜΟΦΙΛΗ»", "related_links.heading"),
        ("3 hours ago", "news_ticker.ago"),
        ("ÇEREZLERİ KABUL ET", "cookie_notice.line"),
    ):
        assert load().line(section, fold_line(text)), text
