"""What each message does to an interview, and what the staff gets at its end."""

import re
import uuid
from dataclasses import replace
from typing import Any

import pytest

from bot.actions import fields
from bot.actions.fields import Again, Read, read_consent
from bot.actions.interview import Interview, State, hear
from bot.actions.interviews import COMPLAINT, MIGRANT, PROVIDER, STANDARD
from bot.actions.tools import Tools
from bot.words import nothing_to_retry
from conversations.store import open_conversation
from handoff.models import Ticket
from handoff.tickets import open_tickets
from tests.bot.rasas_part import act, heard, opened

YES, STORY, WHO = {"consentimiento": "sí"}, {"relato": "me cobraron dos veces"}, {"prestador": "Centro Azul"}
NAMED = {**YES, **STORY, **WHO, "nombre": "Ana López"}


def after(interview: Interview, told: dict[str, str], text: str, intent: str = "ask", **more: Any) -> tuple[Any, Any]:
    """What hearing ``text`` does to an interview in which so much was told."""
    return hear(interview, State(interview.name, told, apart=more.pop("apart", 0)), heard(text, intent, **more))


async def conversation(tools: Tools) -> str:
    """Id of a new conversation."""
    async with tools.db.begin() as session:
        found, _, _ = await open_conversation(session, "webchat", nothing_to_retry())
        return str(found.id)


async def tickets(tools: Tools) -> list[Ticket]:
    async with tools.db.begin() as session:
        return await open_tickets(session)


def done(name: str, told: dict[str, str]) -> dict[str, Any]:
    """An interview in which all was told."""
    return {"name": name, "told": told, "apart": 0, "end": "told"}


def slots(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


@pytest.mark.parametrize("interview", [COMPLAINT, MIGRANT])
def test_nothing_personal_is_asked_before_the_permission(interview: Interview) -> None:
    asked = [one.name for one in interview.fields]
    assert asked.index("consentimiento") < asked.index("nombre") < asked.index("contacto")
    permission = next(one for one in interview.fields if one.name == "consentimiento")
    for part in ("Sólo se usará para", "cancelar", "nombre"):
        assert part in permission.question
    assert [one["payload"] for one in permission.buttons] == ["/affirm", "/deny"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [("sí", "affirm"), ("Sí, claro", "ask"), ("va", "ask"), ("simón", "ask"), ("yes", "ask"), ("", "affirm")],
)
def test_yes_goes_on(text: str, intent: str) -> None:
    state, before = after(COMPLAINT, {}, text, intent)
    assert before is None
    assert state.told == {"consentimiento": "sí"}
    assert state.end is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [("no", "deny"), ("no gracias", "ask"), ("nel", "ask"), ("claro que no", "affirm"), ("", "deny")],
)
def test_no_ends_it(text: str, intent: str) -> None:
    state, _ = after(COMPLAINT, {}, text, intent)
    assert state.told == {"consentimiento": "no"}
    assert state.end == "told"


def test_data_given_before_the_permission_waits_for_it() -> None:
    state, before = after(COMPLAINT, {}, "mi tel es 55 1234 5678")
    assert "necesito su permiso" in before
    assert state.end is None


def test_what_is_told_before_the_permission_is_not_asked_again() -> None:
    told: dict[str, str] = {"oficio": "soldador"}
    for text in ("9 años", "Tijuana", "Rosa Elena Cruz", "664 123 4567"):
        state, before = after(MIGRANT, told, text)
        assert "necesito su permiso" in before, text
        told = state.told
    state, _ = after(MIGRANT, told, "sí, doy permiso")
    assert state.end == "told"
    assert state.told["lugar"] == "Tijuana, Baja California"


def test_another_matter_gives_no_permission() -> None:
    asked = replace(heard("va, quién certifica el EC0575"), meant=[("find_provider", 0.9)])
    assert fields.read_consent(asked) is None


@pytest.mark.parametrize(
    "text", ["¿si les doy mis datos quién los ve?", "ok, ¿pero para qué los quieren?", "claro que no"]
)
def test_a_question_about_the_permission_gives_none(text: str) -> None:
    assert fields.read_consent(heard(text)) != "sí"


@pytest.mark.parametrize(
    "text",
    [
        "cancelar",
        "ya no quiero",
        "mejor no gracias",
        "never mind",
        "cancelar por favor",
    ],
)
def test_it_may_be_cancelled_at_any_question(text: str) -> None:
    for told in (YES, {**YES, **STORY}, {**YES, **STORY, **WHO}, NAMED):
        state, _ = after(COMPLAINT, told, text)
        assert state.end == "cancelled", (text, told)


def test_a_person_may_be_asked_for_in_between() -> None:
    state, _ = after(COMPLAINT, {**YES, **STORY}, "mejor quiero hablar con alguien", "talk_to_person")
    assert state.end == "talk_to_person"
    state, _ = after(COMPLAINT, YES, "pedí hablar con alguien del centro y nunca me atendieron", "talk_to_person")
    assert state.told["relato"].startswith("pedí hablar"), "that is what happened, not what they want now"


def test_a_wrong_number_is_asked_for_again_with_what_is_wrong() -> None:
    for text, why in (
        ("es el 55 2282 02", "diez dígitos"),
        ("ana@gmail", "correo"),
        ("ana arroba gmail", "correo"),
        ("no tengo", "Sin un teléfono"),
    ):
        state, before = after(COMPLAINT, NAMED, text)
        assert why in before, text
        assert "contacto" not in state.told
        assert state.end is None
    state, before = after(COMPLAINT, NAMED, "es el 55 2282 0200")
    assert before is None
    assert (state.told["contacto"], state.end) == ("+525522820200", "told")


@pytest.mark.parametrize(
    ("interview", "told", "text"),
    [
        (STANDARD, {}, "¿cuánto cuesta?"),
        (PROVIDER, {}, "¿qué es un estándar?"),
        (COMPLAINT, {}, "¿cuánto tardan en responder?"),
        (COMPLAINT, YES, "¿cuánto tardan en responder?"),
        (COMPLAINT, {**YES, **STORY}, "¿es confidencial?"),
        (COMPLAINT, {**YES, **STORY, **WHO}, "¿para qué quiere mi nombre?"),
        (COMPLAINT, NAMED, "¿para qué quieren mi teléfono?"),
        (MIGRANT, {"oficio": "drywall", **YES}, "¿y eso cuánto cuesta?"),
        (MIGRANT, {"oficio": "drywall", **YES, "años de experiencia": "ocho"}, "¿por qué?"),
    ],
)
def test_a_question_in_the_middle_is_left_to_rasa(interview: Interview, told: dict[str, str], text: str) -> None:
    assert after(interview, told, text) == (None, None)


def test_courtesy_in_the_middle_asks_again() -> None:
    state, before = after(COMPLAINT, NAMED, "gracias", "thank")
    assert before == "Claro que sí, seguimos."
    assert state.end is None


def test_who_keeps_to_another_matter_leaves() -> None:
    text, told = "¿quién certifica a los plomeros?", {**YES, **STORY, **WHO}
    assert after(COMPLAINT, told, text, "find_provider", apart=1) == (None, None)
    state, _ = after(COMPLAINT, told, text, "find_provider", apart=2)
    assert state.end == "find_provider"
    state, _ = after(COMPLAINT, {}, text, "find_provider", apart=1)
    assert state.end == "find_provider", "who does not answer for the permission hardly meant to begin"


def test_a_search_gives_way_to_another_matter_at_once() -> None:
    state, _ = after(STANDARD, {}, "quiero poner una queja", "file_complaint")
    assert state.end == "file_complaint"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ana López", "Ana López"),
        ("me llamo Ana López.", "Ana López"),
        ("Mi nombre es María del Carmen de la O", "María del Carmen de la O"),
        ("soy José Ángel Núñez", "José Ángel Núñez"),
        ("my name is John Pérez", "John Pérez"),
        ("¿para qué?", None),
        ("no quiero", None),
        ("cuánto cuesta el certificado", None),
        ("55 1234 5678", Again("Necesito su nombre para poder buscarle.")),
    ],
)
def test_a_name_is_kept_as_it_is_written(text: str, name: Read) -> None:
    assert fields.read_name(heard(text)) == name


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("8", "8"),
        ("ocho años", "ocho años"),
        ("desde 2010", "desde 2010"),
        ("como cinco años", "como cinco años"),
        ("toda la vida", "toda la vida"),
        ("no sé", "no sé"),
        ("un buen", Again("Con un número basta; por ejemplo, cinco años.")),
        ("¿por qué?", None),
    ],
)
def test_how_long_is_kept_in_their_words(text: str, read: Read) -> None:
    assert fields.read_years(heard(text)) == read


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("Morelia", "Morelia, Michoacán"),
        ("vivo en Guadalajara", "Guadalajara, Jalisco"),
        ("en jalisco", "Jalisco"),
        ("rancho El Encino", "rancho El Encino"),
        ("¿por qué lo pregunta?", None),
    ],
)
def test_where_they_live_is_read_as_a_place_of_mexico(text: str, home: Read) -> None:
    assert fields.read_home(heard(text)) == home


@pytest.mark.parametrize(
    ("text", "trade"),
    [
        ("soy albañil", "soy albañil"),
        ("did drywall in Dallas", "did drywall in Dallas"),
        ("¿cuánto cuesta?", None),
        ("en Jalisco", None),
    ],
)
def test_a_trade_is_whatever_they_do(text: str, trade: Read) -> None:
    assert fields.read_trade(heard(text)) == trade


def test_what_is_no_trade_is_not_taken_for_one() -> None:
    for text, intent in (("hola", "greet"), ("pinche bot", "insult"), ("quiero quejarme del centro", "file_complaint")):
        assert fields.read_trade(heard(text, intent)) is None, text


def test_a_code_is_a_standard_in_any_spelling() -> None:
    assert fields.read_standard(heard("el ec 301 porfa")) == "EC0301"
    assert fields.read_standard(heard("soldador")) == "soldador"


@pytest.mark.parametrize(
    ("text", "who"), [("CECATI 45", "CECATI 45"), ("no sé", "No lo sabe"), ("ni idea", "No lo sabe"), ("¿cuál?", None)]
)
def test_who_a_complaint_is_about_may_be_unknown(text: str, who: Read) -> None:
    assert fields.read_provider(heard(text)) == who


def test_a_story_needs_more_than_two_words_and_may_end_in_a_question() -> None:
    assert isinstance(fields.read_story(heard("me robaron")), Again)
    long = "pagué en mayo, no me han dado nada y nadie me contesta, ¿es eso justo?"
    assert fields.read_story(heard(long)) == long


@pytest.mark.parametrize(
    ("read", "text", "wanted"),
    [
        (fields.read_trade, "como mesero", "como mesero"),
        (fields.read_trade, "puedo soldar y pintar", "puedo soldar y pintar"),
        (fields.read_name, "es José Ángel Núñez", "José Ángel Núñez"),
        (fields.read_name, "Ana López 55 1234 5678", "Ana López"),
    ],
)
def test_an_answer_that_begins_like_a_question_is_an_answer(read: Any, text: str, wanted: str) -> None:
    assert read(heard(text)) == wanted


@pytest.mark.parametrize(
    ("read", "text", "intent"),
    [
        (fields.read_home, "gracias", "thank"),
        (fields.read_home, "ok", "affirm"),
        (fields.read_home, "ya no me interesa", "deny"),
        (fields.read_name, "gracias", "thank"),
        (fields.read_provider, "ok gracias", "thank"),
    ],
)
def test_courtesy_is_no_answer(read: Any, text: str, intent: str) -> None:
    assert read(heard(text, intent)) is None


def test_a_question_about_a_code_is_a_question() -> None:
    assert fields.read_name(heard("¿quién certifica el EC0301?")) is None


async def test_a_migrants_opening_words_are_not_asked_for_again(tools: Tools) -> None:
    text = "hice drywall ocho años en Dallas y ya estoy en Morelia"
    _, events = await act(tools, "action_returning_migrant", text, intent="returning_migrant")
    state = opened(events)
    assert state is not None
    assert state.told["años de experiencia"] == "ocho años"
    assert state.told["lugar"] == "Morelia, Michoacán"
    asked = MIGRANT.next({"oficio": text, **state.told})
    assert asked is not None
    assert asked.name == "consentimiento"
    asked = MIGRANT.next({"oficio": text, **state.told, **YES})
    assert asked is not None
    assert asked.name == "nombre"


def test_a_place_abroad_is_not_where_they_live() -> None:
    for text in ("regresé de california", "vivo en houston", "estuve 15 años en Texas"):
        assert fields.home(text) is None, text


async def test_rasas_form_asks_hears_and_ends(tools: Tools) -> None:
    """One turn after another, as Rasa's form calls: what is heard, then the next question."""
    _, events = await act(tools, "action_complaint", "quiero quejarme", intent="file_complaint")
    state = slots(events)["interview"]
    just = [{"event": "action", "name": "action_complaint"}]
    _, events = await act(
        tools, "validate_interview_form", "quiero quejarme", intent="file_complaint", interview=state, before=just
    )
    state = slots(events)["interview"]
    assert "reply" not in slots(events)
    for text, intent, question in (
        ("sí", "affirm", "¿Qué pasó?"),
        ("me cobraron dos veces y no me evaluaron", "file_complaint", "¿De qué centro"),
        ("Centro Azul", "ask", "¿A nombre de quién"),
        ("Ana López", "ask", "¿A qué teléfono"),
        ("55 2282 02", "ask", "¿A qué teléfono"),
    ):
        _, events = await act(tools, "validate_interview_form", text, intent=intent, interview=state)
        state = slots(events)["interview"]
        [asked], _ = await act(tools, "action_ask_reply", text, interview=state)
        assert asked["text"].startswith(question)
        assert asked["answer_status"] == "form"
    _, events = await act(tools, "validate_interview_form", "55 2282 0200", interview=state)
    assert slots(events)["reply"] == "told"


async def test_a_message_about_something_else_leaves_the_form_where_it_is(tools: Tools) -> None:
    state = {"name": "complaint", "told": {**YES, **STORY}, "apart": 0, "end": None}
    said, events = await act(tools, "validate_interview_form", "¿es confidencial?", interview=state)
    assert (said, events) == ([], [])


async def test_one_interview_at_a_time(tools: Tools) -> None:
    state = {"name": "complaint", "told": {**YES, **STORY}, "apart": 0, "end": None}
    said, events = await act(tools, "action_find_provider", "/find_provider", intent="find_provider", interview=state)
    assert said[0]["text"].startswith("Con gusto lo vemos en cuanto terminemos")
    assert opened(events) is None


async def test_a_complaint_becomes_a_ticket_with_a_folio(tools: Tools) -> None:
    sender = await conversation(tools)
    told = {**NAMED, "contacto": "+525522820200"}
    [reply], events = await act(
        tools, "action_interview_done", "55 2282 0200", interview=done("complaint", told), sender=sender
    )
    [ticket] = await tickets(tools)
    assert ticket.folio in reply["text"]
    assert "Gracias, Ana." in reply["text"]
    assert "55 2282 0200" in reply["text"]
    assert "identificación" in reply["text"]
    assert reply["answer_status"] == "handoff"
    assert (ticket.kind, ticket.phone, ticket.conversation_id) == ("complaint", "+525522820200", uuid.UUID(sender))
    assert ticket.details.items() >= {**STORY, **WHO, "nombre": "Ana López"}.items()
    assert re.fullmatch(
        r"sí, el \d+ de \w+ de 20\d\d, por escrito en la conversación", ticket.details["consentimiento"]
    )
    assert slots(events)["interview"] is None


async def test_told_twice_is_one_ticket(tools: Tools) -> None:
    sender = await conversation(tools)
    told = done("complaint", {**NAMED, "contacto": "ana@correo.com"})
    [first], _ = await act(tools, "action_interview_done", "ana@correo.com", interview=told, sender=sender)
    [second], _ = await act(tools, "action_interview_done", "ana@correo.com", interview=told, sender=sender)
    assert first["text"] == second["text"]
    [ticket] = await tickets(tools)
    assert ticket.phone is None
    assert ticket.details["contacto"] == "ana@correo.com"


async def test_a_migrants_case_becomes_a_ticket(tools: Tools) -> None:
    sender = await conversation(tools)
    told = {
        "oficio": "drywall", **YES, "años de experiencia": "ocho años", "lugar": "Morelia, Michoacán",
        "nombre": "josé pérez", "contacto": "+12147483647",
    }  # fmt: skip
    [reply], _ = await act(
        tools, "action_interview_done", "+1 214 748 3647", interview=done("migrant", told), sender=sender
    )
    [ticket] = await tickets(tools)
    assert ticket.kind == "migrant"
    assert ticket.folio in reply["text"]
    assert "Listo, José." in reply["text"]
    assert "+1 214-748-3647" in reply["text"]
    assert "no puedo asegurarle uno" in reply["text"], "free places are promised to nobody"
    assert ticket.details.items() >= {key: value for key, value in told.items() if key != "consentimiento"}.items()


@pytest.mark.parametrize(("name", "told"), [("complaint", {}), ("migrant", {"oficio": "drywall"})])
async def test_without_permission_nothing_is_kept_and_another_way_is_shown(
    tools: Tools, name: str, told: dict[str, str]
) -> None:
    [reply], _ = await act(
        tools, "action_interview_done", "no", interview=done(name, {**told, "consentimiento": "no"}), sender="1"
    )
    assert reply["text"].startswith("De acuerdo, no ")
    assert reply["answer_status"] == "answered"
    assert await tickets(tools) == []


async def test_what_was_cancelled_is_let_go(tools: Tools) -> None:
    state = {"name": "complaint", "told": NAMED, "apart": 0, "end": "cancelled"}
    [reply], events = await act(tools, "action_interview_done", "cancelar", interview=state)
    assert "no registré nada" in reply["text"]
    assert slots(events)["interview"] is None
    assert await tickets(tools) == []


async def test_what_made_them_leave_is_answered(tools: Tools) -> None:
    state = {"name": "standard", "told": {}, "apart": 0, "end": "talk_to_person"}
    [reply], _ = await act(tools, "action_interview_done", "mejor una persona", interview=state)
    assert reply["answer_status"] == "handoff_offered"
    state["end"] = "file_complaint"
    [sorry], events = await act(tools, "action_interview_done", "quiero quejarme", interview=state)
    assert sorry["text"].startswith("Lamento lo que pasó.")
    begun = opened(events)
    assert begun is not None
    assert begun.name == "complaint", "its own interview begins, the other one is over"


async def test_a_trade_without_a_standard_still_hears_what_else_there_is(tools: Tools) -> None:
    [reply], _ = await act(tools, "action_interview_done", "xyzzyx", interview=done("standard", {"oficio": "xyzzyx"}))
    assert any("no_existe_mi_estandar" in shown["payload"] for shown in reply["buttons"])


def test_a_name_is_no_wish_to_be_called() -> None:
    told = {"consentimiento": "sí", "relato": "no llegó", "prestador": "No lo sabe"}
    state, _ = after(COMPLAINT, told, "me llamo Ana Ruiz", "talk_to_person")
    assert state.told["nombre"] == "Ana Ruiz"
    state, _ = after(COMPLAINT, told, "mejor quiero hablar con una persona", "talk_to_person")
    assert state.end == "talk_to_person"


def test_a_number_in_a_story_is_not_the_citizens() -> None:
    text = "El evaluador me escribió del 55 2282 0200 y me pidió dinero por fuera"
    state, _ = after(COMPLAINT, {"consentimiento": "sí"}, text, "file_complaint")
    assert "contacto" not in state.told


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("va a ser difícil, no acepto todavía", None),
        ("si me garantizan que es gratis", None),
        ("ok pero primero dígame el costo", None),
        ("no hay problema, adelante", "sí"),
        ("no le veo inconveniente", "sí"),
        ("sí, acepto", "sí"),
        ("claro que no", "no"),
    ],
)
def test_permission_is_read_only_where_it_is_plain(text: str, read: str | None) -> None:
    assert read_consent(heard(text, "affirm")) == read
