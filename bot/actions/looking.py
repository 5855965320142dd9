"""Search as a conversation needs it: a message of several clauses is about the one that asks, or says most."""

import re

from bot.actions.fields import is_question
from bot.actions.tools import Tools
from core.text import fold
from search.find import SURE, Found, find

# Said plainly enough: its clauses are not looked at one by one.
_PLAIN = 0.9
# A clause must say this much more than the whole.
_MORE = 0.1
_CLAUSE = re.compile(r"[^.!?;:,\n¿¡]+\??")
_JOINTS = re.compile(r"\b(?:pero|porque|aunque|es que|esque|esq|y si|entonces|nada mas que)\b", re.I)
_LEAST_WORDS, _MOST_CLAUSES = 3, 6


_WORK = re.compile(
    r"\b(?:soy|era|fui|somos|trabajo|trabajaba|trabaje|trabaja|trabajamos|hago|hacia|hice|hace|me dedico|dedico|"
    r"dedica|chamba|"
    r"chambeo|chambeaba|ando de|andaba de|anduve|oficio|experiencia|se hacer|manejo|cuido|vendo|reparo|arreglo|"
    r"pongo|instalo|"
    r"certificar(?:me|se|nos|lo|la)? (?:de|en|como|a)|certificado de|estandar (?:de|para)|"
    r"i was|i did|i worked|"
    r"i have|worked|years)\b"
)


def tells_work(text: str) -> bool:
    """Whether a message tells what somebody does, did or wants to be certified in."""
    return bool(_WORK.search(fold(text)))


def look(tools: Tools, text: str) -> Found:
    """What search finds among everything for a message, for the clause that asks, or for the one that says most.

    «ya tengo mis años en la obra, ¿la evaluación cuánto dura?» asks how long the evaluation takes.
    """
    whole = find(tools.index, text)
    clauses = [part for clause in _CLAUSE.findall(text) for part in _JOINTS.split(clause)]
    clauses = [clause for clause in clauses if len(fold(clause).split()) >= _LEAST_WORDS][-_MOST_CLAUSES:]
    if len(clauses) < 2:
        return whole
    parts = [find(tools.index, clause) for clause in clauses]
    asked = [
        found.of("answer") for clause, found in zip(clauses, parts, strict=True) if is_question(clause) and found.hits
    ]
    if asked and whole.of("answer").score < _PLAIN:
        best = max(asked, key=lambda found: found.score)
        if best.score >= SURE and best.score >= whole.of("answer").score:
            return best
    if not asked and tells_work(text):
        trades = max((found.of("standard") for found in (whole, *parts)), key=lambda found: found.score)
        if trades.score >= SURE:
            return trades
    best = max(parts, key=lambda found: found.score)
    return best if whole.score < _PLAIN and best.score > whole.score + _MORE else whole
