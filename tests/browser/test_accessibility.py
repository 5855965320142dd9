"""Keyboard, screen readers, small screens, dark screens, calm screens."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.chat import FRAME, Chat, launcher, open_widget
from tests.browser.conftest import NewContext, OpenPanel
from tests.serving import Server

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
SMALLEST = {"width": 320, "height": 568}


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def scrolls_sideways(chat_or_page: Chat | Page) -> bool:
    root = chat_or_page.log if isinstance(chat_or_page, Chat) else chat_or_page.locator("body")
    return root.evaluate("(node) => [node, document.documentElement].some((box) => box.scrollWidth > box.clientWidth)")


def test_everything_by_keyboard(new_context: NewContext, server: Server) -> None:
    page = new_context(900, 700).new_page()
    keys = page.keyboard
    page.goto(server.url)
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")
    keys.press("Tab")
    expect(launcher(page)).to_be_focused()
    keys.press("Enter")
    chat = Chat(page.frame_locator(FRAME)).greeted()
    expect(chat.box).to_be_focused()

    keys.type("quiero el EC9999")
    keys.press("Shift+Enter")
    keys.type("por favor")
    keys.press("Enter")
    expect(chat.answers).to_have_count(2)
    assert chat.said() == ["quiero el EC9999\npor favor"]
    wanted = chat.options.get_by_role("button").last
    keys.press("Shift+Tab")
    expect(wanted).to_be_focused()
    keys.press("Enter")
    expect(chat.answers).to_have_count(3)
    expect(chat.box).to_be_focused()

    keys.press("Escape")
    expect(chat.box).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    expect(launcher(page)).to_have_attribute("aria-expanded", "false")
    # What comes while it is closed is announced on the page.
    chat.say_elsewhere(server.url, "gracias")
    unread = page.get_by_role("status").filter(has_text="Tiene mensajes nuevos en el chat de CONOCER.")
    expect(unread).to_have_count(1)
    keys.press("Enter")
    expect(chat.box).to_be_focused()
    expect(unread).to_have_count(0)


def test_fills_a_telephone_and_gives_it_back(new_context: NewContext, server: Server) -> None:
    page = new_context(**SMALLEST, has_touch=True, is_mobile=True).new_page()
    page.goto(server.url)
    assert not scrolls_sideways(page)
    chat = open_widget(page)
    assert page.locator(FRAME).bounding_box() == {"x": 0, "y": 0, **SMALLEST}
    expect(launcher(page)).to_be_hidden()
    chat.ask("¿quién certifica el EC0217.01?")
    assert not scrolls_sideways(chat)
    chat.panel.get_by_role("button", name="Cerrar el chat").tap()
    expect(launcher(page)).to_be_focused()


@pytest.mark.usefixtures("network_may_fail")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_rule_is_broken(new_context: NewContext, server: Server, scheme: str) -> None:
    context = new_context(**SMALLEST, color_scheme=scheme)
    page = context.new_page()
    page.goto(server.url)
    expect(launcher(page)).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)

    page.goto(f"{server.url}/widget/")
    chat = Chat(page).greeted()
    chat.ask("¿quién certifica el EC0217.01?")
    chat.ask("palabralarguísima" * 8)
    assert violations(page) == []
    assert not scrolls_sideways(chat)
    small = page.get_by_role("button").evaluate_all(
        "(all) => all.filter((one) => one.offsetHeight < 44 || one.offsetWidth < 44).map((one) => one.textContent)"
    )
    assert small == []

    # Trouble, and a question in the middle.
    context.set_offline(True)
    chat.say("espera")
    expect(chat.banner).not_to_have_text("")
    chat.box.fill("ñ" * 4_001)
    assert violations(page) == []
    chat.panel.get_by_role("button", name="Nueva conversación").click()
    assert violations(page) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (900, 700)])
def test_no_accessibility_rule_is_broken_around_the_frame(
    new_context: NewContext, server: Server, width: int, height: int
) -> None:
    page = new_context(width, height).new_page()
    page.goto(server.url)
    if width < 1024:
        open_widget(page)
    Chat(page.frame_locator(FRAME)).greeted()
    assert violations(page) == []


def test_at_four_hundred_percent_zoom(new_context: NewContext, server: Server) -> None:
    page = new_context(320, 256).new_page()
    page.goto(f"{server.url}/widget/")
    chat = Chat(page).greeted()
    chat.ask("quiero el EC9999")
    assert not scrolls_sideways(chat)
    chat.send.scroll_into_view_if_needed()
    expect(chat.send).to_be_in_viewport(ratio=1)


def test_new_messages_are_read_aloud_once(open_panel: OpenPanel) -> None:
    chat = open_panel()
    expect(chat.log).to_have_attribute("aria-live", "polite")
    expect(chat.log).to_have_attribute("aria-relevant", "additions")
    chat.log.evaluate(
        """(log) => {
          window.added = [];
          new MutationObserver((changes) => {
            const nodes = changes.flatMap(({ addedNodes }) => [...addedNodes]);
            window.added.push(...nodes.map((node) => node.dataset.author));
          }).observe(log, { childList: true });
        }"""
    )
    chat.ask("quiero el EC9999")
    chat.ask("gracias")
    assert chat.log.evaluate("() => window.added") == ["citizen", "assistant"] * 2
    # Who speaks is heard too.
    assert "Usted:" in chat.mine.first.inner_text()
    assert "Asistente:" in chat.answers.last.inner_text()


@pytest.mark.parametrize(("wish", "animations"), [("no-preference", 1), ("reduce", 0)])
def test_nothing_moves_for_who_wishes_so(new_context: NewContext, server: Server, wish: str, animations: int) -> None:
    page = new_context(reduced_motion=wish).new_page()
    page.goto(f"{server.url}/widget/")
    chat = Chat(page).greeted()
    chat.typing.evaluate("(typing) => { typing.dataset.state = 'yes'; }")
    assert page.evaluate("document.getAnimations().length") == animations
    moving = page.evaluate(
        """[...document.querySelectorAll("*")].flatMap((node) => ["", "::before", "::after"]
             .map((part) => getComputedStyle(node, part)))
           .filter((style) => style.animationName !== "none" || style.transitionDuration !== "0s").length"""
    )
    assert moving == animations
    page.goto(server.url)
    expect(launcher(page)).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0
