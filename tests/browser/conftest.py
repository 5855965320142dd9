"""A real browser in front of the real server; whatever its console calls an error fails the test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from tests.browser.chat import Chat
from tests.serving import Server

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MISSING = (
    "The browser tests need Chromium: install it with «apt-get install chromium» "
    "or «.venv/bin/playwright install chromium»."
)
NETWORK = "Failed to load resource"

expect.set_options(timeout=10_000)

NewContext = Callable[..., BrowserContext]
OpenPanel = Callable[..., Chat]


# The synchronous Playwright keeps an event loop running, in which no asynchronous test could run: hence "package".
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    own = playwright.chromium.executable_path
    path = next(filter(None, map(shutil.which, NAMES)), own if Path(own).exists() else None)
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
    yield running
    running.close()


class Console:
    """What the browser itself complained about."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.network_may_fail = False

    def watch(self, context: BrowserContext) -> None:
        context.on("console", lambda line: line.type == "error" and self.complaints.append(line.text))
        context.on("weberror", lambda failure: self.complaints.append(str(failure.error)))
        context.on("dialog", lambda dialog: (self.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def check(self) -> None:
        assert [line for line in self.complaints if not (self.network_may_fail and line.startswith(NETWORK))] == []


@pytest.fixture
def console() -> Console:
    return Console()


@pytest.fixture
def network_may_fail(console: Console) -> None:
    """For tests that break the line on purpose: the browser logs each request that failed."""
    console.network_may_fail = True


@pytest.fixture
def new_context(browser: Browser, console: Console) -> Iterator[NewContext]:
    """Opens a person's browser: nothing stored, set to Mexico."""
    contexts: list[BrowserContext] = []

    def open_context(width: int = 400, height: int = 640, **options: Any) -> BrowserContext:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="es-MX", timezone_id="America/Mexico_City", **options
        )
        context.set_default_timeout(10_000)
        console.watch(context)
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.unroute_all(behavior="ignoreErrors")
        context.close()
    console.check()


@pytest.fixture
def context(new_context: NewContext) -> BrowserContext:
    return new_context()


@pytest.fixture
def open_panel(context: BrowserContext, server: Server) -> OpenPanel:
    """Opens the panel as a page of its own, greeted."""

    def open_one(url: str = server.url) -> Chat:
        page = context.new_page()
        page.goto(f"{url}/widget/")
        return Chat(page).greeted()

    return open_one
