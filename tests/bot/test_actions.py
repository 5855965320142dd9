"""What the actions say, from the real registry."""

import json
import re

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from app.problems import render_problems
from bot.actions import all_actions
from bot.actions.buttons import button
from bot.actions.memory import Memory
from bot.actions.tools import Tools
from bot.webhook import actions_router
from search.index import Index
from tests.bot.rasas_part import act, opened, remembered


def told(name: str, **answers: str) -> dict[str, object]:
    """An interview in which all was told."""
    return {"name": name, "told": answers, "apart": 0, "end": "told"}


async def test_a_question_is_answered_with_its_sources(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_ask", "¿cuánto cuesta certificarse?")
    assert reply["answer_status"] == "answered"
    assert "no fija el precio" in reply["text"]
    assert reply["trace"]["hits"][0]["id"] == "precio"


async def test_a_buttons_answer_is_shown_whatever_it_reads_like(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_ask", '/ask{"answer_id":"vigencia"}', answer_id="vigencia")
    assert "estándar" in reply["text"]
    [gone], _ = await act(tools, "action_ask", "/ask", answer_id="ya_no_existe")
    assert gone["answer_status"] == "not_found"


async def test_every_answer_can_be_shown(tools: Tools, index: Index) -> None:
    for answer_id in index.items["answer"]:
        [reply], _ = await act(tools, "action_ask", "/ask", answer_id=answer_id)
        assert reply["answer_status"] == "answered"
        assert reply["buttons"]


async def test_what_is_not_known_is_not_invented(tools: Tools) -> None:
    for text in ("zxcvb ñlkjh", "kjsdhf"):
        [reply], _ = await act(tools, "action_ask", text)
        assert reply["answer_status"] == "not_found"
        assert any(b["payload"] == "/talk_to_person" for b in reply["buttons"])


async def test_half_sure_offers_the_likeliest(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_ask", "certificado")
    assert reply["answer_status"] in ("clarify", "answered")
    assert reply["buttons"]


async def test_a_trade_lists_standards_with_level_of_trust(tools: Tools) -> None:
    [reply], events = await act(tools, "action_ask", "soy albañil, ¿en qué me puedo certificar?")
    assert reply["answer_status"] == "answered"
    assert re.search(r"EC0326|EC0453", reply["text"])
    assert re.search(r"\n1\. EC\S+, .+ \(nivel (uno|dos|tres|cuatro|cinco)\)", reply["text"])
    assert reply["sources"][0]["as_of"] == "2025-11-28"
    assert reply["buttons"][0]["title"].startswith("Ver EC")
    assert remembered(events).trade == "albañil"


async def test_a_list_leaves_out_what_only_shares_a_verb(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_ask", "pongo loseta")
    assert "Este estándar se relaciona con lo que usted hace:\n1. EC0322" in reply["text"]
    assert "enfermería" not in reply["text"]


async def test_a_misspelt_trade_is_told_as_it_was_read(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_ask", "kiero sertificarme de cosinero")
    assert reply["text"].startswith("Buscamos «cocinero».")


async def test_without_a_trade_the_interview_asks_once_and_clean(tools: Tools) -> None:
    said, events = await act(tools, "action_ask", "/ask", memory=Memory(trade="plomero"))
    assert said == []
    state = opened(events)
    assert state is not None
    assert (state.name, state.told) == ("standard", {})


async def test_who_asks_how_is_told_and_asked_what_they_do(tools: Tools) -> None:
    [reply], events = await act(tools, "action_ask", "/ask", answer_id="como_certificarse")
    assert reply["answer_status"] == "answered"
    assert "¿a qué se dedica?" in reply["text"]
    assert opened(events) is None, "any trade is understood without a form"
    [reply], _ = await act(tools, "action_ask", "/ask", answer_id="como_certificarse", memory=Memory(trade="plomero"))
    assert "¿a qué se dedica?" not in reply["text"], "what they do is known"


async def test_an_unknown_trade_says_so(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_interview_done", "xyzzyx", interview=told("standard", oficio="xyzzyx"))
    assert reply["answer_status"] == "not_found"
    assert "xyzzyx" in reply["text"]


async def test_a_card_says_title_level_sector_and_who_certifies(tools: Tools) -> None:
    [reply], events = await act(tools, "action_ask", "¿qué es el EC0217.01?")
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
    assert remembered(events).code == "EC0217.01"


async def test_a_replaced_code_leads_to_its_successor_and_says_so(tools: Tools) -> None:
    for text in ("ec 217", "y el 217"):
        [reply], events = await act(tools, "action_ask", text)
        assert "La clave EC0217 ya no está vigente en el registro; la sustituye EC0217.01" in reply["text"]
        assert remembered(events).code == "EC0217.01"


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
    [reply], _ = await act(tools, "action_ask", f"quiero el {code}")
    assert words in reply["text"]


async def test_every_card_can_be_shown(tools: Tools, index: Index) -> None:
    for code in index.items["standard"]:
        [reply], _ = await act(tools, "action_ask", "/ask", ec_code=code)
        assert code in reply["text"]


async def test_several_codes_are_shown_together(tools: Tools) -> None:
    [reply], events = await act(tools, "action_ask", "el EC0301, el 217 y el EC9998", meant={"card": 0.9})
    assert "No encuentro EC9998" in reply["text"]
    assert remembered(events).ids == ("EC0301", "EC0217.01")


async def test_providers_of_a_code(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_provider", "¿quién certifica el EC0217.01?")
    assert "371 prestadores acreditados en EC0217.01" in reply["text"]
    assert "28 de noviembre de 2025" in reply["text"]
    assert "no trae teléfonos ni domicilios" in reply["text"]


@pytest.mark.parametrize(
    ("text", "state"),
    [("quien certifica el ec0217.01 en jalisco", "Jalisco"), ("ec0217.01 en tijuana", "Baja California")],
)
async def test_providers_in_a_state_are_named_as_inferred(tools: Tools, text: str, state: str) -> None:
    for action in ("action_find_provider", "action_ask"):
        [reply], events = await act(tools, action, text, meant={"find_provider": 0.9})
        assert f"Por su nombre, parecen estar en {state}" in reply["text"]
        assert remembered(events).state == state


async def test_a_state_said_before_holds_until_the_whole_country_is_asked_for(tools: Tools) -> None:
    known = Memory(code="EC0217.01", state="Jalisco")
    [here], _ = await act(tools, "action_find_provider", "¿quién lo certifica?", memory=known)
    assert "parecen estar en Jalisco" in here["text"]
    text = "¿y quién lo certifica en todo el país?"
    [everywhere], events = await act(tools, "action_find_provider", text, memory=known)
    assert "371 prestadores" in everywhere["text"]
    assert remembered(events).state is None


async def test_the_whole_country_alone_goes_on_with_the_standard(tools: Tools) -> None:
    known = Memory(act="find_provider", code="EC0217.01", state="Jalisco")
    [reply], _ = await act(tools, "action_find_provider", "¿y en todo el país?", intent="find_provider", memory=known)
    assert "371 prestadores" in reply["text"]


async def test_a_standard_nobody_certifies_says_so(tools: Tools, index: Index) -> None:
    lonely = next(
        i.id for i in index.items["standard"].values() if i.status == "current" and not index.providers_of(i.id)
    )
    [reply], _ = await act(tools, "action_find_provider", f"quien certifica el {lonely}")
    assert reply["answer_status"] == "not_found"
    assert re.search("ningún prestador|nadie acreditado", reply["text"])


async def test_providers_of_a_trade_name_the_other_standards_that_may_be_meant(tools: Tools) -> None:
    [reply], events = await act(tools, "action_find_provider", "quien certifica soldadores en puebla")
    assert reply["answer_status"] == "answered"
    assert "Puebla" in reply["text"]
    assert "También se parecen: EC" in reply["text"]
    memory, other = remembered(events), json.loads(reply["buttons"][1]["payload"].removeprefix("/find_provider"))
    assert (memory.trade, memory.state) == ("soldadores", "Puebla")
    [chosen], _ = await act(tools, "action_find_provider", "/find_provider", memory=memory, **other)
    assert other["ec_code"] in chosen["text"]
    assert "Puebla" in chosen["text"], "the state said before still holds"


async def test_providers_of_a_doubtful_trade_choose_the_standard_first(tools: Tools) -> None:
    [reply], events = await act(tools, "action_find_provider", "quien certifica cuidar jardines bonitos")
    assert reply["answer_status"] == "clarify"
    memory = remembered(events)
    assert memory.ids[0] in reply["text"]
    assert memory.misses == 0
    [first], _ = await act(tools, "action_find_provider", "¿quién certifica el primero?", memory=memory)
    assert memory.ids[0] in first["text"]


async def test_providers_of_what_was_shown_last(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_provider", "¿quién lo certifica?", memory=Memory(code="EC0301"))
    assert "EC0301" in reply["text"]
    listed = Memory(act="find_standard", kind="standard", ids=("EC0301", "EC0076"), seen=2)
    [first], _ = await act(tools, "action_find_provider", "¿quién lo certifica?", memory=listed)
    assert first["text"].startswith("Le respondo por EC0301, lo primero que le mostré.")


@pytest.mark.parametrize(
    ("text", "code"), [("/find_provider", "EC0301"), ("¿quién certifica?", None), ("en Puebla", None)]
)
async def test_without_a_standard_the_interview_asks(tools: Tools, text: str, code: str | None) -> None:
    said, events = await act(tools, "action_find_provider", text, intent="find_provider", memory=Memory(code=code))
    assert said == []
    state = opened(events)
    assert state is not None
    assert state.name == "provider"


async def test_what_the_interview_asked_for_is_shown(tools: Tools) -> None:
    asked = told("standard", oficio="soy plomero")
    [standards], events = await act(tools, "action_interview_done", "soy plomero", interview=asked)
    assert "EC0237" in standards["text"] or "EC0324" in standards["text"]
    assert {"event": "slot", "timestamp": None, "name": "interview", "value": None} in events
    asked = told("provider", estándar="EC0301")
    [providers], _ = await act(tools, "action_interview_done", "el EC0301", interview=asked)
    assert "acreditados en EC0301" in providers["text"]


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
    assert general["answer_status"] == "answered"
    [cooking], _ = await act(tools, "action_find_course", "hay cursos de cocinero?")
    assert "RENAC" in cooking["sources"][0]["title"]
    [none], _ = await act(tools, "action_find_course", "curso de xyzzyx")
    assert none["answer_status"] == "not_found"


async def test_courses_of_what_was_shown_last(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_find_course", "¿hay cursos?", confidence=0.99, memory=Memory(code="EC0002"))
    assert "EC0002" in reply["text"]
    [pressed], _ = await act(
        tools, "action_find_course", "/find_course", ec_code="EC0002", memory=Memory(code="EC0301")
    )
    assert "EC0002" in pressed["text"]


async def test_a_provider_named_says_what_it_certifies(tools: Tools) -> None:
    for action in ("action_find_provider", "action_ask"):
        [reply], _ = await act(tools, action, "universidad tecnologica de puebla que certifica")
        assert "Universidad Tecnológica de Puebla: acreditado en 32 estándares" in reply["text"]


async def test_a_place_alone_goes_on_with_the_trade_named_before(tools: Tools) -> None:
    [reply], events = await act(tools, "action_ask", "en jalisco", memory=Memory(trade="soldador"))
    assert re.search("EC0.+[Ss]olda.+", reply["text"])
    assert "Jalisco" in reply["text"]
    assert remembered(events).trade == "soldador"


async def test_a_place_after_a_standard_is_a_place(tools: Tools) -> None:
    for text in ("y en nuevo leon", "y en sonora?", "en querétaro"):
        for action in ("action_find_provider", "action_ask", "action_default_fallback"):
            [reply], _ = await act(tools, action, text, memory=Memory(code="EC0076"))
            assert "EC0076" in reply["text"], text


async def test_a_question_beside_a_code_is_answered_of_that_standard(tools: Tools) -> None:
    asked = "qué vigencia tiene el certificado del ec0217"
    [reply], events = await act(tools, "action_ask", asked, meant={"vigencia": 0.9})
    assert "Sobre EC0217.01" in reply["text"]
    assert "no trae el campo de vigencia" in reply["text"]
    assert "La vigencia la define cada estándar" in reply["text"]
    assert remembered(events).code == "EC0217.01"
    meant = {"card": 0.8, "niveles": 0.1}
    [other], _ = await act(tools, "action_ask", "¿y el EC1781?", meant=meant, memory=remembered(events))
    assert "vigencia de 3 años" in other["text"]


async def test_where_an_answer_comes_from_is_told_with_its_date(tools: Tools) -> None:
    _, events = await act(tools, "action_ask", "¿cuánto cuesta certificarse?")
    [reply], _ = await act(tools, "action_ask", "¿de dónde sale eso?", memory=remembered(events))
    assert reply["text"].startswith("Lo que le dije sale de:")
    assert re.search(r"consultado el \d+ de \w+ de 20\d\d", reply["text"])


@pytest.mark.parametrize(
    ("text", "intent", "words"),
    [
        ("soy electricista", "greet", "EC"),
        ("soy barbero", "goodbye", "EC1136"),
        ("cuanto tarda la evaluacion", "thank", "estándar"),
        ("no tengo ine", "deny", "¿Se refiere|identificación"),
    ],
)
async def test_what_hides_in_small_talk_is_looked_up(tools: Tools, text: str, intent: str, words: str) -> None:
    [reply], _ = await act(tools, "action_smalltalk", text, intent=intent, confidence=0.6)
    assert re.search(words, reply["text"]), reply["text"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("muchas gracias", "thank"),
        ("ok perfecto", "affirm"),
        ("no gracias", "deny"),
        ("bye", "goodbye"),
        ("hola", "greet"),
    ],
)
async def test_courtesy_stays_courtesy(tools: Tools, text: str, intent: str) -> None:
    [reply], _ = await act(tools, "action_smalltalk", text, intent=intent)
    assert reply["answer_status"] == "smalltalk"


async def test_yes_leads_a_step_further(tools: Tools) -> None:
    offered = Memory(act="find_standard", kind="standard", ids=("EC0322",), seen=1, code="EC0322")
    [card], events = await act(tools, "action_smalltalk", "sí", intent="affirm", memory=offered)
    assert "Nivel" in card["text"]
    [providers], _ = await act(tools, "action_smalltalk", "sí", intent="affirm", memory=remembered(events))
    assert re.search("acreditad[oa]", providers["text"])


@pytest.mark.parametrize("intent", ["greet", "goodbye", "thank", "affirm", "deny"])
async def test_small_talk_is_short_and_a_question_hidden_in_it_is_answered(tools: Tools, intent: str) -> None:
    [reply], _ = await act(tools, "action_smalltalk", "jajaja", intent=intent)
    assert reply["answer_status"] == "smalltalk"
    asked, meant = "¿cuánto cuesta certificarse?", {"precio": 0.6, intent: 0.4}
    [answer], _ = await act(tools, "action_smalltalk", asked, intent=intent, meant=meant)
    assert answer["answer_status"] == "answered"


@pytest.mark.parametrize(
    "text",
    [
        "/talk_to_person",
        "quiero que me atienda una persona",
        "quiero hablar con alguien",
    ],
)
async def test_a_person_is_offered_with_telephone_and_call_back(tools: Tools, text: str) -> None:
    [reply], _ = await act(tools, "action_talk_to_person", text, intent="talk_to_person")
    assert reply["answer_status"] == "handoff_offered"
    assert "55 2282 0200" in reply["text"]
    assert reply["buttons"][0]["payload"] == "/callback"


async def test_a_complaint_is_regretted_and_taken_down(tools: Tools) -> None:
    [reply], events = await act(tools, "action_complaint", "quiero quejarme", intent="file_complaint")
    assert reply["text"].startswith("Lamento lo que pasó.")
    assert reply["sources"], "how to complain officially"
    state = opened(events)
    assert state is not None
    assert (state.name, state.told) == ("complaint", {})


async def test_what_a_complaint_tells_already_is_not_asked_again(tools: Tools) -> None:
    text = "quiero denunciar que el centro me cobró dos veces y nunca me entregó mi certificado"
    [reply], events = await act(tools, "action_complaint", text, intent="file_complaint")
    assert "no tendrá que repetirlo" in reply["text"]
    state = opened(events)
    assert state is not None
    assert state.told == {"relato": text}


async def test_who_returned_hears_of_the_programme_and_of_the_trade(tools: Tools) -> None:
    text = "me deportaron, fui soldador en houston"
    replies, events = await act(tools, "action_returning_migrant", text, intent="returning_migrant")
    assert "lugares limitados" in replies[0]["text"]
    assert "EC" in replies[1]["text"]
    state = opened(events)
    assert state is not None
    assert state.told == {"oficio": text}
    only, events = await act(tools, "action_returning_migrant", "me acaban de deportar", intent="returning_migrant")
    assert len(only) == 1
    state = opened(events)
    assert state is not None
    assert state.told == {}


@pytest.mark.parametrize(
    ("action", "intent", "answer", "text"),
    [
        ("action_complaint", "file_complaint", "segundo_intento", "¿me vuelven a cobrar si no paso?"),
        ("action_find_course", "find_course", "curso_obligatorio", "¿tengo que tomar un curso a fuerzas?"),
        ("action_insult", "insult", "precio", "eso no sirve, ¿cuánto cuesta certificarse?"),
    ],
)
async def test_what_only_sounds_like_an_act_is_looked_up(
    tools: Tools, action: str, intent: str, answer: str, text: str
) -> None:
    meant = {intent: 0.4, answer: 0.3, "queja": 0.2}
    [reply], events = await act(tools, action, text, intent=intent, confidence=0.5, meant=meant)
    assert reply["answer_status"] in ("answered", "clarify")
    assert reply["trace"]["action"] == "action_ask"
    assert opened(events) is None


async def test_an_insult_is_met_calmly_with_a_person(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_insult", "pinche bot inútil", intent="insult")
    assert reply["text"].startswith("Entiendo su molestia.")
    assert reply["buttons"][0]["payload"] == "/talk_to_person"


async def test_fallback_grades_its_doubt(tools: Tools) -> None:
    [card], _ = await act(tools, "action_default_fallback", "ec 301", intent="nlu_fallback")
    assert "EC0301" in card["text"]
    [trade], _ = await act(tools, "action_default_fallback", "barbero", intent="nlu_fallback")
    assert "EC1136" in trade["text"]
    [nothing], _ = await act(tools, "action_default_fallback", "xyzzyx", intent="nlu_fallback")
    assert nothing["answer_status"] == "not_found"


async def test_two_misses_in_a_row_put_a_person_first(tools: Tools) -> None:
    _, events = await act(tools, "action_ask", "zxcvb ñlkjh")
    assert remembered(events).misses == 1
    [second], events = await act(tools, "action_ask", "kjsdhf", memory=remembered(events))
    assert second["answer_status"] == "handoff_offered"
    assert "55 2282 0200" in second["text"]
    assert second["buttons"][0]["payload"] == "/callback"
    assert len({shown["payload"] for shown in second["buttons"]}) == len(second["buttons"])
    _, events = await act(tools, "action_ask", "¿cuánto cuesta certificarse?", memory=remembered(events))
    assert remembered(events).misses == 0
    [after], _ = await act(tools, "action_ask", "kjsdhf", memory=remembered(events))
    assert after["answer_status"] == "not_found"


async def test_not_what_they_meant_counts_as_a_miss(tools: Tools) -> None:
    _, events = await act(tools, "action_ask", "zxcvb ñlkjh")
    [reply], _ = await act(tools, "action_not_helpful", "no me sirve", intent="not_helpful", memory=remembered(events))
    assert reply["answer_status"] == "handoff_offered"


async def test_not_what_they_meant_offers_what_else_it_may_be(tools: Tools) -> None:
    answered = Memory(act="ask", kind="answer", ids=("precio",), seen=1, others=("vigencia", "requisitos"))
    [topics], _ = await act(tools, "action_not_helpful", "no era eso", intent="not_helpful", memory=answered)
    assert [b["payload"] for b in topics["buttons"][:2]] == [
        '/ask{"answer_id": "vigencia"}', '/ask{"answer_id": "requisitos"}'
    ]  # fmt: skip
    listed = Memory(act="find_standard", kind="standard", ids=("EC0301", "EC0076", "EC0322"), seen=2)
    [more], _ = await act(tools, "action_not_helpful", "no era eso", intent="not_helpful", memory=listed)
    assert "EC0322" in more["text"]
    assert "EC0301" not in more["text"]


async def test_the_rest_of_a_list_is_numbered_anew(tools: Tools) -> None:
    listed = Memory(act="find_standard", kind="standard", ids=("EC0301", "EC0076", "EC0322"), seen=2)
    [reply], events = await act(tools, "action_ask", "otro", memory=listed)
    assert "1. EC0322" in reply["text"]
    [card], events = await act(tools, "action_ask", "el primero", memory=remembered(events))
    assert card["text"].startswith("EC0322.")
    none_left = Memory(act="find_provider", kind="provider", ids=("x",), seen=1)
    [end], _ = await act(tools, "action_ask", "otro", memory=none_left)
    assert "Ya no tengo más opciones" in end["text"]


async def test_what_was_picked_is_shown_or_asked_about(tools: Tools) -> None:
    listed = Memory(act="find_standard", kind="standard", ids=("EC0301", "EC0076"), seen=2)
    [card], events = await act(tools, "action_ask", "el segundo", memory=listed)
    assert card["text"].startswith("EC0076.")
    assert remembered(events).code == "EC0076"
    [providers], _ = await act(tools, "action_find_provider", "¿quién certifica el segundo?", memory=listed)
    assert "acreditados en EC0076" in providers["text"]


async def test_a_provider_is_picked_from_its_list(tools: Tools) -> None:
    [listed], events = await act(tools, "action_find_provider", "quien certifica el EC0301")
    second = re.search(r"\n2\. (.+)", listed["text"])
    assert second is not None
    [card], _ = await act(tools, "action_ask", "el segundo", memory=remembered(events))
    assert card["text"].startswith(f"{second[1]}: acreditado en")


async def test_a_correction_starts_from_what_was_meant(tools: Tools) -> None:
    _, events = await act(tools, "action_ask", "soy plomero")
    [reply], events = await act(tools, "action_ask", "no, quise decir barbero", memory=remembered(events))
    assert "EC1136" in reply["text"]
    _, events = await act(tools, "action_find_provider", "quien certifica el EC0301")
    [again], _ = await act(tools, "action_ask", "perdón, quise decir el EC0076", memory=remembered(events))
    assert "EC0076" in again["text"]
    assert again["trace"]["action"] == "action_find_provider"


async def test_what_an_older_version_remembered_is_forgotten(tools: Tools) -> None:
    assert Memory.of({"ocupacion": "plomero"}) == Memory()
    assert Memory.of(Memory(ids=("a", "b"), seen=1).slot()) == Memory(ids=("a", "b"), seen=1)


@pytest.mark.parametrize(
    ("kind", "text", "seen"), [("standard", "otro", 0), ("standard", "no era eso", 0), ("provider", "el primero", 1)]
)
async def test_what_is_gone_from_the_registry_breaks_nothing(tools: Tools, kind: str, text: str, seen: int) -> None:
    gone = Memory(act="find_standard", kind=kind, ids=("ya no existe", "ni éste"), seen=seen)
    action = "action_not_helpful" if text.startswith("no") else "action_ask"
    [reply], _ = await act(tools, action, text, intent="not_helpful", memory=gone)
    assert reply["text"]


async def test_what_changes_nothing_is_no_event(tools: Tools) -> None:
    [_], events = await act(tools, "action_smalltalk", "gracias", intent="thank")
    assert events == []


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


async def test_a_returnees_trade_is_heard_inside_the_story(tools: Tools) -> None:
    text = "hice drywall ocho años en Dallas y ya regresé"
    replies, events = await act(tools, "action_returning_migrant", text, intent="returning_migrant")
    assert "EC0984" in replies[-1]["text"]
    state = opened(events)
    assert state is not None
    assert state.told["oficio"] == text
    assert state.told["años de experiencia"] == "ocho años"
    assert "lugar" not in state.told, "Dallas is not where they live now"
