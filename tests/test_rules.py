"""Every rule: its place in the chain, its manual page, and its fixtures, each a folder."""

from __future__ import annotations

import dataclasses
import doctest
import importlib
import inspect
import json
from pathlib import Path

import pytest

import cleaner
from cleaner.rules import DEFAULT_RULES, Rule

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures" / "rules"
CASES = sorted(path.parent for path in FIXTURES.glob("*/*/input.txt"))
HELPERS = {"__init__", "rule", "labels", "moments", "names", "notices"}
NAMES = [rule.name for rule in DEFAULT_RULES]


def name_of(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_case(case: Path) -> None:
    source = (case / "input.txt").read_text(encoding="utf-8")
    expected = case / "expected.txt"
    result = cleaner.clean(source, kind="text")
    wanted = expected.read_text(encoding="utf-8") if expected.exists() else source
    assert result.text == wanted.strip("\n"), "\n".join(str(edit) for edit in result.edits if edit.kind != "normalize")
    metadata = case / "metadata.json"
    if metadata.exists():
        found = dataclasses.asdict(result.metadata)
        for key, value in json.loads(metadata.read_text(encoding="utf-8")).items():
            assert found[key] == (tuple(value) if isinstance(value, list) else value), key


@pytest.mark.parametrize("case", [case for case in CASES if (case / "expected.txt").exists()], ids=name_of)
def test_case_needs_its_rule(case: Path) -> None:
    """A case that removes comes out differently without its rule: else it tests another. The scored rule may stand in for any."""
    source, name = (case / "input.txt").read_text(encoding="utf-8"), case.parent.name
    others = tuple(rule for rule in DEFAULT_RULES if rule.name not in (name, "context"))
    without = cleaner.Cleaner(rules=others).clean(source, kind="text")
    result = cleaner.clean(source, kind="text")
    assert name in {edit.rule for edit in result.edits}
    assert (without.text, without.metadata) != (result.text, result.metadata)


@pytest.mark.parametrize("rule", DEFAULT_RULES, ids=lambda rule: str(rule.name))
def test_rule_is_complete(rule: Rule) -> None:
    module = importlib.import_module(f"cleaner.rules.{rule.name}")
    page = inspect.getdoc(type(rule)) or ""
    examples = doctest.DocTestParser().get_examples(page)
    folders = [case.name for case in CASES if case.parent.name == rule.name]
    assert type(rule).__module__ == module.__name__
    assert page.splitlines()[0].endswith(".")
    assert len(examples) >= 2, "a rule's page shows what it removes and what it keeps"
    assert any(folder.startswith("keeps-") for folder in folders)
    assert any(not folder.startswith("keeps-") for folder in folders)


def test_every_module_is_in_the_chain() -> None:
    modules = {path.stem for path in (ROOT / "cleaner" / "rules").glob("*.py")} - HELPERS
    assert modules == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


def test_every_fixture_belongs_to_a_rule() -> None:
    assert {case.parent.name for case in CASES} == set(NAMES)


def test_rules_are_frozen() -> None:
    for rule in DEFAULT_RULES:
        with pytest.raises((dataclasses.FrozenInstanceError, AttributeError, TypeError)):
            rule.name = "other"  # type: ignore[misc]
