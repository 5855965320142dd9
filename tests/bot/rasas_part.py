"""Rasa's part, played by the tracker it would send."""

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions import all_actions
from bot.actions.interview import State
from bot.actions.memory import SLOT, Memory
from bot.actions.tools import Ask, Tools
from conversations.message import ANSWER_STATUSES

Replies = list[dict[str, Any]]
Events = list[dict[str, Any]]


async def act(
    tools: Tools,
    name: str,
    text: str,
    *,
    intent: str = "ask",
    confidence: float = 0.9,
    meant: dict[str, float] | None = None,
    memory: Memory | None = None,
    interview: dict[str, Any] | None = None,
    sender: str = "1",
    before: Events | None = None,
    **entities: str,
) -> tuple[Replies, Events]:
    """Run an action as Rasa would; its messages and its events.

    ``meant``: what the classifier makes of the words. ``before``: what happened in this turn already.
    """
    action = next(action for action in all_actions(tools) if action.name() == name)
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": confidence},
        "entities": [{"entity": key, "value": value} for key, value in entities.items()],
        "intent_ranking": [{"name": intent, "confidence": confidence}],
        "meant": [{"name": name, "confidence": share} for name, share in (meant or {}).items()],
    }
    slots = {SLOT: memory.slot() if memory else None, "interview": interview}
    tracker = Tracker(sender, slots, message, [{"event": "user"}, *(before or [])], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = await action.run(dispatcher, tracker, {})
    said = [message["custom"] for message in dispatcher.messages]
    for reply in said:
        check(reply)
    return said, events


def check(reply: dict[str, Any]) -> None:
    """What holds for whatever is said: limits of the channels, sources with a date, a trace."""
    assert reply["answer_status"] in ANSWER_STATUSES
    assert 0 < len(reply["text"]) <= 1600  # Twilio's limit of a message
    assert len(reply["buttons"]) <= 3
    for shown in reply["buttons"]:
        assert 0 < len(shown["title"]) <= 20
        assert re.fullmatch(r"/[a-z_]+(\{.*\})?", shown["payload"])
    if reply["answer_status"] == "answered":
        assert reply["sources"]
    for source in reply["sources"]:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", source["as_of"])
    assert reply["trace"]["action"]


def remembered(events: Events) -> Memory:
    """The memory that the events leave."""
    return Memory.of(_slot(events, SLOT))


def opened(events: Events) -> State | None:
    """The interview that the events begin; None when they begin none."""
    if not any(event["event"] == "followup" and event["name"] == "interview_form" for event in events):
        return None
    return State(**_slot(events, "interview"))


def heard(text: str, intent: str = "ask", confidence: float = 0.9, **more: Any) -> Ask:
    """A message as Rasa read it."""
    return Ask("", intent=intent, confidence=confidence, **more).saying(text)


def _slot(events: Events, name: str) -> Any:
    return next(
        (event["value"] for event in reversed(events) if event["event"] == "slot" and event["name"] == name), None
    )
