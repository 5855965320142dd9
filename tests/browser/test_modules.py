"""The widget's pure parts, run in the browser itself."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.serving import Server

pytestmark = pytest.mark.browser

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def run(browser: Browser, server: Server) -> Iterator[Run]:
    """Runs the body of an asynchronous function with one argument, `given`, next to the panel's modules."""
    context = browser.new_context(locale="es-MX", timezone_id="America/Mexico_City")
    page = context.new_page()
    page.goto(f"{server.url}/widget/")
    yield lambda body, given=None: page.evaluate(f"async (given) => {{ {body} }}", given)
    context.close()


# A BOM, a comment, the three ends of line, two-byte and four-byte letters, fields without a value, an event without
# data, an unknown field, a second space, and an end without an empty line.
STREAM = (
    '\ufeff: hola\r\n\r\nid: 1\r\nevent: message\r\ndata: {"a":\r\ndata: "ñandú 😀"}\r\n\r\n'
    "data: uno\rdata: dos\r\rid\ndata\n\ndata:x\nid: 9\n\nevent: solo\n\n:c\nretry: 5\ndata:  y\n\n"
    "id: 1\0\nevent: status\ndata: z\n\ndata: sin fin"
)
EVENTS = [
    {"type": "message", "data": '{"a":\n"ñandú 😀"}', "id": "1"},
    {"type": "message", "data": "uno\ndos", "id": "1"},
    {"type": "message", "data": "", "id": ""},
    {"type": "message", "data": "x", "id": "9"},
    {"type": "message", "data": " y", "id": "9"},
    {"type": "status", "data": "z", "id": "9"},
]
PARSE = """
  const { EventParser } = await import("/widget/static/sse.js");
  const bytes = new TextEncoder().encode(given);
  const outcomes = new Set();
  const parse = (chunks) => {
    const events = [];
    const parser = new EventParser((event) => events.push(event));
    for (const chunk of chunks) parser.push(chunk);
    outcomes.add(JSON.stringify(events));
  };
  for (let size = 1; size <= bytes.length; size++) {
    const chunks = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.slice(at, at + size));
    parse(chunks);
  }
  for (let at = 0; at <= bytes.length; at++) parse([bytes.slice(0, at), new Uint8Array(), bytes.slice(at)]);
  return [...outcomes].map(JSON.parse);
"""


def test_events_are_the_same_however_they_are_cut(run: Run) -> None:
    assert run(PARSE, STREAM) == [EVENTS]


TIMELINE = """
  const { Timeline } = await import("/widget/static/timeline.js");
  const item = (id, more = {}) =>
    ({ client_id: id, text: "sí", at: 5, attempts: 1, notBefore: 0, state: "queued", ...more });
  const said = (seq, author, id = null) =>
    ({ seq, id: "m" + seq, client_id: id, author, text: "sí", created_at: "2026-01-01T00:00:00Z" });
  const orders = (list) => (list.length < 2 ? [list]
    : list.flatMap((one, i) => orders(list.toSpliced(i, 1)).map((rest) => [one, ...rest])));
"""


def test_echo_acknowledgement_and_answer_in_any_order(run: Run) -> None:
    outcomes = run(
        TIMELINE
        + """
        const steps = {
          echo: (line) => line.receive(said(3, "citizen", "mine")),
          echoAgain: (line) => line.receive(said(3, "citizen", "mine")),
          sameWordsElsewhere: (line) => line.receive(said(2, "citizen", "other")),
          acknowledged: (line) => line.confirm(item("mine"), said(3, "citizen", "mine")),
          answer: (line) => line.receive(said(4, "assistant")),
        };
        const outcomes = new Set();
        for (const order of orders(Object.keys(steps))) {
          const line = new Timeline();
          line.receive(said(1, "assistant"));
          line.pending([item("mine")]);
          for (const step of order) steps[step](line);
          line.pending([]);
          outcomes.add(JSON.stringify(line.list().map(({ seq, key, state }) => [seq, key, state])));
        }
        return [...outcomes].map(JSON.parse);
        """
    )
    assert outcomes == [[[1, "m1", "sent"], [2, "other", "sent"], [3, "mine", "sent"], [4, "m4", "sent"]]]


def test_what_is_on_its_way_stands_last_in_the_order_written(run: Run) -> None:
    shown = run(
        TIMELINE
        + """
        const line = new Timeline();
        line.pending([item("b", { at: 7 }), item("a", { at: 6 }), item("c", { at: 8, state: "failed", reason: "no" })]);
        const fresh = [2, 1, 2].map((seq) => line.receive(said(seq, "assistant")));
        const before = line.list().map(({ key, state, reason }) => [key, state, reason]);
        line.pending([item("b", { at: 7, waiting: "rate", notBefore: Date.now() + 9000 })]);
        return [fresh, before, line.list().map(({ key, state }) => [key, state])];
        """
    )
    assert shown == [
        [True, True, False],
        [["m1", "sent", ""], ["m2", "sent", ""], ["a", "sending", ""], ["b", "sending", ""], ["c", "failed", "no"]],
        [["m1", "sent"], ["m2", "sent"], ["b", "rate"]],
    ]


def test_a_pressed_option_keeps_its_words(run: Run) -> None:
    texts = run(
        TIMELINE
        + """
        const line = new Timeline();
        const pressed = item("p", { text: undefined, payload: "/yes", title: "Sí, gracias" });
        line.pending([pressed]);
        const texts = [line.list()[0].text];
        line.receive({ ...said(2, "citizen", "p"), text: "/yes" });
        line.confirm(pressed, { ...said(2, "citizen", "p"), text: "/yes" });
        line.pending([]);
        return [...texts, ...line.list().map(({ text }) => text)];
        """
    )
    assert texts == ["Sí, gracias", "Sí, gracias"]


def test_dates_links_and_lengths(run: Run) -> None:
    got = run(
        """
        const { characters, longDate, shortTime, uuid, webUrl } = await import("/widget/static/format.js");
        const plain = uuid();
        Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
        const byHand = uuid();
        delete crypto.randomUUID;
        const noon = new Date(); noon.setHours(12, 34, 0, 0);
        return {
          dates: ["2026-10-09", "2025-11-28T00:00:00Z", "2026-01-01", "2026-13-09", "ayer", "", null].map(longDate),
          links: ["https://conocer.gob.mx/a b", "http://cvc.conocer.gob.mx/", "javascript:alert(1)", "data:text/html,x",
            " JaVaScRiPt:alert(1)", "file:///etc/passwd", "/relativo", "", null].map(webUrl),
          lengths: ["", "ñ", "😀", "👷🏽"].map(characters),
          times: [shortTime(noon.toISOString()), shortTime("2020-02-03T04:05:06Z"), shortTime("nunca")],
          uuids: [plain, byHand],
        };
        """
    )
    assert got["dates"] == ["9 de octubre de 2026", "28 de noviembre de 2025", "1 de enero de 2026", "", "", "", ""]
    assert got["links"] == ["https://conocer.gob.mx/a%20b", "http://cvc.conocer.gob.mx/"] + [None] * 7
    assert got["lengths"] == [0, 1, 1, 2]
    assert got["times"] == ["12:34", "2 feb, 22:05", ""]  # that day in Mexico
    assert [uuid.UUID(text).version for text in got["uuids"]] == [4, 4]
