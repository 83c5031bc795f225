"""Configuration: `cleaner.toml`, or `[tool.cleaner]` in `pyproject.toml`, read and checked, made into a `Cleaner`."""

from __future__ import annotations

import difflib
import importlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import regex

from cleaner.api import Cleaner
from cleaner.header import STYLES
from cleaner.lexicon import Phrase
from cleaner.lexicon.phrases import GROUPS, LexiconError, own_phrases
from cleaner.rules import DEFAULT_RULES, Rule

FILE = "cleaner.toml"


class SettingsError(ValueError):
    """A configuration that cannot be used; the message names the file, the key and what to write instead."""


@dataclass(frozen=True)
class Settings:
    """What a configuration file may say.

    quotes   "straight" or "keep"
    header   "yaml", "json" or "none"
    protect  patterns (regex) of lines that no rule may remove
    rules    by rule name: false to leave it out, or a table of its options
    phrases  by section ("cookie_notice.says"): phrases of your own
    own      rules of your own, "package.module:Name", after the chain's
    """

    quotes: str = "straight"
    header: str = "yaml"
    protect: tuple[str, ...] = ()
    rules: Mapping[str, Any] = field(default_factory=dict)
    phrases: Mapping[str, Any] = field(default_factory=dict)
    own: tuple[str, ...] = ()

    def cleaner(self, where: str = "settings") -> Cleaner:
        """The `Cleaner` that these settings describe. Raises SettingsError, its message starting with `where`."""
        chain = (*_configured(self.rules, where), *(_imported(path, where) for path in self.own))
        for pattern in self.protect:
            _check_pattern(pattern, where)
        return Cleaner(rules=chain, quotes=self.quotes, protect=self.protect, phrases=tuple(_own_phrases(self.phrases, where)))


def find_settings(folder: Path) -> tuple[Settings, str]:
    """The settings that hold in a folder: its own file's or the nearest parent's, else the defaults; and where they stand."""
    for place in (folder, *folder.parents):
        own = place / FILE
        if own.is_file():
            return load_settings(own), str(own)
        project = place / "pyproject.toml"
        if project.is_file():
            table = _tool(project)
            if table is not None:
                where = f"{project} [tool.cleaner]"
                return read_settings(table, where), where
    return Settings(), "defaults"


def load_settings(path: Path) -> Settings:
    """Read a configuration file. Raises SettingsError."""
    table: Any = _parse(path)
    if path.name == "pyproject.toml":
        table = _tool(path) or {}
    return read_settings(table, str(path))


def read_settings(table: object, where: str) -> Settings:
    """Check a table's keys and types. Raises SettingsError.

    >>> read_settings({"qoutes": "keep"}, "cleaner.toml")
    Traceback (most recent call last):
    cleaner.settings.SettingsError: cleaner.toml: unknown key 'qoutes': did you mean 'quotes'?
    """
    if not isinstance(table, Mapping):
        raise SettingsError(f"{where}: the configuration is a table, not {table!r}")
    known = {entry.name: entry.default for entry in fields(Settings)}
    for key, value in table.items():
        if key not in known:
            raise SettingsError(f"{where}: unknown key {key!r}{_nearest(key, known)}")
        wanted = str if key in ("quotes", "header") else dict if key in ("rules", "phrases") else list
        if not isinstance(value, wanted):
            raise SettingsError(f"{where}: {key} is a {_spoken(wanted)}, not {value!r}")
        if wanted is list and not all(isinstance(item, str) for item in value):
            raise SettingsError(f"{where}: {key} is a list of strings, not {value!r}")
    for key, choices in (("quotes", ("straight", "keep")), ("header", STYLES)):
        if key in table and table[key] not in choices:
            raise SettingsError(f"{where}: {key} is one of {', '.join(choices)}, not {table[key]!r}")
    lists = {key: tuple(map(str, table[key])) for key in ("protect", "own") if key in table}
    return Settings(**{**table, **lists})


def _tool(project: Path) -> Any:
    """`[tool.cleaner]` of a pyproject.toml; None without one."""
    tools = _parse(project).get("tool", {})
    return tools.get("cleaner") if isinstance(tools, dict) else None


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: no TOML: {error}") from None


def _configured(options: Mapping[str, Any], where: str) -> Iterable[Rule]:
    """The chain with rules left out or their options set."""
    names = [rule.name for rule in DEFAULT_RULES]
    for name in options:
        if name not in names:
            raise SettingsError(f"{where}: unknown rule {name!r}{_nearest(name, names)}")
    for rule in DEFAULT_RULES:
        wanted = options.get(rule.name, True)
        if isinstance(wanted, Mapping):
            yield _with_options(rule, wanted, where)
        elif wanted is True:
            yield rule
        elif wanted is not False:
            raise SettingsError(f"{where}: rules.{rule.name} is true, false or a table of options, not {wanted!r}")


def _with_options(rule: Rule, options: Mapping[str, Any], where: str) -> Rule:
    known = {entry.name: getattr(rule, entry.name) for entry in fields(rule)}  # type: ignore[arg-type]
    for key, value in options.items():
        if key not in known:
            raise SettingsError(f"{where}: rule {rule.name} has no option {key!r}{_nearest(key, known)}")
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise SettingsError(f"{where}: rules.{rule.name}.{key} is a number, not {value!r}")
    return replace(rule, **options)  # type: ignore[type-var]


def _imported(path: str, where: str) -> Rule:
    module, _, name = path.partition(":")
    if not name:
        raise SettingsError(f'{where}: own rule {path!r} is no "package.module:Name"')
    try:
        found = getattr(importlib.import_module(module), name)
        rule = found() if isinstance(found, type) else found
    except Exception as error:  # noqa: BLE001 - a user's module may raise anything; whatever it is, it is told
        raise SettingsError(f"{where}: own rule {path!r}: {type(error).__name__}: {error}") from None
    if not (isinstance(getattr(rule, "name", None), str) and callable(getattr(rule, "edits", None))):
        raise SettingsError(f"{where}: own rule {path!r} has no `name` and `edits`")
    own: Rule = rule
    return own


def _own_phrases(sections: Mapping[str, Any], where: str) -> Iterable[Phrase]:
    for section, lines in sections.items():
        rule, _, group = section.partition(".")
        if rule not in {known.name for known in DEFAULT_RULES} or group not in GROUPS:
            known_sections = [f"{known.name}.{name}" for known in DEFAULT_RULES for name in GROUPS]
            raise SettingsError(f"{where}: unknown section phrases.{section}{_nearest(section, known_sections)}")
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise SettingsError(f"{where}: phrases.{section} is a list of strings, not {lines!r}")
        try:
            yield from own_phrases(section, lines)
        except LexiconError as error:
            raise SettingsError(f"{where}: phrases.{section}: {error}") from None


def _check_pattern(pattern: str, where: str) -> None:
    try:
        regex.compile(pattern)
    except regex.error as error:
        raise SettingsError(f"{where}: protect pattern {pattern!r}: {error}") from None


def _nearest(key: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(key, list(known), 1, 0.5)
    return f": did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(known)[:25])}"


def _spoken(kind: type) -> str:
    return "string" if kind is str else "list" if kind is list else "table"
