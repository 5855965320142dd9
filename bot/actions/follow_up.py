"""Messages that only make sense after what was shown: «el segundo», «¿y en Jalisco?», «mejor otro»."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.actions.memory import Memory
from bot.actions.tools import Ask
from core.text import fold

_ORDINALS = {
    "primero": 1, "primera": 1, "primer": 1, "1ro": 1, "1ero": 1, "1era": 1, "1ra": 1,
    "segundo": 2, "segunda": 2, "2do": 2, "2da": 2,
    "tercero": 3, "tercera": 3, "tercer": 3, "3ro": 3, "3ero": 3, "3ra": 3,
    "cuarto": 4, "cuarta": 4, "4to": 4, "4ta": 4, "quinto": 5, "quinta": 5, "5to": 5, "5ta": 5, "sexto": 6, "sexta": 6,
    "ultimo": -1, "ultima": -1,
    "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6,
    **{str(number): number for number in range(1, 7)},
    "first": 1, "second": 2, "third": 3, "last": -1,
}  # fmt: skip
_CARDINALS = frozenset("uno dos tres cuatro cinco seis 1 2 3 4 5 6".split())
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
# What people put around a choice without asking anything more.
_CHOOSING = frozenset(
    "a ah bueno chale creo cuenteme cual dame de deme del detalles dice digame el ella ese esa este esta es "
    "elijo entonces "
    "dijiste dijo escojo favor info informacion interesa la le lista lo mas jaja jajaja me mejor mi mire "
    "muestreme no numero num ok okay opcion "
    "los orale pls please por porfa porfavor pues prefiero que quiero quisiera saber seria si sobre the one "
    "estandar tal ver va "
    "vamos vea x xfa y yo".split()
)
# «el segundo» says which; «el segundo intento» is something else.
_POINTS = re.compile(
    rf"\b(?:el|la|del|al|ese|esa|este|esta|opcion|numero|the)\s+(?P<which>{_ORDINAL})"
    r"(?=$|\s+(?:opcion|estandar|de (?:la lista|ellos|esos|los que)|que (?:me )?(?:dijo|dio|mando|puso|menciono|"
    r"salio)|one|por favor|y )\b)"
)
_MORE = re.compile(
    r"(?:no |mejor |quiero |ver |vea |hay |tiene |tienen |dame |deme |muestreme |muestrame |y |a ver |quisiera |"
    r"me |da |"
    r"ensename |enseñeme |algun |alguna |ninguno |ninguna |de esos |ese no |esa no |esos no )*"
    r"(?:otro|otra|otros|otras|mas opciones|mas estandares|los demas|las demas|cuales mas|que mas hay|hay mas|"
    r"ver mas|mas)"
    r"(?: (?:estandar|estandares|opcion|opciones|parecido|parecidos|por favor|mejor|mas|hay|prestador|"
    r"prestadores|centro|"
    r"centros|lugar|lugares|cual|cuales|distinto|diferente))*"
)
_PLACE_ONLY = frozenset(
    "a aca ahi algo alguno alguien alli aqui al ando cerca como con de del desde digo el en entonces es estado estan "
    "este esta estoy hay hoy la lo los mas mejor mi mire no nos o para pero pos pues que queda quien radico si soy su "
    "tal tambien tiene tienen vivimos vivo y ya yo municipio ciudad zona rumbo por".split()
)
_SOURCE = re.compile(
    r"(?:y |pero |oiga |a ver )*(?:de )?(?:donde (?:dice|sale|viene|sacan?|sacaste|esta) (?:eso|esto|ese dato|"
    r"lo que dice|la informacion)|"
    r"(?:cual es )?(?:la |su |tu )?fuente|que ley dice eso|eso es ley|es ley|como se que es cierto|de donde lo saca\w*)"
    r"(?: (?:es ley|eso|esto|dice|ley))*"
)
# «bueno ni modo, ¿y en Veracruz dónde lo hago?»
_AND_WHERE = re.compile(r"\by (?:aca |alla |ahi |aqui )?(?:en|por|para|de) \w")
_PLACED = frozenset(("find_provider", "find_standard", "show_standard", "show_provider"))
_FEW = 10
_CORRECTION = re.compile(
    r"(?:no |nel |perdon |disculpe |ay |mejor |bueno |ups |sorry |siempre )*"
    r"(?:(?:quise decir|quiero decir|queria decir|me refiero al?|me referia al?|mejor dicho|mas bien|es decir|"
    r"hablo de|i meant|"
    r"me equivoque (?:es|soy|era)|siempre si (?:la|el|lo)(?: de)?)\s+(?P<meant>\S.*)"
    r"|(?:no era|no es|no soy) (?:\S+ ){1,3}?(?:es|sino|soy) (?P<instead>\S.*)"
    r"|(?:no era|ese no|eso no|no es (?:sino|quiero|busco))(?: es[oe])?(?: jaja\w*)?(?: es| era| quiero| busco|"
    r" yo)?\s+(?P<rest>\S+\s+\S.*))"
)


@dataclass(frozen=True)
class Reference:
    """What a message points at. ``pick``: one of what was shown, ``item`` its id; ``rest``: what is said besides."""

    how: Literal["pick", "more", "place", "correction", "source"]
    item: str = ""
    rest: str = ""


def read_reference(ask: Ask) -> Reference | None:
    """What the message refers to; None when it stands for itself."""
    memory, said = ask.memory, fold(ask.text)
    if not said:
        return None
    if memory.kind == "answer" and memory.ids and _SOURCE.fullmatch(said):
        return Reference("source")
    picked = _picked(said, memory) if memory.ids else None
    if picked:
        return picked
    correction = _CORRECTION.fullmatch(said)
    if correction and memory.act:
        return Reference("correction", rest=correction["meant"] or correction["instead"] or correction["rest"])
    if memory.ids and _MORE.fullmatch(said):
        return Reference("more")
    if ask.state and (memory.code or memory.trade):
        about = set(fold(ask.about).split())
        if about <= _PLACE_ONLY or (_AND_WHERE.search(said) and memory.act in _PLACED and len(about) <= _FEW):
            return Reference("place")
    return None


def _picked(said: str, memory: Memory) -> Reference | None:
    words = said.split()
    numbers = [word for word in words if word in _ORDINALS]
    rest = [word for word in words if word not in _ORDINALS]
    if len(numbers) == 1 and set(rest) <= _CHOOSING:
        return _nth(memory, numbers[0], "")
    points = _POINTS.search(said)
    if points and points["which"] not in _CARDINALS:
        return _nth(memory, points["which"], f"{said[: points.start()]} {said[points.end() :]}".strip())
    return None


def _nth(memory: Memory, word: str, rest: str) -> Reference | None:
    number = _ORDINALS[word]
    shown = memory.ids[: memory.seen]
    if number > len(shown) or not shown:
        return None
    return Reference("pick", shown[number - 1 if number > 0 else -1], rest)
