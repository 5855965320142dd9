"""Danger is caught, and people who ask about standards or grumble are left alone."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.safety.detector import NONE, Danger, find_danger
from bot.safety.evaluate import figures, read_phrases
from bot.safety.replies import safety_reply
from core.clock import today
from core.paths import PROJECT_ROOT
from core.text import fold
from knowledge.help_lines import GOOD_FOR, help_lines, stale

EVAL = PROJECT_ROOT / "tests/eval"
PHRASES = PROJECT_ROOT / "bot/safety/phrases.tsv"


@pytest.mark.parametrize(("name", "caught", "alarms"), [("safety", 0.98, 0.01), ("safety_dev", 0.96, 0.015)])
def test_danger_is_caught_and_alarms_are_rare(name: str, caught: float, alarms: float) -> None:
    found = [(kind, bool(find_danger(text))) for kind, text in read_phrases(EVAL / f"{name}.tsv")]
    danger = [seen for kind, seen in found if kind != NONE]
    safe = [seen for kind, seen in found if kind == NONE]
    assert sum(danger) / len(danger) >= caught - 0.001
    assert sum(safe) / len(safe) <= alarms + 0.001


def test_what_is_measured_was_not_learnt() -> None:
    learnt = {fold(text) for _, text in read_phrases(PHRASES)}
    for path in EVAL.glob("safety*.tsv"):
        assert not learnt & {fold(text) for _, text in read_phrases(path) if fold(text)}, path.name


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("mi esposo me pega y no me deja salir de la casa", "violence", "079"),
        ("ya no quiero vivir", "self_harm", "800 911 2000"),
        ("quiero certificarme de cocinera, pero hoy amanecí pensando en suicidarme", "self_harm", "800 911 2000"),
        ("nos cobran piso y si no pagamos nos queman el local", "extortion", "089"),
        ("ICE took my brother this morning", "detained_or_missing", "520 623 7874"),
        ("a mi compañero le cayó la viga y no respira", "medical", "911"),
    ],
)
def test_each_danger_gets_its_number(text: str, kind: str, number: str) -> None:
    danger = find_danger(text)
    assert danger is not None
    assert danger.kind == kind
    reply = safety_reply(danger)
    assert number in reply.text
    assert reply.answer_status == "safety"
    assert {button["payload"] for button in reply.buttons} == {"/callback", "/talk_to_person"}
    assert all(source["as_of"] for source in reply.sources)


@pytest.mark.parametrize(
    "text",
    [
        "¿de qué trata el EC0539, atención a mujeres víctimas de violencia?",
        "me muero de risa con su página",
        "instalo piso laminado y cobro por metro",
        "me robaron mi certificado, ¿cómo lo repongo?",
        "soy paramédico, atiendo infartos y quiero mi certificado",
        "hola", "", "👍", "?" * 4000, "a " * 2000,
    ],
)  # fmt: skip
def test_nobody_else_is_told_to_call_for_help(text: str) -> None:
    assert find_danger(text) is None


@pytest.mark.parametrize("kind", ["violence", "extortion", "self_harm", "detained_or_missing", "medical"])
def test_what_is_said_in_danger_is_short_and_plain(kind: str) -> None:
    text = safety_reply(Danger(kind, 1.0)).text
    assert len(text.split()) <= 60
    assert "{" not in text


def test_every_number_was_looked_up_lately() -> None:
    assert stale(today()) == []


def test_a_number_nobody_looked_up_for_half_a_year_is_a_problem() -> None:
    newest = max(line.verified_on for line in help_lines().values())
    problems = stale(newest + GOOD_FOR + timedelta(days=1))
    assert len(problems) == len(help_lines())
    assert "se verificó el" in problems[0]


def test_the_figures_name_each_miss(tmp_path: Path) -> None:
    file = tmp_path / "phrases.tsv"
    file.write_text("kind\ttext\nviolence\tbuenos días\nnone\tme quieren matar\n", encoding="utf-8")
    lines = "\n".join(figures(read_phrases(file)))
    assert "no visto (violence): buenos días" in lines
    assert "de más (violence 1.00): me quieren matar" in lines
