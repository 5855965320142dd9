"""The web chat as outsiders rely on it, against a real server with Rasa's trained model."""

import json
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests.serving import Citizen, Server

pytestmark = pytest.mark.e2e


def test_a_conversation_opens_with_a_greeting_and_the_privacy_notice(citizen: Citizen) -> None:
    opened = citizen.opened
    assert set(opened) == {"id", "token", "status", "messages"}
    assert opened["status"] == "bot"
    [greeting] = opened["messages"]
    assert re.match(r"Buen[ao]s (días|tardes|noches)\. Soy el asistente automático del CONOCER", greeting["text"])
    assert "Aviso de privacidad" in greeting["text"]
    assert (greeting["seq"], greeting["author"]) == (1, "assistant")


def test_a_message_has_the_fields_of_the_contract(citizen: Citizen) -> None:
    [answer] = citizen.say("¿cuánto cuesta certificarse?")
    wanted = {"seq", "id", "author", "text", "answer_status", "buttons", "sources", "created_at", "delivery"}
    assert wanted <= set(answer)
    assert answer["answer_status"] == "answered"
    assert all({"title", "url", "as_of"} == set(source) for source in answer["sources"])
    assert all({"title", "payload"} == set(button) for button in answer["buttons"])
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*(Z|\+00:00)$", answer["created_at"])
    assert "trace" not in answer


MAIN_JOB = [
    ("¿cómo me certifico?", "answered", "RENEC"),
    ("soy albañil, ¿en qué me puedo certificar?", "answered", "EC0326|EC0453"),
    ("¿quién certifica el EC0217.01?", "answered", "371 prestadores acreditados en EC0217.01"),
    ("quiero el EC9999", "not_found", "No encuentro el estándar EC9999"),
    ("que es el ec 217", "answered", "la sustituye EC0217.01"),
    ("cuanto cuesta", "answered", "no fija el precio"),
    ("se me perdio mi certificado", "answered", "reposición|original"),
    ("necesito estudios??", "answered", "título|escolaridad|estudios"),
    ("quiero hablar con una persona", "handoff_offered", "55 2282 0200"),
    ("me deportaron de estados unidos y quiero certificar lo que se", "answered", "lugares limitados"),
    ("hola", "smalltalk", "CONOCER"),
    ("muchas gracias", "smalltalk", "gusto"),
    ("donde saco mi pasaporte", "out_of_scope", "certificar"),
    ("quiero poner una queja", "answered", "queja"),
]


@pytest.mark.parametrize(("text", "status", "words"), MAIN_JOB, ids=[text for text, _, _ in MAIN_JOB])
def test_the_main_job(citizen: Citizen, text: str, status: str, words: str) -> None:
    answers = citizen.say(text)
    said = "\n".join(answer["text"] for answer in answers)
    assert answers[0]["answer_status"] == status, said
    assert re.search(words, said), said
    if status == "answered":
        assert answers[0]["sources"], said


def test_a_complaint_ends_in_a_folio(citizen: Citizen) -> None:
    *_, consent = citizen.say("quiero poner una queja")
    assert [button["title"] for button in consent["buttons"]] == ["Sí, continuar", "No, gracias"]
    citizen.press(consent["buttons"][0]["payload"])
    [provider] = citizen.say("el centro me cobró la evaluación y lleva cinco meses sin darme fecha")
    assert "centro" in provider["text"]
    answer, again = citizen.say("¿cuánto tardan en responder?")
    assert answer["answer_status"] == "answered"
    assert again["text"] == provider["text"]
    citizen.say("se llama Centro Ejemplo")
    citizen.say("Ana Ruiz")
    [booked] = citizen.say("55 2282 0200")
    assert booked["answer_status"] == "handoff"
    assert re.search(r"queja quedó registrada con el folio OR-\d{4}-\d{5}", booked["text"])
    [after] = citizen.say("soy barbero")
    assert "EC1136" in after["text"]


def test_who_came_back_gets_a_case(citizen: Citizen) -> None:
    *_, standards, consent = citizen.say("hice drywall ocho años en Dallas y ya regresé")
    assert "EC0984" in standards["text"]
    [home] = citizen.press(consent["buttons"][0]["payload"])
    assert "vive ahora" in home["text"], "the years are told already"
    citizen.say("Morelia")
    citizen.say("me llamo Ana Ruiz")
    [booked] = citizen.say("443 312 1234")
    assert re.search(r"caso quedó registrado con el folio OR-\d{4}-\d{5}", booked["text"])


def test_from_a_trade_to_a_provider_by_buttons_only(citizen: Citizen) -> None:
    [standards] = citizen.say("soy barbero")
    assert standards["buttons"][0]["title"] == "Ver EC1136"
    [card] = citizen.press(standards["buttons"][0]["payload"])
    assert card["text"].startswith("EC1136.")
    provider = next(button for button in card["buttons"] if button["title"] == "¿Quién lo certifica?")
    [who] = citizen.press(provider["payload"])
    assert "EC1136" in who["text"]
    assert who["sources"][0]["as_of"] == "2025-11-28"


def test_a_form_asks_once_takes_the_trade_and_lets_go(citizen: Citizen) -> None:
    greeting = citizen.opened["messages"][0]
    find = next(button for button in greeting["buttons"] if button["title"] == "Buscar mi oficio")
    [question] = citizen.press(find["payload"])
    assert (question["answer_status"], question["buttons"]) == ("form", [])
    [standards] = citizen.say("corto el pelo, soy barbero")
    assert "EC1136" in standards["text"]
    [answer] = citizen.say("¿cuánto cuesta?")
    assert "no fija el precio" in answer["text"]


def test_a_form_can_be_left(citizen: Citizen) -> None:
    greeting = citizen.opened["messages"][0]
    who = next(button for button in greeting["buttons"] if button["title"] == "Ver quién certifica")
    [question] = citizen.press(who["payload"])
    assert question["answer_status"] == "form"
    answers = citizen.say("no, ya no quiero")
    assert "lo dejamos ahí" in answers[0]["text"]


def test_who_certifies_it_is_about_what_was_shown(citizen: Citizen) -> None:
    citizen.say("que es el EC0301")
    [who] = citizen.say("¿y quién lo certifica?")
    assert "EC0301" in who["text"]
    [there] = citizen.say("¿y en Jalisco?")
    assert "EC0301" in there["text"]
    assert "Jalisco" in there["text"]


def test_the_same_client_id_is_answered_200_and_stored_once(citizen: Citizen) -> None:
    client_id = str(uuid.uuid4())
    first = citizen.post(client_id, text="hola")
    again = citizen.post(client_id, text="hola")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["message"]["id"] == again.json()["message"]["id"]
    citizen.wait(first.json()["message"]["seq"])
    texts = [message["text"] for message in citizen.read()["messages"] if message["author"] == "citizen"]
    assert texts == ["hola"]


def test_two_messages_at_once_are_both_answered_in_order(citizen: Citizen) -> None:
    questions = ["¿cuánto cuesta?", "que es el ec0301", "¿cómo me certifico?", "gracias"]
    threads = [threading.Thread(target=citizen.post, kwargs={"text": question}) for question in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    citizen.wait(1)
    messages = citizen.read()["messages"]
    assert [message["seq"] for message in messages] == list(range(1, len(messages) + 1))
    asked = [m["text"] for m in messages if m["author"] == "citizen"]
    assert sorted(asked) == sorted(questions)
    answers = [m["text"] for m in messages[1:] if m["author"] == "assistant"]
    marks = {
        "¿cuánto cuesta?": "precio",
        "que es el ec0301": "EC0301",
        "¿cómo me certifico?": "RENEC",
        "gracias": "gusto",
    }
    assert len(answers) == len(asked)
    for question, answer in zip(asked, answers, strict=True):
        assert marks[question] in answer


@pytest.mark.parametrize(
    "text", ["/restart", '/standard_details{"ec_code":"EC0301"}', "  /session_start", "/ask_information"]
)
def test_a_leading_slash_is_only_text(citizen: Citizen, text: str) -> None:
    citizen.say("que es el EC0217.01")
    assert citizen.say(text)
    # The conversation goes on: nothing was restarted, and what was shown last is still known.
    last = "EC0301" if "EC0301" in text else "EC0217.01"
    assert last in citizen.say("¿quién lo certifica?")[0]["text"]
    assert any(message["text"] == text for message in citizen.read()["messages"])


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<b>soy albañil</b>", "😀😀", "🇲🇽", "a" * 4000, "\u202eوله"]
)
def test_any_text_is_kept_as_it_is_and_answered(citizen: Citizen, text: str) -> None:
    assert citizen.say(text)
    assert text in [message["text"] for message in citizen.read()["messages"]]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"text": "a" * 4001}, "4,001"),
        ({"text": ""}, "vacío"),
        ({"text": " \n\t "}, "vacío"),
        ({"text": "\x00"}, "vacío"),
        ({}, "«text» o «payload»"),
        ({"text": "hola", "payload": "/callback"}, "«text» o «payload»"),
        ({"payload": "/restart"}, "no es de esta conversación"),
        ({"payload": "\x00"}, "no es de esta conversación"),
        ({"payload": '/standard_details{"ec_code": "EC0001"}'}, "no es de esta conversación"),
        ({"text": 7}, "string"),
        ({"client_id": "no-es-uuid", "text": "hola"}, "client_id"),
    ],
)
def test_what_cannot_be_used_is_422_with_a_reason_and_stores_nothing(
    citizen: Citizen, body: dict[str, object], reason: str
) -> None:
    response = citizen.http.post(f"{citizen.path}/messages", json={"client_id": str(uuid.uuid4()), **body})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert reason in response.json()["detail"]
    assert len(citizen.read()["messages"]) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no es json",
        b"[]",
        b'{"text": "\xff"}',
        b'{"client_id": NaN}',
        b'{"client_id": "9be2e1f0-0bf9-40aa-9ca2-39ccff81ae21", "payload": "\\ud800"}',
    ],
)
def test_a_body_that_is_not_json_is_refused(citizen: Citizen, content: bytes) -> None:
    response = citizen.http.post(
        f"{citizen.path}/messages", content=content, headers={"Content-Type": "application/json"}
    )
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"


@pytest.fixture
def bare(server: Server) -> Iterator[httpx.Client]:
    """Somebody without a token."""
    with httpx.Client(base_url=server.url, trust_env=False) as client:
        yield client


def test_tokens(server: Server, citizen: Citizen, bare: httpx.Client) -> None:
    other = Citizen(server.url)
    for path, method in ((f"{citizen.path}/messages", "GET"), (f"{citizen.path}/events", "GET")):
        assert bare.request(method, path).status_code == 401
        assert bare.request(method, path, headers={"Authorization": "Bearer x"}).status_code == 401
        assert bare.request(method, path, headers={"Authorization": "Basic eDp5"}).status_code == 401
        assert other.http.request(method, path).status_code == 401
    send = {"client_id": str(uuid.uuid4()), "text": "hola"}
    assert bare.post(f"{citizen.path}/messages", json=send).status_code == 401
    assert other.http.post(f"{citizen.path}/messages", json=send).status_code == 401
    unknown = f"/api/v1/conversations/{uuid.uuid4()}/messages"
    assert bare.get(unknown).status_code == 401
    assert citizen.http.get(unknown).status_code == 404
    assert len(citizen.read()["messages"]) == 1


def test_too_many_messages_must_wait(server: Server) -> None:
    # The shared server allows more; the limit itself is tested to the message in the store's tests.
    citizen = Citizen(server.url)
    codes = [citizen.post(text="👍").status_code for _ in range(201)]
    assert codes[:200] == [202] * 200
    assert codes[200] == 429
    response = citizen.post(text="👍")
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert response.json()["title"] == "Demasiadas solicitudes"


def _events(citizen: Citizen, after: int, until_seq: int, seconds: float = 15) -> list[dict[str, object]]:
    """Server-sent events up to the message numbered ``until_seq``."""
    events: list[dict[str, object]] = []
    current: dict[str, object] = {}
    deadline = time.monotonic() + seconds
    with citizen.http.stream("GET", f"{citizen.path}/events", headers={"Last-Event-ID": str(after)}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        for line in response.iter_lines():
            if line.startswith(":"):
                continue
            if not line and current:
                current["data"] = json.loads(str(current["data"]))
                events.append(current)
                if current.get("id") == str(until_seq):
                    return events
                current = {}
            elif line:
                field, _, value = line.partition(": ")
                current[field] = value
            if time.monotonic() > deadline:
                break
    return events


def test_events_replay_what_was_missed_and_go_on_live(citizen: Citizen) -> None:
    sender = threading.Timer(0.5, citizen.post, kwargs={"text": "¿cuánto cuesta?"})
    sender.start()
    events = _events(citizen, 0, until_seq=3)
    assert [event["id"] for event in events if event["event"] == "message"] == ["1", "2", "3"]
    pending = [event["data"]["pending"] for event in events if event["event"] == "status"]  # type: ignore[index]
    assert pending[0] is False
    assert True in pending
    replayed = [event for event in _events(citizen, 1, until_seq=3) if event["event"] == "message"]
    assert [event["id"] for event in replayed] == ["2", "3"]
    assert [event["data"]["seq"] for event in replayed] == [2, 3]  # type: ignore[index]


@pytest.mark.parametrize("text", ["llamenme al 55 2282 0200", "mi tel es 5522820200 marquenme porfavor", "5522820200"])
def test_a_call_asked_for_in_words_is_booked(citizen: Citizen, text: str) -> None:
    [booked] = citizen.say(text)
    assert re.search(r"OR-\d{4}-\d{5}", booked["text"])


def test_after_a_person_is_offered_a_number_is_enough(citizen: Citizen) -> None:
    citizen.say("quiero que me llamen")
    [booked] = citizen.say("es el 33 3615 1234")
    assert booked["answer_status"] == "handoff"


def test_a_seventh_stream_ends_the_first_and_nobody_else_notices(citizen: Citizen) -> None:
    with ExitStack() as open_streams:
        streams = [
            open_streams.enter_context(
                citizen.http.stream("GET", f"{citizen.path}/events", headers={"Last-Event-ID": "x"})
            )
            for _ in range(7)
        ]
        lines = streams[0].iter_lines()
        assert sum(line.startswith("event:") for line in lines) >= 1  # ends by itself
    assert citizen.say("¿cuánto cuesta?")


def test_a_call_back_from_the_first_word_to_the_folio(server: Server, citizen: Citizen) -> None:
    [offer] = citizen.say("quiero que me atienda una persona")
    [ask] = citizen.press(next(b["payload"] for b in offer["buttons"] if b["title"] == "Quiero que me llamen"))
    assert ask["answer_status"] == "form"
    [booked] = citizen.say("33 3615 1234")
    folio = re.search(r"OR-\d{4}-\d{5}", booked["text"])
    assert folio
    assert booked["answer_status"] == "handoff"


def test_search_and_standards_over_http(bare: httpx.Client) -> None:
    results = bare.get("/api/v1/search", params={"q": "ec 217"}).json()["results"]
    assert results[0]["id"] == "EC0217.01"
    assert bare.get("/api/v1/standards/EC0217.01").json()["level"] == 3
    assert bare.get("/readyz").status_code == 200


def test_rasa_listens_on_the_loopback_interface_only(server: Server) -> None:
    addresses = {c.laddr.ip for c in server.part("rasa").net_connections() if c.status == "LISTEN"}
    assert addresses == {"127.0.0.1"}


def test_what_people_write_is_in_no_log(server: Server, citizen: Citizen) -> None:
    canaries = ("PEGJ850315HDFRRN09", "5522820299", "canario.ejemplo@correo.mx")
    for canary in canaries:
        citizen.say(f"mi dato es {canary}")
    logs = [*server.data_dir.glob("log/*.log"), server.data_dir / "serve.log"]
    assert len(logs) >= 2
    for path in logs:
        written = path.read_text(encoding="utf-8", errors="replace")
        assert not any(canary in written for canary in canaries), path
