"""The main job, its buttons, coming back, two tabs, and what is too long or too fast."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from tests.browser.chat import FRAME, Chat, launcher, open_widget, picture_file
from tests.browser.conftest import NewContext, OpenPanel
from tests.serving import Server

pytestmark = pytest.mark.browser

AS_OF = "28 de noviembre de 2025"


def test_a_citizen_learns_how_what_and_where(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.goto(server.url)
    chat = open_widget(page)

    steps = chat.ask("¿cómo me certifico?")
    assert "RENEC" in steps.text
    assert steps.sources
    assert all(re.fullmatch(r"Fuente: .+, al \d{1,2} de [a-z]+ de 20\d\d", source) for source in steps.sources)

    trade = chat.ask("soy albañil, ¿en qué me puedo certificar?")
    assert "EC0326" in trade.text
    assert AS_OF in "".join(trade.sources)

    bodies = chat.ask("¿quién certifica el EC0217.01?")
    assert AS_OF in bodies.text
    assert re.search(r"hay [1-9]\d* prestadores", bodies.text)
    assert "\n1. " in bodies.text
    source = chat.answers.last.get_by_role("link")
    assert "EC0217.01" in source.inner_text()
    assert source.get_attribute("href").startswith("https://conocer.gob.mx")
    assert (source.get_attribute("target"), source.get_attribute("rel")) == ("_blank", "noopener noreferrer")

    unknown = chat.ask("quiero el EC9999")
    assert "No encuentro" in unknown.text
    assert "EC9999" in unknown.text
    assert "Hablar con alguien" in chat.option_titles()
    chat.is_whole(server.url)


def test_a_long_answer_is_read_from_its_start(new_context: NewContext, server: Server, tmp_path: Path) -> None:
    page = new_context(1100, 760).new_page()
    page.goto(server.url)
    expect(launcher(page)).to_have_attribute("aria-expanded", "true")  # wide screens open by themselves
    chat = Chat(page.frame_locator(FRAME)).greeted()
    chat.ask("¿quién certifica el EC0217.01?")
    expect(chat.mine.last).to_be_in_viewport(ratio=1)
    page.wait_for_timeout(100)  # the question has turned from "sending" to "sent"
    picture = picture_file(tmp_path, "widget.png")
    page.screenshot(path=picture)
    assert picture.stat().st_size < 300_000

    # What comes now must not pull the reader away.
    place = chat.log.evaluate("(log) => log.scrollTop")
    newer = chat.panel.get_by_role("button", name="Nuevos mensajes")
    expect(newer).to_be_hidden()
    chat.say_elsewhere(server.url, "gracias")
    expect(newer).to_be_visible()
    assert chat.log.evaluate("(log) => log.scrollTop") == place
    newer.click()
    expect(chat.answers.last).to_be_in_viewport(ratio=1)
    expect(newer).to_be_hidden()
    expect(chat.log).to_be_focused()


def test_options_answer_and_then_go(open_panel: OpenPanel, server: Server) -> None:
    chat = open_panel()
    expect(chat.options).to_have_count(1)
    assert chat.option_titles() == ["Cómo me certifico", "Buscar mi oficio", "Ver quién certifica"]

    answer = chat.press("Cómo me certifico")
    assert "RENEC" in answer.text
    assert chat.said() == ["Cómo me certifico"]
    expect(chat.box).to_be_focused()
    expect(chat.options).to_have_count(1)
    expect(chat.answers.first.get_by_role("button")).to_have_count(0)
    expect(chat.answers.last.get_by_role("button")).not_to_have_count(0)

    chat.say("gracias")
    expect(chat.answers).to_have_count(3)
    expect(chat.answers.nth(1).get_by_role("button")).to_have_count(0)
    chat.is_whole(server.url)


def test_a_reload_doubles_and_loses_nothing(open_panel: OpenPanel, server: Server) -> None:
    chat = open_panel()
    page = chat.log.page
    chat.ask("¿quién certifica el EC0217.01?")
    chat.press("Ver EC0217.01")
    before = chat.shown()
    chat.box.fill("lo que estaba")
    page.reload()
    chat.is_whole(server.url)
    assert chat.shown() == before
    assert chat.option_titles()
    expect(chat.box).to_have_value("lo que estaba")
    expect(chat.log).to_have_attribute("aria-live", "polite")

    # Reloaded while the message is on its way, and later in a new tab.
    chat.say("hola")
    page.reload()
    expect(chat.answers).to_have_count(4)
    chat.is_whole(server.url)
    assert chat.said().count("hola") == 1
    page.close()
    again = open_panel()
    again.is_whole(server.url)
    assert again.said() == [message.text for message in before if message.author == "citizen"] + ["hola"]


def test_a_new_conversation_only_when_confirmed(open_panel: OpenPanel, server: Server) -> None:
    chat = open_panel()
    chat.ask("hola")
    first = chat.stored(server.url)
    dialog = chat.panel.get_by_role("dialog", name="¿Iniciar una conversación nueva?")
    renew = chat.panel.get_by_role("button", name="Nueva conversación")
    renew.click()
    expect(dialog).to_be_visible()
    chat.log.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert chat.stored(server.url) == first
    renew.click()
    dialog.get_by_role("button", name="Iniciar otra").click()
    expect(chat.messages).to_have_count(1)
    chat.greeted().is_whole(server.url)
    assert chat.stored(server.url)[0]["id"] != first[0]["id"]


# Browsers without locks (plain http on a network address), or slow to share storage, may open two at first.
@pytest.mark.parametrize("locks", [True, False])
def test_two_tabs_are_one_conversation(context: BrowserContext, server: Server, locks: bool) -> None:
    if not locks:
        context.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    pages = [context.new_page(), context.new_page()]
    for page in pages:
        page.goto(f"{server.url}/widget/", wait_until="commit")
    one, other = [Chat(page).greeted() for page in pages]
    for chat in (one, other):
        chat.is_whole(server.url)

    one.ask("soy plomero")
    expect(other.answers).to_have_count(2)
    other.ask("gracias")
    expect(one.answers).to_have_count(3)
    for chat in (one, other):
        chat.say("hola")  # the same words at the same time are two messages
    for chat in (one, other):
        expect(chat.answers).to_have_count(5)
        chat.is_whole(server.url)
    assert one.said() == other.said() == ["soy plomero", "gracias", "hola", "hola"]


def test_too_long_is_said_before_sending(open_panel: OpenPanel, server: Server) -> None:
    chat = open_panel()
    chat.say("ñ" * 4_001)
    expect(chat.hint).to_contain_text("Su mensaje tiene 4,001 caracteres y el máximo es 4,000.")
    expect(chat.box).to_have_attribute("aria-invalid", "true")
    chat.send.click()
    assert chat.said() == []
    expect(chat.box).to_have_value("ñ" * 4_001)

    chat.say("🧱" * 4_000)  # as the server counts: an emoji is one
    expect(chat.mine.last).to_have_attribute("data-state", "sent")
    expect(chat.hint).to_have_text("")
    chat.is_whole(server.url)
    assert chat.said() == ["🧱" * 4_000]


@pytest.mark.usefixtures("network_may_fail")
def test_too_fast_waits_and_then_sends(open_panel: OpenPanel, server: Server) -> None:
    chat = open_panel()
    problem = '{"title": "Demasiadas solicitudes", "status": 429, "detail": "Espere 2 segundos."}'
    headers = {"Retry-After": "2", "Content-Type": "application/problem+json"}

    def refuse(route: Route) -> None:
        route.fulfill(status=429, headers=headers, body=problem)

    chat.log.page.route("**/messages", refuse, times=1)
    chat.say("voy aprisa")
    expect(chat.mine.last).to_contain_text(re.compile("Va muy rápido; enviaré su mensaje en [12] segundo"))
    expect(chat.panel.locator("#announce")).to_contain_text("Va muy rápido")
    expect(chat.mine.last).to_have_attribute("data-state", "sent")
    chat.is_whole(server.url)
    assert chat.said() == ["voy aprisa"]


@pytest.mark.usefixtures("network_may_fail")
def test_what_the_server_refuses_can_be_corrected(open_panel: OpenPanel, server: Server) -> None:
    chat = open_panel()
    problem = '{"title": "No válido", "status": 422, "detail": "El mensaje no es válido."}'

    def refuse(route: Route) -> None:
        route.fulfill(status=422, headers={"Content-Type": "application/problem+json"}, body=problem)

    chat.log.page.route("**/messages", refuse, times=1)
    chat.say("mal escrito")
    expect(chat.mine.last).to_contain_text("no se envió: El mensaje no es válido.")
    chat.mine.last.get_by_role("button", name="Corregir").click()
    expect(chat.box).to_have_value("mal escrito")
    expect(chat.mine).to_have_count(0)
    chat.say("bien escrito")
    expect(chat.mine.last).to_have_attribute("data-state", "sent")
    chat.is_whole(server.url)
    assert chat.said() == ["bien escrito"]
