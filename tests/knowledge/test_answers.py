import re
from datetime import date

import pytest

from knowledge.answers import ACTS, MAX_BUTTON, MAX_TEXT, MAX_VOICE, overdue
from knowledge.load import read_knowledge
from knowledge.models import Answer

ANSWERS = read_knowledge()["answers"]
ALL = pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())


def test_every_section_of_the_facts_has_answers() -> None:
    topics = {answer["topic"] for answer in ANSWERS.values()}
    assert topics >= set(
        "certificarse requisitos precio tiempos certificado reposicion verificar quejas prestadores comites distancia "
        "descuentos migrantes extranjero contacto conocer asistente".split()
    )
    assert len(ANSWERS) >= 60


@ALL
def test_an_answer_can_be_shown_said_and_followed(answer: dict) -> None:
    assert len(answer["text"]) <= MAX_TEXT
    assert len(answer["voice"]) <= MAX_VOICE
    assert len(answer["button"]) <= MAX_BUTTON
    assert answer["sources"]
    assert 1 <= len(answer["follow_ups"]) <= 3
    assert answer["id"] not in answer["follow_ups"]
    Answer(**answer)


# Words that would embarrass us: rules of the facts and of plain, respectful Spanish.
FORBIDDEN = re.compile(
    r"reprob|no caduca|de por vida|permanente para|\btú\b|\btus\b|\bpuedes\b|\btienes\b|/as?\b|@s\b|todes|\*\*|http",
    re.I,
)


@ALL
def test_an_answer_keeps_to_the_facts_and_to_usted(answer: dict) -> None:
    for field in ("text", "voice"):
        found = FORBIDDEN.search(answer[field].replace("México reconoce tu experiencia", ""))
        assert found is None, f"{answer['id']}: «{found and found.group()}» in {answer[field]}"


@ALL
def test_an_answer_is_not_older_than_its_review(answer: dict) -> None:
    assert answer["review_by"] > answer["fact_date"]


def test_no_answer_states_a_price() -> None:
    for answer in ANSWERS.values():
        assert not re.search(r"\$\s?\d", answer["text"] + answer["voice"]), answer["id"]


def test_an_answer_past_its_review_is_reported() -> None:
    assert overdue(ANSWERS, date(2026, 11, 21)) == []
    late = overdue(ANSWERS, date(2030, 1, 1))
    assert len(late) == len(ANSWERS)
    assert "debía revisarse" in late[0]


def test_follow_ups_lead_somewhere() -> None:
    for answer in ANSWERS.values():
        assert set(answer["follow_ups"]) <= set(ANSWERS) | set(ACTS)
