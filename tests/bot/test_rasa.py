import asyncio
import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rasa import Rasa, safe_text
from core.errors import BotUnavailable


def _rasa(answer, deadline_s: float = 1.0) -> Rasa:
    return Rasa("http://rasa.test", deadline_s, httpx.MockTransport(answer))


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("/restart", "restart"),
        ('  /standard_details{"ec_code":"<script>"}', 'standard_details{"ec_code":"<script>"}'),
        ("/ / //salir", "salir"),
        ("\t\n/x", "x"),
        ("y/o", "y/o"),
        ("\x00\x07hola", "hola"),
        ("/", ""),
        ("a" * 3000 + "b" * 3000, "a" * 497 + " […] " + "b" * 498),
    ],
)
def test_typed_text_cannot_forge_an_intent(typed: str, safe: str) -> None:
    assert safe_text(typed) == safe


@given(st.text(max_size=1500))
def test_nothing_typed_reaches_rasa_with_a_slash_in_front(typed: str) -> None:
    safe = safe_text(typed)
    assert not safe.strip().startswith("/")
    assert len(safe) <= 1000


async def test_custom_and_plain_replies_are_understood() -> None:
    replies = [
        {"recipient_id": "1", "custom": {"text": "A", "answer_status": "answered", "sources": [{"title": "RENEC"}]}},
        {"recipient_id": "1", "text": "B", "buttons": [{"title": "Sí", "payload": "/affirm"}]},
    ]
    first, second = await _rasa(lambda _: httpx.Response(200, json=replies)).say("1", "hola")
    assert (first.text, first.answer_status, first.sources) == ("A", "answered", [{"title": "RENEC"}])
    assert (second.text, second.buttons) == ("B", [{"title": "Sí", "payload": "/affirm"}])


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, json=[]),  # what its REST channel answers after an exception
        httpx.Response(500, text="boom"),
        httpx.Response(200, text="no es json"),
        httpx.Response(200, json=[{"recipient_id": "1"}]),
        httpx.Response(200, json=[{"custom": {"text": "x", "answer_status": "inventado"}}]),
        httpx.Response(200, json={"error": "x"}),
        httpx.Response(200, json=[{"text": None}]),
        httpx.Response(200, json=[{"text": " "}]),
        httpx.Response(200, json=[{"text": "con\x00nulo"}]),
    ],
)
async def test_whatever_is_not_an_answer_is_unavailable(response: httpx.Response) -> None:
    with pytest.raises(BotUnavailable):
        await _rasa(lambda _: response).say("1", "hola")


async def test_a_slow_rasa_is_unavailable_at_the_deadline() -> None:
    async def slow(_: httpx.Request) -> httpx.Response:
        await asyncio.sleep(5)
        return httpx.Response(200, json=[])

    with pytest.raises(BotUnavailable, match=r"0\.2 s"):
        await asyncio.wait_for(_rasa(slow, 0.2).say("1", "hola"), 2)


async def test_a_rasa_that_comes_back_in_time_answers() -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(json.loads(request.content)["message"])
        if len(asked) < 3:
            raise httpx.ConnectError("refused")
        return httpx.Response(200, json=[{"text": "ya volví"}])

    replies = await _rasa(answer, 5).say("1", "hola")
    assert replies[0].text == "ya volví"
    assert asked == ["hola"] * 3


async def test_a_rasa_that_stays_away_is_unavailable() -> None:
    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    rasa = _rasa(refuse, 0.5)
    with pytest.raises(BotUnavailable):
        await rasa.say("1", "hola")
    assert not await rasa.ready()
