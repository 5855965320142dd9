"""Queries reduced to what they are about."""

import re
import unicodedata
from functools import lru_cache

from core.text import fold

_STOP = set(
    "a al algo ante con de del desde el ella en entre es esa ese eso esta este esto hay la las le "
    "les lo los me mi mis muy no nos o para pero por porfavor porfa pa q que k qe se si sin sobre soy su "
    "sus tal tan te tu tus u un una unas uno unos y ya yo x xfa xq ser mas".split()
)
_ASKING = set("como cual cuales cuando cuanta cuanto cuantos donde quien quienes".split())
# What people wrap their trade in: it says nothing about which standard they mean.
_FILLERS = set(
    "acreditada acreditado acreditados alla amiga amigo anos aprender aprendi aqui autorizado autorizados avalar "
    "ayuda ayudeme ayuden año años bien buen buena buenas buenos buscando buscar busco centro centros cerca "
    "certifica certificacion certificaciones certificado certificadora certificadoras certificados certificamos "
    "certifican certificar certificarme certificaron certificarse certifico certifique ciudad competencia "
    "competencias conocer cosa cosas cual cuando dan dedicaba dedicado dedicamos dedico dia dias diga digame "
    "disculpe ec ece ecs entidad entidades esperiencia esposa esposo estado estados estandar estandard estandares "
    "estudie estudio evaluan existe existen experiencia favor gabacho gracias gringo gusta gustaria hace hacer "
    "haciendo hago hermana hermano hice hija hijo hola imparte imparten info informacion informes interesa "
    "interesada interesado joven kiero kisiera lista llevo lugar lugares mama mejor mexico mijo necesito noche "
    "noches norma normas norte oc ocupa ocupo oficial oficio oficios oiga ola papa papel pasado persona personas "
    "poder podria porque prestador prestadores pudiera puede pueden puedo pues quiera quiere quieren quiero "
    "quisiera reconocer sabe saber sabes se seria sertificacion sertificado sertificar sertificarme señor señora "
    "sirve solo tambien tarde tardes tengo tiene tienen tipo todo trabaja trabajaba trabajado trabajador "
    "trabajadora trabajamos trabajando trabaje trabajo trabajos unidos usa validar vengo vida vivo voy".split()
)
# What returnees wrap it in, and where they worked.
_FILLERS_ENGLISH = set(
    "a about also am an and any as at back been by can certificate certification certified certify could did do "
    "does doing done experience for from get got had has have i im in is job jobs just like lot many me mexico "
    "my need of on or our over people some than that the them there they this to up us used want was we were what "
    "when where which with work worked worker working works would year years you angeles arizona atlanta austin "
    "california carolina chicago colorado dallas denver florida georgia houston illinois jersey miami nevada "
    "oregon phoenix texas tejas vegas york washington".split()
)

# What people put around a provider's name.
_AROUND_NAMES = set(
    "acreditada acreditado avalar buenas busco certificar certificarme certifica certifican cuenta da dan direccion "
    "dias es esta evalua evaluan hola informacion info numero ocupo prestador prestadora quiero tardes telefono "
    "ubicada ubicado".split()
)

_NOISE = _STOP | _ASKING | _FILLERS | _FILLERS_ENGLISH
_NOISE_IN_NAMES = _STOP | _ASKING | _AROUND_NAMES


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit to search for (an emoji alone has none)."""
    return any(unicodedata.category(char)[0] in "LN" for char in text)


def trade(text: str) -> str:
    """What is compared with titles and occupations: folded, without the words that wrap a trade; may be empty.

    Questions are compared whole: «cómo», «cuánto» and «quién» tell one from another.
    """
    return " ".join(word for word in fold(text).split() if word not in _NOISE and not word.isdigit())


def provider_name(text: str) -> str:
    """What is compared with the names of providers: folded, without the words that ask about one."""
    return " ".join(word for word in fold(text).split() if word not in _NOISE_IN_NAMES)


# Letters that sound alike in Mexico, in the order they are replaced; ``1`` stands for «ch» meanwhile.
_ALIKE = (
    (re.compile("ch"), "1"),
    (re.compile("ph"), "f"),
    (re.compile("h"), ""),
    (re.compile("qu|q|k"), "k"),
    (re.compile("c(?=[ei])"), "s"),
    (re.compile("c"), "k"),
    (re.compile("[zx]"), "s"),
    (re.compile("v"), "b"),
    (re.compile("ll"), "y"),
    (re.compile("gu(?=[ei])"), "\0"),
    (re.compile("g(?=[ei])"), "j"),
    (re.compile("\0"), "g"),
    (re.compile("n(?=[bp])"), "m"),
    (re.compile("^ps"), "s"),
    (re.compile("i\\b|(?<=[^aeou])y\\b"), "y"),
    (re.compile("ñ"), "n"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("1"), "ch"),
)


@lru_cache(maxsize=20_000)
def sounds(word: str) -> str:
    """A folded word as heard, so that spellings that sound alike are one: ``"cocinero"`` → ``"kosinero"``.

    Rules: c/s/z/x, b/v, ll/y, silent h, k/q/c, g/j before e and i, n/m before b and p, doubled letters.
    """
    for pattern, replacement in _ALIKE:
        word = pattern.sub(replacement, word)
    return word
