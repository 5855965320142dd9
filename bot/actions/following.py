"""Leads a message to the act that can answer it: by what it refers to, and by what it means where it was said."""

import re
from collections import defaultdict
from dataclasses import replace

from bot.actions.answer import ShowAnswer, TellSource
from bot.actions.asking import Asking
from bot.actions.courses import FindCourse
from bot.actions.fields import is_question
from bot.actions.follow_up import read_reference
from bot.actions.more import MoreOfTheSame, NotHelpful
from bot.actions.outside import Insult
from bot.actions.people import Complaint, ReturningMigrant, TalkToPerson
from bot.actions.providers import FindProvider, ShowProvider
from bot.actions.smalltalk import SmallTalk
from bot.actions.standards import ShowStandard, shown_by_name
from bot.actions.tools import Act, Ask
from core.text import fold
from search.find import named_trades

_SHOW: dict[str, type[Act]] = {
    "standard": ShowStandard,
    "provider": ShowProvider,
    "answer": ShowAnswer,
    "topics": ShowAnswer,
}
_AGAIN: dict[str, type[Act]] = {"find_provider": FindProvider, "find_course": FindCourse}


def follow(act: Act, ask: Ask) -> tuple[Ask, Act]:
    """What is really asked, and the act for it; both as they are when the message stands for itself."""
    tools, memory = act.tools, ask.memory
    reference = read_reference(ask)
    if reference is None:
        # «el horizontal, ¿cuánto?»
        named = shown_by_name(tools, ask) if _POINTS.search(fold(ask.text)) else None
        return (replace(ask, memory=replace(memory, code=named)), act) if named else (ask, act)
    if reference.how == "source":
        return ask, TellSource(tools)
    if reference.how == "more":
        return ask, MoreOfTheSame(tools)
    if reference.how == "place":
        return ask, FindProvider(tools)
    if reference.how == "correction":
        # What the whole message means is of no use for a part of it.
        corrected = replace(ask.saying(reference.rest), meant=(), also_meant=())
        return replace(corrected, memory=replace(memory, code=None)), _AGAIN.get(memory.act, Asking)(tools)
    if memory.kind == "standard":
        ask = replace(ask, memory=replace(memory, code=reference.item))
    if reference.rest:
        return ask.saying(reference.rest), act
    show = _SHOW.get(memory.kind)
    return (replace(ask, entities={memory.kind: reference.item}), show(tools)) if show else (ask, act)


_POINTS = re.compile(r"\b(?:el|la|ese|esa|este|esta|del|al)\b")
# «quiero poner la queja», not «¿qué necesito para la queja?».
_WISHES_TO_COMPLAIN = re.compile(
    r"\b(?:quiero|kiero|deseo|quisiera|voy a|necesito) (?:\w+ ){0,2}?(?:levantar|poner|hacer|presentar|meter|registrar|"
    r"dejar) (?:\w+ ){0,2}?queja"
)
# An interview begun by mistake costs most: less sure, asking search can do no harm.
_BEGINS = {"file_complaint": 0.5, "returning_migrant": 0.8}
# So sure, it is asked of which trade who certifies; else search may know what is meant.
_CERTAIN = 0.8
_COMPLAINT = "queja"
# By what is meant besides an answer.
ACTS: dict[str, type[Act]] = {
    "find_provider": FindProvider,
    "find_course": FindCourse,
    "file_complaint": Complaint,
    "returning_migrant": ReturningMigrant,
    "talk_to_person": TalkToPerson,
    "not_helpful": NotHelpful,
    "insult": Insult,
    "more": MoreOfTheSame,
    **dict.fromkeys(("greet", "thank", "goodbye", "affirm", "deny"), SmallTalk),
}


def understood(act: Act, ask: Ask) -> tuple[Ask, Act]:
    """The message and the act for what it most likely means where it was said.

    Rasa chose ``act`` by the words alone; without words (a button) it stays.
    """
    if not ask.meant:
        return ask, act
    shares: dict[str, float] = defaultdict(float)
    for meant, share in ask.meant:
        shares[meant if meant in ACTS else "ask"] += share
    intent = max(shares, key=lambda one: shares[one])
    share, chosen = shares[intent], ACTS.get(intent, Asking)
    complains = dict(ask.meant).get(_COMPLAINT, 0.0) + shares["file_complaint"] >= _BEGINS["file_complaint"]
    # «tengo una queja del lugar donde me evaluaron» asks nothing.
    tells = chosen is Asking and ask.meant[0][0] == _COMPLAINT and complains
    if (tells or _WISHES_TO_COMPLAIN.search(fold(ask.text))) and not is_question(ask.text):
        chosen = Complaint
    elif share < _BEGINS.get(intent, 0.0) or (chosen is FindProvider and share < _CERTAIN and _of_nothing(ask, act)):
        chosen = Asking
    ask = replace(ask, intent=intent if intent != "more" else "ask", confidence=round(share, 3))
    return ask, chosen(act.tools)


def _of_nothing(ask: Ask, act: Act) -> bool:
    """Whether neither the message nor what was shown says of what it is asked who certifies it."""
    memory = ask.memory
    known = memory.code or memory.trade or memory.kind == "standard"
    return not (known or ask.code or ask.state or named_trades(act.tools.index, ask.text))
