"""Queries reduced to what they are about."""

import unicodedata

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

_NOISE = _STOP | _ASKING | _FILLERS


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit to search for (an emoji alone has none)."""
    return any(unicodedata.category(char)[0] in "LN" for char in text)


def trade(text: str) -> str:
    """What is compared with titles and occupations: folded, without the words that wrap a trade; may be empty.

    Questions are compared whole: «cómo», «cuánto» and «quién» tell one from another.
    """
    return " ".join(word for word in fold(text).split() if word not in _NOISE and not word.isdigit())
