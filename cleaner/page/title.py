"""The title of a page, without the name of its site."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from cleaner.page.text import key

MAX_TITLE = 400

_SEPARATOR = re.compile(
    r"\s*(?:\s[|–—·•»«:~\\/><-]|[|»•]|\s::|\s--)\s+|\s+[|]\s*|[｜|](?=\S)|\s?[_＿]\s?(?=[^\x00-\x7f])|(?<=[^\x00-\x7f])[_＿-](?=[^\x00-\x7f])"
)
_LEAST = 3


class Heading(NamedTuple):
    """A candidate: its text and where it stands."""

    text: str
    source: str


def choose_title(headings: Sequence[Heading], stated: Sequence[Heading], sites: Sequence[str]) -> Iterator[Heading]:
    """The titles of a page, the most trusted first.

    headings  what the page shows: its <h1>s in order
    stated    what it says of itself: JSON-LD's headline, og:title, <title>
    sites     what its site is called, host names among them

    A heading that the page also states, whole or as part of a longer title, is the title as readers see it.
    """
    names = {name for site in sites if len(name := key(site)) >= _LEAST}
    bare = [Heading(without_site(one.text, names), one.source) for one in stated]
    bare = [one for one in bare if one.text]
    shown = [
        Heading(text, one.source) for one in headings if (text := without_site(one.text, names).rstrip(" -–—|")) and key(text) not in names
    ]
    whole = {key(one.text) for one in bare}
    yield from (one for one in shown if key(one.text) in whole)
    yield from (one for one in bare if any(_part_of(one.text, heading.text, 0.6) for heading in shown))
    yield from (one for one in shown if any(_part_of(one.text, other.text) for other in stated))
    scored = [(max((_alike(one.text, other.text) for other in bare), default=0.0), -place, one) for place, one in enumerate(shown[:6])]
    close = max(scored, default=None)
    if close and close[0] >= 0.6:
        yield close[2]
    if len({key(one.text) for one in shown}) == 1:
        yield shown[0]
    # Two statements that agree once the site is off are right more often than one.
    counts = {name: sum(key(one.text) == name for one in bare) for name in whole}
    yield from sorted(bare, key=lambda one: -counts[key(one.text)])
    yield from shown


def without_site(title: str, names: set[str]) -> str:
    """A title without the parts at its ends that name the site.

    >>> without_site("Bridge opens - after years | Lakeside Gazette", {"lakesidegazette"})
    'Bridge opens - after years'
    >>> without_site("Lakeside Gazette", {"lakesidegazette"})
    'Lakeside Gazette'
    """
    for _ in range(3):
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            return title
        last, first = title[cuts[-1].end() :], title[: cuts[0].start()]
        if _names_site(last, names) and key(title[: cuts[-1].start()]):
            title = title[: cuts[-1].start()].rstrip(" -–—|·:")
        elif _names_site(first, names) and key(title[cuts[0].end() :]):
            title = title[cuts[0].end() :]
        else:
            return title
    return title


def shortened(title: str) -> str:
    """A title without its last part, where that is short and the rest is not: what remains when the site is not known."""
    cuts = [cut for cut in _SEPARATOR.finditer(title) if cut[0].strip() not in (":", "/", ">", "<")]
    if not cuts:
        return title
    head, tail = title[: cuts[-1].start()], title[cuts[-1].end() :]
    return head if len(head) >= max(8, len(tail) * 0.6) and len(tail.split()) <= 6 else title


def _names_site(part: str, names: set[str]) -> bool:
    name = key(part)
    if not name:
        return True
    return name in names or any(
        (len(name) >= 4 and name in site) or (len(site) >= 5 and name.startswith(site) and len(name) < 3 * len(site)) for site in names
    )


def _part_of(heading: str, stated: str, least: float = 0.3) -> bool:
    """Whether a heading is a stated title but for what follows or stands before a separator."""
    wanted = key(heading)
    if len(wanted) < 2 * _LEAST:
        return False
    whole = key(stated)
    return wanted != whole and len(wanted) >= least * len(whole) and (whole.startswith(wanted) or whole.endswith(wanted))


def _alike(heading: str, stated: str) -> float:
    """How much two titles share, by words, 0 to 1."""
    first, second = heading.casefold().split()[:40], stated.casefold().split()[:40]
    if len(first) + len(second) < 6:  # scripts without spaces, and short titles: by letters
        return SequenceMatcher(None, heading.casefold()[:120], stated.casefold()[:120], autojunk=False).ratio()
    return 2 * len(set(first) & set(second)) / (len(set(first)) + len(set(second)))
