"""Leads a message that refers to what was shown to the act that can answer it."""

import re
from dataclasses import replace

from bot.actions.answer import ShowAnswer, TellSource, is_clear
from bot.actions.asking import Asking
from bot.actions.courses import FindCourse
from bot.actions.fields import is_question
from bot.actions.follow_up import read_reference
from bot.actions.looking import look
from bot.actions.more import MoreOfTheSame, NotHelpful
from bot.actions.outside import Insult
from bot.actions.people import Complaint, ReturningMigrant, TalkToPerson
from bot.actions.providers import EVERYWHERE, FindProvider, ShowProvider, about_something
from bot.actions.standards import ShowStandard
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
    reference = read_reference(ask)
    if reference is None:
        return ask, act
    tools, memory = act.tools, ask.memory
    if reference.how == "source":
        return ask, TellSource(tools)
    if reference.how == "more":
        return ask, MoreOfTheSame(tools)
    if reference.how == "place":
        return ask, FindProvider(tools)
    if reference.how == "correction":
        corrected = ask.saying(reference.rest)
        return replace(corrected, memory=replace(memory, code=None)), _AGAIN.get(memory.act, Asking)(tools)
    if memory.kind == "standard":
        ask = replace(ask, memory=replace(memory, code=reference.item))
    if reference.rest:
        return ask.saying(reference.rest), act
    show = _SHOW.get(memory.kind)
    return (replace(ask, entities={memory.kind: reference.item}), show(tools)) if show else (ask, act)


# How sure an answer must be to take a message from an act that Rasa is not certain of.
_SURELY = 0.6
# So sure of the intent, Rasa is believed whatever search finds.
_CERTAIN = 0.97
# Less sure, an act that begins something is not begun: asking search can do no harm.
_BEGINS = 0.6
_OFFENDED = 0.75
_COMPLAINS = re.compile(
    r"\b(?:quej\w+|denunci\w+|reclam\w+|demand\w+|inconform\w+|reportar|fraud\w*|estaf\w+|rater\w+|robar\w*|tranza\w*)\b"
)
_ABROAD = re.compile(
    r"\b(?:usa|eua|eeuu|ee uu|e u|u s|estados unidos|united states|gabacho|del norte|al norte|otro lado|alla en|"
    r"yunait|gringo\w*|"
    r"deport\w*|regres\w*|retorn\w*|repatri\w*|volvi|vuelta|migrante\w*|migra|bracero|consul\w*|canada|mexico reconoce|"
    r"reconoce tu experiencia|back in mexico|back to mexico|came back|moved back|i was|i did|i have|i worked|"
    r"i used|years|"
    r"california|texas|tejas|chicago|houston|dallas|atlanta|los angeles|arizona|phoenix|las vegas|nevada|florida|miami|"
    r"carolina|georgia|colorado|denver|new york|nueva york|illinois|oregon|washington|h2a|h2b|h 2a)\b"
)
_SHORT = 5
_HALF = 0.5
# Answers to questions that speak of a person and want none: «¿eres persona o robot?», «quiero una videollamada».
_SPEAKS_OF = re.compile(r"\b(?:video\w*|zoom|meet|robot|bot|maquina|eres|inteligencia)\b")
_NO_PERSON_MEANT = frozenset(("es_un_robot", "videollamada"))
# «¿y si fue el centro?» asks on; it begins nothing.
_GOES_ON = re.compile(r"(?:y (?:si|los|las|el|la|eso|ahi|entonces|como|que)|o sea|osea|pero|entonces)\b")
_PROVIDERS = re.compile(
    r"\b(?:kien|quien|quienes|kienes|quin|donde|dond|dnd|certifi\w+|sertifi\w+|certifik\w+|centros?|sentros?|prestador\w*|acredita\w*|lugar|lugares|"
    r"evalua\w*|cerca|ese?s? instituto|escuela|sede|lista|otros?|aqui|ahi|alla|who|where)\b"
)


def yielding(act: Act, ask: Ask) -> Act:
    """The act that Rasa chose, or asking search where a message only sounds like it: «¿me vuelven a cobrar?»."""
    asking = Asking(act.tools)
    said = fold(ask.text)
    if isinstance(act, ReturningMigrant):
        if not _ABROAD.search(said) and ask.confidence < _CERTAIN:
            return asking
        return (
            asking
            if is_question(ask.text) and _is_answered(act, ask) and not named_trades(act.tools.index, ask.text)
            else act
        )
    if isinstance(act, Complaint):
        if _COMPLAINS.search(said) and not is_question(ask.text):
            return act
        return asking if ask.confidence < _BEGINS or _GOES_ON.match(said) or _is_answered(act, ask, _HALF) else act
    if isinstance(act, FindProvider):
        named = ask.code or ask.state or named_trades(act.tools.index, ask.text)
        memory = ask.memory
        known = memory.code or memory.trade or memory.kind == "standard"
        if named or EVERYWHERE.search(said) or (_PROVIDERS.search(said) and (known or not about_something(ask))):
            return act
        return asking if ask.text else act
    if isinstance(act, TalkToPerson):
        if not _SPEAKS_OF.search(said):
            return act
        first = look(act.tools, ask.text).of("answer")
        return asking if is_clear(first) and first.hits[0].item.id in _NO_PERSON_MEANT else act
    if isinstance(act, Insult) and ask.confidence < _OFFENDED:
        return asking
    if isinstance(act, NotHelpful | Insult):
        doubted = ask.confidence < _BEGINS or (ask.confidence < _CERTAIN and len(said.split()) >= _SHORT)
        return asking if doubted and _says_something(act, ask) else act
    if isinstance(act, FindCourse):
        trades = set(named_trades(act.tools.index, ask.text)) - {"cursos", "curso"}
        return (
            asking if not (ask.code or trades) and ask.confidence < _CERTAIN and _is_answered(act, ask, _HALF) else act
        )
    return act


def _is_answered(act: Act, ask: Ask, least: float = _SURELY) -> bool:
    found = look(act.tools, ask.text)
    answers = found.of("answer")
    return answers.score >= max(least, found.of("standard").score) and (least < _SURELY or is_clear(answers))


def _says_something(act: Act, ask: Ask) -> bool:
    return look(act.tools, ask.text).score >= _SURELY
