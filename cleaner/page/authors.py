"""Who wrote a page: people's names out of what pages put into their author fields and bylines."""

from __future__ import annotations

import re
from functools import cache

import regex

from cleaner.lexicon import Lexicon, fold, load
from cleaner.page.text import key, one_line

MAX_AUTHORS = 30
MAX_NAME = 80
_NOT_A_NAME = re.compile(r"https?:|www\.|\w\.(?:com|org|net|html?)\b|^[\d\W_]*$|[<>{}=#]|@", re.I)
_NUMBERED = re.compile(r"\s\d|\d\s")
_ADDRESS = re.compile(r"\(?\s*(?:https?://\S+|[\w.+-]{1,60}@[\w.-]{2,80}|(?<!\w)@\w{2,40})\s*\)?")
_TITLES_BEHIND = re.compile(r"(?:,?\s+(?:[A-Z](?:\.?[A-Za-z]{0,3}\.)+|[A-Z]{2,6}(?:-[A-Z]+)?®?|Ph\.?\s?D\.?|Jr\.?|Sr\.?|I{2,3}))+$")
_INITIALED = regex.compile(r"(\p{Lu}[\p{L}'’-]+), (\p{Lu}[\p{L}'’-]+(?: \p{Lu}\.?)?|(?:\p{Lu}\.\s?){1,3})")
_NAME_WORD = regex.compile(r"[\p{Lu}\p{Lt}\p{Lo}][\p{L}\p{M}'’.·-]*+")
_PARTS = regex.compile(r"\s*[;|/•·]\s*|\s+[–—-]\s+|\s*[、，؛]\s*|\s*&\s*")
_NOBODY = frozenset(
    [
        "admin",
        "administrator",
        "root",
        "user",
        "webmaster",
        "anonymous",
        "guest",
        "null",
        "undefined",
        "none",
        "author",
        "unknown",
        "default",
    ]
)
"""Names of accounts that systems come with, whatever the language of the page."""


def people(value: object, sites: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The names in the text of an author field: prefixes, roles, addresses and the site's own name left off.

    sites  keys (`text.key`) of the site's names

    >>> people("By Ana Lind, Bo Ek and Cy Dahl"), people("Lind, Ana B."), people("Ana Lind, staff writer | ana@lake.example")
    (('Ana Lind', 'Bo Ek', 'Cy Dahl'), ('Ana B. Lind',), ('Ana Lind',))
    >>> people("admin"), people("https://lake.example/ana"), people("Von Ana Lind und Bo Ek")
    ((), (), ('Ana Lind', 'Bo Ek'))
    """
    text = _ADDRESS.sub(" ", one_line(value, 600)).strip(" ,;|-–—•·:()")
    text = _without_prefix(text)
    turned = _INITIALED.fullmatch(text)
    if turned and ("." in turned[2] or " " in turned[2]):
        return (f"{turned[2]} {turned[1]}",)
    names: dict[str, str] = {}
    for part in _split(text):
        name = _without_prefix(part).strip(' ,;|-–—•·:()[]"')
        if is_name(name, sites):
            names.setdefault(key(name), name)
    return tuple(names.values())[:MAX_AUTHORS]


def is_name(text: str, sites: frozenset[str] = frozenset()) -> bool:
    """Whether a text can be what a person is called: short, no address, no role, no account that systems come with.

    >>> is_name("Ana Lind"), is_name("staff writer"), is_name("12"), is_name("We bring you all the news of the lake region")
    (True, False, False, False)
    """
    folded = fold(text)
    return (
        2 <= len(text) <= MAX_NAME
        and len(text.split()) <= 7
        and not _NOT_A_NAME.search(text)
        and folded not in _NOBODY
        and folded not in load().labels
        and not _NUMBERED.search(text)
        and folded not in load().entries("byline.role")
        and folded not in load().entries("byline.prefix")
        and key(text) not in sites
    )


def reads_like_person(name: str) -> bool:
    """Whether a name has the shape of a person's: two to five words that begin with capitals, or a script without them.

    >>> [reads_like_person(name) for name in ("Ana Lind", "Jan van der Berg", "lakeside", "李明", "NewsDesk")]
    [True, True, False, True, False]
    """
    words = _TITLES_BEHIND.sub("", name).split()
    named = [word for word in words if _NAME_WORD.match(word)]
    if not named or regex.search(r"\d", name):
        return False
    if not regex.search(r"[\p{Lu}\p{Ll}]", name):
        return len(name) <= 30
    return 2 <= len(words) <= 5 and len(named) >= 2 and bool(_NAME_WORD.match(words[0])) and bool(_NAME_WORD.match(words[-1]))


def _split(text: str) -> list[str]:
    """The names of a list; titles and roles behind a comma stay off or with their name."""
    names: list[str] = []
    for stretch in _PARTS.split(text):
        for part in _joiners(load()).split(stretch):
            pieces = [piece.strip() for piece in part.split(",")]
            names.append(pieces[0])
            for piece in pieces[1:]:
                if _TITLES_BEHIND.fullmatch(" " + piece) and names[-1]:
                    names[-1] += f", {piece}"
                elif piece and not _is_role(piece):
                    names.append(piece)
    return [name for name in names if name and not _is_role(name)]


def _is_role(text: str) -> bool:
    roles = load().entries("byline.role")
    words = fold(text).split()
    # "Staff writer", "staff writer at the Gazette", "chief staff writer": the role opens or closes what is said.
    spans = [" ".join(words[:count]) for count in range(1, 5)] + [" ".join(words[-count:]) for count in range(1, 5)]
    return any(span in roles for span in spans) and not (len(words) == 2 and words[0] not in roles and words[1] not in roles)


def _without_prefix(text: str) -> str:
    """A name without "By", "Text:", "Von"."""
    folded = fold(text)
    if len(folded) != len(text):
        return text
    prefix = load().prefix("byline.prefix", folded)
    if not prefix:
        return text
    rest = text[len(prefix) :]
    told = rest.lstrip()[:1] in (":", "：", "/", "|") or rest[:1].isspace() or (rest and not rest[0].isascii() and not prefix.isascii())
    bare = rest.lstrip(" :：/|")
    return bare if told and bare else text


@cache
def _joiners(lexicon: Lexicon) -> regex.Pattern[str]:
    words = "|".join(map(regex.escape, sorted(lexicon.entries("byline.name"), key=len, reverse=True)))
    return regex.compile(rf"(?<=\p{{L}}\p{{L}}[.,]?)(?<!\s),?\s++(?:{words})\s++(?=\p{{Lu}}|\p{{Lo}})")
