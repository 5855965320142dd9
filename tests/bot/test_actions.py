"""What the actions say, from the real registry. Rasa's part is played by the tracker it would send."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from app.problems import render_problems
from bot.actions import all_actions
from bot.actions.buttons import button
from bot.actions.tools import Tools
from bot.webhook import actions_router
from conversations.message import ANSWER_STATUSES
from core.db import Database
from core.settings import Settings
from search.index import Index


class Ready:
    """A search index that is already built."""

    def __init__(self, index: Index) -> None:
        self.current = index


@pytest.fixture
def tools(registry_db: Database, index: Index, settings: Settings) -> Tools:
    return Tools(registry_db, Ready(index), settings)  # type: ignore[arg-type]


async def act(
    tools: Tools, name: str, text: str, *, intent: str = "x", slots: dict[str, Any] | None = None, **entities: str
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Run an action as Rasa would; its messages and its events."""
    action = next(action for action in all_actions(tools) if action.name() == name)
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [{"entity": key, "value": value} for key, value in entities.items()],
        "intent_ranking": [{"name": intent, "confidence": 0.9}],
    }
    tracker = Tracker("1", slots or {}, message, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker, {})
    said = [message["custom"] for message in dispatcher.messages]
    for reply in said:
        check(reply)
    return said, events


def check(reply: dict[str, Any]) -> None:
    """What holds for whatever is said: limits of the channels, sources with a date, a trace."""
    assert reply["answer_status"] in ANSWER_STATUSES
    assert 0 < len(reply["text"]) <= 1600  # Twilio's limit of a message
    assert len(reply["buttons"]) <= 3
    for shown in reply["buttons"]:
        assert 0 < len(shown["title"]) <= 20
        assert re.fullmatch(r"/[a-z_]+(\{.*\})?", shown["payload"])
    if reply["answer_status"] == "answered":
        assert reply["sources"]
    for source in reply["sources"]:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", source["as_of"])
    assert reply["trace"]["action"].startswith("action_")


async def test_a_question_is_answered_with_its_sources(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_answer", "¿cuánto cuesta certificarse?")
    assert reply["answer_status"] == "answered"
    assert "no fija el precio" in reply["text"]
    assert reply["trace"]["hits"][0]["id"] == "precio"


async def test_a_buttons_answer_is_shown_whatever_it_reads_like(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_answer", '/ask_information{"answer_id":"vigencia"}', answer_id="vigencia")
    assert "estándar" in reply["text"]
    [gone], _ = await act(tools, "action_answer", "/ask_information", answer_id="ya_no_existe")
    assert gone["answer_status"] == "not_found"


async def test_every_answer_can_be_shown(tools: Tools, index: Index) -> None:
    for answer_id in index.items["answer"]:
        [reply], _ = await act(tools, "action_answer", "/ask_information", answer_id=answer_id)
        assert reply["answer_status"] == "answered"
        assert reply["buttons"]


async def test_what_is_not_known_is_not_invented(tools: Tools) -> None:
    for text in ("zxcvb ñlkjh", "kjsdhf"):
        [reply], _ = await act(tools, "action_answer", text)
        assert reply["answer_status"] == "not_found"
        assert any(b["payload"] == "/talk_to_person" for b in reply["buttons"])


async def test_half_sure_offers_the_likeliest(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_answer", "certificado")
    assert reply["answer_status"] in ("clarify", "answered")
    assert reply["buttons"]


async def test_a_trade_lists_standards_with_level_of_trust(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_standard", "soy albañil, ¿en qué me puedo certificar?")
    assert reply["answer_status"] == "answered"
    assert re.search(r"EC0326|EC0453", reply["text"])
    assert reply["sources"][0]["as_of"] == "2025-11-28"
    assert reply["buttons"][0]["title"].startswith("Ver EC")


async def test_a_list_leaves_out_what_only_shares_a_verb(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_standard", "pongo loseta")
    assert "Este estándar se relaciona con lo que usted hace:\nEC0322" in reply["text"]
    assert "enfermería" not in reply["text"]


async def test_a_misspelt_trade_is_told_as_it_was_read(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_standard", "kiero sertificarme de cosinero")
    assert reply["text"].startswith("Buscamos «cocinero».")


async def test_without_a_trade_the_form_asks_once_and_clean(tools: Tools) -> None:
    for text in ("¿en qué me puedo certificar?", "/find_standard"):
        said, events = await act(tools, "action_find_standard", text, slots={"ocupacion": "plomero"})
        assert said == []
        assert [event.get("name") for event in events] == ["ocupacion", "requested_slot", "standard_form"]
        assert events[0]["value"] is None


async def test_an_unknown_trade_says_so(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_standard", "xyzzyx")
    assert reply["answer_status"] == "not_found"
    assert "xyzzyx" in reply["text"]


async def test_a_card_says_title_level_sector_and_who_certifies(tools: Tools) -> None:
    [reply], events = await act(tools, "action_standard_details", "¿qué es el EC0217.01?")
    for part in (
        "EC0217.01",
        "Impartición de cursos",
        "Nivel tres",
        "educativos",
        "371 prestadores",
        "noviembre de 2025",
    ):
        assert part in reply["text"]
    assert reply["sources"][0]["url"].endswith("EC0217.01")
    assert events[0]["value"] == "EC0217.01"


async def test_a_replaced_code_leads_to_its_successor_and_says_so(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_standard_details", "ec 217")
    assert "ya no está vigente en el registro; la sustituye EC0217.01" in reply["text"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("EC9999", "No encuentro el estándar EC9999 en nuestra copia del registro, del 28 de noviembre de 2025"),
        ("EC0217.09", "existe EC0217.01"),
        ("EC1815", "Diario Oficial"),
        ("EC0003", "No aparece como vigente"),
        ("ECM0174", "estándar de marca"),
        ("EC0561", "EC0561.01"),
    ],
)
async def test_a_card_is_honest_about_each_standing(tools: Tools, code: str, words: str) -> None:
    [reply], _ = await act(tools, "action_standard_details", f"quiero el {code}")
    assert words in reply["text"]


async def test_every_card_can_be_shown(tools: Tools, index: Index) -> None:
    for code in index.items["standard"]:
        [reply], _ = await act(tools, "action_standard_details", code)
        assert code in reply["text"]


async def test_providers_of_a_code(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_provider", "¿quién certifica el EC0217.01?")
    assert "371 prestadores acreditados en EC0217.01" in reply["text"]
    assert "28 de noviembre de 2025" in reply["text"]
    assert "no trae teléfonos ni domicilios" in reply["text"]


async def test_providers_in_a_state_are_named_as_inferred(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_provider", "quien certifica el ec0217.01 en jalisco")
    assert "Por su nombre, parecen estar en Jalisco" in reply["text"]
    [tijuana], _ = await act(
        tools, "action_find_provider", "ec0217.01 en tijuana", entidad_federativa="Baja California"
    )
    assert "Baja California" in tijuana["text"]


async def test_a_standard_nobody_certifies_says_so(tools: Tools, index: Index) -> None:
    lonely = next(
        i.id for i in index.items["standard"].values() if i.status == "current" and not index.providers_of(i.id)
    )
    [reply], _ = await act(tools, "action_find_provider", f"quien certifica el {lonely}")
    assert reply["answer_status"] == "not_found"
    assert "no muestra a nadie acreditado" in reply["text"]


async def test_providers_of_a_trade_choose_the_standard_first(tools: Tools) -> None:
    [reply], _ = await act(
        tools, "action_find_provider", "quien certifica soldadores en puebla", entidad_federativa="Puebla"
    )
    assert reply["answer_status"] == "clarify"
    assert '"entidad_federativa": "Puebla"' in reply["buttons"][0]["payload"]


async def test_providers_of_what_was_shown_last(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_provider", "¿quién lo certifica?", slots={"ec_code": "EC0301"})
    assert "EC0301" in reply["text"]


@pytest.mark.parametrize(
    ("text", "slot"), [("/find_provider", "EC0301"), ("¿quién certifica?", None), ("en Puebla", "en Puebla")]
)
async def test_without_a_standard_the_form_asks(tools: Tools, text: str, slot: str | None) -> None:
    said, events = await act(tools, "action_find_provider", text, slots={"ec_code": slot})
    assert said == []
    assert events[-1]["name"] == "provider_form"


async def test_every_standards_providers_can_be_shown(tools: Tools, index: Index) -> None:
    for code in list(index.items["standard"])[::7]:
        for state in ("", " en Sonora"):
            [reply], _ = await act(tools, "action_find_provider", f"quien certifica {code}{state}")
            assert "EC" in reply["text"]


async def test_courses_of_a_code_a_trade_and_in_general(tools: Tools) -> None:
    [by_code], _ = await act(tools, "action_find_course", "cursos del EC0002")
    assert "Asistencia primaria de un evento adverso" in by_code["text"]
    assert "nadie puede exigirle un curso" in by_code["text"].replace("\n", " ")
    [by_words], _ = await act(tools, "action_find_course", "hay cursos de manejo higiénico de alimentos?")
    assert "higiénico" in by_words["text"].lower()
    [general], _ = await act(tools, "action_find_course", "¿dan cursos?")
    assert general["trace"]["action"] == "action_find_course"
    [cooking], _ = await act(tools, "action_find_course", "hay cursos de cocinero?", ocupacion="cocinero")
    assert "RENAC" in cooking["sources"][0]["title"]
    [none], _ = await act(tools, "action_find_course", "curso de xyzzyx")
    assert none["answer_status"] == "not_found"


async def test_a_provider_named_says_what_it_certifies(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_provider", "universidad tecnologica de puebla que certifica")
    assert "Universidad Tecnológica de Puebla: acreditado en 32 estándares" in reply["text"]


async def test_a_place_alone_goes_on_with_the_trade_named_before(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_standard", "en jalisco", slots={"ocupacion": "soldador"})
    assert reply["answer_status"] == "clarify"
    assert "Jalisco" in reply["buttons"][0]["payload"]


@pytest.mark.parametrize(
    ("text", "intent", "words"),
    [
        ("soy electricista", "out_of_scope", "EC"),
        ("cuanto tarda la evaluacion", "out_of_scope", "estándar"),
        ("no tengo ine", "deny", "¿Se refiere|identificación"),
    ],
)
async def test_what_hides_in_small_talk_is_looked_up(tools: Tools, text: str, intent: str, words: str) -> None:
    [reply], _ = await act(tools, "action_smalltalk", text, intent=intent)
    assert re.search(words, reply["text"]), reply["text"]


async def test_courtesy_stays_courtesy(tools: Tools) -> None:
    for text, intent in (
        ("muchas gracias", "thank"),
        ("ok perfecto", "affirm"),
        ("no gracias", "deny"),
        ("bye", "goodbye"),
    ):
        [reply], _ = await act(tools, "action_smalltalk", text, intent=intent)
        assert reply["answer_status"] == "smalltalk", text


async def test_a_place_after_a_standard_is_a_place(tools: Tools) -> None:
    for text in ("y en nuevo leon", "y en sonora?", "en querétaro"):
        [reply], _ = await act(tools, "action_find_provider", text, slots={"ec_code": "EC0076"})
        assert "EC0076" in reply["text"], text


async def test_a_question_beside_a_code_is_answered(tools: Tools) -> None:
    [reply], events = await act(tools, "action_standard_details", "qué vigencia tiene el certificado del ec0217")
    assert "La vigencia la define cada estándar" in reply["text"]
    assert events[0]["value"] == "EC0217"


async def test_a_trade_taken_for_small_talk_is_looked_up(tools: Tools) -> None:
    action = next(action for action in all_actions(tools) if action.name() == "action_smalltalk")
    message = {"text": "soy barbero", "intent": {"name": "goodbye", "confidence": 0.5}, "entities": []}
    dispatcher = CollectingDispatcher()
    await action.run(dispatcher, Tracker("1", {}, message, [], False, None, {}, "action_listen"), {})
    assert "EC1136" in dispatcher.messages[0]["custom"]["text"]


async def test_a_person_is_offered_with_telephone_and_call_back(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_talk_to_person", "quiero hablar con alguien")
    assert reply["answer_status"] == "handoff_offered"
    assert "55 2282 0200" in reply["text"]
    assert reply["buttons"][0]["payload"] == "/callback"


async def test_a_complaint_is_told_how_and_offered_a_person(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_complaint", "me trataron mal")
    assert reply["text"].startswith("Lamento lo que pasó.")
    assert reply["buttons"][-1]["payload"] == "/callback"


async def test_who_returned_hears_of_the_programme_and_of_the_trade(tools: Tools) -> None:
    replies, _ = await act(
        tools, "action_returning_migrant", "me deportaron, fui soldador en houston", ocupacion="soldador"
    )
    assert "lugares limitados" in replies[0]["text"]
    assert "EC" in replies[1]["text"]
    only, _ = await act(tools, "action_returning_migrant", "me acaban de deportar")
    assert len(only) == 1


async def test_fallback_grades_its_doubt(tools: Tools) -> None:
    [card], _ = await act(tools, "action_default_fallback", "ec 301", intent="nlu_fallback")
    assert "EC0301" in card["text"]
    [trade], _ = await act(tools, "action_default_fallback", "barbero", intent="nlu_fallback")
    assert "EC1136" in trade["text"]
    [nothing], events = await act(tools, "action_default_fallback", "xyzzyx", intent="nlu_fallback")
    assert nothing["answer_status"] == "not_found"
    assert events == []
    _, events = await act(tools, "action_default_fallback", "xyzzyx", intent="affirm")
    assert events[-1]["event"] == "rewind"


@pytest.mark.parametrize("intent", ["greet", "goodbye", "thank", "affirm", "deny", "out_of_scope"])
async def test_small_talk_is_short_and_a_question_hidden_in_it_is_answered(tools: Tools, intent: str) -> None:
    [reply], _ = await act(tools, "action_smalltalk", "jajaja", intent=intent)
    assert reply["answer_status"] in ("smalltalk", "out_of_scope")
    [answer], _ = await act(tools, "action_smalltalk", "¿cuánto cuesta certificarse?", intent=intent)
    assert answer["answer_status"] == "answered"


async def test_hostile_text_comes_back_as_text(tools: Tools) -> None:
    text = "<script>alert(1)</script> 🙂 \u202e"
    for action in all_actions(tools):
        await act(tools, action.name(), text, intent="greet")


def test_a_title_that_whatsapp_would_cut_is_refused() -> None:
    with pytest.raises(ValueError, match="over 20"):
        button("Un título demasiado largo", "x")


async def test_only_rasa_may_call_the_actions(tools: Tools) -> None:
    app = FastAPI()
    render_problems(app)
    app.include_router(actions_router(tools, "secreto"))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as client:
        for headers in ({}, {"Authorization": "Bearer otro"}, {"Authorization": "Bearer "}):
            assert (await client.post("/bot/actions", json={}, headers=headers)).status_code == 401
        known = {"Authorization": "Bearer secreto"}
        call = {"next_action": "nada", "tracker": {}}
        assert (await client.post("/bot/actions", json=call, headers=known)).status_code == 404
