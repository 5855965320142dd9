"""Replaying conversations: against a server that says what the test tells it to."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from channels.dialogues import Dialogue, Played, Result, Turn, read_dialogues, replay, report, transcript
from core.errors import DataError, Unavailable
from core.paths import PROJECT_ROOT


def reply(text: str, status: str = "answered", *titles: str) -> dict[str, Any]:
    buttons = [{"title": title, "payload": f"/ask{{{number}}}"} for number, title in enumerate(titles)]
    return {"text": text, "answer_status": status, "buttons": buttons}


class FakeServer:
    """Greets, takes messages, answers each with the next of ``replies`` after ``late`` looks."""

    def __init__(self, *replies: list[dict[str, Any]], late: int = 1) -> None:
        self.replies = list(replies)
        self.taken: list[dict[str, Any]] = []
        self.waited: list[float] = []
        self._late, self._looks = late, 0
        self.busy = 0

    def replay(self, *turns: dict[str, Any]) -> Result:
        dialogue = Dialogue.model_validate({"id": "uno", "topic": "prueba", "turns": turns})
        with httpx.Client(transport=httpx.MockTransport(self._answer), base_url="http://test") as http:
            return replay(http, dialogue, self.waited.append)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.busy:
            self.busy -= 1
            return httpx.Response(429, headers={"Retry-After": "7"})
        if request.url.path == "/api/v1/conversations":
            greeting = reply("Buenos días.", "smalltalk", "Buscar mi oficio")
            return httpx.Response(201, json={"id": "abc", "token": "secreto", "messages": [greeting]})
        assert request.url.path == "/api/v1/conversations/abc/messages"
        assert request.headers["authorization"] == "Bearer secreto"
        if request.method == "POST":
            self.taken.append(json.loads(request.content))
            self._looks = 0
            return httpx.Response(202, json={"message": {"seq": 2 * len(self.taken)}})
        assert request.url.params["after"] == str(2 * len(self.taken))
        self._looks += 1
        pending = self._looks <= self._late
        page = {"pending": pending, "messages": [] if pending else self.replies[len(self.taken) - 1]}
        return httpx.Response(200, json=page)


def misses(turn: dict[str, Any], *replies: dict[str, Any]) -> list[str]:
    return list(FakeServer(list(replies)).replay({"say": "hola", **turn}).played[0].misses)


def test_a_dialogue_is_said_and_pressed_as_a_citizen_would() -> None:
    server = FakeServer(
        [reply("¿A qué se dedica?", "form")], [reply("EC0326, nivel dos.", "answered", "Ver EC0326")], late=2
    )
    result = server.replay(
        {"press": "buscar", "status": ["form"]},
        {
            "say": "soy albañil",
            "must": ["ec0326", "nivel tres|nivel dos"],
            "must_not": ["gratis"],
            "buttons": ["ver ec0326"],
        },
    )
    assert result.passed
    assert [turn.sent for turn in result.played] == ["[Buscar mi oficio]", "soy albañil"]
    assert server.taken[0]["payload"] == "/ask{0}"
    assert "text" not in server.taken[0]
    assert server.taken[1]["text"] == "soy albañil"
    assert server.taken[0]["client_id"] != server.taken[1]["client_id"]
    assert len(server.waited) == 4, "it looks again while the answer is not there"


def test_it_waits_as_long_as_the_server_asks() -> None:
    server = FakeServer([reply("hola")], late=0)
    server.busy = 2
    assert server.replay({"say": "hola"}).passed
    assert server.waited == [7.0, 7.0]


def test_what_does_not_hold_is_named() -> None:
    price = reply("No fija el PRECIO.", "answered", "Requisitos")
    assert misses({"must": ["precio"], "must_not": ["dólares"], "buttons": ["requisitos"]}, price) == []
    assert misses({"status": ["clarify", "form"]}, price) == ["es answered, debía ser clarify o form"]
    assert misses({"must": ["plazo|vigencia"]}, price) == ["no dice «plazo|vigencia»"]
    assert misses({"must_not": ["no fija"]}, price) == ["dice «no fija»"]
    assert misses({"buttons": ["vigencia"]}, price) == ["no ofrece el botón «vigencia»"]
    assert misses({"must": ["precio"]}) == ["no hubo respuesta"]


def test_the_last_of_several_replies_has_the_status_and_all_the_words() -> None:
    two = (reply("Lamento lo que pasó.", "form"), reply("¿Continuamos?", "clarify"))
    assert misses({"status": ["clarify"], "must": ["lamento", "continuamos"]}, *two) == []


def test_it_stops_where_a_button_is_missing() -> None:
    server = FakeServer([reply("Hola.", "smalltalk")])
    result = server.replay({"say": "hola"}, {"press": "ver ec0326"}, {"say": "gracias"})
    assert not result.passed
    assert [list(turn.misses) for turn in result.played] == [[], ["no hay un botón «ver ec0326» entre []"]]
    assert len(server.taken) == 1


def test_a_server_that_does_not_answer_is_told() -> None:
    with pytest.raises(Unavailable, match="no llegó en 30 segundos"):
        FakeServer([], late=10_000).replay({"say": "hola"})

    def down(request: httpx.Request) -> httpx.Response:
        return httpx.Response(503)

    dialogue = Dialogue.model_validate({"id": "uno", "topic": "prueba", "turns": [{"say": "hola"}]})
    with (
        httpx.Client(transport=httpx.MockTransport(down), base_url="http://test") as http,
        pytest.raises(Unavailable, match="«uno»"),
    ):
        replay(http, dialogue, lambda seconds: None)


def played(topic: str, *found: list[str]) -> Result:
    """A dialogue of a topic with the misses of each turn."""
    dialogue = Dialogue(id="d", topic=topic, turns=[Turn(say="hola") for _ in found])
    return Result(dialogue, [Played("hola", [reply("Buenas.", "smalltalk", "Botón")], each) for each in found])


def test_the_report_counts_dialogues_by_topic_and_turns_and_tells_each_miss() -> None:
    lines = list(report([played("memoria", [], []), played("memoria", [], ["no dice «x»"]), played("quejas", [])]))
    assert [line.split() for line in lines[1:4]] == [
        ["memoria", "2", "1", "0.50"],
        ["quejas", "1", "1", "1.00"],
        ["en", "total", "3", "2", "0.667"],
    ]
    assert lines[4] == "vueltas: 5, sin falla 0.800"
    assert lines[5:] == ["\nmemoria/d, vuelta 2: no dice «x»", "  > hola", "  < (smalltalk) Buenas."]


def test_a_transcript_can_be_read() -> None:
    lines = list(transcript(played("memoria", ["no dice «x»"])))
    assert lines == [
        "\n=== memoria/d (con fallas)", "> hola", "  (smalltalk) Buenas.", "  [Botón]", "  !! no dice «x»",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- {id: a, topic: t, turns: [{say: hola, press: ver}]}", "«say» o «press»"),
        ("- {id: a, topic: t, turns: [{must: [x]}]}", "«say» o «press»"),
        ("- {id: a, topic: t, turns: [{say: hola, status: [contestado]}]}", "answer_status desconocido: contestado"),
        ("- {id: a, topic: t, turns: [{say: hola, debe: [x]}]}", "debe"),
        ("- {id: a, turns: []}", "topic"),
        ("- {id: a, topic: t, turns: []}\n- {id: a, topic: t, turns: []}", "ids repetidos: a"),
        ("[]", "sin diálogos"),
        ("- {id: [", "dialogos.yml"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_what_is_wrong(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "dialogos.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"dialogos\.yml") as raised:
        read_dialogues(file)
    assert why in str(raised.value)


def test_a_folder_is_all_its_files(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.yml").write_text(f"- {{id: {name}, topic: t, turns: [{{say: hola}}]}}", encoding="utf-8")
    assert [one.id for one in read_dialogues(tmp_path)] == ["a", "b"]
    (tmp_path / "c.yml").write_bytes(b"\xff")
    with pytest.raises(DataError, match=r"c\.yml"):
        read_dialogues(tmp_path)


def test_our_own_dialogues_can_be_read() -> None:
    found = read_dialogues(PROJECT_ROOT / "tests/eval/dialogues")
    assert len({one.topic for one in found}) >= 5
    assert all(one.turns for one in found)
