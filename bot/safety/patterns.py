"""What is danger however it is meant by the rest of the message: a few constructions that leave no doubt."""

import re

from core.text import fold

# «me muero de risa», «me mato de la risa», «me mata mi jefe» are nobody's danger.
_IDIOM = re.compile(
    r"\b(?:de|del|por|con) (?:la |el |las |los |tanto |tanta |puro |pura |mi )?(?:risa|hambre|pena|verguenza|"
    r"sueño|sueno|ganas|"
    r"nervios|sed|cansancio|aburrimiento|susto|curiosidad|envidia|chamba)\b|\b(?:ja){2,}|\b(?:je){2,}|\blol\b"
)
_PATTERNS: dict[str, re.Pattern[str]] = {
    "self_harm": re.compile(
        r"\b(?:me (?:quiero|kiero|voy a|boy a|dan ganas de|pienso|pensado) (?:en )?(?:matar|suicidar|ahorcar|"
        r"colgar|quitar la vida|morir)\w*|"
        r"(?:quiero|kiero|voy a|pienso en|ganas de|mejor) (?:matarme|suicidarme|ahorcarme|colgarme|"
        r"quitarme la vida|morirme|cortarme las venas)|"
        r"(?:se) (?:quiere|kiere|va a|quizo|quiso) (?:matar|suicidar|ahorcar|colgar|quitar la vida)|"
        r"no (?:quiero|kiero|quisiera|deseo) (?:seguir )?(?:viviendo|vivir mas|vivir ya|existir|despertar)|"
        r"ya no quiero vivir|"
        r"(?:want|wanna|going) to (?:die|kill myself|end my life|end it all)|kill (?:myself|himself|herself)|"
        r"pienso en (?:la muerte|morirme)|(?:quiero|voy a|pienso en|ganas de|"
        r"antes de) hacer(?:me)? (?:una tonteria|daño|dano)|me (?:mato|suicido|cuelgo|"
        r"aviento) (?:neta|en serio|de veras|hoy)|"
        r"suicidarme|suicidarse)\b"
    ),
    "extortion": re.compile(
        r"\b(?:(?:cobr\w+|piden|pidiendo|exigen) (?:el |la |de |d |derecho de |"
        r"derecho d )?(?:piso|derecho de piso|vacuna)(?! (?:de loseta|laminado|ceramico|firme))|"
        r"(?:quieren|kieren|van a|iban a) (?:dar(?:me|nos|le)? )?(?:dar )?piso|dar piso|(?:pidieron|piden|"
        r"pidiendo) (?:un )?rescate|"
        r"(?:me|nos|lo|la|los|le) (?:estan )?(?:extorsion\w+|chantaj\w+|secuestr\w+)|blackmail\w*|"
        r"me estan extorsionando)\b"
    ),
    "medical": re.compile(
        r"\b(?:(?:manden|mande|ocupo|necesito|urge|llamen|pidan|una) (?:una |a una |la |ya una )?ambulancia|"
        r"ambulancia (?:por favor|porfa|ya|urgente|pls)|"
        r"no (?:puede|puedo|podia) respirar|no respira|no reacciona|no despierta|(?:esta|estoy|"
        r"se esta) (?:convulsion\w+|combulsion\w+|desangr\w+|infart\w+)|"
        r"(?:le|me) (?:esta dando|dio|está dando) un (?:infarto|derrame|paro)|se (?:esta )?(?:electrocuto|envenen\w+)|"
        r"acabamos de chocar|hay (?:gente|personas|heridos) (?:atorad\w+|atrapad\w+)|call 911|"
        r"having a heart attack|can t breathe)\b"
    ),
    "violence": re.compile(
        r"\b(?:me (?:esta|estan|viene|vienen|venia|anda) (?:siguiendo|persiguiendo|golpeando|pegando|apuntando|"
        r"amenazando)|me (?:quieren|quiere|van a) matar|que me va a matar|"
        r"(?:me|la|lo|nos) (?:violo|violaron|viola|manosea|manoseo|manosearon|acuchill\w+|balac\w+|apuñal\w+)|"
        r"hits me|beats me|raped|"
        r"trae (?:una |un )?(?:pistola|cuchillo|machete|arma)|no me deja salir de (?:la |mi )?casa)\b"
    ),
    "detained_or_missing": re.compile(
        r"\b(?:(?:levantaron|desaparecieron|se llevaron|secuestraron) a (?:mi|mis|un|una|su|"
        r"nuestr[oa])\b(?! (?:nivel|pedido|obra))|"
        r"(?:lo|la|los|me|nos) (?:detuvo|detuvieron|agarro|agarraron|tiene|tienen) (?:la )?(?:migra|ice|"
        r"migracion|inmigracion)|"
        r"(?:no aparece|esta desaparecid[oa]|se perdio|se me perdio) mi (?:hij\w+|niñ\w+|nin\w+|herman\w+|mama|"
        r"papa|espos\w+|abuel\w+|primo|prima|sobrin\w+|bebe)|"
        r"detained by ice|ice (?:took|detained|arrested)|no (?:encuentro|allo|hallo) a mi (?:hij\w+|niñ\w+|"
        r"espos\w+|señora|mama|papa|herman\w+))\b"
    ),
}


_DYING_OF = re.compile(
    r"\b(?:me |se |nos |te )?(?:quiero |kiero |voy a |va a |estoy |esta |ando )?(?:mor\w+|muer\w+|muri\w+) "
    r"de (?:la |el |pura |puro |tanta |mi )?(?:risa|hambre|verguenza|pena|sueño|sueno|sed|cansancio|aburrimiento|susto|"
    r"envidia|nervios|ganas|curiosidad|calor|frio)\b"
)


def without_idiom(text: str) -> str:
    """The text without «me quiero morir de la vergüenza»: what is left may tell of danger all the same."""
    return _DYING_OF.sub(" ", fold(text)) if _DYING_OF.search(fold(text)) else text


def is_idiom(text: str) -> bool:
    """Whether strong words are used as people do when they laugh or grumble."""
    return bool(_IDIOM.search(fold(text)))


def certain_danger(text: str) -> str | None:
    """The kind of danger a construction tells for sure, or None. Not to be asked of what ``is_idiom``."""
    said = fold(text)
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(said)), None)
