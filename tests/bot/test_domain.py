"""Rasa's files and our code must name the same things."""

import json
import re
from collections import Counter
from typing import Any

import pytest
import yaml

from bot import words
from bot.actions import all_actions, fields
from bot.actions.interview import ASKED, FORM, STATE
from bot.actions.memory import SLOT
from bot.actions.standard_facts import OF_STANDARDS
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
ANSWERS = read_knowledge()["answers"]
# Payloads that are answered without Rasa (bot/turn.py).
_WITHOUT_RASA = {words.CALLBACK["payload"], words.RETRY["payload"]}


def _plain(example: str) -> str:
    return fold(re.sub(r"\[([^]]+)\](?:\([^)]+\)|\{[^}]+\})", r"\1", example))


def test_the_domain_declares_exactly_our_actions() -> None:
    assert sorted(DOMAIN["actions"]) == sorted(action.name() for action in all_actions(None))  # type: ignore[arg-type]


def test_every_intent_has_at_least_thirty_different_examples() -> None:
    assert len(DOMAIN["intents"]) == len(set(DOMAIN["intents"])) == 14
    assert set(EXAMPLES) == set(DOMAIN["intents"]) - {"nlu_fallback"}
    for intent, examples in EXAMPLES.items():
        assert len(set(map(_plain, examples))) >= 30, intent


def test_no_example_stands_under_two_intents() -> None:
    seen = Counter(example for examples in EXAMPLES.values() for example in set(map(_plain, examples)))
    assert [example for example, times in seen.items() if times > 1] == []


def test_every_intent_leads_to_one_of_our_actions() -> None:
    led = {
        rule["steps"][0]["intent"]: rule["steps"][1]["action"] for rule in DATA["rules"] if "intent" in rule["steps"][0]
    }
    assert set(led) == set(DOMAIN["intents"])
    assert set(led.values()) <= set(DOMAIN["actions"])


def test_the_entities_are_those_of_the_buttons() -> None:
    assert set(DOMAIN["entities"]) == {"ec_code", "entidad_federativa", "answer_id"}


def test_the_slots_and_the_form_are_those_that_the_code_writes() -> None:
    assert set(DOMAIN["slots"]) == {SLOT, STATE, ASKED}
    assert DOMAIN["forms"] == {FORM: {"required_slots": [ASKED]}}


def test_answers_that_the_code_names_exist() -> None:
    for path in (PROJECT_ROOT / "bot").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        named = re.findall(r'answer_id(?:"?[:=] ?)"([a-z0-9_]+)"', text)
        named += re.findall(r'(?:answer_by_id|give_answer|_refused)\((?:[a-z.]+, )?"([a-z0-9_]+)"', text)
        assert set(named) <= set(ANSWERS), path
    assert set(ANSWERS) >= OF_STANDARDS


def test_buttons_of_the_code_name_known_intents() -> None:
    for path in (PROJECT_ROOT / "bot").rglob("*.py"):
        for intent in re.findall(r'(?<![a-z_])button\([^,()]+, "([a-z_]+)"', path.read_text(encoding="utf-8")):
            assert intent in DOMAIN["intents"], path


@pytest.mark.parametrize(
    "button",
    [
        *(value for name, value in vars(words).items() if name.isupper() and isinstance(value, dict)),
        fields.YES,
        fields.NO,
    ],
    ids=lambda button: button["title"],
)
def test_buttons_written_out_lead_somewhere(button: dict[str, str]) -> None:
    assert len(button["title"]) <= 20
    if button["payload"] not in _WITHOUT_RASA:
        intent, _, entities = button["payload"].removeprefix("/").partition("{")
        assert intent in DOMAIN["intents"]
        named = json.loads("{" + entities) if entities else {}
        assert set(named) <= set(DOMAIN["entities"])
        assert named.get("answer_id", "precio") in ANSWERS
