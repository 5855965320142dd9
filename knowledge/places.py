"""Places as people write them: the 32 states and the municipalities, each leading to its state."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.paths import PROJECT_ROOT
from core.text import fold

# Spellings that the official catalogue does not carry.
_ALIASES = {
    "Ciudad de México": "cdmx,df,d f,distrito federal,ciudad mexico,cd mexico,cd de mexico,mexico df,mexico d f",
    "Estado de México": "edomex,edo mex,edo de mex,estado de mex,edo de mexico,estado mexico,mexico,mex,edomx",
    "Nuevo León": "nl,n l,nvo leon",
    "Jalisco": "jal",
    "Michoacán": "mich,michoacan de ocampo",
    "Coahuila": "coah,coahuila de zaragoza",
    "Veracruz": "ver,veracruz de ignacio de la llave",
    "Querétaro": "qro,queretaro de arteaga",
    "San Luis Potosí": "slp,s l p,san luis",
    "Baja California": "bc,b c,baja california norte",
    "Baja California Sur": "bcs,b c s",
    "Quintana Roo": "qroo,q roo,quintanaroo",
    "Guanajuato": "gto",
    "Tamaulipas": "tamps",
    "Chihuahua": "chih",
    "Puebla": "pue",
    "Aguascalientes": "ags",
    "Zacatecas": "zac",
    "Hidalgo": "hgo",
    "Oaxaca": "oax",
    "Sinaloa": "sin",
    "Sonora": "son",
    "Yucatán": "yuc",
    "Guerrero": "gro",
    "Morelos": "mor",
    "Nayarit": "nay",
    "Durango": "dgo",
    "Tabasco": "tab",
    "Tlaxcala": "tlax",
    "Campeche": "camp",
    "Chiapas": "chis",
    "Colima": "col",
}
# «México» alone names the country far more often than the state, so it is only read where a state is asked for.
_ONLY_WHERE_ASKED = {"mexico", "mex", "sin", "son", "ver", "mor", "col", "tab", "camp", "san luis"}
# Smaller places share their names with words and surnames: in a sentence only these are taken for a place.
_LARGE = 50_000
# Of places that share a name, the one this many times larger than the next is meant.
_FAR_LARGER = 4
# A municipality in a sentence stands behind one of these; a state may stand anywhere.
_BEFORE = r"(?:en|desde|por|cerca de|soy de|vivo|ciudad de|municipio de|alcaldia|aca en|aqui en)"
# Cities whose names are people's or words as well: at the end of a sentence they may be meant as such.
_NAMES_TOO = frozenset((
    "alvaro obregon", "benito juarez", "cuauhtemoc", "gustavo a madero", "juarez", "la paz", "leon", "miguel hidalgo",
    "morelos", "venustiano carranza", "victoria",
))  # fmt: skip
# Names of towns that are words as well: «en centro de monitoreo», «en frontera».
_WORDS_TOO = frozenset(
    "asientos centro el oro el salto empalme frontera general la union progreso reforma rosario tala tecnica union "
    "victoria".split()
)
# In a sentence only a city's name is guessed at.
_CITY = 200_000
# Shorter names are not guessed at: «en casa» is not Casas.
_FUZZY_FROM = 7
_TWO_SLIPS_FROM = 10


@dataclass(frozen=True)
class Place:
    """A state by its short name, and the municipality where one was named."""

    state: str
    municipality: str | None = None


@lru_cache
def _spellings() -> dict[str, str]:
    spellings: dict[str, str] = {}
    for name, aliases in _ALIASES.items():
        for spelling in (fold(name), *aliases.split(",")):
            spellings[spelling] = name
    return spellings


def state_names() -> list[str]:
    """The 32 short names, as the registry and people write them."""
    return list(_ALIASES)


def find_place(text: str) -> Place | None:
    """The place that ``text``, an answer to «¿en qué estado?», names: ``"edomex"``, ``"neza"``, ``"monterey"``."""
    folded = fold(text)
    state = _spellings().get(folded)
    if state:
        return Place(state)
    return (
        _municipalities().get(folded)
        or place_in(text)
        or _nearly(folded, [*_spellings(), *sorted(_known())], _TWO_SLIPS_FROM)
    )


def place_in(text: str) -> Place | None:
    """A place named somewhere in a sentence; None when there is none, or several states share its name."""
    return read_place(text)[0]


def find_state(text: str) -> str | None:
    """The state of the place that ``text``, an answer to «¿en qué estado?», names."""
    place = find_place(text)
    return place.state if place else None


def state_in(text: str) -> str | None:
    """The state of a place named somewhere in a sentence; None when there is none."""
    place = place_in(text)
    return place.state if place else None


def without_place(text: str) -> str:
    """The sentence without the place it names, so that «plomero en Puebla» is about a plumber."""
    return read_place(text)[1]


def read_place(text: str) -> tuple[Place | None, str]:
    """The place a sentence names, and the sentence without it, folded.

    A state may stand anywhere, a municipality behind «en» or beside its state: «Benito Juárez, Quintana Roo».
    """
    padded = f" {fold(text)} "
    # Sure of a town are «en» before it, a name that holds a state's («Puerto Morelos»), and a city at the end.
    towns = [
        (match.span(), _municipalities()[match["name"]], _surely(match)) for match in _pattern("towns").finditer(padded)
    ]
    # «Miguel Hidalgo» is no state; «Veracruz» beside «Xalapa» is.
    inside = [span for span, _, _ in towns]
    states = [
        (match.span(), Place(_spellings()[match["name"]]))
        for match in _pattern("states").finditer(padded)
        if not any(start <= match.start("name") and match.end("name") <= end for start, end in inside)
    ]
    near = {place.state for _, place in states}
    for span, place, sure in sorted(towns, key=lambda town: (town[1].state not in near, not town[2])):
        if place.state in near or sure:
            spans = [span, *(own for own, state in states if state.state == place.state)]
            return place, _cut(padded, spans)
    if states:
        _, place = max(states, key=lambda state: state[0][1] - state[0][0])
        return place, _cut(padded, [span for span, own in states if own == place])
    return _mistyped(padded)


def _mistyped(padded: str) -> tuple[Place | None, str]:
    """A state or a large town behind «en» with a letter wrong: ``"plomero en guadalajra"``."""
    for match in re.finditer(rf" {_BEFORE} (?P<rest>.+)", padded):
        words = match["rest"].split()
        for size in (3, 2, 1):
            name = " ".join(words[:size])
            place = _nearly(name, _large_names(), len(name) + 1)
            if place:
                start = match.start("rest")
                return place, _cut(padded, [(match.start(), start + len(name))])
    return None, padded.strip()


def _holds_a_state(name: str) -> bool:
    return bool(_pattern("states").search(f" {name} "))


def _surely(match: re.Match[str]) -> bool:
    """Whether a town's name means the town: «plomero monterrey» does, «soy Juan León» may not."""
    if match["before"] or _holds_a_state(match["name"]):
        return True
    ends = match.start() > 0 and not match.string[match.end() :].strip()
    return ends and match["name"] in _with_inhabitants(_CITY) - _NAMES_TOO


def _cut(padded: str, spans: list[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        padded = f"{padded[:start]} {padded[end:]}"
    return " ".join(padded.split())


@lru_cache
def _municipalities() -> dict[str, Place]:
    """By folded spelling, the municipality meant; names that several large ones share are left out."""
    found = {}
    for spelling, ((population, place), *others) in _catalogue().items():
        if not others or population >= _FAR_LARGER * others[0][0]:
            found[spelling] = place
    found |= _nicknames()
    # «Oaxaca», «Puebla», «Querétaro» name the state; whoever lives in the capital lives there too.
    return {spelling: place for spelling, place in found.items() if spelling not in _spellings()}


@lru_cache
def _catalogue() -> dict[str, list[tuple[int, Place]]]:
    """By folded official name, the municipalities that bear it with their inhabitants, the largest first."""
    named: dict[str, list[tuple[int, Place]]] = defaultdict(list)
    with (PROJECT_ROOT / "knowledge/data/municipios.csv").open(encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            place = Place(_short_name(row["estado"]), row["municipio"])
            named[fold(row["municipio"])].append((int(row["poblacion"]), place))
    return {name: sorted(places, key=lambda found: -found[0]) for name, places in named.items()}


def _with_inhabitants(least: int) -> set[str]:
    return {name for name, places in _catalogue().items() if places[0][0] >= least}


@lru_cache
def _nicknames() -> dict[str, Place]:
    rows = yaml.safe_load((PROJECT_ROOT / "knowledge/data/places.yml").read_text(encoding="utf-8"))
    return {
        fold(spelling): Place(_short_name(row["state"]), row["municipality"])
        for row in rows
        for spelling in row["spellings"]
    }


@lru_cache
def _pattern(which: str) -> re.Pattern[str]:
    """Matches a name with the «en» before it, longer names first; a neighbour's space is left to the neighbour."""
    names: Iterable[str] = [s for s in _spellings() if s not in _ONLY_WHERE_ASKED] if which == "states" else _known()
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?<= )(?P<before>{_BEFORE} )?(?P<name>{listed})(?= )")


@lru_cache
def _known() -> frozenset[str]:
    """Names of municipalities that may be meant in a sentence: large ones, and those with an everyday name."""
    meant = _with_inhabitants(_LARGE) | set(_nicknames())
    return frozenset(name for name in _municipalities() if name in meant) - _WORDS_TOO


@lru_cache
def _large_names() -> list[str]:
    """Names long and large enough to be guessed at when mistyped: states and cities."""
    cities = _with_inhabitants(_CITY) & _known()
    return sorted(name for name in (*_spellings(), *cities) if len(name) >= _FUZZY_FROM)


def _nearly(spelling: str, names: Sequence[str], two_slips_from: int) -> Place | None:
    """The place whose name a mistyped one is a slip away from: ``"monterey"``, ``"gualajara"``."""
    if len(spelling) < _FUZZY_FROM:
        return None
    slips = 1 if len(spelling) < two_slips_from else 2
    near = process.extractOne(spelling, names, scorer=OSA.distance, score_cutoff=slips)
    if near is None or len(near[0]) < _FUZZY_FROM:
        return None
    state = _spellings().get(near[0])
    return Place(state) if state else _municipalities()[near[0]]


def _short_name(official: str) -> str:
    """``"Veracruz de Ignacio de la Llave"`` → ``"Veracruz"``; the catalogue calls the state of México «México»."""
    return "Estado de México" if official == "México" else _spellings()[fold(official)]
