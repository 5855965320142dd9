"""Questions about how certification works: the reviewed answer that reads most alike."""

from bot import words
from bot.actions.buttons import answer_button, follow_up_buttons
from bot.actions.standards import list_standards, standard_card
from bot.actions.tools import Ask, OrientaAction, Said, Tools
from conversations.message import Reply
from core.text import fold
from knowledge.answers import get_answer
from search.codes import find_codes
from search.find import Hit, find

# Above SURE one answer is given; above MAYBE the likeliest are offered. Chosen on questions written as
# people type them (tests/search/test_find.py).
SURE = 0.6
MAYBE = 0.34
# Read nearly as one of our own phrasings.
PLAIN = 0.8
_CLEAR = 0.06
_FEW_WORDS = 2
_FEW_WORDS_SURE = 0.7
# A topic this much less alike than the best is not worth offering beside it.
_BESIDE = 0.75


def is_clear(hits: list[Hit], text: str) -> bool:
    """Whether the first answer may be given at once: alike enough, and ahead of the second.

    One or two words share their letters with much, so they must be more alike.
    """
    best = hits[0].score if hits else 0.0
    if len(fold(text).split()) <= _FEW_WORDS:
        return best >= _FEW_WORDS_SURE
    ahead = len(hits) < 2 or best - hits[1].score >= _CLEAR
    return best >= PLAIN or (best >= SURE and ahead)


def worth_offering(hits: list[Hit]) -> list[Hit]:
    """The likeliest answers, when none is clear."""
    return [hit for hit in hits if hit.score >= max(MAYBE, _BESIDE * hits[0].score)]


async def answer_by_id(tools: Tools, answer_id: str) -> Reply | None:
    """The answer with this id as a reply, or None when there is no such answer."""
    async with tools.db.begin() as session:
        answer = await get_answer(session, answer_id)
    if answer is None:
        return None
    return Reply(answer.text, "answered", await follow_up_buttons(tools, answer.follow_ups), answer.sources)


async def offer(tools: Tools, hits: list[Hit]) -> Reply:
    """The likeliest answers as buttons, two at most, and a person."""
    buttons = []
    async with tools.db.begin() as session:
        for hit in hits[:2]:
            answer = await get_answer(session, hit.item.id)
            if answer:
                buttons.append(answer_button(answer))
    one = "¿Se refiere a este tema?" if len(buttons) == 1 else "¿Se refiere a alguno de estos temas?"
    return Reply(f"Quiero estar seguro de entenderle. {one}", "clarify", [*buttons, words.PERSON])


def not_found() -> Reply:
    """Said when nothing we have answers: never invented, a person is offered."""
    return Reply(
        "No tengo una respuesta confirmada para eso y prefiero no inventarla. Puede decírmelo con otras palabras, "
        "nombrar su oficio o la clave de un estándar, o pedir que le atienda una persona.",
        "not_found",
        [words.PERSON, words.STEPS, words.FIND_STANDARD],
    )


class AnswerQuestion(OrientaAction):
    """A question, typed or from a button that names the answer."""

    action_name = "action_answer"

    async def answer(self, ask: Ask) -> Said:
        """Give the answer, offer the likeliest, or say that there is none."""
        if "answer_id" in ask.entities:
            reply = await answer_by_id(self.tools, ask.entities["answer_id"])
            return Said([reply or not_found()])
        hits = find(self.tools.index, ask.text, kind="answer", limit=4)
        best = hits[0].score if hits else 0.0
        if is_clear(hits, ask.text):
            reply = await answer_by_id(self.tools, hits[0].item.id)
            if reply:
                return Said([reply], hits=hits)
        codes = find_codes(ask.text)
        if codes and best < SURE:
            return standard_card(self.tools, codes[0])
        standards = find(self.tools.index, ask.text, kind="standard", limit=5)
        if standards and standards[0].score > max(best, 0.6):
            return list_standards(standards)
        likely = worth_offering(hits)
        if likely:
            return Said([await offer(self.tools, likely)], hits=hits)
        if ask.intent == "about_assistant":
            reply = await answer_by_id(self.tools, "que_puede_hacer")
            return Said([reply or not_found()], hits=hits)
        return Said([not_found()], hits=hits)
