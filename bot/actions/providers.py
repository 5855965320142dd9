"""Providers: who is accredited for a standard, honest about what the registry copy does not know."""

from rasa_sdk.events import SlotSet

from bot import words
from bot.actions.buttons import button
from bot.actions.forms import open_form
from bot.actions.standards import as_spoken, asked_code, source_of, standards_for, unknown_code
from bot.actions.tools import Ask, OrientaAction, Said
from conversations.message import Reply
from search.entries import Item
from search.find import Found, Hit, find, named_provider, resolve
from search.index import Index
from search.text import trade

_SHOWN = 6
# One standard is meant when it is this likely and the next at most this share of it.
_SURE = 0.9
_AHEAD = 0.8
_WHAT_TO_ASK = button("Qué preguntarles", "ask_information", answer_id="preguntas_al_prestador")


class FindProvider(OrientaAction):
    """Says who certifies a standard."""

    action_name = "action_find_provider"

    async def answer(self, ask: Ask) -> Said:
        """List the providers of the standard named, or find out which standard is meant."""
        code = asked_code(ask)
        if code:
            return self._providers(code, ask.state)
        if trade(ask.about):
            # «y en Nuevo León» is a place, though a university bears its name.
            named = named_provider(self.tools.index, ask.text)
            if named:
                return self._card(named)
            return self._by_trade(standards_for(self.tools, ask, limit=4), ask)
        # «¿quién lo certifica?» is about what was shown; the menu's button begins anew.
        if ask.text and ask.shown_code:
            return self._providers(ask.shown_code, ask.state)
        if ask.text and ask.state and ask.said_trade:
            return self._by_trade(find(self.tools.index, ask.said_trade, kind="standard", limit=4), ask)
        return Said([], open_form("provider_form", "ec_code"))

    def _by_trade(self, found: Found, ask: Ask) -> Said:
        forget = SlotSet("ec_code", None)
        hits = found.hits
        if not hits:
            reply = Reply(
                f"No encontré un estándar para «{ask.text.strip()[:80]}». Dígame la clave del estándar o el oficio con "
                "otras palabras y le digo quién lo certifica.",
                "not_found",
                [words.FIND_STANDARD, words.PERSON],
            )
            return Said([reply], [forget])
        if found.score >= _SURE and (len(hits) == 1 or hits[1].score <= _AHEAD * found.score):
            return self._providers(hits[0].item.id, ask.state)
        extra = {"entidad_federativa": ask.state} if ask.state else {}
        lines = [f"{hit.item.id}. {hit.item.title}" for hit in hits[:3]]
        reply = Reply(
            "\n".join(["Primero elijamos el estándar. ¿Cuál se parece más a lo que usted hace?", *lines]),
            "clarify",
            [button(hit.item.id, "find_provider", ec_code=hit.item.id, **extra) for hit in hits[:3]],
            [source_of(hits[0].item)],
        )
        return Said([reply], [forget], hits)

    def _card(self, hit: Hit) -> Said:
        index, provider = self.tools.index, hit.item
        codes = sorted(provider.standards)
        lines = [f"{code}. {index.items['standard'][code].title}" for code in codes[:_SHOWN]]
        left = len(codes) - _SHOWN
        count = f"{len(codes)} estándares" if len(codes) > 1 else "un estándar"
        text = "\n".join([
            f"{provider.title}: acreditado en {count} al {as_spoken(provider.as_of)}.",
            *lines,
            *([f"… y {left} más. Dígame la clave o el oficio y le digo si lo certifica."] if left > 0 else []),
        ])  # fmt: skip
        source = {"title": "RENEC, prestadores acreditados", "url": "https://conocer.gob.mx", "as_of": provider.as_of}
        return Said([Reply(text, "answered", [_WHAT_TO_ASK, words.FIND_STANDARD], [source])], hits=[hit])

    def _providers(self, code: str, state: str | None) -> Said:
        index = self.tools.index
        shown, asked = resolve(index, code)
        if shown is None:
            return Said([unknown_code(index, code)], [SlotSet("ec_code", None)])
        providers = index.providers_of(shown.id)
        parts = []
        if asked is not shown:
            parts.append(f"La clave {code} ya no es la vigente; le respondo por {shown.id}.")
        parts.append(_who(index, shown, providers, state))
        buttons = [
            _WHAT_TO_ASK,
            button(f"Ver {shown.id}", "standard_details", ec_code=shown.id),
            words.PERSON,
        ]
        reply = Reply("\n".join(parts), "answered" if providers else "not_found", buttons, [source_of(shown)])
        return Said(
            [reply],
            [SlotSet("ec_code", shown.id)],
            [Hit(item, 1.0, f"acreditado en {shown.id}") for item in providers[:_SHOWN]],
        )


def _who(index: Index, standard: Item, providers: list[Item], state: str | None) -> str:
    # The list of providers has a date of its own: a standard may be newer than it.
    day = as_spoken(max(item.as_of for item in index.items["provider"].values()))
    name = f"{standard.id} ({standard.title})"
    if not providers:
        return (
            f"Al {day}, nuestra copia del registro no muestra a nadie acreditado en {name}. Eso puede haber cambiado: "
            "revise la ficha del estándar en el registro o pida que le atienda una persona."
        )
    contact = (
        "Esta copia no trae teléfonos ni domicilios; están en la ficha del estándar, en "
        "«¿En dónde puedo certificarme?»."
    )
    if state:
        here = [item for item in providers if item.state == state]
        if here:
            unknown = sum(1 for item in providers if item.state is None)
            return "\n".join([
                f"Por su nombre, parecen estar en {state} y al {day} están acreditados en {name}:",
                *_names(here),
                f"De otros {unknown} acreditados el registro no dice el estado. {contact}" if unknown else contact,
            ])  # fmt: skip
        unplaced = [item for item in providers if item.state is None]
        return "\n".join([
            f"Al {day} hay {len(providers)} acreditados en {name}, pero por su nombre no ubicamos ninguno en {state}.",
            "Su nombre no dice en qué estado están éstos; pregúnteles si atienden en el suyo:" if unplaced else
            "Todos parecen estar en otros estados; pregúnteles si atienden en el suyo:",
            *_names(unplaced or providers),
            contact,
        ])  # fmt: skip
    total = f"{len(providers)} prestadores acreditados" if len(providers) > 1 else "un prestador acreditado"
    more = " Dígame su estado y le digo cuáles parecen estar ahí." if len(providers) > _SHOWN else ""
    return "\n".join([f"Al {day} hay {total} en {name}:", *_names(providers), contact + more])


def _names(providers: list[Item]) -> list[str]:
    lines = [f"{number}. {item.title}" for number, item in enumerate(providers[:_SHOWN], 1)]
    left = len(providers) - _SHOWN
    return [*lines, f"… y {left} más."] if left > 0 else lines
