"""What Rasa could not tell apart: search may still know, and says how sure it is."""

from dataclasses import replace

from rasa_sdk.events import UserUtteranceReverted

from bot.actions.answer import MAYBE, SURE, answer_by_id, not_found, offer
from bot.actions.standards import asked_code, list_standards, standard_card, standards_for
from bot.actions.tools import Ask, OrientaAction, Said
from search.find import find

_STANDARD = 0.6
# Rasa was not sure, so one answer is given only when it reads nearly the same.
_VERY_SURE = SURE + 0.2


class Fallback(OrientaAction):
    """Graded doubt: a code, a very alike answer, an alike trade, the likeliest topics, or «no lo sé»."""

    action_name = "action_default_fallback"

    async def answer(self, ask: Ask) -> Said:
        """Answer from search alone."""
        said = await self._from_search(ask)
        if ask.intent == "nlu_fallback":
            return said
        # Rasa knew the intent but no rule fits: without taking the message back it would call again.
        return replace(said, events=[*said.events, UserUtteranceReverted()])

    async def _from_search(self, ask: Ask) -> Said:
        index = self.tools.index
        code = asked_code(ask)
        if code:
            return standard_card(self.tools, code)
        answers = find(index, ask.text, kind="answer", limit=3)
        standards = standards_for(self.tools, ask)
        best = answers[0].score if answers else 0.0
        trade_score = standards[0].score if standards else 0.0
        if best >= _VERY_SURE and best >= trade_score:
            reply = await answer_by_id(self.tools, answers[0].item.id)
            if reply:
                return Said([reply], hits=answers)
        if trade_score >= _STANDARD and trade_score > best:
            return list_standards(standards)
        likely = [hit for hit in answers if hit.score >= MAYBE]
        if likely:
            return Said([await offer(self.tools, likely)], hits=answers)
        return Said([not_found()], hits=[*answers, *standards])
