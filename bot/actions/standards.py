"""What is said of standards: a card, a list, a code that nobody knows."""

import re
from collections.abc import Sequence
from datetime import date

from bot import words
from bot.actions.buttons import button, details_button, providers_button
from bot.actions.tools import Act, Ask, Said, Tools
from conversations.message import Reply
from core.clock import spoken_date
from core.text import fold
from search.entries import Item
from search.find import SURE, Found, Hit, find, named_trades, resolve
from search.index import Index
from search.text import trade

_REGISTRY = "RENEC, Registro Nacional de Estándares"
# Less likely than this share of the best, a standard is left out of a list: «pongo loseta» is not «pongo sueros».
_AS_LIKELY = 0.7
PAGE = 5
_LEVELS = {1: "uno", 2: "dos", 3: "tres", 4: "cuatro", 5: "cinco"}


def as_spoken(day: str) -> str:
    """``"2025-11-28"`` → ``"28 de noviembre de 2025"``."""
    return spoken_date(date.fromisoformat(day))


def source_of(item: Item) -> dict[str, str | None]:
    """The registry's page of a standard, as a source."""
    title = "Diario Oficial de la Federación" if item.status == "new" else _REGISTRY
    return {"title": f"{title}: {item.id}", "url": item.url, "as_of": item.as_of}


def registry_source(as_of: str) -> dict[str, str | None]:
    """The registry as a whole, as a source."""
    return {"title": _REGISTRY, "url": "https://conocer.gob.mx", "as_of": as_of}


def unknown_code(index: Index, code: str) -> Said:
    """Said for a code the registry copy does not have."""
    # The registry's own date: titles published later in the DOF are newer than the copy.
    day = max(item.as_of for item in index.items["standard"].values() if item.status == "current")
    reply = Reply(
        f"No encuentro el estándar {code} en nuestra copia del registro, del {as_spoken(day)}. Revise la clave, o "
        "dígame a qué se dedica y busco el estándar que le corresponde.",
        "not_found",
        [words.FIND_STANDARD, words.PERSON],
        [registry_source(day)],
    )
    return Said([reply], memory={"code": None})


class ShowStandard(Act):
    """The card of a standard; leads from a replaced code to its successor."""

    name = "show_standard"

    async def answer(self, ask: Ask) -> Said:
        """The card of the standard picked, named or spoken of."""
        return standard_card(self.tools, ask.entities.get("standard") or ask.code or ask.memory.code or "")


def standard_card(tools: Tools, code: str) -> Said:
    """What the registry says of a standard."""
    shown, asked = resolve(tools.index, code)
    if shown is None:
        return unknown_code(tools.index, code)
    lines = [f"{shown.id}. {shown.title}."]
    if asked is not shown:
        lines.insert(0, f"La clave {code} {_why_other(asked, shown)}.")
    if shown.level:
        lines.append(f"Nivel {_LEVELS[shown.level]} de cinco." + (f" Sector: {shown.sector}." if shown.sector else ""))
    if shown.occupations:
        lines.append(f"Ocupaciones relacionadas: {'; '.join(shown.occupations[:4])}.")
    lines.append(_standing(tools.index, shown))
    if shown.status == "current" and shown.replaced_by:
        lines.append(f"Ya se publicó una versión nueva, {shown.replaced_by}: pregunte a su prestador cuál conviene.")
    buttons = [providers_button(shown.id), button("Ver cursos", "find_course", ec_code=shown.id), words.STEPS]
    if shown.status in ("new", "not_listed"):
        buttons = [words.FIND_STANDARD, words.PERSON]
    reply = Reply("\n".join(lines), "answered", buttons, [source_of(shown)])
    return Said([reply], hits=[Hit(shown, 1.0, "código")], memory={"act": "show_standard", "code": shown.id})


def _why_other(asked: Item | None, shown: Item) -> str:
    if asked is None:
        return f"no aparece en el registro; existe {shown.id}"
    return f"ya no está vigente en el registro; la sustituye {shown.id}"


def _standing(index: Index, item: Item) -> str:
    day = as_spoken(item.as_of)
    if item.status == "new":
        return (
            "Se publicó en el Diario Oficial de la Federación y todavía no está en nuestra copia del registro: de él "
            "tenemos el título, pero no quién lo certifica."
        )
    if item.status == "not_listed":
        return f"No aparece como vigente en la lista del registro al {day}. Confirme con una persona antes de elegirlo."
    if item.status == "brand":
        return "Es un estándar de marca: su dueño decide qué prestadores lo operan."
    count = len(index.providers_of(item.id))
    if not count:
        return f"Al {day}, el registro no muestra ningún prestador acreditado en él."
    return (
        f"Al {day}, {f'{count} prestadores están acreditados' if count > 1 else 'un prestador está acreditado'} en él."
    )


# What people tell around their trade: how long, and that they came back.
_STORY = re.compile(
    r"\b(?:\d+|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta|muchos|varios|mas|casi|como|"
    r"años|anos|meses|regres\w+|volvi\w*|retorn\w+|deport\w+|repatri\w+|llegu?e|alla|aca|ahorita|ahora|toda|vida|siempre|"
    r"restaurant\w*|fabrica|empresa|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|back)\b"
)


# «bueno, entonces cuál saco de cocina».
_THE_ONE_OF = re.compile(r"\b(?:de|en|para) (?P<what>(?!de |en |para )[a-zñ]{4,}(?: (?!de |en |para )[a-zñ]+){0,3})$")


# «ok, ¿y de cuidar adultos mayores en su casa?»
_LEAD = re.compile(
    r"^(?:(?:a|ah|ahora|ando|bueno|busco|buscando|de|del|el|entonces|este|la|los|las|lo|mejor|mi|no|ok|okay|oiga|oye|para|"
    r"pero|pos|pues|quiero|kiero|si|sobre|tambien|tmb|un|una|va|y|ya|o|sea|osea|hay|algo|alguno) )+"
)


def standards_for(tools: Tools, ask: Ask, limit: int = 10) -> Found:
    """Standards for the trade in the message: by all its words, or by the trades they name if those say more.

    «me deportaron, fui soldador en Houston» is about a welder, however much is told around it.
    """
    found = find(tools.index, ask.about, kind="standard", limit=limit)
    if found.score >= SURE:
        return found
    told = trade(_STORY.sub(" ", fold(ask.about)))
    if told and told != trade(ask.about):
        found = max(found, find(tools.index, told, kind="standard", limit=limit), key=lambda one: one.score)
    names = named_trades(tools.index, ask.text)[:3]
    said = fold(ask.about)
    pointed = _THE_ONE_OF.search(said)
    names += [text for text in (pointed["what"] if pointed else "", _LEAD.sub("", said)) if text and text != said]
    named = [find(tools.index, name, kind="standard", limit=limit) for name in names]
    return max([found, *named], key=lambda one: one.score)


def shown_by_name(tools: Tools, ask: Ask) -> str | None:
    """Code of the one among several standards shown that a message names by words of its title: «el horizontal»."""
    memory, standards = ask.memory, tools.index.items["standard"]
    if memory.kind != "standard":
        return None
    shown = [standards[key] for key in memory.ids[: memory.seen] if key in standards]
    said = {word for word in fold(ask.text).split() if len(word) >= _LETTERS}
    alike = {item.id: len(said & set(fold(item.title).split())) for item in shown}
    best = [key for key, count in alike.items() if count and count == max(alike.values())]
    return best[0] if len(best) == 1 and len(shown) > 1 else None


# Shorter words of a title tell nothing.
_LETTERS = 5


def list_standards(found: Found, ask: Ask) -> Said:
    """Up to five standards as text, the first three as buttons; says how a misspelt trade was read."""
    likely = [hit for hit in found.hits if hit.score >= _AS_LIKELY * found.score]
    hits = likely[:PAGE]
    sure, one = found.score >= SURE, len(hits) == 1
    if sure:
        intro = f"{'Este estándar se relaciona' if one else 'Estos estándares se relacionan'} con lo que usted hace:"
    else:
        intro = f"No estoy seguro, pero quizá sea {'éste' if one else 'alguno de estos'}:"
    read = [f"Buscamos «{found.corrected}»."] if found.corrected else []
    closing = "¿Quiere saber más de él?" if one else "¿De cuál quiere saber más? Puede decir «el segundo» o «otro»."
    status = "answered" if sure else "clarify"
    reply = page([hit.item for hit in hits], [*read, intro], closing, status)
    memory = {
        "act": "find_standard", "kind": "standard", "ids": tuple(hit.item.id for hit in found.hits), "seen": len(hits),
        "code": hits[0].item.id if one else None, "trade": trade(ask.about),
    }  # fmt: skip
    return Said([reply], hits=hits, memory=memory)


def trade_shown(tools: Tools, ask: Ask) -> Said:
    """Standards of the trade a message names, when it names one for sure; else nothing."""
    found = standards_for(tools, ask) if trade(ask.about) else Found()
    return list_standards(found, ask) if found.score >= SURE else Said([])


def several(tools: Tools, codes: Sequence[str]) -> Said:
    """Standards asked for by their codes together, each as it is today."""
    found = [resolve(tools.index, code)[0] for code in codes[:PAGE]]
    items = list({item.id: item for item in found if item}.values())
    if not items:
        return unknown_code(tools.index, codes[0])
    lost = [code for code, item in zip(codes, found, strict=False) if item is None]
    before = [f"No encuentro {' ni '.join(lost)} en nuestra copia del registro."] if lost else []
    reply = page(items, [*before, "Estos son:"], "¿De cuál quiere saber más?", "answered")
    memory = {"act": "find_standard", "kind": "standard", "ids": tuple(item.id for item in items), "seen": len(items)}
    return Said([reply], hits=[Hit(item, 1.0, "código") for item in items], memory={**memory, "code": None})


def page(items: Sequence[Item], before: Sequence[str], closing: str, status: str) -> Reply:
    """Standards as a list with their levels, the first three as buttons."""
    lines = [f"{number}. {item.id}, {item.title}{_mark(item)}" for number, item in enumerate(items, 1)]
    return Reply(
        "\n".join([*before, *lines, closing]),
        status,
        [details_button(item.id) for item in items[:3]],
        [registry_source(items[0].as_of)],
    )


def _mark(item: Item) -> str:
    level = f" (nivel {_LEVELS[item.level]})" if item.level else ""
    return {"new": " (publicado recientemente)", "brand": " (de marca)"}.get(item.status or "", level)
