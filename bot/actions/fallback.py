"""What Rasa could not tell apart: search may still know, and says how sure it is."""

from dataclasses import replace

from rasa_sdk.events import UserUtteranceReverted

from bot.actions.answer import PLAIN, answer_by_id, is_clear, not_found, offer, worth_offering
from bot.actions.standards import asked_code, list_standards, standard_card, standards_for
from bot.actions.tools import Ask, OrientaAction, Said
from search.find import find

_STANDARD = 0.6


class Fallback(OrientaAction):
    """Graded doubt: a code, a very alike answer, an alike trade, the likeliest topics, or «no lo sé»."""

    action_name = "action_default_fallback"

    async def answer(self, ask: Ask) -> Said:
        """Answer from search alone."""
        said = await self.from_search(ask)
        if ask.intent == "nlu_fallback":
            return said
        # Rasa knew the intent but no rule fits: without taking the message back it would call again.
        return replace(said, events=[*said.events, UserUtteranceReverted()])

    async def from_search(self, ask: Ask) -> Said:
        """The best that search alone can say."""
        index = self.tools.index
        code = asked_code(ask)
        if code:
            return standard_card(self.tools, code)
        answers = find(index, ask.text, kind="answer", limit=3)
        standards = standards_for(self.tools, ask)
        best = answers[0].score if answers else 0.0
        trade_score = standards[0].score if standards else 0.0
        # The whole sentence reads like a question of ours: that says more than one word that is a trade.
        if best >= PLAIN or (is_clear(answers, ask.text) and best >= trade_score):
            reply = await answer_by_id(self.tools, answers[0].item.id)
            if reply:
                return Said([reply], hits=answers)
        if trade_score >= _STANDARD and trade_score > best:
            return list_standards(standards)
        likely = worth_offering(answers)
        if likely:
            return Said([await offer(self.tools, likely)], hits=answers)
        return Said([not_found()], hits=[*answers, *standards])
