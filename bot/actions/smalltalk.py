"""Small talk, unless search knows better: a short question is easily taken for a goodbye."""

from bot import words
from bot.actions.answer import SURE, answer_by_id
from bot.actions.fallback import Fallback
from bot.actions.tools import Ask, OrientaAction, Said
from conversations.message import Reply
from search.find import find
from search.text import trade

_START = [words.STEPS, words.FIND_STANDARD, words.FIND_PROVIDER]
_REPLIES = {
    "greet": Reply(
        "¡Qué gusto saludarle! Soy el asistente automático del CONOCER. Le ayudo a certificar lo que sabe hacer: "
        "resuelvo sus dudas sobre el trámite, busco el estándar de su oficio y le digo quién lo certifica. "
        "¿Por dónde empezamos?",
        "smalltalk",
        _START,
    ),
    "goodbye": Reply(
        "Fue un gusto atenderle. Cuando tenga otra duda, aquí estaré. ¡Que le vaya muy bien!", "smalltalk"
    ),
    "thank": Reply("Con mucho gusto. Si le queda otra duda, escríbala con confianza.", "smalltalk"),
    "affirm": Reply(
        "Muy bien. Cuénteme, ¿qué le gustaría saber? Puede escribirlo con sus palabras o elegir una opción.",
        "smalltalk",
        _START,
    ),
    "deny": Reply(
        "De acuerdo, no hay problema. Si necesita otra cosa, dígame; también puede hablar con una persona.",
        "smalltalk",
        [words.FIND_STANDARD, words.PERSON],
    ),
    "out_of_scope": Reply(
        "Eso no está en mis manos: yo sólo sé de certificar lo que usted sabe hacer en su trabajo. Puedo explicarle el "
        "trámite, buscar el estándar de su oficio o comunicarle con una persona.",
        "out_of_scope",
        [words.STEPS, words.FIND_STANDARD, words.PERSON],
    ),
}
# «¿necesito estudios?» reads like a phrasing of ours; «buenas tardes» like none.
_KNOWN = SURE + 0.1
# Less sure than this, and with words of some trade in it, it may be no small talk at all.
_SURELY = 0.7


class SmallTalk(OrientaAction):
    """Greets, thanks, says goodbye or that something is not ours."""

    action_name = "action_smalltalk"

    async def answer(self, ask: Ask) -> Said:
        """The reply for the intent, or the answer to a question that hides in it."""
        hits = find(self.tools.index, ask.text, kind="answer", limit=2)
        if hits and hits[0].score >= _KNOWN:
            reply = await answer_by_id(self.tools, hits[0].item.id)
            if reply:
                return Said([reply], hits=hits)
        if ask.confidence < _SURELY and ask.intent != "out_of_scope" and trade(ask.about):
            return await Fallback(self.tools).from_search(ask)
        return Said([_REPLIES[ask.intent]], hits=hits)
