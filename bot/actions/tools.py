"""What every action is made of: the turn it answers, the tools it uses, the reply it gives."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from conversations.message import Reply
from core.db import Database
from core.settings import Settings
from knowledge.places import find_state, state_in, without_place
from search.codes import find_codes
from search.find import Hit
from search.index import Index
from search.live import LiveIndex
from search.text import trade

Event = dict[str, Any]
_PLACE = "entidad_federativa"


@dataclass(frozen=True)
class Tools:
    """What actions need: the database, the search index and the settings."""

    db: Database
    search: LiveIndex
    settings: Settings

    @property
    def index(self) -> Index:
        """The search index of this moment."""
        return self.search.current


@dataclass(frozen=True)
class Ask:
    """What the citizen's last message asks, and how Rasa read it.

    ``text``: what was typed, empty for a button. ``about``: the same without the place it names.
    ``shown_code``: the standard that was shown last. ``said_trade``: the trade they named last.
    ``state``: short name of the state named now.
    """

    text: str
    about: str
    shown_code: str | None
    said_trade: str
    state: str | None
    entities: dict[str, str]
    intent: str
    confidence: float
    ranking: list[dict[str, Any]]

    @classmethod
    def of(cls, tracker: Tracker) -> "Ask":
        """Read Rasa's tracker."""
        message = tracker.latest_message or {}
        typed = message.get("text") or ""
        text = "" if typed.startswith("/") else typed
        intent = message.get("intent") or {}
        entities = message.get("entities") or []
        values = {entity["entity"]: str(entity["value"]) for entity in entities}
        # The slot may hold what somebody typed into a form; only a code counts.
        shown = find_codes(str(tracker.get_slot("ec_code") or ""))
        return cls(
            text=text,
            about=without_place(_without_places(text, entities)),
            shown_code=shown[0] if shown else None,
            said_trade=trade(str(tracker.get_slot("ocupacion") or "")),
            state=find_state(values.get(_PLACE, "")) or state_in(text),
            entities=values,
            intent=intent.get("name") or "",
            confidence=round(float(intent.get("confidence") or 0), 3),
            ranking=[
                {"intent": rank["name"], "confidence": round(rank["confidence"], 3)}
                for rank in (message.get("intent_ranking") or [])[:3]
            ],
        )


def _without_places(text: str, entities: list[dict[str, Any]]) -> str:
    # Rasa also knows cities («plomero en Tijuana»), by their position in the text.
    for entity in sorted(entities, key=lambda entity: -entity.get("start", 0)):
        if entity["entity"] == _PLACE and text and "start" in entity:
            text = f"{text[: entity['start']]} {text[entity['end'] :]}"
    return text


@dataclass(frozen=True)
class Said:
    """What an action gives back: replies, events for Rasa (slots, a form) and the hits it considered."""

    replies: Sequence[Reply]
    events: Sequence[Event] = ()
    hits: Sequence[Hit] = ()


class OrientaAction(Action):
    """An action of ours: ``answer`` decides, ``run`` hands the replies to Rasa with a trace of why."""

    action_name: str

    def __init__(self, tools: Tools) -> None:
        self.tools = tools

    def name(self) -> str:
        """Name in Rasa's domain."""
        return self.action_name

    @abstractmethod
    async def answer(self, ask: Ask) -> Said:
        """Decide what is said."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """Called by the SDK."""
        ask = Ask.of(tracker)
        said = await self.answer(ask)
        trace = {
            "action": self.name(),
            "intent": ask.intent,
            "confidence": ask.confidence,
            "ranking": ask.ranking,
            "hits": [{"id": hit.item.id, "kind": hit.item.kind, "score": round(hit.score, 3)} for hit in said.hits],
        }
        for reply in said.replies:
            dispatcher.utter_message(json_message=vars(replace(reply, trace=trace)))
        return list(said.events)
