"""What is not this council's matter: says so, names who sees to it where that is certain, and comes back."""

from dataclasses import dataclass
from functools import lru_cache

import yaml

from bot import words
from bot.actions.buttons import button
from bot.actions.tools import Act, Ask, Said, Tools
from conversations.message import Reply
from core.paths import PROJECT_ROOT
from search.find import Found, outside_topic

FILE = PROJECT_ROOT / "knowledge/data/competent_bodies.yml"
_OURS = "Aquí le ayudo a certificar lo que sabe hacer en su trabajo. ¿Seguimos con eso?"
# How alike such a matter must be when nothing of ours was found, and when something doubtful was.
_LIKE, _MORE_LIKE = 0.5, 0.65
# Topics that are trades without a standard.
_TRADES = "trabajo_"
_START = [words.STEPS, words.FIND_STANDARD, words.PERSON]


@dataclass(frozen=True)
class Body:
    """Who sees to a matter: ``body`` with its article, ``matter`` in plain words, the official site if certain."""

    body: str
    matter: str
    url: str | None = None


@lru_cache
def competent_bodies() -> dict[str, Body | None]:
    """By topic of ``search/vocabulary/outside.yml``, who sees to it; None where nobody is certain."""
    found: dict[str, Body | None] = {}
    for row in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        if "topics_without_body" in row:
            found |= dict.fromkeys(row["topics_without_body"])
        else:
            found |= dict.fromkeys(row["topics"], Body(row["body"], row["matter"], row.get("url")))
    return found


def not_ours(tools: Tools, ask: Ask, found: Found) -> Said | None:
    """What is said of a matter that is not ours; None when it reads like none that we know, or more like ours."""
    topic, alike = outside_topic(tools.index, ask.text)
    if topic is None or alike < (_LIKE if not found.hits else _MORE_LIKE):
        return None
    if topic.startswith(_TRADES):
        return Said([no_standard(ask)])
    return Said([_reply(competent_bodies().get(topic))])


def no_standard(ask: Ask) -> Reply:
    """Said of a trade that no standard was found for."""
    return Reply(
        f"No encontré en el registro un estándar para «{ask.quoted()}». Dígamelo con otras palabras, por ejemplo el "
        "nombre del oficio o lo que hace en un día de trabajo. Si de verdad no existe, se puede proponer uno nuevo.",
        "not_found",
        [words.PERSON, button("No hay estándar", "ask", answer_id="no_existe_mi_estandar")],
    )


def _reply(body: Body | None) -> Reply:
    if body is None:
        return Reply(f"Eso no está en mis manos. {_OURS}", "out_of_scope", _START)
    where = f" Su sitio es {body.url.removeprefix('https://')}." if body.url else ""
    matter = body.matter[0].upper() + body.matter[1:]
    return Reply(f"{matter} no lo vemos aquí: eso le toca {_to(body.body)}.{where} {_OURS}", "out_of_scope", _START)


def _to(body: str) -> str:
    return f"al {body[3:]}" if body.startswith("el ") else f"a {body}"


class Insult(Act):
    """Insults: calm, short, and a person."""

    name = "action_insult"

    async def answer(self, ask: Ask) -> Said:
        """Neither offended nor joking."""
        reply = Reply(
            "Entiendo su molestia. Quiero ayudarle: dígame qué necesita o, si prefiere, le atiende una persona.",
            "smalltalk",
            [words.PERSON, words.CALLBACK],
        )
        return Said([reply])
