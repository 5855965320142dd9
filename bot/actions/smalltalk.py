"""Small talk, unless search knows better: a short question is easily taken for a goodbye."""

from bot import words
from bot.actions.answer import is_clear
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
# Less sure than this, a guess about what they meant is better than small talk.
_SURELY = 0.7
# Words of courtesy: without others there is nothing to look up.
_COURTESY = frozenset(
    "adios amable bendiciones buenisimo bye chao claro excelente genial hasta listo luego mil muchas muchisimas nada "
    "ninguna ninguno nos ok okay okey oki perfecto sale simon super vale vemos".split()
)


class SmallTalk(OrientaAction):
    """Greets, thanks, says goodbye or that something is not ours."""

    action_name = "action_smalltalk"

    async def answer(self, ask: Ask) -> Said:
        """The reply for the intent, or what search knows of a question or a trade that hides in it."""
        found = find(self.tools.index, ask.text)
        if is_clear(found.of("answer")) or set(trade(ask.about).split()) - _COURTESY:
            said = await Fallback(self.tools).from_search(ask, found)
            status = said.replies[0].answer_status
            unsure = ask.confidence < _SURELY and ask.intent != "out_of_scope"
            # «no tengo INE» is taken for a «no», and must not hear that there is no problem.
            if status == "answered" or unsure or (status == "clarify" and ask.intent == "deny"):
                return said
        return Said([_REPLIES[ask.intent]], hits=found.hits)
