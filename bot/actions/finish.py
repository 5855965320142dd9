"""The end of an interview: what was asked for is done, or what made the citizen leave it is answered."""

import uuid
from dataclasses import dataclass

from rasa_sdk.events import SlotSet

from bot import words
from bot.actions.answer import answer_by_id
from bot.actions.asking import Asking
from bot.actions.buttons import Button
from bot.actions.following import ACTS
from bot.actions.interview import CANCELLED, STATE, State
from bot.actions.people import TalkToPerson
from bot.actions.providers import FindProvider
from bot.actions.tools import Act, Ask, Said
from conversations.message import Reply
from core.clock import spoken_date, today
from handoff.contact import find_phone, spoken_phone
from handoff.tickets import open_ticket


@dataclass(frozen=True)
class _Ending:
    """What comes of an interview that ends in a ticket.

    ``reason``: what staff read; ``refused`` and ``instead``: what is said without permission, and the answer after
    it; ``registered``: what is said with ``{name}``, ``{folio}`` and ``{contact}``; ``button``: beside a person.
    """

    reason: str
    refused: str
    instead: str
    registered: str
    button: Button


# By the kind of the ticket, which is the interview's name.
_ENDINGS = {
    "complaint": _Ending(
        "Queja",
        "De acuerdo, no abro la queja. Puede presentarla por su cuenta:",
        "queja",
        "Gracias, {name}. Su queja quedó registrada con el folio {folio}. Una persona la revisará y le buscará en "
        "{contact}. Es confidencial. Guarde su folio y las pruebas que tenga: recibos, mensajes o fotos. También "
        "pueden pedirle copia de su identificación. No tengo confirmado en cuántos días responden.",
        words.STEPS,
    ),
    "migrant": _Ending(
        "Regresó de Estados Unidos y quiere certificarse",
        "De acuerdo, no abro su caso. Puede seguir por su cuenta:",
        "migrantes_inm",
        "Listo, {name}. Su caso quedó registrado con el folio {folio}. Una persona lo revisará y le buscará en "
        "{contact} para decirle qué opciones hay. Los lugares gratuitos del programa son limitados y no puedo "
        "asegurarle uno. Mientras tanto puede ver quién certifica su oficio y preguntarle precio, "
        "fechas y qué documentos necesita.",
        words.FIND_PROVIDER,
    ),
}


class InterviewDone(Act):
    """Runs when Rasa's form ends, however it ended."""

    name = "action_interview_done"
    follows = False

    async def answer(self, ask: Ask) -> Said:
        """Hand on to what was asked for."""
        state = State.of(ask)
        if state is None:
            return Said([CANCELLED])
        if state.end == "cancelled":
            said = Said([CANCELLED])
        elif state.end == "told":
            said = await self._told(state, ask)
        else:
            said = await ACTS.get(state.end or "", Asking)(self.tools).answer(ask)
        # What it opens itself comes after: the old interview is forgotten first.
        return Said(said.replies, [SlotSet(STATE, None), *said.events], said.hits, said.memory, said.missed)

    async def _told(self, state: State, ask: Ask) -> Said:
        told = state.told
        if state.name == "standard":
            return await Asking(self.tools).of_trade(ask.saying(told["oficio"]))
        if state.name == "provider":
            return await FindProvider(self.tools).answer(ask.saying(told["estándar"]))
        return await self._registered(state.name, told, ask)

    async def _registered(self, kind: str, told: dict[str, str], ask: Ask) -> Said:
        """A ticket with its folio, or, without permission, how they can go on by themselves."""
        ending = _ENDINGS[kind]
        if told["consentimiento"] == "no":
            return await self._refused(ending.instead, ending.refused)
        folio = await self._ticket(kind, ending.reason, told, ask)
        name, contact = _first(told["nombre"]), _spoken(told["contacto"])
        text = ending.registered.format(name=name, folio=folio, contact=contact)
        return Said([Reply(text, "handoff", [ending.button, words.PERSON])])

    async def _refused(self, answer_id: str, before: str) -> Said:
        found = await answer_by_id(self.tools, answer_id)
        if found is None:
            return await TalkToPerson(self.tools).answer(Ask(""))
        return Said([Reply(f"{before}\n{found.text}", "answered", found.buttons, found.sources)])

    async def _ticket(self, kind: str, reason: str, told: dict[str, str], ask: Ask) -> str:
        consent = f"sí, el {spoken_date(today())}, por escrito en la conversación"
        details = {**told, "consentimiento": consent}
        async with self.tools.db.begin() as session:
            phone = find_phone(told["contacto"])
            ticket = await open_ticket(session, kind, uuid.UUID(ask.sender), reason, phone, details)
            return ticket.folio


def _first(name: str) -> str:
    return name.split()[0].capitalize()


def _spoken(contact: str) -> str:
    phone = find_phone(contact)
    return spoken_phone(phone) if phone else contact
