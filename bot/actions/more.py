"""«Otro», «más opciones», «no era eso»: what else there is of what was shown."""

from bot import words
from bot.actions.answer import offer_topics
from bot.actions.memory import Memory
from bot.actions.standards import PAGE, page, registry_source
from bot.actions.tools import Act, Ask, Said
from conversations.message import Reply
from core.clock import today


class MoreOfTheSame(Act):
    """The next of the list that was shown."""

    name = "more_of_the_same"

    async def answer(self, ask: Ask) -> Said:
        """More standards, other topics, or that there are no more."""
        memory, index = ask.memory, self.tools.index
        if memory.kind in ("answer", "topics") and memory.others:
            return Said([await offer_topics(self.tools, memory.others)], memory={"others": ()})
        if memory.kind == "provider" and memory.ids[memory.seen :]:
            return self._providers(memory)
        if memory.kind == "standard":
            # What was remembered may have left the registry meanwhile.
            known = [key for key in memory.ids if key in index.items["standard"]]
            left = [key for key in memory.ids[memory.seen :] if key in known and key != memory.code][:PAGE]
            if not left and memory.act == "show_standard":  # of the list, the others
                left = [key for key in known if key != memory.code][:PAGE]
            if left:
                items = [index.items["standard"][key] for key in left]
                reply = page(items, ["Éstos también se parecen:"], "¿Le interesa alguno?", "answered")
                rest = tuple(key for key in memory.ids[memory.seen :] if key not in left)
                # What is shown now is what «el primero» means from here on.
                changes = {"act": "find_standard", "ids": (*left, *rest), "seen": len(left), "code": None}
                return Said([reply], memory=changes)
        reply = Reply(
            "Ya no tengo más opciones parecidas. Dígamelo con otras palabras, por ejemplo lo que hace en un día de "
            "trabajo, y vuelvo a buscar; o pida que le atienda una persona.",
            "clarify",
            [words.FIND_STANDARD, words.PERSON],
        )
        return Said([reply], missed=True)

    def _providers(self, memory: Memory) -> Said:
        rest = memory.ids[memory.seen :]
        found = self.tools.index.items["provider"]
        names = [f"{number}. {found[key].title}" for number, key in enumerate(rest[:PAGE], 1) if key in found]
        left = [f"… y {len(rest) - PAGE} más."] if len(rest) > PAGE else []
        source = registry_source(max((found[key].as_of for key in rest if key in found), default=today().isoformat()))
        reply = Reply("\n".join(["También están acreditados:", *names, *left]), "answered", [words.PERSON], [source])
        return Said([reply], memory={"ids": rest, "seen": min(PAGE, len(rest))})


class NotHelpful(Act):
    """The last answer was not what they asked."""

    name = "action_not_helpful"

    async def answer(self, ask: Ask) -> Said:
        """Offer what else may have been meant; without anything, ask for other words and offer a person."""
        memory = ask.memory
        if memory.misses == 0:
            if memory.others:
                reply = await offer_topics(
                    self.tools,
                    memory.others,
                    "Disculpe. ¿Era alguno de estos temas? Si no, dígamelo con otras palabras.",
                )
                return Said([reply], memory={"others": ()}, missed=True)
            if memory.kind == "standard" and len(memory.ids) > 1 and memory.act in ("find_standard", "show_standard"):
                said = await MoreOfTheSame(self.tools).answer(ask)
                return Said(said.replies, memory=said.memory, missed=True)
        reply = Reply(
            "Disculpe, no le entendí bien. ¿Me lo dice con otras palabras? También puede atenderle una persona.",
            "clarify",
            [words.PERSON, words.STEPS, words.FIND_STANDARD],
        )
        return Said([reply], missed=True)
