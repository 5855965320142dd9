"""What somebody asks or says of their work: search tells answers, standards and what is not ours apart."""

import re
from dataclasses import replace

from bot import words
from bot.actions.answer import give_answer, is_clear, not_found, offer_topics, worth_offering
from bot.actions.buttons import button
from bot.actions.courses import FindCourse
from bot.actions.fields import is_question
from bot.actions.interviews import open_standard
from bot.actions.looking import look, tells_work
from bot.actions.outside import not_ours
from bot.actions.providers import FindProvider, provider_card
from bot.actions.standard_facts import OF_STANDARDS
from bot.actions.standards import list_standards, several, standard_card, standards_for
from bot.actions.tools import Act, Ask, Said
from conversations.message import Reply
from core.text import fold
from search.codes import find_codes, strip_codes
from search.find import SURE, Found, find, named_trades
from search.text import trade

# Asks for the card of the standard spoken of: «¿de qué trata?», «¿qué nivel tiene?», «cuénteme más de ese».
_CARD = re.compile(
    r"(?:y |pero |oiga |a ver )*(?:(?:de )?que (?:se )?(?:trata|evalua|califica|cubre|incluye|nivel|pide|"
    r"contiene|sector|dice|es)|"
    r"cuenteme|cuentame|digame|dime|mas informacion|mas info|informacion|info|detalles|mas detalles|descripcion|ver|"
    r"a quien va|para quien es|que mas|mas|cual es el nivel|en que consiste|sigue vigente|esta vigente|"
    r"(?:si )?sirve (?:ese|este|todavia|aun)|cual es el (?:que|nuevo|vigente|actual|mas nuevo)|y ese|ese)\b"
    r"(?: (?:mas|de|del|sobre|acerca|que|ese|este|eso|esto|esa|el|la|lo|los|un|poco|estandar|ec|certificacion|"
    r"tiene|es|trata|"
    r"pide|evalua|todo|informacion|por|favor|porfa|otro|mismo|nivel|para|quien|cual|o|ya|no|esta|ahorita|ahora|nuevo|vigente|todavia))*"
)
_STEPS = "como_certificarse"
_FIRST_STEP = "Empecemos: ¿a qué se dedica? Dígame su oficio y busco el estándar que le corresponde."
# A message of more words than this stands for itself.
_SHORT = 8
# So many words beside a code ask something.
_SAYS = 4
_NAMED_SHARE = 0.6
_THE_ONE_OF = re.compile(r"\b(?:el|la|lo|los) (?:de|d) (?P<what>[a-zñ ]{4,60})$")


class Asking(Act):
    """Graded doubt: a code, a clear answer, a trade, what is not ours, the likeliest topics, or «no lo sé»."""

    name = "action_ask"

    async def answer(self, ask: Ask) -> Said:
        """The best that search can say; asks what they do when only that is missing."""
        if "answer_id" in ask.entities:
            return await self._given(ask, ask.entities["answer_id"], Found())
        if "ec_code" in ask.entities and not ask.text:
            return standard_card(self.tools, ask.entities["ec_code"])
        if not ask.text:
            return Said([], open_standard())
        if ask.memory.code and not ask.code and _CARD.fullmatch(fold(ask.text)):
            return standard_card(self.tools, ask.memory.code)
        return await self.from_search(ask, look(self.tools, self._words(ask)))

    async def of_trade(self, ask: Ask) -> Said:
        """Standards for what somebody was asked to say they do; honest when there is none."""
        if ask.code:
            return standard_card(self.tools, ask.code)
        found = standards_for(self.tools, ask)
        if found.hits:
            return list_standards(found, ask)
        other = await self.from_search(ask, find(self.tools.index, ask.text))
        if other.replies[-1].answer_status in ("answered", "out_of_scope"):
            return other
        reply = Reply(
            f"No encontré en el registro un estándar para «{ask.quoted()}». Dígamelo con otras palabras, por "
            "ejemplo el nombre del oficio o lo que hace en un día de trabajo.",
            "not_found",
            [words.PERSON, button("No hay estándar", "ask", answer_id="no_existe_mi_estandar")],
        )
        return Said([reply])

    @staticmethod
    def _words(ask: Ask) -> str:
        # «¿cuánto cuesta el EC0217?» asks for a price.
        return strip_codes(ask.text) if ask.code else ask.text

    async def from_search(self, ask: Ask, found: Found) -> Said:
        """What search says; ``found`` among everything, for the text without its codes."""
        answers, standards = found.of("answer"), found.of("standard")
        clear = is_clear(answers) and answers.score >= standards.score
        codes = find_codes(ask.text)
        if len(codes) > 1:
            return several(self.tools, codes)
        if ask.code:
            return await self._of_code(ask, found, clear)
        if clear:
            return await self._given(ask, answers.hits[0].item.id, found)
        if standards.score >= max(SURE, answers.score):
            return list_standards(standards, ask)
        named = found.of("provider")
        if named.score >= SURE and named.score >= max(answers.score, standards.score):
            return provider_card(self.tools, named.hits[0])
        return await self._doubtful(ask, found)

    async def _of_code(self, ask: Ask, found: Found, clear: bool) -> Said:
        """A message that names one standard: where, which courses, what was asked of another, or its card."""
        beside = strip_codes(ask.text)
        alone = (not is_question(ask.text) and len(fold(beside).split()) <= _SHORT) or not trade(strip_codes(ask.about))
        if ask.state and alone:
            return await FindProvider(self.tools).answer(ask)
        if ask.memory.act == "find_course" and alone:
            return await FindCourse(self.tools).answer(ask)
        answers = found.of("answer")
        first = answers.hits[0].item.id if answers.hits else ""
        last = ask.memory.ids[0] if ask.memory.kind == "answer" and ask.memory.ids else ""
        if last in OF_STANDARDS and alone and first not in OF_STANDARDS:
            return await self._given(ask, last, found)  # «¿y el EC1781?» after how long a certificate is valid
        if first in OF_STANDARDS and _asks(ask.text):
            return await self._given(ask, first, found)
        if clear and answers.score >= SURE and len(fold(beside).split()) >= _SAYS:
            return await self._given(ask, first, found)
        return standard_card(self.tools, ask.code or "")

    async def _doubtful(self, ask: Ask, found: Found) -> Said:
        if not found.hits and not tells_work(ask.text):
            elsewhere = not_ours(self.tools, ask, found)
            if elsewhere:
                return elsewhere
        trades = standards_for(self.tools, ask)
        if trades.score >= SURE and self._tells_a_trade(ask):
            return list_standards(trades, ask)
        pointed = _THE_ONE_OF.search(fold(ask.text))
        if pointed:
            meant = find(self.tools.index, pointed["what"], kind="standard")
            if meant.score >= SURE:
                return list_standards(meant, ask.saying(pointed["what"]))
        in_context = await self._in_context(ask)
        if in_context:
            return in_context
        elsewhere = not_ours(self.tools, ask, found)
        if elsewhere:
            return elsewhere
        likely = worth_offering(found.of("answer"))
        if likely:
            reply = await offer_topics(self.tools, [hit.item.id for hit in likely])
            shown = tuple(hit.item.id for hit in likely[:2])
            return Said([reply], hits=found.hits, memory={"kind": "topics", "ids": shown, "seen": len(shown)})
        standards = found.of("standard")
        guess = standards if standards.hits or not self._tells_a_trade(ask) else trades
        return list_standards(guess, ask) if guess.hits else Said([not_found(ask.quoted())])

    def _tells_a_trade(self, ask: Ask) -> bool:
        """Whether a message speaks of somebody's work, not only uses a word of it: «¿cuánto tarda el dictamen?»."""
        said = trade(ask.about).split()
        named = " ".join(named_trades(self.tools.index, ask.text)).split()
        return tells_work(ask.text) or len(named) >= _NAMED_SHARE * max(len(said), 1)

    async def _in_context(self, ask: Ask) -> Said | None:
        """What a short message means after the answer given last: «¿y cobran?» about a replacement."""
        memory = ask.memory
        if memory.kind != "answer" or not memory.ids or len(fold(ask.text).split()) > _SHORT:
            return None
        last = self.tools.index.items["answer"].get(memory.ids[0])
        found = find(self.tools.index, f"{ask.text} {last.title}", kind="answer") if last else Found()
        others = [hit for hit in found.hits if hit.item.id != memory.ids[0]]
        if not others or others[0].score < SURE:
            return None
        return await give_answer(self.tools, others[0].item.id, found.hits)

    async def _given(self, ask: Ask, answer_id: str, found: Found) -> Said:
        code = ask.code or (ask.memory.code if ask.text and not trade(ask.about) else None)
        said = await give_answer(self.tools, answer_id, found.hits, code)
        if answer_id == _STEPS and not ask.memory.trade:
            # The first step is taken at once; whatever trade comes next is understood without a form.
            told = said.replies[0]
            return replace(said, replies=[replace(told, text=f"{told.text}\n{_FIRST_STEP}")])
        return said


class NotUnderstood(Asking):
    """What Rasa could not tell apart: search may still know."""

    name = "action_default_fallback"


def _asks(text: str) -> bool:
    return bool(
        re.search(r"[?¿]|\b(?:cuanto|cuanta|como|cuando|vence|vigencia|precio|cuesta|dura|caduca|requisit)", fold(text))
    )
