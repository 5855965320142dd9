"""Buttons: at most three a message, titles of at most 20 characters (WhatsApp's limits hold everywhere)."""

import json
from collections.abc import Iterable

from sqlalchemy import select

from bot import words
from bot.actions.tools import Tools
from knowledge.models import Answer

Button = dict[str, str]
_ACTS = {
    "find_standard": words.FIND_STANDARD,
    "find_provider": words.FIND_PROVIDER,
    "person": words.PERSON,
    "callback": words.CALLBACK,
}


def button(title: str, intent: str, **entities: str) -> Button:
    """A button that triggers ``intent`` with ``entities``; ValueError for a title that would be cut."""
    if len(title) > 20:
        raise ValueError(f"button title over 20 characters: {title!r}")
    return {"title": title, "payload": f"/{intent}" + (json.dumps(entities, ensure_ascii=False) if entities else "")}


def providers_button(code: str) -> Button:
    """Who certifies this standard."""
    return button("¿Quién lo certifica?", "find_provider", ec_code=code)


def details_button(code: str) -> Button:
    """Show this standard."""
    return button(f"Ver {code}", "ask", ec_code=code)


def answer_button(answer: Answer) -> Button:
    """Show this answer."""
    return button(answer.button, "ask", answer_id=answer.id)


async def topic_buttons(tools: Tools, ids: Iterable[str]) -> dict[str, Button]:
    """By its id, the button of each of these answers; without those that are gone."""
    async with tools.db.begin() as session:
        found = await session.scalars(select(Answer).where(Answer.id.in_(list(ids))))
        return {answer.id: answer_button(answer) for answer in found}


async def follow_up_buttons(tools: Tools, targets: list[str]) -> list[Button]:
    """Buttons for an answer's follow-ups: other answers' ids or acts, in their order."""
    topics = await topic_buttons(tools, targets)
    return [_ACTS[target] if target in _ACTS else topics[target] for target in targets]
