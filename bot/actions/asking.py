"""What somebody asks or says of their work: an answer, standards, what is not ours, as sure as words and search are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.actions.answer import answer_by_id, give_answer, not_found, offer_topics
from bot.actions.buttons import details_button
from bot.actions.courses import FindCourse
from bot.actions.fields import is_question
from bot.actions.interviews import open_standard
from bot.actions.looking import look, tells_work
from bot.actions.outside import no_standard, not_ours
from bot.actions.providers import FindProvider, provider_card
from bot.actions.standard_facts import OF_STANDARDS
from bot.actions.standards import list_standards, several, shown_by_name, standard_card, standards_for
from bot.actions.tools import Act, Ask, Said
from bot.examples import INTENTS, shipped_answers
from conversations.message import Reply
from core.text import fold
from search.codes import find_codes, strip_codes
from search.find import SURE, Found, find, named_provider, named_trades
from search.text import trade

_STEPS, _VERIFY = "como_certificarse", "verificar_prestador"
_FIRST_STEP = "Empecemos: ¿a qué se dedica? Dígame su oficio y busco el estándar que le corresponde."
# Where and how somebody is reached; after who certifies, it is they.
_REACHED = ("contacto", "direccion", "horario")
# Who asks these of a trade they name is shown its standards.
_OF_TRADES = (_STEPS, "buscar_estandar")
# How much what search finds weighs beside the classifier, and what stands for nothing found. Chosen on held-out
# messages in mid-talk.
_SEARCH_SHARE, _NOT_FOUND = 0.3, 0.05
# So sure, or less when the next is far behind, a meaning is taken; less sure, the likeliest are offered.
_SURELY, _LIKELY, _AHEAD = 0.32, 0.25, 0.6
_WORTH_OFFERING = 0.12
# Said so plainly, a second question in a message is answered too.
_PLAINLY = 0.7
# Beside a code, so few words ask nothing («¿y el EC1781?»), and so many may.
_FEW, _SHORT = 3, 8
_NAMED_SHARE = 0.6


class Asking(Act):
    """Graded doubt: a code, a clear answer, a trade, what is not ours, the likeliest topics, or «no lo sé»."""

    name = "action_ask"

    async def answer(self, ask: Ask) -> Said:
        """The best that words, context and search can say; asks what they do when only that is missing."""
        if "answer_id" in ask.entities:
            return await self._given(ask, ask.entities["answer_id"])
        if "ec_code" in ask.entities and not ask.text:
            return standard_card(self.tools, ask.entities["ec_code"])
        if not ask.text:
            return Said([], open_standard())
        # «¿cuánto cuesta el EC0217?» asks for a price.
        return await self.from_search(ask, look(self.tools, strip_codes(ask.text) if ask.code else ask.text))

    async def of_trade(self, ask: Ask) -> Said:
        """Standards for what somebody was asked to say they do; honest when there is none."""
        if ask.code:
            return standard_card(self.tools, ask.code)
        found = standards_for(self.tools, ask)
        if found.hits:
            return list_standards(found, ask)
        other = await self.from_search(ask, find(self.tools.index, ask.text))
        if other.replies and other.replies[-1].answer_status in ("answered", "out_of_scope"):
            return other
        return Said([no_standard(ask)])

    async def from_search(self, ask: Ask, found: Found) -> Said:
        """What is said of a message; ``found`` among everything, for the text without its codes."""
        likely = _weighed(ask, found)
        clear = _clear(ask, likely)
        is_answer = clear in self.tools.index.items["answer"]
        codes = find_codes(ask.text)
        if len(codes) > 1 and not (is_answer and likely[clear] >= _PLAINLY):
            return several(self.tools, codes)
        if len(codes) == 1:
            return await self._of_code(ask, found, likely)
        named = found.of("provider")
        if named.score >= SURE and named.score == found.score:
            return provider_card(self.tools, named.hits[0])
        said = await self._meant(clear, ask, found, likely) if clear else None
        if said is None:
            return await self._doubtful(ask, found, likely)
        return await self._and_also(ask, said)

    async def _and_also(self, ask: Ask, said: Said) -> Said:
        """What was said, and the answer to what the message asks besides: «¿y piden foto?, ¿y cuánto cuesta?»."""
        answers = self.tools.index.items["answer"]
        given = said.memory.get("ids") or ()
        besides = [meant for meant, sure in ask.also_meant if sure >= _PLAINLY and meant in answers]
        if said.memory.get("kind") != "answer" or not besides or not set(given) & set(besides):
            return said
        others = [meant for meant in dict.fromkeys(besides) if meant not in given]
        second = await answer_by_id(self.tools, others[0]) if others else None
        return replace(said, replies=[*said.replies, second]) if second else said

    async def _meant(self, meant: str, ask: Ask, found: Found, likely: Mapping[str, float]) -> Said | None:
        """What is said to a meaning that is clear; None when there is nothing to say to it."""
        if meant == _VERIFY:
            named = named_provider(self.tools.index, ask.text)
            if named:
                return provider_card(self.tools, named)
        if meant == "trade" and not trade(self.tools.index.speller.correct(fold(ask.about))):
            meant = _STEPS  # «kiero sertificarme» says no trade yet
        if meant in _REACHED and ask.memory.act == "find_provider":
            return await FindProvider(self.tools).answer(ask)  # «¿y su teléfono?» after a list of providers
        trades = standards_for(self.tools, ask) if meant in ("trade", *_OF_TRADES) else Found()
        if meant in _OF_TRADES and trades.score >= SURE and self._tells_a_trade(ask):
            return list_standards(trades, ask)
        if meant in self.tools.index.items["answer"]:
            return await self._given(ask, meant, found, likely)
        if meant == "trade":
            return list_standards(trades, ask) if trades.hits else Said([no_standard(ask)])
        if meant == "outside":
            return not_ours(self.tools, ask, Found())
        if meant in ("card", "pick"):
            return self._of_shown(ask, meant)
        if meant == "place" and ask.state:
            return await FindProvider(self.tools).answer(ask)
        return None

    def _of_shown(self, ask: Ask, meant: str) -> Said | None:
        """One of the standards that were shown: the one whose name says the words, or the one spoken of."""
        memory = ask.memory
        named = shown_by_name(self.tools, ask)
        if named:
            return standard_card(self.tools, named)
        if memory.code and meant == "card":
            return standard_card(self.tools, memory.code)
        if memory.kind == "standard" and memory.seen > 1 and meant == "card":
            buttons = [details_button(code) for code in memory.ids[: memory.seen][:3]]
            return Said([Reply("¿De cuál de los que le mostré?", "clarify", buttons)], missed=False)
        return None

    async def _of_code(self, ask: Ask, found: Found, likely: Mapping[str, float]) -> Said:
        """A message that names one standard: where, which courses, what was asked of another, or its card."""
        beside = fold(strip_codes(ask.text)).split()
        alone = len(beside) <= _FEW or (len(beside) <= _SHORT and not is_question(strip_codes(ask.text)))
        if ask.state and alone:
            return await FindProvider(self.tools).answer(ask)
        if ask.memory.act == "find_course" and alone:
            return await FindCourse(self.tools).answer(ask)
        last = ask.memory.ids[0] if ask.memory.kind == "answer" and ask.memory.ids else ""
        clear = _clear(ask, likely)
        # The few words beside a code are too little for search alone.
        sure = likely[clear] if clear in self.tools.index.items["answer"] and ask.meant else 0.0
        if last in OF_STANDARDS and alone and sure < _PLAINLY:
            return await self._given(ask, last, found)  # «¿y el EC1781?» after how long a certificate is valid
        if sure:
            return await self._given(ask, clear, found, likely)
        return standard_card(self.tools, ask.code or "")

    async def _doubtful(self, ask: Ask, found: Found, likely: Mapping[str, float]) -> Said:
        trades = standards_for(self.tools, ask)
        if trades.score >= SURE and self._tells_a_trade(ask):
            return list_standards(trades, ask)
        elsewhere = not_ours(self.tools, ask, found)
        if elsewhere:
            return elsewhere
        answers = self.tools.index.items["answer"]
        offered = [meant for meant, sure in likely.items() if meant in answers and sure >= _WORTH_OFFERING][:2]
        told = self._tells_a_trade(ask) or likely.get("trade", 0) >= _WORTH_OFFERING
        guess = max(found.of("standard"), trades if told else Found(), key=lambda one: one.score)
        if guess.hits and (not offered or likely.get("trade", 0) > likely[offered[0]]):
            return list_standards(guess, ask)
        if offered:
            reply = await offer_topics(self.tools, offered)
            memory = {"kind": "topics", "ids": tuple(offered), "seen": len(offered)}
            return Said([reply], hits=found.hits, memory=memory)
        return Said([not_found(ask.quoted())])

    def _tells_a_trade(self, ask: Ask) -> bool:
        """Whether a message speaks of somebody's work, not only uses a word of it: «¿cuánto tarda el dictamen?»."""
        said = trade(ask.about).split()
        named = " ".join(named_trades(self.tools.index, ask.text)).split()
        return tells_work(ask.text) or len(named) >= _NAMED_SHARE * max(len(said), 1)

    async def _given(
        self, ask: Ask, answer_id: str, found: Found | None = None, likely: Mapping[str, float] | None = None
    ) -> Said:
        code = ask.code or (ask.memory.code if ask.text and not trade(ask.about) else None)
        others = {meant: sure for meant, sure in (likely or {}).items() if meant in self.tools.index.items["answer"]}
        said = await give_answer(self.tools, answer_id, found.hits if found else (), code, others)
        if answer_id == _STEPS and not ask.memory.trade:
            # The first step is taken at once; whatever trade comes next is understood without a form.
            told = said.replies[0]
            return replace(said, replies=[replace(told, text=f"{told.text}\n{_FIRST_STEP}")])
        return said


def _weighed(ask: Ask, found: Found) -> dict[str, float]:
    """What may be meant and how surely, likeliest first: the classifier's meanings weighed by what search finds.

    Of an answer that came after the model was trained search alone knows; so it does where there is no model's view.
    """
    seen = {hit.item.id: hit.score for hit in found.of("answer").hits}
    seen["trade"] = found.of("standard").score
    shares = {meant: share * (_NOT_FOUND + seen.get(meant, 0.0)) ** _SEARCH_SHARE for meant, share in ask.meant}
    total = sum(shares.values())
    sure = {meant: share / total for meant, share in shares.items()}
    taught = {*INTENTS, *shipped_answers()} if shares else ()
    sure |= {meant: score for meant, score in seen.items() if meant not in taught}
    return dict(sorted(sure.items(), key=lambda one: -one[1]))


def _clear(ask: Ask, likely: Mapping[str, float]) -> str:
    """The meaning that may be taken at once; empty when there is none."""
    ranked: Sequence[tuple[str, float]] = [*likely.items(), ("", 0.0), ("", 0.0)]
    (first, sure), (_, next_sure) = ranked[:2]
    if not ask.meant:  # scores of a search, each for itself
        return first if sure >= SURE else ""
    return first if sure >= _SURELY or (sure >= _LIKELY and next_sure <= _AHEAD * sure) else ""


class NotUnderstood(Asking):
    """What Rasa could not tell apart: search may still know."""

    name = "action_default_fallback"
