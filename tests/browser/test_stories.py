"""Four people reach what they came for, as pictures in ``docs/``."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chat import Chat, picture_file
from tests.browser.conftest import NewContext
from tests.serving import Server

pytestmark = pytest.mark.browser

# Height of what stands above and below the messages, in pixels.
_AROUND = 200
# What each says, and what some answer to it must hold.
STORIES = {
    "returnee": [
        ("hice drywall ocho años en Dallas y ya me regresé", "EC0984"),
        ("sí", "¿En qué ciudad o estado"),
        ("¿y es gratis?", "lugares"),
        ("Tijuana", "¿A nombre de quién"),
        ("me llamo Ana", "¿A qué teléfono"),
        ("664 123 4567", "folio"),
    ],
    "bricklayer": [
        ("soy albañil, ¿en qué me puedo certificar?", "EC0326"),
        ("el primero", "Nivel"),
        ("¿y en Jalisco quién lo certifica?", "noviembre de 2025"),
        ("¿y cuánto cuesta?", "no fija el precio"),
    ],
    "evaluator": [
        ("quiero ser evaluadora, ¿qué necesito?", "EC0076"),
        ("¿y cada cuándo se renueva?", "cada año"),
        ("¿quién me puede proponer?", "propo"),
    ],
    "complaint": [
        ("¡son unos rateros! pagué en marzo y el centro no me entrega mi certificado", "no tendrá que repetirlo"),
        ("sí", "¿De qué centro"),
        ("Centro de Evaluación Azul", "¿A nombre de quién"),
        ("Luis", "¿A qué teléfono"),
        ("55 1234 5678", "folio"),
    ],
}


@pytest.mark.parametrize("who", STORIES)
def test_everybody_reaches_what_they_came_for(
    who: str, new_context: NewContext, server: Server, tmp_path: Path
) -> None:
    page: Page = new_context(480, 900).new_page()
    page.goto(f"{server.url}/widget/")
    chat = Chat(page).greeted()
    for text, wanted in STORIES[who]:
        answers = chat.answers.count()
        chat.say(text)
        expect(chat.answers.filter(has_text=wanted).last).to_be_visible()
        expect(chat.answers).not_to_have_count(answers)
        chat.settled()
    chat.is_whole(server.url)
    whole = chat.log.evaluate("(log) => log.scrollHeight") + _AROUND
    page.set_viewport_size({"width": 480, "height": whole})
    picture = picture_file(tmp_path, f"{who}.png")
    page.screenshot(path=picture)
    assert picture.stat().st_size < 600_000
