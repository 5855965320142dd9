"""Providers: who is accredited for a standard, honest about what the registry copy does not know."""

import re
from dataclasses import replace

from bot import words
from bot.actions.answer import give_answer
from bot.actions.buttons import button
from bot.actions.interviews import open_provider
from bot.actions.outside import no_standard
from bot.actions.standards import as_spoken, source_of, standards_for, unknown_code
from bot.actions.tools import Act, Ask, Said, Tools
from conversations.message import Reply
from core.text import fold
from search.entries import Item
from search.find import SURE, Found, Hit, find, named_provider, resolve
from search.index import Index
from search.text import trade

_SHOWN = 6
# A standard this much less likely than the first is not named beside it.
_AHEAD = 0.8
# As likely as this, an answer is given where who certifies cannot be told.
_MAY_BE = 0.12
_WHAT_TO_ASK = button("Qué preguntarles", "ask", answer_id="preguntas_al_prestador")


# «en todo el país» ends what was said of a state before.
EVERYWHERE = re.compile(r"\b(?:todo (?:el pais|mexico)|toda la republica|cualquier estado|nacional|donde sea)\b")
_ABOUT_WHERE = frozenset(
    "acreditacion acreditaron ahi aka alla certifika certifikan direccion direcciones dnd entonces evaluan "
    "evaluar evaluacion "
    "examen hacen hacerlo hice kien kienes lista pasame puedo presentar qien queda quienes saca sacan sacar saco "
    "telefono "
    "telefonos va".split()
)


def about_something(ask: Ask) -> bool:
    """Whether a message about who certifies says of what: a trade, a name; or only where, as «¿y dónde lo saco?»."""
    return bool(set(trade(ask.about).split()) - _ABOUT_WHERE) if ask.text else False


class FindProvider(Act):
    """Says who certifies a standard."""

    name = "action_find_provider"

    async def answer(self, ask: Ask) -> Said:
        """List the providers of the standard named, or find out which standard is meant."""
        state = None if EVERYWHERE.search(fold(ask.text)) else ask.state or ask.memory.state
        code = ask.code or ask.entities.get("ec_code")
        if code:
            return self._of_code(code, state)
        about = about_something(ask)
        found = standards_for(self.tools, ask) if about else Found()
        memory = ask.memory
        shown = memory.ids[: memory.seen] if memory.kind == "standard" else ()
        if about:
            # «y en Nuevo León» is a place, though a university bears its name.
            named = named_provider(self.tools.index, ask.text)
            if named and named.score >= found.score:
                return provider_card(self.tools, named)
            if not found.hits and not (memory.code or shown or memory.trade):
                return await self._no_trade(ask)
            if found.score >= SURE or not (memory.code or shown or memory.trade):
                return self._by_trade(found, ask, state)
        # «¿quién lo certifica?» is about what was shown; the menu's button begins anew.
        if ask.text and memory.code:
            return self._of_code(memory.code, state)
        if ask.text and shown:
            said = self._of_code(shown[0], state)
            first = f"Le respondo por {shown[0]}, lo primero que le mostré. Si le interesa otro, dígame cuál.\n"
            return replace(said, replies=[replace(said.replies[0], text=first + said.replies[0].text)])
        if ask.text and memory.trade:
            return self._by_trade(find(self.tools.index, memory.trade, kind="standard"), ask, state)
        return Said([], open_provider(), memory={"state": state})

    async def _no_trade(self, ask: Ask) -> Said:
        """Nothing is known of what they named: the answer that may be meant instead, or that no standard was found."""
        answers = self.tools.index.items["answer"]
        likely = {meant: share for meant, share in ask.meant if meant in answers and share >= _MAY_BE}
        if likely:
            return await give_answer(self.tools, next(iter(likely)), likely=likely)
        return Said([no_standard(ask)], memory={"code": None})

    def _by_trade(self, found: Found, ask: Ask, state: str | None) -> Said:
        hits = found.hits
        if not hits:
            return Said([], open_provider())
        if found.score >= SURE:
            return self._of_likeliest(found, ask, state)
        extra = {"entidad_federativa": state} if state else {}
        lines = [f"{number}. {hit.item.id}, {hit.item.title}" for number, hit in enumerate(hits[:3], 1)]
        reply = Reply(
            "\n".join(["Primero elijamos el estándar. ¿Cuál se parece más a lo que usted hace?", *lines]),
            "clarify",
            [button(hit.item.id, "find_provider", ec_code=hit.item.id, **extra) for hit in hits[:3]],
            [source_of(hits[0].item)],
        )
        memory = {
            "act": "find_provider", "kind": "standard", "ids": tuple(hit.item.id for hit in hits), "seen": len(lines),
            "code": None, "trade": trade(ask.about) or ask.memory.trade, "state": state,
        }  # fmt: skip
        return Said([reply], hits=hits, memory=memory, missed=False)

    def _of_likeliest(self, found: Found, ask: Ask, state: str | None) -> Said:
        """The providers of the likeliest standard, naming the others that may be meant."""
        first, *others = (hit.item for hit in found.hits if hit.score >= _AHEAD * found.score)
        said = self._of_code(first.id, state)
        told = said.replies[0]
        if others:
            named = "; ".join(f"{item.id}, {item.title}" for item in others[:2])
            buttons = [button(f"¿Y {item.id}?", "find_provider", ec_code=item.id) for item in others[:2]]
            told = replace(told, text=f"{told.text}\nTambién se parecen: {named}.", buttons=[_WHAT_TO_ASK, *buttons])
        return replace(said, replies=[told], memory={**said.memory, "trade": trade(ask.about) or ask.memory.trade})

    def _of_code(self, code: str, state: str | None) -> Said:
        index = self.tools.index
        shown, asked = resolve(index, code)
        if shown is None:
            return unknown_code(index, code)
        providers = index.providers_of(shown.id)
        listed, told = _who(index, shown, providers, state)
        parts = [told]
        if asked is not shown:
            parts.insert(0, f"La clave {code} ya no es la vigente; le respondo por {shown.id}.")
        buttons = [_WHAT_TO_ASK, button(f"Ver {shown.id}", "ask", ec_code=shown.id), words.PERSON]
        reply = Reply("\n".join(parts), "answered" if providers else "not_found", buttons, [source_of(shown)])
        memory = {
            "act": "find_provider", "kind": "provider", "ids": tuple(item.id for item in listed),
            "seen": min(len(listed), _SHOWN), "code": shown.id, "state": state,
        }  # fmt: skip
        hits = [Hit(item, 1.0, f"acreditado en {shown.id}") for item in listed[:_SHOWN]]
        return Said([reply], hits=hits, memory=memory, missed=False)


class ShowProvider(Act):
    """The card of the provider picked from a list."""

    name = "show_provider"

    async def answer(self, ask: Ask) -> Said:
        """What it is accredited for."""
        provider = self.tools.index.items["provider"].get(ask.entities["provider"])
        if provider is None:
            gone = "Ese prestador ya no está en nuestra copia del registro. ¿Busco quién más certifica?"
            return Said([Reply(gone, "not_found", [words.FIND_PROVIDER, words.PERSON])])
        return provider_card(self.tools, Hit(provider, 1.0, "elegido"))


def provider_card(tools: Tools, hit: Hit) -> Said:
    """What a provider is accredited for."""
    index, provider = tools.index, hit.item
    codes = sorted(provider.standards)
    lines = [f"{code}. {index.items['standard'][code].title}" for code in codes[:_SHOWN]]
    left = len(codes) - _SHOWN
    count = f"{len(codes)} estándares" if len(codes) > 1 else "un estándar"
    text = "\n".join([
        f"{provider.title}: acreditado en {count} al {as_spoken(provider.as_of)}.",
        *lines,
        *([f"… y {left} más. Dígame la clave o el oficio y le digo quién lo certifica."] if left > 0 else []),
    ])  # fmt: skip
    source = {"title": "RENEC, prestadores acreditados", "url": "https://conocer.gob.mx", "as_of": provider.as_of}
    memory = {"act": "show_provider", "kind": "provider", "ids": (provider.id,), "seen": 1}
    return Said([Reply(text, "answered", [_WHAT_TO_ASK, words.FIND_STANDARD], [source])], hits=[hit], memory=memory)


def _who(index: Index, standard: Item, providers: list[Item], state: str | None) -> tuple[list[Item], str]:
    """Those to be listed, and what is said of them."""
    # The list of providers has a date of its own: a standard may be newer than it.
    day = as_spoken(max(item.as_of for item in index.items["provider"].values()))
    name = f"{standard.id} ({standard.title})"
    if not providers:
        return [], (
            f"Al {day}, en nuestra copia del registro no hay ningún prestador acreditado en {name}. "
            f"{_OF_BRAND if standard.status == 'brand' else ''}"
            "Eso puede haber cambiado: revise la ficha del estándar en el registro o pida que le atienda una persona."
        )
    contact = (
        "Esta copia no trae teléfonos ni domicilios; están en la ficha del estándar, en "
        "«¿En dónde puedo certificarme?»."
    )
    if state:
        here = [item for item in providers if item.state == state]
        if here:
            unknown = sum(1 for item in providers if item.state is None)
            return here, "\n".join([
                f"Por su nombre, parecen estar en {state} y al {day} están acreditados en {name}:",
                *_names(here),
                f"De otros {unknown} acreditados el registro no dice el estado. {contact}" if unknown else contact,
            ])  # fmt: skip
        unplaced = [item for item in providers if item.state is None]
        one = len(providers) == 1
        return unplaced or providers, "\n".join([
            f"Al {day} hay {'un acreditado' if one else f'{len(providers)} acreditados'} en {name}, pero por su "
            f"nombre no "
            f"ubicamos ninguno en {state}.",
            _ELSEWHERE[bool(unplaced), one],
            *_names(unplaced or providers),
            contact,
        ])  # fmt: skip
    total = f"{len(providers)} prestadores acreditados" if len(providers) > 1 else "un prestador acreditado"
    more = " Dígame su estado y le digo cuáles parecen estar ahí." if len(providers) > _SHOWN else ""
    return providers, "\n".join([f"Al {day} hay {total} en {name}:", *_names(providers), contact + more])


# What is said before those whose name says no state, or another one: (says none, only one).
_ELSEWHERE = {
    (True, False): "Su nombre no dice en qué estado están éstos; pregúnteles si atienden en el suyo:",
    (True, True): "Su nombre no dice en qué estado está; pregúntele si atiende en el suyo:",
    (False, False): "Todos parecen estar en otros estados; pregúnteles si atienden en el suyo:",
    (False, True): "Parece estar en otro estado; pregúntele si atiende en el suyo:",
}
_OF_BRAND = "Es un estándar de marca: su dueño autoriza quién lo opera. "


def _names(providers: list[Item]) -> list[str]:
    lines = [f"{number}. {item.title}" for number, item in enumerate(providers[:_SHOWN], 1)]
    left = len(providers) - _SHOWN
    return [*lines, f"… y {left} más."] if left > 0 else lines
