"""When a person is better: asking for one, complaints, returnees, and «eso no era»."""

from bot import words
from bot.actions.answer import answer_by_id, not_found
from bot.actions.buttons import button
from bot.actions.standards import list_standards, standards_for
from bot.actions.tools import Ask, OrientaAction, Said
from conversations.message import Reply
from search.find import SURE


class TalkToPerson(OrientaAction):
    """Offers the ways to reach a person."""

    action_name = "action_talk_to_person"

    async def answer(self, ask: Ask) -> Said:
        """The telephone, the e-mail, the chat's hours, and a call back with a folio."""
        settings = self.tools.settings
        reply = Reply(
            f"Claro. Puede llamar al {settings.handoff_phone} o escribir a {settings.handoff_email}. Si prefiere, deje "
            "su número y una persona le llama: pulse «Quiero que me llamen» y le doy un folio.\n"
            f"El chat con personas atiende de {words.HOURS}.",
            "handoff_offered",
            [words.CALLBACK],
            [{"title": "Portada del CONOCER", "url": "https://conocer.gob.mx", "as_of": "2026-10-09"}],
        )
        return Said([reply])


class Complaint(OrientaAction):
    """Tells how to complain and offers a person at once."""

    action_name = "action_complaint"

    async def answer(self, ask: Ask) -> Said:
        """How and where, what it needs, and a call back."""
        found = await answer_by_id(self.tools, "queja")
        if found is None:
            return Said([not_found()])
        needs = button("Qué datos necesito", "ask_information", answer_id="datos_para_queja")
        text = f"Lamento lo que pasó. {found.text}"
        return Said([Reply(text, "answered", [needs, words.CALLBACK], found.sources)])


class ReturningMigrant(OrientaAction):
    """Explains the programme for returnees, and starts from the trade when they named it."""

    action_name = "action_returning_migrant"

    async def answer(self, ask: Ask) -> Said:
        """The programme; with a trade, also its standards."""
        programme = await answer_by_id(self.tools, "mexico_reconoce")
        replies = [programme or not_found()]
        found = standards_for(self.tools, ask)
        if found.score >= SURE:
            replies += list_standards(found).replies
        return Said(replies, hits=found.hits)


class NotHelpful(OrientaAction):
    """The last answer was not what they asked."""

    action_name = "action_not_helpful"

    async def answer(self, ask: Ask) -> Said:
        """Apologise, ask for other words, offer a person."""
        reply = Reply(
            "Disculpe, no le entendí bien. ¿Me lo dice con otras palabras? También puede atenderle una persona.",
            "clarify",
            [words.PERSON, words.STEPS, words.FIND_STANDARD],
        )
        return Said([reply])
