"""Rasa's files and our code must name the same things."""

import json
import re
from collections import Counter
from typing import Any

import pytest
import yaml

from bot.actions import all_actions
from core.paths import PROJECT_ROOT
from core.text import fold
from knowledge.load import read_knowledge


def _merged(folder: str) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for path in sorted((PROJECT_ROOT / "bot" / folder).rglob("*.yml")):
        for key, value in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            if isinstance(value, list):
                merged.setdefault(key, []).extend(value)
            elif isinstance(value, dict):
                merged.setdefault(key, {}).update(value)
    return merged


DOMAIN, DATA = _merged("domain"), _merged("data")
EXAMPLES = {
    item["intent"]: [re.sub(r"^- ", "", line) for line in item["examples"].splitlines() if line.strip()]
    for item in DATA["nlu"]
    if "intent" in item
}


def test_the_domain_declares_exactly_our_actions() -> None:
    assert sorted(DOMAIN["actions"]) == sorted(action.name() for action in all_actions(None))  # type: ignore[arg-type]


def test_about_fifteen_intents_with_at_least_thirty_different_examples_each() -> None:
    intents = set(DOMAIN["intents"]) - {"nlu_fallback"}
    assert 13 <= len(intents) <= 18
    assert set(EXAMPLES) == intents
    for intent, examples in EXAMPLES.items():
        plain = {fold(re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", example)) for example in examples}
        assert len(plain) >= 30, intent


def test_no_example_stands_under_two_intents() -> None:
    seen = Counter(fold(example) for examples in EXAMPLES.values() for example in set(map(fold, examples)))
    assert [example for example, times in seen.items() if times > 1] == []


def test_the_entities_are_those_of_the_design() -> None:
    assert {"ec_code", "entidad_federativa", "ocupacion"} <= set(DOMAIN["entities"])


@pytest.mark.parametrize("name", sorted(DOMAIN["responses"]))
def test_responses_fit_every_channel(name: str) -> None:
    answers = read_knowledge()["answers"]
    for variant in DOMAIN["responses"][name]:
        custom = variant["custom"]
        assert custom["answer_status"]
        assert len(custom["buttons"]) <= 3
        for button in custom["buttons"]:
            assert len(button["title"]) <= 20
            intent, _, entities = button["payload"].replace("{{", "{").replace("}}", "}").lstrip("/").partition("{")
            assert intent in DOMAIN["intents"]
            if entities:
                assert json.loads("{" + entities)["answer_id"] in answers


def test_answers_that_the_code_names_exist() -> None:
    answers = read_knowledge()["answers"]
    for path in (PROJECT_ROOT / "bot").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        named = re.findall(r'answer_id(?:"?[:=] ?)"([a-z0-9_]+)"', text)
        named += re.findall(r'answer_by_id\([^,]+, "([a-z_]+)"', text)
        assert set(named) <= set(answers), path


def test_buttons_of_the_code_name_known_intents() -> None:
    for path in (PROJECT_ROOT / "bot").rglob("*.py"):
        for intent in re.findall(r'(?<![a-z_])button\([^,()]+, "([a-z_]+)"', path.read_text(encoding="utf-8")):
            assert intent in DOMAIN["intents"], path
