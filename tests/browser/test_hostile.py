"""Text that attacks, and a page that is a bad host."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Route, expect

from tests.browser.chat import Chat, launcher, open_widget
from tests.browser.conftest import NewContext
from tests.serving import Server

pytestmark = pytest.mark.browser

# Each would call alert() or fetch from elsewhere if any part of it were read as a page.
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
    "javascript:alert(1)",
    "[pulse aquí](javascript:alert(1))",
    '<a href="javascript:alert(1)">pulse aquí</a>',
    "</textarea></p></script><script>alert(1)</script>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<style>@import 'http://192.0.2.1/x.css'; * { display: none }</style>",
    "<img src=http://192.0.2.1/x.png><link rel=stylesheet href=http://192.0.2.1/x.css>",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} <%= alert(1) %>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62;",
    "' OR 1=1 --  \\u003cscript\\u003e  \\x3cimg\\x3e",
    "al derecho \u202ey al revés\u202c, \u0000nulo\u0007 <img src=x onerror=alert(1)>",  # stored without the NUL
    "Soy albañil 👷🏽‍♀️🧱 y plomera 🇲🇽 ñandú Ñ ü ¿¡",
]
PARTS_OF_ATTACKS = "script, img, iframe, svg, style, link, math, form, a[href^='javascript'], [onerror], [onload]"


@pytest.fixture
def exposed(new_context: NewContext, server: Server) -> Iterator[Chat]:
    """A panel without the protection of its Content-Security-Policy, and a watch over where its requests go."""
    context = new_context(bypass_csp=True)
    elsewhere: list[str] = []
    context.on(
        "request", lambda request: request.url.startswith((server.url, "data:,")) or elsewhere.append(request.url)
    )
    yield Chat(context.new_page())
    assert elsewhere == []


def test_hostile_words_stay_words(exposed: Chat, server: Server) -> None:
    page = exposed.log.page
    page.goto(f"{server.url}/widget/")
    exposed.greeted()
    for payload in PAYLOADS:
        exposed.say(payload)
    expect(exposed.panel.locator('[data-author="citizen"][data-state="sent"]')).to_have_count(len(PAYLOADS))
    expect(exposed.answers).to_have_count(len(PAYLOADS) + 1, timeout=20_000)
    seen = [payload.replace("\0", "") for payload in PAYLOADS]
    for reload in (False, True):
        if reload:
            page.reload()
        exposed.is_whole(server.url)
        assert exposed.said() == seen
        expect(exposed.log.locator(PARTS_OF_ATTACKS)).to_have_count(0)
    # The assistant repeats what it did not understand.
    assert any("<img src" in shown.text for shown in exposed.shown() if shown.author == "assistant")


def test_hostile_answers_stay_words(exposed: Chat, server: Server) -> None:
    """What is stored was written by people: names of bodies, titles, agents' texts."""
    attack = PAYLOADS[1]
    message = {
        "seq": 1, "id": "m1", "client_id": None, "author": "agent", "text": attack, "answer_status": None,
        "created_at": "2026-10-09T18:00:00Z", "delivery": "sent", "buttons": [],
        "sources": [
            {"title": attack, "url": "javascript:alert(1)", "as_of": "2026-10-09"},
            {"title": "fuente", "url": "data:text/html,<script>alert(1)</script>", "as_of": attack},
        ],
    }  # fmt: skip
    offer = message | {
        "seq": 2, "id": '"><img src=x onerror=alert(1)>', "author": "assistant", "sources": [],
        "buttons": [{"title": attack, "payload": "/x"}],
    }  # fmt: skip
    opened = {"id": "c1", "token": "t", "status": "bot", "messages": [message, offer]}

    def answer(route: Route) -> None:
        if route.request.url.endswith("/events"):
            route.fulfill(content_type="text/event-stream", body=": nada\n\n")
        else:
            route.fulfill(status=201, body=json.dumps(opened))

    page = exposed.log.page
    page.route("**/api/v1/conversations**", answer)
    page.route("**/api/v1/conversations/**", answer)
    page.goto(f"{server.url}/widget/")
    expect(exposed.messages).to_have_count(2)
    first, second = exposed.shown()
    assert first.text == second.text == attack
    assert first.sources == [f"Fuente: {attack}, al 9 de octubre de 2026", "Fuente: fuente"]
    assert exposed.option_titles() == [attack]
    expect(exposed.log.locator("a")).to_have_count(0)
    expect(exposed.log.locator(PARTS_OF_ATTACKS)).to_have_count(0)


HOSTILE_CSS = """
* { display: none !important; position: static !important; transform: scale(0) !important; opacity: 0 !important; }
html, body { display: block !important; transform: none !important; opacity: 1 !important; }
button, iframe, div { width: 1px !important; height: 1px !important; color: transparent !important; }
"""


@pytest.fixture
def bad_host(server: Server) -> Iterator[Callable[[str], str]]:
    """Addresses of a page elsewhere: hostile CSS, and a policy that allows our script and our frame, nothing more."""
    ours = server.url
    page = (
        f'<!doctype html><link rel=stylesheet href=/x.css><script async src="{ours}/widget.js"></script><p>Otra página'
    )
    policy = (
        f"default-src 'none'; style-src 'self'; script-src {ours}; frame-src {ours}; img-src 'self'; "
        "require-trusted-types-for 'script'"
    )

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            css = self.path == "/x.css"
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if css else "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write((HOSTILE_CSS if css else page).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Host) as host:
        Thread(target=host.serve_forever, args=(0.05,), daemon=True).start()
        yield lambda name: f"http://{name}:{host.server_port}/"
        host.shutdown()


# "localhost" is another site, whose frames get no storage in a private window: the chat works from memory.
@pytest.mark.parametrize(("name", "resumes"), [("127.0.0.1", True), ("localhost", False)])
def test_works_within_a_bad_host(
    new_context: NewContext, bad_host: Callable[[str], str], server: Server, name: str, resumes: bool
) -> None:
    page = new_context(900, 700).new_page()
    page.goto(bad_host(name))
    expect(launcher(page)).to_be_visible()
    assert launcher(page).bounding_box() == {"x": 820, "y": 620, "width": 60, "height": 60}
    expect(page.get_by_text("Otra página")).to_be_hidden()  # the CSS is as bad as meant
    chat = open_widget(page)
    chat.ask("quiero el EC9999")

    page.evaluate("window.postMessage({orienta: 'close'}, '*')")  # not from our frame
    page.wait_for_timeout(100)
    expect(chat.box).to_be_visible()
    chat.panel.get_by_role("button", name="Cerrar el chat").click()
    expect(chat.box).to_be_hidden()
    expect(launcher(page)).to_be_focused()

    page.reload()
    again = open_widget(page)
    if resumes:
        again.is_whole(server.url)
    assert again.said() == (["quiero el EC9999"] if resumes else [])
