"""What every act is made of: the message it answers, the tools it uses, what it says."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rasa_sdk import Tracker

from bot.actions.meaning import in_context
from bot.actions.memory import SLOT, Memory
from conversations.message import Reply
from core.db import Database
from core.settings import Settings
from knowledge.places import find_state, read_place
from search.codes import find_codes
from search.find import Hit
from search.index import Index
from search.live import LiveIndex

Event = dict[str, Any]
_PLACE = "entidad_federativa"
# Rasa runs these by itself: they have said nothing yet.
_RASAS_OWN = ("action_listen", "action_extract_slots", "action_session_start", "interview_form")


@dataclass(frozen=True)
class Tools:
    """What acts need: the database, the search index and the settings."""

    db: Database
    search: LiveIndex
    settings: Settings

    @property
    def index(self) -> Index:
        """The search index of this moment."""
        return self.search.current


@dataclass(frozen=True)
class Ask:
    """What the citizen's last message asks, how Rasa read it and what was said before.

    ``text``: what was typed, empty for a button. ``about``: the same without the place it names. ``state``: short
    name of the state named now. ``meant``: what it may mean where it was said, with probabilities, likeliest first.
    ``also_meant``: what each clause means by itself, where there are several. ``acted``: another act of this turn has
    answered the message already.
    """

    text: str
    about: str = ""
    state: str | None = None
    entities: Mapping[str, str] = field(default_factory=dict)
    intent: str = ""
    confidence: float = 0.0
    ranking: Sequence[dict[str, Any]] = ()
    meant: Sequence[tuple[str, float]] = ()
    also_meant: Sequence[tuple[str, float]] = ()
    memory: Memory = field(default_factory=Memory)
    interview: dict[str, Any] | None = None
    sender: str = ""
    acted: bool = False

    @classmethod
    def of(cls, tracker: Tracker) -> "Ask":
        """Read Rasa's tracker."""
        message = tracker.latest_message or {}
        typed = message.get("text") or ""
        intent = message.get("intent") or {}
        values = {entity["entity"]: str(entity["value"]) for entity in message.get("entities") or []}
        memory, interview = Memory.of(tracker.get_slot(SLOT)), tracker.get_slot("interview")
        words = {one["name"]: float(one["confidence"]) for one in message.get("meant") or []}
        asked = cls(
            text="",
            state=find_state(values.get(_PLACE, "")),
            entities=values,
            intent=intent.get("name") or "",
            confidence=round(float(intent.get("confidence") or 0), 3),
            ranking=[
                {"intent": rank["name"], "confidence": round(rank["confidence"], 3)}
                for rank in (message.get("intent_ranking") or [])[:3]
            ],
            meant=in_context(words, typed, memory, (interview or {}).get("name")),
            also_meant=[(one["name"], float(one["confidence"])) for one in message.get("also_meant") or []],
            memory=memory,
            interview=interview,
            sender=tracker.sender_id,
            acted=_acted(tracker),
        )
        return asked if typed.startswith("/") else asked.saying(typed)

    def saying(self, text: str) -> "Ask":
        """The same message as if it had been ``text``."""
        place, about = read_place(text)
        return replace(self, text=text, about=about, state=place.state if place else self.state)

    @property
    def code(self) -> str | None:
        """The code the message names: typed in any spelling, or in a button."""
        codes = find_codes(self.text or self.entities.get("ec_code", ""))
        return codes[0] if codes else None

    def quoted(self) -> str:
        """What was typed, short enough to be said back."""
        return self.text.strip()[:80]


def _acted(tracker: Tracker) -> bool:
    for event in reversed(tracker.events or []):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in _RASAS_OWN:
            return True
    return False


@dataclass(frozen=True)
class Said:
    """What an act gives back.

    ``events`` for Rasa; ``hits``: what was considered, with scores; ``memory``: what changes in it; ``missed``:
    whether this was no answer, by default when nothing was found.
    """

    replies: Sequence[Reply]
    events: Sequence[Event] = ()
    hits: Sequence[Hit] = ()
    memory: Mapping[str, Any] = field(default_factory=dict)
    missed: bool | None = None


class Act(ABC):
    """One thing the assistant does; Rasa knows it by ``name``.

    ``listens``: whether it answers what a citizen said; what only moves a form along does not. ``follows``: whether
    a reference in the message may lead to another act. ``literal``: it keeps the words as they were typed.
    """

    name: str
    listens = True
    follows = True
    literal = False

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    @abstractmethod
    async def answer(self, ask: Ask) -> Said:
        """Decide what is said."""
