"""The 32 states, in any spelling people use."""

import csv
from functools import lru_cache

from core.settings import PROJECT_ROOT
from core.text import fold

# Spellings that the official catalogue (estados.csv) does not carry.
_ALIASES = {
    "Ciudad de México": "cdmx,df,d f,distrito federal,ciudad mexico,cd mexico,cd de mexico,mexico df,mexico d f",
    "Estado de México": "edomex,edo mex,edo de mexico,edo mexico,estado mexico,mexico,mex,edomx",
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


def find_state(text: str) -> str | None:
    """The state that ``text``, an answer to «¿en qué estado?», names: ``"edomex"`` → ``"Estado de México"``."""
    return _spellings().get(fold(text)) or state_in(text)


def state_in(text: str) -> str | None:
    """A state named somewhere in a sentence, the longest spelling first; None when there is none."""
    padded = f" {fold(text)} "
    found = [s for s in _spellings() if f" {s} " in padded and s not in _ONLY_WHERE_ASKED]
    return _spellings()[max(found, key=len)] if found else None


def without_state(text: str) -> str:
    """The sentence without the state it names, so that «plomero en Puebla» is about a plumber."""
    state = state_in(text)
    padded = f" {fold(text)} "
    for spelling in sorted(_spellings(), key=len, reverse=True):
        if _spellings()[spelling] == state and spelling not in _ONLY_WHERE_ASKED:
            padded = padded.replace(f" {spelling} ", " ")
    return padded.strip()


def catalogue_states() -> set[str]:
    """Names in INEGI's catalogue, folded; a test holds them against ``state_names``."""
    with (PROJECT_ROOT / "knowledge/data/estados.csv").open(encoding="utf-8") as handle:
        return {fold(row["nombre"]) for row in csv.DictReader(handle)}
