"""The end of an interview: what was asked for is done, or what made the citizen leave it is answered."""

import uuid
from collections.abc import Awaitable, Callable

from rasa_sdk.events import SlotSet

from bot import words
from bot.actions.answer import answer_by_id
from bot.actions.asking import Asking
from bot.actions.following import ACTS
from bot.actions.interview import CANCELLED, STATE, State
from bot.actions.people import TalkToPerson
from bot.actions.providers import FindProvider
from bot.actions.tools import Act, Ask, Said
from conversations.message import Reply
from core.clock import spoken_date, today
from handoff.contact import find_phone, spoken_phone
from handoff.tickets import open_ticket


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
        endings: dict[str, Callable[[dict[str, str], Ask], Awaitable[Said]]] = {
            "standard": self._standard, "provider": self._provider,
            "complaint": self._complaint, "migrant": self._migrant,
        }  # fmt: skip
        return await endings[state.name](state.told, ask)

    async def _standard(self, told: dict[str, str], ask: Ask) -> Said:
        return await Asking(self.tools).of_trade(ask.saying(told["oficio"]))

    async def _provider(self, told: dict[str, str], ask: Ask) -> Said:
        return await FindProvider(self.tools).answer(ask.saying(told["estándar"]))

    async def _complaint(self, told: dict[str, str], ask: Ask) -> Said:
        if told["consentimiento"] == "no":
            return await self._refused("queja", "De acuerdo, no abro la queja. Puede presentarla por su cuenta:")
        folio = await self._ticket("complaint", "Queja", told, ask)
        return Said([
            Reply(
                f"Gracias, {_first(told['nombre'])}. Su queja quedó registrada con el folio {folio}. Una persona la "
                f"revisará y le buscará en {_spoken(told['contacto'])}. Es confidencial. Guarde su folio y las "
                f"pruebas que "
                "tenga: recibos, mensajes o fotos. También pueden pedirle copia de su identificación. No tengo "
                "confirmado en "
                "cuántos días responden.",
                "handoff",
                [words.STEPS, words.PERSON],
            )
        ])  # fmt: skip

    async def _migrant(self, told: dict[str, str], ask: Ask) -> Said:
        if told["consentimiento"] == "no":
            return await self._refused("migrantes_inm", "De acuerdo, no abro su caso. Puede seguir por su cuenta:")
        folio = await self._ticket("migrant", "Regresó de Estados Unidos y quiere certificarse", told, ask)
        return Said([
            Reply(
                f"Listo, {_first(told['nombre'])}. Su caso quedó registrado con el folio {folio}. Una persona lo "
                f"revisará y le "
                f"buscará en {_spoken(told['contacto'])} para decirle qué opciones hay. Los lugares gratuitos "
                f"del programa "
                "son limitados y no puedo asegurarle uno. Mientras tanto puede ver quién certifica su oficio y "
                "preguntarle "
                "precio, fechas y qué documentos necesita.",
                "handoff",
                [words.FIND_PROVIDER, words.PERSON],
            )
        ])  # fmt: skip

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
