"""An interview: Rasa's form asks question by question; here is decided what each message does to it."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from rasa_sdk.events import FollowupAction, SlotSet

from bot import words
from bot.actions.fields import COURTESY, Again, Field, is_another_matter, is_question
from bot.actions.memory import SLOT
from bot.actions.tools import Act, Ask, Event, Said, Tools
from conversations.message import Reply
from core.text import fold

# Rasa's form asks for one slot, again and again; what is really asked and told stands in the other.
FORM, ASKED, STATE = "interview_form", "reply", "interview"
_CANCEL = re.compile(
    r"(?:no |ya |mejor |pues |bueno |ok |gracias |asi |por favor |sabe que |sabes que |oiga |siempre |creo que |ay )*"
    r"(?:adios|luego|despues|ahorita no|ahorita no puedo|ya me voy|al rato|otro dia|cancelar|cancelelo|"
    r"cancela|cancelalo|cancele|cancelo|salir|salte|dejalo|dejelo|olvidalo|"
    r"olvidelo|ya no|ya no me interesa|no me interesa|mejor no|no quiero|no gracias|"
    r"no quiero (?:seguir|continuar|dejar|dar)|ya no quiero|lo dejo|me arrepenti|nada|never ?mind|cancel|stop|"
    r"no thanks)"
    r"(?: (?:por favor|porfa|porfavor|todo|asi|la|mi|el|esto|eso|queja|seguir|continuar|tramite|gracias|nada|mis|"
    r"datos|hacer|ya|no|lo|"
    r"quiero|dejelo|dejalo|dar))*"
)
_WISHES = re.compile(r"(?:mejor |ya |no |pues )*(?:quiero|prefiero|quisiera|puedo|necesito) (?:hablar|que me atienda)")
_WANTS_PERSON = re.compile(
    r"\b(?:persona|asesor\w*|human\w*|agente|operador\w*|ejecutiv\w+|alguien|encargad\w+|representante|llamen|marquen|"
    r"atienda\w*|operator|person|agent)\b"
)
# So many messages about something else in a row, and the interview is left.
_PATIENCE = 2
_SURE = 0.5
_PERMISSION_FIRST = "Gracias, lo tengo presente. Para registrarlo necesito su permiso."
# A story of no more words than this is a wish.
_FEW = 8


@dataclass(frozen=True)
class State:
    """Where an interview stands. ``apart``: messages in a row about something else; -1 while it opens.

    ``end``: how it ended: ``told``, ``cancelled``, or the intent of the message that left it.
    """

    name: str
    told: dict[str, str] = field(default_factory=dict)
    apart: int = -1
    end: str | None = None

    @classmethod
    def of(cls, ask: Ask) -> "State | None":
        """The interview of this conversation."""
        try:
            return cls(**ask.interview) if ask.interview else None
        except TypeError:  # written by an older version
            return None


@dataclass(frozen=True)
class Interview:
    """Questions in their order. ``stays``: whether it waits while other matters are answered.

    ``stops``: a value of a field that ends the interview early (no consent).
    """

    name: str
    fields: Sequence[Field]
    stays: bool = True
    stops: tuple[str, str] | None = None

    def next(self, told: dict[str, str]) -> Field | None:
        """The first question without an answer; None when all is told."""
        if self.stops and told.get(self.stops[0]) == self.stops[1]:
            return None
        return next((one for one in self.fields if one.name not in told), None)

    def spare(self, text: str) -> dict[str, str]:
        """What a message tells of itself, before anything is asked."""
        return {one.name: value for one in self.fields if (value := one.spare(text))}

    def volunteered(self, ask: Ask) -> dict[str, str]:
        """What a message tells that was not asked yet, when it tells that alone.

        It waits in the interview: on a ticket nothing is put before the permission, and a no forgets it.
        """
        if is_question(ask.text) or is_another_matter(ask):
            return {}
        return self.spare(ask.text) | {one.name: value for one in self.fields if (value := one.alone(ask.text))}

    def open(self, told: dict[str, str] | None = None) -> list[Event]:
        """Events that make Rasa begin it; a form left over from an earlier session begins anew."""
        state = asdict(State(self.name, told or {}))
        return [SlotSet(STATE, state), SlotSet(ASKED, None), SlotSet("requested_slot", None), FollowupAction(FORM)]


def hear(interview: Interview, state: State, ask: Ask) -> tuple[State | None, str | None]:
    """What a message does to the interview: ``(new state, what to say before the next question)``.

    The state is None when the message is another matter that Rasa should answer before the form goes on.
    """
    asked = interview.next(state.told)
    if asked is None:
        return replace(state, end="told"), None
    said = fold(ask.text)
    permission = asked.name == "consentimiento"
    # «no, gracias» to the permission is an answer.
    if said and _CANCEL.fullmatch(said) and (not permission or "cancel" in said):
        return replace(state, end="cancelled"), None
    if not permission and COURTESY.fullmatch(said):
        return replace(state, apart=0), "Claro que sí, seguimos."
    # «me llamo Ana Ruiz» is easily taken for «que me llamen»: the words must be there too.
    if (
        (ask.intent == "talk_to_person" or _WISHES.match(said))
        and _WANTS_PERSON.search(said)
        and (asked.name != "relato" or len(said.split()) <= _FEW)
    ):
        return replace(state, end=ask.intent), None
    value = asked.read(ask)
    if permission and not isinstance(value, str):
        volunteered = interview.volunteered(ask)
        if volunteered:  # kept here alone until they say yes; a no forgets it
            return replace(state, told={**volunteered, **state.told}, apart=0), _PERMISSION_FIRST
    if isinstance(value, Again):
        return replace(state, apart=0), value.text
    if value is not None:
        spare = interview.spare(ask.text)
        if asked.name != "nombre":  # a number in a story is somebody else's
            spare.pop("contacto", None)
        told = {**spare, **state.told, asked.name: value}
        state = replace(state, told=told, apart=0)
        return (state if interview.next(told) else replace(state, end="told")), None
    if ask.intent in ("greet", "thank", "affirm"):
        return replace(state, apart=0), "Claro que sí, seguimos."
    if ask.intent in ("deny", "goodbye") and ask.confidence >= _SURE and not is_question(ask.text):
        return replace(state, end="cancelled"), None
    if (not interview.stays and ask.intent not in ("ask", "nlu_fallback")) or state.apart >= _patience(asked):
        return replace(state, end=ask.intent), None
    return None, None


def _patience(asked: Field) -> int:
    # Who does not say yes or no to the permission hardly meant to begin.
    return 1 if asked.name == "consentimiento" else _PATIENCE


class _OfForm(Act):
    """Moves Rasa's form along."""

    listens = False

    def __init__(self, tools: Tools, interviews: dict[str, Interview]) -> None:
        super().__init__(tools)
        self._interviews = interviews


class HearReply(_OfForm):
    """Called by Rasa's form with every message: keeps what it tells, or lets Rasa answer another matter first."""

    name = f"validate_{FORM}"

    async def answer(self, ask: Ask) -> Said:
        """The events that move the form on; none when the message was no answer."""
        state = State.of(ask)
        if state is None:
            return Said([], [SlotSet(ASKED, "told")])
        interview = self._interviews[state.name]
        if ask.acted:  # answered already: the message that opened the form, or one about something else
            left = None if interview.next(state.told) else "told"
            return Said([], _events(replace(state, apart=state.apart + 1, end=left)))
        asked = interview.next(state.told)
        heard, before = hear(interview, state, ask)
        if heard is None:
            return Said([])
        replies = [Reply(before, "form")] if before else []
        kept: list[Event] = []
        if asked and asked.after and asked.name in heard.told:
            shown = asked.after(self.tools, ask)
            replies += shown.replies
            kept = [SlotSet(SLOT, replace(ask.memory, **shown.memory).slot())]
        return Said(replies, [*kept, *_events(heard)])


def _events(state: State) -> list[Event]:
    return [SlotSet(STATE, asdict(state)), *([SlotSet(ASKED, state.end)] if state.end else [])]


class AskNext(_OfForm):
    """Asks the next question of the interview."""

    name = f"action_ask_{ASKED}"

    async def answer(self, ask: Ask) -> Said:
        """The question and its buttons."""
        state = State.of(ask)
        asked = self._interviews[state.name].next(state.told) if state else None
        if asked is None:
            return Said([])
        return Said([Reply(asked.question, "form", list(asked.buttons))])


CANCELLED = Reply(
    "Sin problema, lo dejamos ahí y no registré nada. ¿Le ayudo con otra cosa?",
    "form",
    [words.STEPS, words.FIND_STANDARD, words.PERSON],
)
