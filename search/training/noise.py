"""How people type: accents dropped, letters that sound alike, slips of the finger, abbreviations, frames."""

import random
import unicodedata

# Spellings heard alike in Mexico, both ways.
_ALIKE = (
    ("b", "v"), ("v", "b"), ("ce", "se"), ("ci", "si"), ("se", "ce"), ("si", "ci"), ("z", "s"), ("s", "z"), ("h", ""),
    ("ll", "y"), ("y", "ll"), ("que", "ke"), ("qui", "ki"), ("ca", "ka"), ("co", "ko"), ("cu", "ku"), ("ge", "je"),
    ("gi", "ji"), ("je", "ge"), ("ji", "gi"), ("cc", "c"), ("x", "s"), ("x", "j"), ("j", "x"), ("mb", "nb"),
    ("mp", "np"), ("gue", "ge"), ("gui", "gi"), ("hue", "we"), ("gua", "wa"), ("ñ", "n"), ("rr", "r"), ("c", "k"),
    ("ps", "s"), ("cion", "sion"), ("cion", "cio"), ("ado", "ao"),
)  # fmt: skip
_SHORT = {
    "que": ("q", "k"), "porque": ("xq", "pq"), "por": ("x",), "para": ("pa", "pra"), "necesito": ("nesecito", "ocupo"),
    "quiero": ("kiero", "qiero"), "certificar": ("sertificar",), "hacer": ("aser", "acer"), "hago": ("ago",),
    "tambien": ("tmb",), "donde": ("dnd",), "informacion": ("info", "imformacion"), "certificado": ("sertificado",),
    "estandar": ("standar", "estandard"), "con": ("c",), "trabajo": ("chamba",), "trabajaba": ("chambeaba",),
    "certificacion": ("sertificacion", "certificasion"),
}  # fmt: skip
_KEYS = "aeiosrnlt"
TRADE_FRAMES = (
    "{}", "{}", "{}", "{}", "{}", "{}", "soy {}", "soy {} y quiero certificarme", "trabajo de {}", "trabajaba de {}",
    "trabaje como {} en estados unidos", "quiero certificarme de {}", "quiero certificarme como {}", "me dedico a {}",
    "tienen algo de {}", "hay estandar de {}", "certificacion para {}", "{} con experiencia", "mi oficio es {}",
    "llevo años de {}", "quisiera un certificado de {}", "estandar para {}", "busco certificacion de {}",
    "i worked as {}", "alla en el norte {}", "mi esposo es {}", "se {}", "yo {} desde hace años",
    "que certificacion hay para {}", "hola {}", "curso de {}", "{} en dallas", "i do {} in texas",
    "{}, 6 years in chicago", "hice {} ocho años en houston", "mi papa {} toda la vida", "{} es lo mio",
    "aprendi {} con mi tio, no tengo papeles", "mi hermana {} y quiere su papel", "hay algo para los que {}",
    "certificado para {} por favor", "tengo 20 años de experiencia, {}", "en mi trabajo {}", "{} en una empresa",
    "{} por mi cuenta", "quiero un papel que diga que se {}", "looking for a certification, {}", "{} experience",
)  # fmt: skip
QUESTION_FRAMES = (
    "{}", "{}", "{}", "{}", "hola {}", "buenas tardes {}", "oiga {}", "una pregunta {}", "disculpe {}",
    "me puede decir {}", "quisiera saber {}", "{} porfa", "{} gracias",
)  # fmt: skip


def typed(text: str, chance: random.Random, rate: float = 0.12) -> str:
    """The text as somebody in a hurry types it; ``rate``: how often a word suffers a slip."""
    text = text.lower()
    if chance.random() < 0.8:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if c == "\u0303" or not unicodedata.combining(c))
        text = unicodedata.normalize("NFC", text)
    words = []
    for word in text.split():
        if word in _SHORT and chance.random() < 0.3:
            word = chance.choice(_SHORT[word])
        if len(word) > 3 and chance.random() < 2 * rate:
            word = _heard(word, chance)
        if len(word) > 4 and chance.random() < rate:
            word = _slipped(word, chance)
        words.append(word)
    if len(words) > 2 and chance.random() < rate / 2:
        place = chance.randrange(len(words) - 1)
        words[place : place + 2] = ["".join(words[place : place + 2])]
    return " ".join(words)


def _heard(word: str, chance: random.Random) -> str:
    fitting = [pair for pair in _ALIKE if pair[0] in word]
    if not fitting:
        return word
    old, new = chance.choice(fitting)
    return word.replace(old, new, 1)


def _slipped(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    before, letter, after = word[:place], word[place], word[place + 1 :]
    kind = chance.random()
    if kind < 0.3:
        return before + after
    if kind < 0.6:
        return before + after[0] + letter + after[1:]
    if kind < 0.8:
        return before + letter + letter + after
    return before + chance.choice(_KEYS) + after
