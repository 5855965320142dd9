"""The open panel as a person uses it, on its own page or inside another one's frame."""

import os
import time
import uuid
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import FrameLocator, Locator, Page, expect

from core.paths import PROJECT_ROOT

# Read now: during the tests nothing of ORIENTA_* is left in the environment.
_PICTURES = os.environ.get("ORIENTA_SCREENSHOTS") == "1"
LAUNCHER = "Abrir el chat de CONOCER"
FRAME = 'iframe[title="Chat de CONOCER"]'
# The link's words stand between "Fuente: " and its date, so the text is read whole.
_READ = """(nodes) => nodes.map((node) => ({
  author: node.dataset.author,
  id: node.dataset.id ?? null,
  seq: node.dataset.seq ? Number(node.dataset.seq) : null,
  state: node.dataset.state ?? null,
  text: node.querySelector(".text").textContent,
  sources: [...node.querySelectorAll(".sources li")].map((source) => source.textContent),
}))"""
_SAVED = "() => JSON.parse(localStorage.getItem('orienta.conversation'))"


@dataclass(frozen=True)
class Shown:
    """A message as it stands on the screen."""

    author: str
    id: str | None
    seq: int | None
    state: str | None
    text: str
    sources: list[str]


class Chat:
    def __init__(self, panel: Page | FrameLocator) -> None:
        self.panel = panel
        self.log = panel.get_by_role("log", name="Conversación")
        self.box = panel.get_by_role("textbox", name="Escriba su mensaje")
        self.send = panel.get_by_role("button", name="Enviar")
        self.options = panel.get_by_role("group", name="Opciones para responder")
        self.banner = panel.locator("#banner")
        self.hint = panel.locator("#hint")
        self.typing = panel.locator("#typing")
        self.messages = panel.locator("[data-key]")
        self.mine = panel.locator('[data-author="citizen"]')
        self.answers = panel.locator('[data-author="assistant"]')

    def greeted(self) -> "Chat":
        expect(self.answers.first).to_contain_text("asistente automático")
        return self

    def say(self, text: str) -> None:
        self.box.fill(text)
        self.box.press("Enter")

    def ask(self, text: str) -> Shown:
        """Say it and read the answer."""
        answers = self.answers.count()
        self.say(text)
        return self.answer_after(answers)

    def press(self, title: str) -> Shown:
        """Press the option and read the answer."""
        answers = self.answers.count()
        self.options.get_by_role("button", name=title, exact=True).click()
        return self.answer_after(answers)

    def answer_after(self, answers: int) -> Shown:
        expect(self.answers).to_have_count(answers + 1)
        self.settled()
        return self.shown()[-1]

    def settled(self) -> None:
        """Nothing on its way in either direction."""
        expect(self.panel.locator('[data-state="sending"], [data-state="rate"]')).to_have_count(0)
        expect(self.typing).to_have_text("")

    def shown(self) -> list[Shown]:
        return [Shown(**message) for message in self.messages.evaluate_all(_READ)]

    def option_titles(self) -> list[str]:
        return self.options.get_by_role("button").all_inner_texts()

    def said(self) -> list[str]:
        """What the citizen said, as the screen has it."""
        return [message.text for message in self.shown() if message.author == "citizen"]

    def stored(self, url: str) -> list[dict]:
        """The conversation as the server has it."""
        with self._http(url) as http:
            return http.get("messages").raise_for_status().json()["messages"]

    def say_elsewhere(self, url: str, text: str) -> None:
        """The same person writes from another window."""
        with self._http(url) as http:
            http.post("messages", json={"client_id": str(uuid.uuid4()), "text": text}).raise_for_status()

    def _http(self, url: str) -> httpx.Client:
        saved = self.messages.first.evaluate(_SAVED)
        headers = {"Authorization": f"Bearer {saved['token']}"}
        return httpx.Client(base_url=f"{url}/api/v1/conversations/{saved['id']}", headers=headers, trust_env=False)

    def is_whole(self, url: str, seconds: float = 10) -> None:
        """The screen has every message of the server once, in its order, and nothing else."""
        deadline = time.monotonic() + seconds
        while True:
            shown = [(message.seq, message.id, message.author, message.text) for message in self.shown()]
            stored = [
                (message["seq"], message["id"], message["author"], message["text"]) for message in self.stored(url)
            ]
            if shown == stored or time.monotonic() > deadline:
                break
            self.log.page.wait_for_timeout(100)
        assert shown == stored
        assert [seq for seq, *_ in shown] == list(range(1, len(shown) + 1))


def picture_file(folder: Path, name: str) -> Path:
    """Where a picture goes: into ``docs/`` when those there are made anew, else into the test's own folder."""
    return (PROJECT_ROOT / "docs" if _PICTURES else folder) / name


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name=LAUNCHER)


def open_widget(page: Page) -> Chat:
    """Press the launcher; the chat in its frame, greeted."""
    launcher(page).click()
    chat = Chat(page.frame_locator(FRAME)).greeted()
    expect(chat.box).to_be_focused()
    return chat
