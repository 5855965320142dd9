"""Small talk, unless search knows better: a short question is easily taken for a goodbye."""

from bot import words
from bot.actions.asking import Asking
from bot.actions.looking import look
from bot.actions.providers import FindProvider
from bot.actions.standards import standard_card
from bot.actions.tools import Act, Ask, Said
from conversations.message import Reply
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
}
# Less sure than this, what search knows is better than small talk; less than half sure, so is «no lo sé».
_SURELY, _HALF = 0.8, 0.5
# Words of courtesy: without others there is nothing to look up.
_COURTESY = frozenset(
    "thanks thank you ok bye adios amable bendiciones buenisimo bye chao claro excelente genial hasta listo "
    "luego mil muchas muchisimas nada "
    "ninguna ninguno nos ok okay okey oki perfecto sale simon super vale vemos".split()
)


class SmallTalk(Act):
    """Greets, thanks, says goodbye."""

    name = "action_smalltalk"

    async def answer(self, ask: Ask) -> Said:
        """The reply for the intent, or what search knows of a question or a trade that hides in it."""
        found = look(self.tools, ask.text)
        # «no tengo INE» is taken for a «no», and must not hear that there is no problem.
        if ask.confidence < _SURELY and set(trade(ask.about).split()) - _COURTESY:
            said = await Asking(self.tools).from_search(ask, found)
            if not said.replies or said.replies[0].answer_status != "not_found" or ask.confidence < _HALF:
                return said
        if ask.intent == "affirm" and ask.memory.code:
            return await self._go_on(ask)
        return Said([_REPLIES[ask.intent]], hits=found.hits)

    async def _go_on(self, ask: Ask) -> Said:
        """«sí» after one standard was offered or shown leads a step further."""
        if ask.memory.act == "show_standard":
            return await FindProvider(self.tools).answer(ask.saying("quién lo certifica"))
        if ask.memory.act == "find_standard":
            return standard_card(self.tools, ask.memory.code or "")
        return Said([_REPLIES["affirm"]])
