"""Lines that break: nothing is lost, nothing is doubled, and the person is told."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Request, Route, expect

from tests.browser.chat import Chat
from tests.browser.conftest import OpenPanel
from tests.browser.line import Line
from tests.serving import Server

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("network_may_fail")]

OFFLINE = "Sin conexión. Sus mensajes se enviarán cuando vuelva."


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    between = Line(server.url, seed=7)
    yield between
    between.close()


def test_offline_is_said_and_messages_wait(context: BrowserContext, open_panel: OpenPanel, server: Server) -> None:
    chat = open_panel()
    context.set_offline(True)
    expect(chat.banner).to_have_text(OFFLINE)
    chat.say("soy carpintero")
    chat.say("gracias")
    expect(chat.mine.last).to_contain_text("enviando…")
    context.set_offline(False)
    expect(chat.banner).to_have_text("")
    expect(chat.answers).to_have_count(3)
    chat.is_whole(server.url)
    assert chat.said() == ["soy carpintero", "gracias"]


def test_a_message_written_offline_survives_closing_the_tab(
    context: BrowserContext, open_panel: OpenPanel, server: Server
) -> None:
    chat = open_panel()
    context.set_offline(True)
    chat.say("soy carpintero")
    expect(chat.mine.last).to_have_attribute("data-state", "sending")
    chat.log.page.close()
    context.set_offline(False)
    again = open_panel()
    expect(again.answers).to_have_count(2)
    again.is_whole(server.url)
    assert again.said() == ["soy carpintero"]


def test_a_lost_acknowledgement_doubles_nothing(open_panel: OpenPanel, server: Server) -> None:
    chat = open_panel()
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST" and request.url.endswith("/messages"):
            sent.append(json.loads(request.post_data)["client_id"])

    def arrive_unconfirmed(route: Route) -> None:
        assert route.fetch().status == 202
        route.abort("connectionreset")

    chat.log.page.on("request", note)
    chat.log.page.route("**/messages", arrive_unconfirmed, times=1)
    chat.say("soy carpintero")
    expect(chat.answers).to_have_count(2)
    expect(chat.mine).to_have_attribute("data-state", "sent")
    while len(sent) < 2:  # the repeat comes after a second; the event told the screen already
        chat.log.page.wait_for_timeout(100)
    chat.settled()
    chat.is_whole(server.url)
    assert len(sent) == 2
    assert len(set(sent)) == 1
    assert chat.said() == ["soy carpintero"]


def test_a_stream_cut_within_an_event_is_resumed(open_panel: OpenPanel, server: Server) -> None:
    chat = open_panel()
    chat.log.page.close()
    page = chat.log.page.context.new_page()
    ends = ['event: message\nid: 99\ndata: {"id": "medio-mens', None]  # cut in the middle; then refused

    def break_off(route: Route) -> None:
        body = ends.pop(0)
        if body is None:
            route.abort("connectionreset")
        else:
            route.fulfill(content_type="text/event-stream", body=body)

    page.route("**/events", break_off, times=2)
    page.goto(f"{server.url}/widget/")
    chat = Chat(page).greeted()
    chat.ask("soy carpintero")
    assert ends == []
    chat.is_whole(server.url)


def test_without_a_stream_the_answer_still_comes(
    context: BrowserContext, open_panel: OpenPanel, server: Server
) -> None:
    context.route("**/events", lambda route: route.abort("connectionreset"))
    chat = open_panel()
    chat.ask("soy carpintero")
    chat.is_whole(server.url)


def test_a_line_that_breaks_at_any_byte(open_panel: OpenPanel, line: Line, server: Server) -> None:
    chat = open_panel(line.url)
    asked = ["soy carpintero", "quiero el EC9999", "¿quién certifica el EC0217.01?", "gracias", "gracias"]
    line.brittle = True
    line.cut()
    for text in asked:
        chat.say(text)
        chat.log.page.wait_for_timeout(400)
    line.brittle = False
    line.cut()
    expect(chat.banner).to_have_text("", timeout=20_000)
    expect(chat.answers).to_have_count(1 + len(asked), timeout=20_000)
    chat.is_whole(server.url)
    assert chat.said() == asked
    assert line.cuts >= 3


def test_a_dead_service_is_said_with_a_telephone(open_panel: OpenPanel, line: Line, server: Server) -> None:
    chat = open_panel(line.url)
    line.close()
    expect(chat.banner).to_contain_text("No podemos conectar con el servicio")
    expect(chat.banner).to_contain_text("55 2282 0200")
