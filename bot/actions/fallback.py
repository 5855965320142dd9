"""What Rasa could not tell apart: search may still know, and says how sure it is."""

from dataclasses import replace

from rasa_sdk.events import UserUtteranceReverted

from bot.actions.answer import clear_answer, not_found, offer, worth_offering
from bot.actions.standards import asked_code, list_standards, standard_card, standards_for
from bot.actions.tools import Ask, OrientaAction, Said
from search.find import SURE, Found, find


class Fallback(OrientaAction):
    """Graded doubt: a code, a very alike answer, an alike trade, the likeliest topics, or «no lo sé»."""

    action_name = "action_default_fallback"

    async def answer(self, ask: Ask) -> Said:
        """Answer from search alone."""
        said = await self.from_search(ask, find(self.tools.index, ask.text))
        if ask.intent == "nlu_fallback":
            return said
        # Rasa knew the intent but no rule fits: without taking the message back it would call again.
        return replace(said, events=[*said.events, UserUtteranceReverted()])

    async def from_search(self, ask: Ask, found: Found) -> Said:
        """The best that search alone can say; ``found``: what it found among everything."""
        code = asked_code(ask)
        if code:
            return standard_card(self.tools, code)
        answers, standards = found.of("answer"), found.of("standard")
        clear = await clear_answer(self.tools, found)
        if clear:
            return clear
        if standards.score >= max(SURE, answers.score):
            return list_standards(standards)
        likely = worth_offering(answers)
        if likely:
            return Said([await offer(self.tools, likely)], hits=found.hits)
        guess = standards if standards.hits else standards_for(self.tools, ask)
        return list_standards(guess) if guess.hits else Said([not_found()])
