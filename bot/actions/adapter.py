"""Rasa's side of an act: reads the tracker, follows references, keeps the memory, hands the replies over."""

from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import words
from bot.actions.following import follow, understood
from bot.actions.interview import FORM, STATE
from bot.actions.memory import SLOT
from bot.actions.tools import Act, Ask, Event, Said
from conversations.message import Reply
from search.find import spell_codes

# So many messages in a row without an answer, and a person is offered before anything else.
_ENOUGH = 2
_LATER = Reply("Con gusto lo vemos en cuanto terminemos esto.", "form")


class RasaAction(Action):
    """Runs an act when Rasa asks for it."""

    def __init__(self, act: Act) -> None:
        self._act = act

    def name(self) -> str:
        """Name in Rasa's domain."""
        return self._act.name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        """Called by the SDK."""
        ask = Ask.of(tracker)
        act = self._act
        if act.follows and act.listens and ask.text:
            spelt = ask.saying(spell_codes(act.tools.index, ask.text))
            led, act = understood(act, spelt)
            led, act = follow(act, led)
            ask = replace(led, text=ask.text, about=ask.about) if act.literal else led
        said = await act.answer(ask)
        if act.listens:
            said = self._counting(ask, _one_interview(ask, said))
        trace = {
            "action": act.name,
            "intent": ask.intent,
            "confidence": ask.confidence,
            "ranking": list(ask.ranking),
            "meant": [{"name": meant, "confidence": round(share, 3)} for meant, share in ask.meant[:3]],
            "hits": [{"id": hit.item.id, "kind": hit.item.kind, "score": round(hit.score, 3)} for hit in said.hits],
        }
        for reply in said.replies:
            dispatcher.utter_message(json_message=vars(replace(reply, trace=trace)))
        memory = replace(ask.memory, **{"state": ask.state or ask.memory.state, **said.memory})
        # An event that changes nothing would make a form believe that it was answered.
        kept = [SlotSet(SLOT, memory.slot())] if act.listens and memory != ask.memory else []
        return [*kept, *said.events]

    def _counting(self, ask: Ask, said: Said) -> Said:
        """After messages in a row without an answer a person is offered first."""
        if not said.replies:
            return said
        missed = said.replies[-1].answer_status == "not_found" if said.missed is None else said.missed
        misses = ask.memory.misses + 1 if missed else 0
        replies = list(said.replies)
        if misses >= _ENOUGH:
            replies[-1] = _person_first(self._act.tools.settings.handoff_phone, replies[-1])
        return replace(said, replies=replies, memory={**said.memory, "misses": misses})


def _one_interview(ask: Ask, said: Said) -> Said:
    """What would begin a second interview is put off while one goes on."""
    goes_on = bool(ask.interview) and not (ask.interview or {}).get("end")
    if not goes_on or FollowupAction(FORM) not in said.events or _just_ended(said):
        return said
    return replace(said, replies=said.replies or [_LATER], events=())


def _just_ended(said: Said) -> bool:
    """Whether the interview that was going on has just ended."""
    return SlotSet(STATE, None) in said.events


def _person_first(phone: str, reply: Reply) -> Reply:
    return Reply(
        "Disculpe, sigo sin entenderle y no quiero hacerle perder tiempo. Lo mejor es que le atienda una "
        "persona: llame "
        f"al {phone} o pulse «Quiero que me llamen». Si prefiere seguir aquí, dígame su oficio o la clave de un "
        f"estándar.",
        "handoff_offered",
        [words.CALLBACK, *[button for button in reply.buttons if button != words.PERSON][:2]],
    )
