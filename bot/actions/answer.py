"""Questions about how certification works: the reviewed answer that reads most alike."""

from bot import words
from bot.actions.buttons import answer_button, follow_up_buttons
from bot.actions.standards import list_standards, standard_card
from bot.actions.tools import Ask, OrientaAction, Said, Tools
from conversations.message import Reply
from knowledge.answers import get_answer
from search.codes import find_codes, strip_codes
from search.find import SURE, Found, Hit, find

# This sure, an answer is given even when another is nearly as likely.
PLAIN = 0.9
# A second answer nearer than this to the first makes it doubtful.
_AHEAD = 0.95
# A topic this much less likely than the best is not worth offering beside it.
_BESIDE = 0.75


def is_clear(found: Found) -> bool:
    """Whether the first answer may be given at once: likely enough, and ahead of the second."""
    hits = found.hits
    ahead = len(hits) < 2 or hits[1].score <= _AHEAD * hits[0].score
    return found.score >= PLAIN or (found.score >= SURE and ahead)


def worth_offering(found: Found) -> list[Hit]:
    """The likeliest answers, when none is clear."""
    return [hit for hit in found.hits if hit.score >= _BESIDE * found.score]


async def answer_by_id(tools: Tools, answer_id: str) -> Reply | None:
    """The answer with this id as a reply, or None when there is no such answer."""
    async with tools.db.begin() as session:
        answer = await get_answer(session, answer_id)
    if answer is None:
        return None
    return Reply(answer.text, "answered", await follow_up_buttons(tools, answer.follow_ups), answer.sources)


async def clear_answer(tools: Tools, found: Found) -> Said | None:
    """The answer, when the first is clear and no standard is likelier; ``found`` among all kinds."""
    answers = found.of("answer")
    if not is_clear(answers) or answers.score < found.of("standard").score:
        return None
    reply = await answer_by_id(tools, answers.hits[0].item.id)
    return Said([reply], hits=found.hits) if reply else None


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
        # «¿cuánto cuesta el EC0217?» asks for a price.
        found = find(self.tools.index, strip_codes(ask.text))
        answers, standards = found.of("answer"), found.of("standard")
        clear = await clear_answer(self.tools, found)
        if clear:
            return clear
        codes = find_codes(ask.text)
        if codes:
            return standard_card(self.tools, codes[0])
        if standards.score > max(answers.score, SURE):
            return list_standards(standards)
        # Rasa takes it for a question, so the likeliest are worth offering though all kinds together say nothing.
        likely = worth_offering(answers) or worth_offering(find(self.tools.index, ask.text, kind="answer", limit=4))
        if likely:
            return Said([await offer(self.tools, likely)], hits=likely)
        if ask.intent == "about_assistant":
            reply = await answer_by_id(self.tools, "que_puede_hacer")
            return Said([reply or not_found()])
        return Said([not_found()])
