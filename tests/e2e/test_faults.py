"""What happens when a part dies, on a server of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from core.paths import PROJECT_ROOT
from tests.serving import Citizen, Server, start_server

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def own(workspace: Path) -> Iterator[Server]:
    running = start_server(workspace / "faults")
    running.wait_ready()
    yield running
    if running.process.poll() is None:
        assert running.stop() == 0


def _wait_for(what, seconds: float):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            found = what()
        except (LookupError, httpx.HTTPError):
            found = None
        if found:
            return found
        time.sleep(0.2)
    raise TimeoutError


def test_rasa_dies_and_nobody_is_left_without_an_answer(own: Server) -> None:
    citizen = Citizen(own.url)
    citizen.say("hola")
    rasa = own.part("rasa")
    rasa.kill()
    sent = citizen.post(text="¿cuánto cuesta certificarse?")
    assert sent.status_code == 202
    began = time.monotonic()
    answers = citizen.wait(sent.json()["message"]["seq"], 15)
    assert time.monotonic() - began < 15
    assert answers[0]["answer_status"] in ("answered", "error")
    if answers[0]["answer_status"] == "error":
        assert "55 2282 0200" in answers[0]["text"]
        assert [button["title"] for button in answers[0]["buttons"]] == ["Quiero que me llamen", "Intentar de nuevo"]
    assert _wait_for(lambda: own.part("rasa").pid != rasa.pid, 20)
    own.wait_ready(40)
    [answer] = citizen.say("¿cuánto cuesta certificarse?")
    assert answer["answer_status"] == "answered"


def test_a_stopped_rasa_is_told_and_the_call_back_still_works(own: Server) -> None:
    citizen = Citizen(own.url)
    rasa = own.part("rasa")
    os.kill(rasa.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        [apology] = citizen.say("¿cómo me certifico?", 15)
        assert time.monotonic() - began < 15
        assert apology["answer_status"] == "error"
        citizen.press("/callback")
        [booked] = citizen.say("55 2282 0200")
        assert booked["answer_status"] == "handoff"
    finally:
        os.kill(rasa.pid, signal.SIGCONT)
    own.wait_ready(40)
    [again] = citizen.press("/retry")
    assert again["answer_status"] == "answered"


def test_twenty_people_are_told_within_the_deadline_when_rasa_is_silent(own: Server) -> None:
    own.wait_ready(40)
    citizens = [Citizen(own.url) for _ in range(20)]
    rasa = own.part("rasa")
    os.kill(rasa.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        for citizen in citizens:
            citizen.post(text="¿cuánto cuesta?").raise_for_status()
        answers = [citizen.wait(2, 20) for citizen in citizens]
        assert time.monotonic() - began < 15
        assert [answer[0]["answer_status"] for answer in answers] == ["error"] * 20
    finally:
        os.kill(rasa.pid, signal.SIGCONT)
    own.wait_ready(40)


def test_the_database_killed_is_told_and_comes_back(own: Server) -> None:
    citizen = Citizen(own.url)
    citizen.say("hola")
    pid = int((own.data_dir / "postgres/postmaster.pid").read_text().splitlines()[0])
    psutil.Process(pid).kill()
    assert citizen.post(text="¿cuánto cuesta?").status_code == 503
    own.wait_ready(60)
    [answer] = citizen.say("¿cuánto cuesta?", 30)
    assert answer["answer_status"] == "answered"


def test_a_worker_killed_in_the_middle_loses_nothing(own: Server) -> None:
    own.wait_ready(40)
    citizens = [Citizen(own.url) for _ in range(4)]
    for citizen in citizens:
        for text in ("¿cuánto cuesta?", "gracias"):
            assert citizen.post(text=text).status_code == 202
    own.part("worker").kill()
    for citizen in citizens:
        citizen.wait(1, 60)
        messages = citizen.read()["messages"]
        assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1))
        assert [m["author"] for m in messages].count("citizen") == 2
        assert [m["author"] for m in messages[1:]].count("assistant") == 2


def test_the_web_server_killed_comes_back_and_a_repeated_message_is_one(own: Server) -> None:
    citizen = Citizen(own.url)
    client_id = str(uuid.uuid4())
    assert citizen.post(client_id, text="hola").status_code == 202
    own.part("web").kill()

    def again():
        return citizen.post(client_id, text="hola")

    assert _wait_for(again, 40).status_code == 200
    own.wait_ready(40)
    citizen.wait(1)
    assert [m["text"] for m in citizen.read()["messages"] if m["author"] == "citizen"] == ["hola"]


def test_after_all_this_the_invariants_hold(own: Server) -> None:
    folder = own.data_dir / "postgres"
    with psycopg.connect(f"postgresql://postgres@/orienta?host={folder}") as connection:
        gaps = connection.execute(
            "SELECT conversation_id FROM messages GROUP BY 1 HAVING max(seq) <> count(*) OR min(seq) <> 1"
        ).fetchall()
        owed = connection.execute(
            "SELECT count(*) FROM messages WHERE author = 'citizen' AND answered_at IS NULL"
        ).fetchone()
    assert gaps == []
    assert owed == (0,)


def test_a_second_serve_on_the_same_folder_says_so(own: Server) -> None:
    second = start_server(own.data_dir)
    assert second.process.wait(30) == 1
    assert "ya está corriendo" in own.output()


def test_a_taken_port_is_named(own: Server, workspace: Path) -> None:
    port = own.url.rsplit(":", 1)[1]
    second = start_server(workspace / "second", ORIENTA_PORT=port)
    assert second.process.wait(30) == 1
    assert f"El puerto {port}" in second.output()


def test_a_restart_answers_what_was_in_flight_and_keeps_what_the_operator_loaded(own: Server) -> None:
    folder = own.data_dir / "files"
    shutil.copytree(PROJECT_ROOT / "knowledge/data", folder)
    courses = folder / "courses.csv"
    courses.write_text("\n".join(courses.read_text(encoding="utf-8").splitlines()[:-1]) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "app.cli", "knowledge", "load", "--from", str(folder)]
    subprocess.run(command, cwd=PROJECT_ROOT, env=own.environment, check=True, capture_output=True)
    citizens = [Citizen(own.url) for _ in range(5)]
    for citizen in citizens:
        citizen.post(text="¿cuánto cuesta?").raise_for_status()
    assert own.stop() == 0
    port = own.url.rsplit(":", 1)[1]
    own.process = start_server(own.data_dir, ORIENTA_PORT=port).process
    own.wait_ready()
    for citizen in citizens:
        assert [answer["answer_status"] for answer in citizen.wait(2)] == ["answered"]
    status = [sys.executable, "-m", "app.cli", "knowledge", "status"]
    shown = subprocess.run(status, cwd=PROJECT_ROOT, env=own.environment, check=True, capture_output=True, text=True)
    assert "349" in shown.stdout


def test_a_closed_terminal_does_not_stop_the_parts(workspace: Path) -> None:
    running = start_server(workspace / "closed", through="head -c 1 >/dev/null")
    try:
        running.wait_ready()
        assert Citizen(running.url).say("¿cuánto cuesta?")[0]["answer_status"] == "answered"
        for name in ("rasa", "web", "worker"):
            assert running.part(name).is_running()
    finally:
        running.stop()


def test_a_killed_supervisor_leaves_nothing_that_blocks_the_next(own: Server) -> None:
    parts = [own.part(name) for name in ("rasa", "web", "worker")]
    own.process.kill()
    own.process.wait(10)
    successor = start_server(own.data_dir, ORIENTA_PORT=own.url.rsplit(":", 1)[1])
    successor.url = own.url
    # Until the successor ends them, the orphans go on answering.
    _, alive = psutil.wait_procs(parts, timeout=20)
    assert alive == []
    successor.wait_ready()
    try:
        assert Citizen(own.url).say("hola")
        children = psutil.Process(successor.process.pid).children(recursive=True)
    finally:
        assert successor.stop() == 0
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []
    assert gone
