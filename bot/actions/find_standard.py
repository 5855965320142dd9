"""Standards: by what a person does, or by code."""

from rasa_sdk.events import SlotSet

from bot import words
from bot.actions.answer import answer_by_id, is_clear
from bot.actions.buttons import button
from bot.actions.forms import open_form
from bot.actions.providers import FindProvider
from bot.actions.standards import asked_code, list_standards, standard_card, standards_for
from bot.actions.tools import Ask, OrientaAction, Said
from conversations.message import Reply
from search.codes import strip_codes
from search.find import Found, find
from search.text import trade


class StandardDetails(OrientaAction):
    """Says what a standard is, by its code."""

    action_name = "action_standard_details"

    async def answer(self, ask: Ask) -> Said:
        """The card of the code named, or of the one shown last; without either, look for the trade."""
        code = asked_code(ask) or ask.shown_code
        if code:
            # «vigencia del EC0217» asks for more than the card says, «qué es el EC0217» does not.
            beside = strip_codes(ask.text)
            found = find(self.tools.index, beside) if trade(beside) else Found()
            asked = is_clear(found.of("answer")) and found.hits[0].item.kind == "answer"
            reply = await answer_by_id(self.tools, found.hits[0].item.id) if asked else None
            return Said([reply], [SlotSet("ec_code", code)], found.hits) if reply else standard_card(self.tools, code)
        return await FindStandard(self.tools).answer(ask)


class FindStandard(OrientaAction):
    """Finds standards for what a person does."""

    action_name = "action_find_standard"

    async def answer(self, ask: Ask) -> Said:
        """List the standards, or ask what they do when nothing says it."""
        code = asked_code(ask)
        if code:
            return standard_card(self.tools, code)
        if not trade(ask.about):
            return await self._nothing_named(ask)
        found = standards_for(self.tools, ask)
        if found.hits:
            return list_standards(found)
        reply = Reply(
            f"No encontré en el registro un estándar para «{ask.text.strip()[:80]}». Dígamelo con otras palabras, por "
            "ejemplo el nombre del oficio o lo que hace en un día de trabajo.",
            "not_found",
            [words.PERSON, button("No hay estándar", "ask_information", answer_id="no_existe_mi_estandar")],
        )
        return Said([reply])

    async def _nothing_named(self, ask: Ask) -> Said:
        if ask.state and (ask.shown_code or ask.said_trade):
            # «¿y en Jalisco?» after a standard was shown or a trade was named.
            return await FindProvider(self.tools).answer(ask)
        return Said([], open_form("standard_form", "ocupacion"))
