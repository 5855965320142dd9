"""What is not ours: who sees to it where that is certain, and nothing made up."""

from collections import Counter

import pytest
import yaml

from bot.actions.outside import FILE, competent_bodies
from bot.actions.tools import Tools
from search.vocabulary import read_vocabulary
from tests.bot.rasas_part import act

ROWS = yaml.safe_load(FILE.read_text(encoding="utf-8"))
TOPICS = set(read_vocabulary().outside)


def test_every_topic_has_its_place_once() -> None:
    named = Counter(topic for row in ROWS for topic in row.get("topics", row.get("topics_without_body", ())))
    assert set(named) == TOPICS
    assert [topic for topic, times in named.items() if times > 1] == []
    assert set(competent_bodies()) == TOPICS


@pytest.mark.parametrize("row", [row for row in ROWS if "body" in row], ids=lambda row: row["topics"][0])
def test_a_body_reads_well_in_a_sentence(row: dict[str, str]) -> None:
    assert set(row) <= {"body", "matter", "topics", "url"}
    assert not row["body"].endswith(".")
    assert row["matter"][0].islower()
    assert row.get("url", "https://").startswith("https://")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "cómo saco cita para el pasaporte",
            ("El pasaporte no lo vemos aquí", "la Secretaría de Relaciones Exteriores (SRE)", "www.gob.mx/sre"),
        ),
        ("cómo descargo mi curp en pdf", ("al Registro Nacional de Población (RENAPO)",)),
        ("cuál es mi número de seguro social", ("al Instituto Mexicano del Seguro Social (IMSS)",)),
        ("quiero cita con el médico familiar", ("al Instituto Mexicano del Seguro Social (IMSS)",)),
    ],
)  # fmt: skip
async def test_who_sees_to_it_is_named(tools: Tools, text: str, parts: tuple[str, ...]) -> None:
    for action in ("action_ask", "action_default_fallback"):
        [reply], _ = await act(tools, action, text, meant={"outside": 0.9})
        assert reply["answer_status"] == "out_of_scope"
        for part in parts:
            assert part in reply["text"]
        assert "certificar" in reply["text"], "and comes back to what is ours"


async def test_where_nobody_is_certain_nobody_is_named(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_ask", "cuéntame un chiste")
    assert reply["answer_status"] == "out_of_scope"
    assert reply["text"].startswith("Eso no está en mis manos.")


async def test_a_trade_without_a_standard_says_none_was_found(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_ask", "soy astronauta")
    assert reply["answer_status"] == "not_found"
    assert "No encontré en el registro un estándar para «soy astronauta»" in reply["text"]
    assert "se puede proponer uno nuevo" in reply["text"]


async def test_what_is_not_ours_is_no_miss_though_a_missing_standard_is(tools: Tools) -> None:
    for text, misses in (("cuéntame un chiste", 0), ("soy astronauta", 1)):
        _, events = await act(tools, "action_ask", text)
        kept = [event["value"]["misses"] for event in events if event["name"] == "memory"]
        assert kept == ([misses] if misses else []), text


async def test_a_stay_in_an_interview_is_not_lost_to_it(tools: Tools) -> None:
    interview = {"name": "complaint", "told": {"consentimiento": "sí"}, "apart": 0, "end": None}
    [reply], events = await act(tools, "action_ask", "cómo saco cita para el pasaporte", interview=interview)
    assert "SRE" in reply["text"]
    assert all(event.get("name") != "interview" for event in events)
