"""Write cleaner/lexicon/calendar.json: the names of months and weekdays in every language of the lexicon.

The names are Unicode CLDR's (Unicode License v3), read through Babel. Run again after a language is added:
python tools/make_calendar.py
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from babel import Locale, UnknownLocaleError

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cleaner.lexicon.fold import fold  # noqa: E402

ALIASES = {"sr-Latn": "sr_Latn", "tl": "fil"}


def month_names(locale: Locale) -> list[tuple[str, int]]:
    rows = []
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                rows.append((name, number))
    return rows


def weekday_names(locale: Locale) -> set[str]:
    return {
        name for context in ("format", "stand-alone") for width in ("wide", "abbreviated") for name in locale.days[context][width].values()
    }


def clean(name: str) -> str:
    return fold(name).strip(" .")


def main() -> None:
    months: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    weekdays: set[str] = set()
    for path in sorted((ROOT / "cleaner/lexicon/languages").glob("*.txt")):
        language = path.stem
        try:
            locale = Locale.parse(ALIASES.get(language, language.replace("-", "_")))
        except UnknownLocaleError:
            continue
        for name, number in month_names(locale):
            key = clean(name)
            if key and not key.isdigit() and language not in months[key][number]:
                months[key][number].append(language)
        weekdays |= {clean(name) for name in weekday_names(locale)}
    for name, numbers in list(months.items()):  # Hebrew joins its preposition to the month
        for number, languages in list(numbers.items()):
            if "he" in languages:
                months["ב" + name][number].append("he")
    weekdays |= {"tues", "thur", "thurs", "weds"}
    months["sept"][9].append("en")
    table = {
        "source": "Unicode CLDR, through Babel; Unicode License v3. Written by tools/make_calendar.py.",
        "months": {
            name: {str(number): languages for number, languages in sorted(numbers.items())} for name, numbers in sorted(months.items())
        },
        "weekdays": sorted(name for name in weekdays if name and not name.isdigit()),
    }
    target = ROOT / "cleaner/lexicon/calendar.json"
    target.write_text(json.dumps(table, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{target.name}: {len(months)} month names, {len(weekdays)} weekday names")


if __name__ == "__main__":
    main()
