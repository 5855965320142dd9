"""When a person is better: asking for one, complaints, people who came back from the United States."""

import re
from dataclasses import replace

from bot import words
from bot.actions.answer import answer_by_id, give_answer
from bot.actions.fields import story
from bot.actions.interviews import COMPLAINT, MIGRANT
from bot.actions.standards import trade_shown
from bot.actions.tools import Act, Ask, Said
from conversations.message import Reply
from core.text import fold


class TalkToPerson(Act):
    """Offers the ways to reach a person."""

    name = "action_talk_to_person"

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


# Complaints about public servants have their own ways.
_PUBLIC_SERVANT = re.compile(
    r"\b(?:funcionari[oa]s?|servidor(?:a|es)? public\w*|emplead[oa]s? (?:de|del) conocer|mordida)\b"
)


class Complaint(Act):
    """A complaint: takes it down for a person, with a folio."""

    name = "action_complaint"
    literal = True

    async def answer(self, ask: Ask) -> Said:
        """Regret, and the interview; what they told already is not asked again."""
        if _PUBLIC_SERVANT.search(fold(ask.text)):
            return await give_answer(self.tools, "queja_servidor_publico")
        told = story(ask.text)
        if told:
            kept = Reply("Lamento lo que pasó. Leí lo que me contó; no tendrá que repetirlo.", "form")
            return Said([kept], COMPLAINT.open({"relato": told}))
        said = await give_answer(self.tools, "queja")
        how = replace(said.replies[0], text=f"Lamento lo que pasó. {said.replies[0].text}", buttons=[])
        return replace(said, replies=[how], events=COMPLAINT.open())


class ReturningMigrant(Act):
    """People who come back: their trade's standards, the programme as it is, and a case for the staff."""

    name = "action_returning_migrant"
    literal = True

    async def answer(self, ask: Ask) -> Said:
        """Start from the trade when they named one."""
        # Before the permission nothing is kept that leads to the person.
        told = {name: value for name, value in MIGRANT.spare(ask.text).items() if name != "contacto"}
        trade = trade_shown(self.tools, ask)
        if trade.hits:
            told["oficio"] = ask.text.strip()[:300]
        programme = await answer_by_id(self.tools, "mexico_reconoce")
        replies = [*([programme] if programme else []), *trade.replies]
        return Said(replies, MIGRANT.open(told), trade.hits, trade.memory)
