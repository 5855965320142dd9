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
from bot.actions.standards import ShowStandard
from bot.actions.tools import Act, Ask, Tools
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
        named = _named_of_shown(tools, ask)
        return (replace(ask, memory=replace(memory, code=named)), act) if named else (ask, act)
    if reference.how == "source":
        return ask, TellSource(tools)
    if reference.how == "more":
        return ask, MoreOfTheSame(tools)
    if reference.how == "place":
        return ask, FindProvider(tools)
    if reference.how == "correction":
        corrected = replace(ask.saying(reference.rest), meant=())
        return replace(corrected, memory=replace(memory, code=None)), _AGAIN.get(memory.act, Asking)(tools)
    if memory.kind == "standard":
        ask = replace(ask, memory=replace(memory, code=reference.item))
    if reference.rest:
        return ask.saying(reference.rest), act
    show = _SHOW.get(memory.kind)
    return (replace(ask, entities={memory.kind: reference.item}), show(tools)) if show else (ask, act)


def _named_of_shown(tools: Tools, ask: Ask) -> str | None:
    """The one of several standards shown that a message names by a word of its title: «el horizontal, ¿cuánto?»."""
    memory = ask.memory
    if memory.kind != "standard" or not _POINTS.search(fold(ask.text)):
        return None
    said = {word for word in fold(ask.text).split() if len(word) >= _LETTERS}
    standards = tools.index.items["standard"]
    shown = [standards[key] for key in memory.ids[: memory.seen] if key in standards]
    alike = {item.id: len(said & set(fold(item.title).split())) for item in shown}
    best = [key for key, count in alike.items() if count and count == max(alike.values())]
    return best[0] if len(best) == 1 and len(shown) > 1 else None


_POINTS, _LETTERS = re.compile(r"\b(?:el|la|ese|esa|este|esta|del|al)\b"), 5
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
_ACTS: dict[str, type[Act]] = {
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
        shares[meant if meant in _ACTS else "ask"] += share
    intent = max(shares, key=lambda one: shares[one])
    share, chosen = shares[intent], _ACTS.get(intent, Asking)
    begins_in_doubt = share < _BEGINS.get(intent, 0.0)
    asks_of_nothing = chosen is FindProvider and share < _CERTAIN and not _says_of_what(act.tools, ask)
    if begins_in_doubt or asks_of_nothing:
        chosen = Asking
    elif (
        chosen is Asking
        and not is_question(ask.text)
        and (ask.meant[0][0] == _COMPLAINT or _WISHES_TO_COMPLAIN.search(fold(ask.text)))
    ):
        chosen = Complaint  # «tengo una queja del lugar donde me evaluaron» asks nothing
    ask = replace(ask, intent=intent if intent != "more" else "ask", confidence=round(share, 3))
    return ask, chosen(act.tools)


def _says_of_what(tools: Tools, ask: Ask) -> bool:
    memory = ask.memory
    known = memory.code or memory.trade or memory.kind == "standard"
    return bool(known or ask.code or ask.state or named_trades(tools.index, ask.text))
