"""What is said of standards: a card, a list, a code that nobody knows."""

from datetime import date

from rasa_sdk.events import SlotSet

from bot import words
from bot.actions.buttons import button, details_button, providers_button
from bot.actions.tools import Ask, Said, Tools
from conversations.message import Reply
from core.clock import spoken_date
from search.codes import find_codes
from search.entries import Item
from search.find import SURE, Found, Hit, find, resolve
from search.index import Index

_REGISTRY = "RENEC, Registro Nacional de Estándares"
# Less likely than this share of the best, a standard is left out of a list: «pongo loseta» is not «pongo sueros».
_AS_LIKELY = 0.7
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


def asked_code(ask: Ask) -> str | None:
    """The code the message names: typed in any spelling, or in a button."""
    codes = find_codes(ask.text or ask.entities.get("ec_code", ""))
    return codes[0] if codes else None


def unknown_code(index: Index, code: str) -> Reply:
    """Said for a code the registry copy does not have."""
    # The registry's own date: titles published later in the DOF are newer than the copy.
    day = max(item.as_of for item in index.items["standard"].values() if item.status == "current")
    return Reply(
        f"No encuentro el estándar {code} en nuestra copia del registro, del {as_spoken(day)}. Revise la clave, o "
        "dígame a qué se dedica y busco el estándar que le corresponde.",
        "not_found",
        [words.FIND_STANDARD, words.PERSON],
        [registry_source(day)],
    )


def standard_card(tools: Tools, code: str) -> Said:
    """What the registry says of a standard; leads from a replaced code to its successor."""
    shown, asked = resolve(tools.index, code)
    if shown is None:
        return Said([unknown_code(tools.index, code)], [SlotSet("ec_code", None)])
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
    return Said([reply], [SlotSet("ec_code", shown.id)], [Hit(shown, 1.0, "código")])


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


def standards_for(tools: Tools, ask: Ask, limit: int = 5) -> Found:
    """Standards for the trade in the message: by all its words, or by the trade Rasa recognised if that says more.

    «me deportaron, fui soldador en Houston» is about a welder, however much is told around it.
    """
    about = find(tools.index, ask.about, kind="standard", limit=limit)
    named = find(tools.index, ask.entities.get("ocupacion", ""), kind="standard", limit=limit)
    return max(about, named, key=lambda found: found.score)


def list_standards(found: Found) -> Said:
    """Up to five standards as text, the first three as buttons; says how a misspelt trade was read."""
    hits = [hit for hit in found.hits[:5] if hit.score >= _AS_LIKELY * found.score]
    lines = [f"{hit.item.id}. {hit.item.title}{_mark(hit.item)}" for hit in hits]
    sure, one = found.score >= SURE, len(hits) == 1
    if sure:
        intro = f"{'Este estándar se relaciona' if one else 'Estos estándares se relacionan'} con lo que usted hace:"
    else:
        intro = f"No estoy seguro, pero quizá sea {'éste' if one else 'alguno de estos'}:"
    read = [f"Buscamos «{found.corrected}»."] if found.corrected else []
    text = "\n".join([*read, intro, *lines, "¿Quiere saber más de él?" if one else "¿De cuál quiere saber más?"])
    reply = Reply(
        text,
        "answered" if sure else "clarify",
        [details_button(hit.item.id) for hit in hits[:3]],
        [registry_source(hits[0].item.as_of)],
    )
    return Said([reply], hits=hits)


def _mark(item: Item) -> str:
    return {"new": " (publicado recientemente)", "brand": " (de marca)"}.get(item.status or "", "")
