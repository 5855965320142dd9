"""Reviewed answers: shown by their id, given when one is clear, offered as topics when several may be meant."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot import words
from bot.actions.buttons import follow_up_buttons, providers_button, topic_buttons
from bot.actions.standard_facts import OF_STANDARDS, told_of
from bot.actions.standards import as_spoken
from bot.actions.tools import Act, Ask, Said, Tools
from conversations.message import Reply
from knowledge.answers import get_answer
from search.codes import find_codes
from search.find import Hit, resolve

# Less sure than this, the answer says which question it answers.
_DOUBTED, _DOUBT = 0.5, "Si le entendí bien, pregunta: «{}»"
# A standard named only as an example is not what is spoken of.
_EXAMPLE = "or ejemplo"
# A second answer nearer than this to the first is offered beside it.
_NEAR = 0.5


async def answer_by_id(tools: Tools, answer_id: str) -> Reply | None:
    """The answer with this id as a reply, or None when there is no such answer."""
    async with tools.db.begin() as session:
        answer = await get_answer(session, answer_id)
    if answer is None:
        return None
    return Reply(answer.text, "answered", await follow_up_buttons(tools, answer.follow_ups), answer.sources)


async def give_answer(
    tools: Tools,
    answer_id: str,
    hits: Iterable[Hit] = (),
    code: str | None = None,
    likely: Mapping[str, float] | None = None,
) -> Said:
    """The answer; said of the standard ``code`` where the answer depends on the standard.

    ``likely``: answers that may be meant and how surely; one nearly as sure is offered beside.
    """
    reply = await answer_by_id(tools, answer_id)
    if reply is None:
        return Said([not_found()])
    sure = dict(likely or {})
    others = tuple(other for other in sure if other != answer_id)[:2]
    memory: dict[str, Any] = {"act": "ask", "kind": "answer", "ids": (answer_id,), "seen": 1, "others": others}
    spoken_of = set(find_codes(reply.text))
    if len(spoken_of) == 1 and _EXAMPLE not in reply.text:
        memory["code"] = spoken_of.pop()  # «¿y quién lo certifica?» after «el más usado es EC1265»
    if sure.get(answer_id, 1.0) < _DOUBTED:
        reply = replace(reply, text=f"{_DOUBT.format(tools.index.items['answer'][answer_id].title)}\n{reply.text}")
    if others and sure[others[0]] >= _NEAR * sure.get(answer_id, 1.0):
        beside = list((await topic_buttons(tools, [others[0]])).values())
        reply = replace(reply, buttons=[*beside, *(one for one in reply.buttons if one not in beside)][:3])
    if code and answer_id in OF_STANDARDS:
        shown, _ = resolve(tools.index, code)
        if shown is not None:
            text = f"Sobre {shown.id}, {shown.title}:\n{told_of(shown.id, answer_id)}{reply.text}"
            buttons = [providers_button(shown.id), *reply.buttons][:3]
            reply = Reply(text, "answered", buttons, reply.sources)
            memory |= {"code": shown.id}
    return Said([reply], hits=list(hits), memory=memory)


async def offer_topics(
    tools: Tools, ids: Iterable[str], question: str = "Quiero estar seguro de entenderle. ¿Se refiere a esto?"
) -> Reply:
    """Topics as buttons, two at most, and a person."""
    wanted = list(ids)[:2]
    found = await topic_buttons(tools, wanted)
    return Reply(question, "clarify", [*(found[topic] for topic in wanted if topic in found), words.PERSON])


def not_found(asked: str = "") -> Reply:
    """Said when nothing we have answers what was ``asked``: never invented, a person is offered."""
    return Reply(
        f"No tengo una respuesta confirmada para {f'«{asked}»' if asked else 'eso'} y prefiero no inventarla. Puede "
        "decírmelo con otras palabras, "
        "nombrar su oficio o la clave de un estándar, o pedir que le atienda una persona.",
        "not_found",
        [words.PERSON, words.STEPS, words.FIND_STANDARD],
    )


class ShowAnswer(Act):
    """The answer a button or a reference names."""

    name = "show_answer"

    async def answer(self, ask: Ask) -> Said:
        """The answer by its id."""
        return await give_answer(self.tools, ask.entities.get("topics") or ask.entities["answer"])


class TellSource(Act):
    """«¿De dónde sale eso?» after an answer: its sources with their dates."""

    name = "tell_source"

    async def answer(self, ask: Ask) -> Said:
        """Name the sources of the answer given last."""
        reply = await answer_by_id(self.tools, ask.memory.ids[0])
        if reply is None:
            return Said([not_found()])
        lines = [f"{one['title']}, consultado el {as_spoken(one['as_of'])}." for one in reply.sources]
        text = "\n".join(["Lo que le dije sale de:", *lines])
        return Said([Reply(text, "answered", reply.buttons, reply.sources)])
