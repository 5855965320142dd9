import asyncio
import json
import uuid
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import update

from bot import words
from bot.rasa import Rasa
from bot.turn import Turns
from conversations import store
from conversations.message import Incoming
from conversations.models import Conversation, Message
from core.clock import utcnow
from core.db import Database
from core.settings import Settings
from handoff.tickets import open_tickets


class StandIn:
    """A Rasa across the network: remembers what it was told, answers or fails as told."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.broken = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        message = json.loads(request.content)["message"]
        self.heard.append(message)
        if self.broken:
            return httpx.Response(200, json=[])
        return httpx.Response(200, json=[{"text": f"respuesta a {message}"}])


@pytest.fixture
def rasa() -> StandIn:
    return StandIn()


@pytest.fixture
def turns(db: Database, settings: Settings, rasa: StandIn) -> Turns:
    return Turns(db, Rasa("http://rasa.test", 1.0, httpx.MockTransport(rasa)), settings)


@pytest.fixture
async def conversation(db: Database, settings: Settings) -> uuid.UUID:
    async with db.begin() as session:
        opened, _, _ = await store.open_conversation(session, "webchat", words.greeting(settings))
    return opened.id


async def _send(db: Database, conversation: uuid.UUID, text: str, payload: str | None = None) -> None:
    async with db.begin() as session:
        await store.receive(session, conversation, Incoming(str(uuid.uuid4()), text, payload), 20)


async def _ask(db: Database, turns: Turns, conversation: uuid.UUID, text: str, payload: str | None = None) -> None:
    """Send a message and take its turn."""
    await _send(db, conversation, text, payload)
    await turns.take(conversation)


async def _said(db: Database, conversation: uuid.UUID) -> list[Message]:
    async with db.begin() as session:
        return (await store.messages_after(session, conversation, 0))[1:]


async def test_messages_are_answered_in_their_order(db, turns, rasa, conversation) -> None:
    for text in ("uno", "dos", "tres"):
        await _send(db, conversation, text)
    assert await turns.take(conversation) == 3
    assert rasa.heard == ["uno", "dos", "tres"]
    answers = [m.text for m in await _said(db, conversation) if m.author == "assistant"]
    assert answers == ["respuesta a uno", "respuesta a dos", "respuesta a tres"]
    assert await turns.take(conversation) == 0


async def test_two_workers_at_once_answer_once(db, turns, conversation) -> None:
    await _send(db, conversation, "uno")
    await asyncio.gather(*(turns.take(conversation) for _ in range(3)))
    assert [m.author for m in await _said(db, conversation)].count("assistant") == 1


async def test_without_rasa_the_person_is_told_and_nothing_is_lost(db, turns, rasa, conversation, settings) -> None:
    rasa.broken = True
    await _ask(db, turns, conversation, "¿cuánto cuesta?")
    question, apology = await _said(db, conversation)
    assert question.answered_at is not None
    assert apology.answer_status == "error"
    assert settings.handoff_phone in apology.text
    assert [b["title"] for b in apology.buttons] == ["Quiero que me llamen", "Intentar de nuevo"]

    rasa.broken = False
    await _ask(db, turns, conversation, "", "/retry")
    assert (await _said(db, conversation))[-1].text == "respuesta a ¿cuánto cuesta?"


async def test_trying_again_repeats_what_failed_not_what_came_after(db, turns, rasa, conversation) -> None:
    rasa.broken = True
    await _ask(db, turns, conversation, "¿cuánto cuesta?")
    rasa.broken = False
    await _send(db, conversation, "gracias")
    await _ask(db, turns, conversation, "", "/retry")
    assert rasa.heard[-1] == "¿cuánto cuesta?"


async def test_trying_again_after_a_second_failure_still_knows_the_question(db, turns, rasa, conversation) -> None:
    rasa.broken = True
    await _ask(db, turns, conversation, "¿cuánto cuesta?")
    await _ask(db, turns, conversation, "", "/retry")
    await _ask(db, turns, conversation, "", "/retry")
    assert rasa.heard == ["¿cuánto cuesta?"] * 3


async def test_a_call_back_taken_by_several_workers_is_booked_once(db, turns, conversation) -> None:
    async with db.begin() as session:
        (await session.get_one(Conversation, conversation)).expecting = "phone"
    await _send(db, conversation, "5522820200")
    await asyncio.gather(*(turns.take(conversation) for _ in range(4)))
    async with db.begin() as session:
        assert len(await open_tickets(session)) == 1
    assert [m.author for m in await _said(db, conversation)].count("assistant") == 1


async def test_who_waited_for_others_is_not_made_to_wait_the_whole_time_again(db, settings, conversation) -> None:
    async def silent(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(60)
        return httpx.Response(200, json=[])

    turns = Turns(db, Rasa("http://rasa.test", 10.0, httpx.MockTransport(silent)), settings)
    await _send(db, conversation, "hola")
    async with db.begin() as session:
        await session.execute(update(Message).values(created_at=utcnow() - timedelta(seconds=11)))
    await asyncio.wait_for(turns.take(conversation), 3)
    assert (await _said(db, conversation))[-1].answer_status == "error"


async def test_trying_again_when_nothing_failed_asks_what_they_need(db, turns, rasa, conversation) -> None:
    async with db.begin() as session:
        greeting = (await store.messages_after(session, conversation, 0))[0]
        greeting.buttons = [words.RETRY]
    await _ask(db, turns, conversation, "", "/retry")
    assert (await _said(db, conversation))[-1].answer_status == "clarify"
    assert rasa.heard == []


async def test_a_call_back_works_while_rasa_is_down(db, turns, rasa, conversation) -> None:
    rasa.broken = True
    await _ask(db, turns, conversation, "hola")
    await _ask(db, turns, conversation, "", "/callback")
    assert "diez dígitos" in (await _said(db, conversation))[-1].text
    await _ask(db, turns, conversation, "es el 55 2282 02")
    assert "no parece completo" in (await _said(db, conversation))[-1].text
    await _ask(db, turns, conversation, "¿siguen ahí?")
    assert (await _said(db, conversation))[-1].answer_status == "error"
    await _ask(db, turns, conversation, "perdón, 55 2282 0200")
    booked = (await _said(db, conversation))[-1]
    async with db.begin() as session:
        [ticket] = await open_tickets(session)
    assert booked.answer_status == "handoff"
    assert ticket.folio in booked.text
    assert "55 2282 0200" in booked.text
    assert rasa.heard == ["hola", "¿siguen ahí?"]


async def test_a_wrong_number_is_asked_again(db, turns, conversation) -> None:
    async with db.begin() as session:
        (await session.get_one(Conversation, conversation)).expecting = "phone"
    await _ask(db, turns, conversation, "55228202")
    assert "no parece completo" in (await _said(db, conversation))[-1].text
    await _ask(db, turns, conversation, "5522820200")
    async with db.begin() as session:
        assert [t.phone for t in await open_tickets(session)] == ["+525522820200"]


async def test_who_changes_the_subject_is_answered(db, turns, rasa, conversation) -> None:
    async with db.begin() as session:
        (await session.get_one(Conversation, conversation)).expecting = "phone"
    await _ask(db, turns, conversation, "mejor dígame cuánto cuesta")
    assert rasa.heard == ["mejor dígame cuánto cuesta"]
    async with db.begin() as session:
        assert (await session.get_one(Conversation, conversation)).expecting is None


@pytest.mark.parametrize("text", ["👍", "???", "/", "…", "🇲🇽❤️"])
async def test_what_has_no_words_is_said_so_without_rasa(db, turns, rasa, conversation, text) -> None:
    await _ask(db, turns, conversation, text)
    assert (await _said(db, conversation))[-1].answer_status == "clarify"
    assert rasa.heard == []


async def test_typed_slashes_are_words_and_buttons_are_intents(db, turns, rasa, conversation) -> None:
    await _send(db, conversation, "/restart")
    await _ask(db, turns, conversation, "", words.FIND_STANDARD["payload"])
    assert rasa.heard == ["restart", "/ask"]


async def test_a_number_told_to_an_interview_is_no_call_back(db, turns, rasa, conversation) -> None:
    async with db.begin() as session:
        (await session.get_one(Conversation, conversation)).expecting = "interview"
    await _ask(db, turns, conversation, "55 2282 0200")
    assert rasa.heard == ["55 2282 0200"]
    async with db.begin() as session:
        assert await open_tickets(session) == []


@pytest.mark.parametrize(
    "text", ["me llamaron del 55 2282 0200 y me pidieron dinero", "una persona con numero 5522820200 me robo"]
)
async def test_somebody_elses_number_is_not_called(db, turns, rasa, conversation, text) -> None:
    await _ask(db, turns, conversation, text)
    async with db.begin() as session:
        assert await open_tickets(session) == []


async def test_who_is_in_danger_is_told_the_number_without_rasa(db, turns, rasa, conversation) -> None:
    await _ask(db, turns, conversation, "ya no quiero vivir")
    reply = (await _said(db, conversation))[-1]
    assert reply.answer_status == "safety"
    assert "800 911 2000" in reply.text
    assert rasa.heard == []
