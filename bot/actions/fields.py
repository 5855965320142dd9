"""What interviews ask one by one, and how an answer to each is read from what people type."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.actions.tools import Ask, Said, Tools
from bot.examples import INTENTS
from core.text import fold
from handoff.contact import find_email, find_phone
from knowledge.places import Place, find_place, read_place
from search.text import trade

Button = dict[str, str]
YES: Button = {"title": "Sí, continuar", "payload": "/affirm"}
NO: Button = {"title": "No, gracias", "payload": "/deny"}


@dataclass(frozen=True)
class Again:
    """An answer that cannot be used: what is said before the question is asked once more."""

    text: str


# What was read: the value to keep, why it is asked again, or None for what is no answer but another matter.
Read = str | Again | None


@dataclass(frozen=True)
class Field:
    """One question.

    ``name``: what staff read the value under; ``spare``: finds it in a message that says more; ``alone``: knows it in
    a message that says nothing else, before it was asked; ``after``: what is shown once it is told.
    """

    name: str
    question: str
    read: Callable[[Ask], Read]
    spare: Callable[[str], str | None] = lambda text: None
    alone: Callable[[str], str | None] = lambda text: None
    buttons: Sequence[Button] = ()
    after: Callable[[Tools, Ask], Said] | None = None


_YEARS = re.compile(
    r"(?P<years>(?:mas de |como |casi |unos |around |about |over )*(?:\d{1,2}|un|una|dos|tres|cuatro|cinco|seis|"
    r"siete|ocho|nueve|"
    r"diez|once|doce|trece|catorce|quince|veinte|treinta|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty)"
    r"(?: y (?:medio|media|pico|cinco|un))? (?:anos|ano|años|año|years|year|yrs|meses|months))"
)
_LONG = re.compile(
    r"(?:toda (?:mi|la) vida|desde (?:chic[oa]|niñ[oa]|joven|el \d{4}|\d{4}|los \d+)|since \d{4}|muchos años|un chingo)"
)
_NUMBER = re.compile(
    r"\b(?:\d{1,2}|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|quince|veinte|treinta)\b"
)
_NAME_INTRO = re.compile(
    r"^(?:hola |si |claro |pues |bueno |ok |mi nombre es |me llamo |nombre |soy |a nombre de |it s |my name is |"
    r"i m |es |pon |ponga |anote )+"
)
_NOT_A_NAME = frozenset(
    "ayuda cancelar certificado como cual cuando cuanto cuanta curso donde gracias gratis hola interesa mejor "
    "nada ninguno no para "
    "porque por "
    "precio pueden puedo que quien quiero salir si ya".split()
)
_UNKNOWN = re.compile(
    r"(?:no (?:lo )?(?:se|sabria|recuerdo|tengo)|ni idea|no me acuerdo|lo desconozco|quien sabe|ninguno)\b.*"
)
_QUESTION = re.compile(
    r"^(?:y |oiga |pero |perdon |una pregunta |disculpe |antes |mejor |bueno |dime |digame |de eso |"
    r"cuenteme )*(?:como(?! \d| unos| de)|cuanto|cuanta|cuantos|donde|cuando|que (?:es|son|pasa|requisit\w+|"
    r"papeles|document\w+|necesit\w+|tengo)|"
    r"que hago|cual|cuales|quien|quienes|por que|para que|es gratis|cuesta|hay|puedo|se puede|tengo que|me van a|"
    r"what|how|is it)\b"
)


def is_question(text: str) -> bool:
    """Whether somebody asks back instead of answering."""
    return "?" in text or "¿" in text or bool(_QUESTION.match(fold(text)))


def read_consent(ask: Ask) -> Read:
    """``sí`` or ``no``, only where it is said plainly: whoever asks back gave no permission."""
    said = fold(ask.text)
    if said and (is_question(ask.text) or _LOST.search(said)):
        return None
    if _NO_OBJECTION.match(said):
        return "sí"
    if (ask.intent == "deny" and not said) or _NO.match(said):
        return "no"
    if (ask.intent == "affirm" and not said) or (
        _YES.match(said) and not _CONDITION.search(said) and not is_another_matter(ask)
    ):
        return "sí"
    if find_phone(ask.text) or find_email(ask.text):
        return Again("Gracias. Antes de guardar sus datos necesito su permiso.")
    return None


def is_another_matter(ask: Ask) -> bool:
    """«va, ¿quién certifica el EC0575?» gives no permission."""
    meant, sure = ask.meant[0] if ask.meant else ("", 0.0)
    asks = INTENTS.get(meant, "ask") in _MATTERS and sure >= _SURELY and len(fold(ask.text).split()) > _FEW
    return bool(ask.code) or asks


_MATTERS = ("find_provider", "find_course")
_SURELY, _FEW = 0.6, 3
_LOST = re.compile(r"\b(?:no (?:le )?(?:entiend\w+|entendi|comprend\w+|se)|para que|quien (?:los|lo|va))\b")
_NO_OBJECTION = re.compile(r"(?:no (?:hay|tengo|le veo|veo) (?:ningun )?(?:problema|inconveniente)|como no)\b")
# «sí, pero primero…», «si me garantizan…», «va a ser difícil»: not yet.
_CONDITION = re.compile(r"\b(?:no|pero|primero|cuando|garanti\w+|siempre y|me (?:dan|dice\w*|promet\w+)|va a)\b")
_NO = re.compile(r"(?:claro que |pues |mejor |por ahora |ahorita |la verdad )*(?:no|nel|nop|rechazo|prefiero no)\b")
_YES = re.compile(
    r"(?:si|sip|acepto|de acuerdo|claro|ok|okay|va|sale|orale|adelante|yes|sure|simon|autorizo|continu\w+)\b"
)


COURTESY = re.compile(
    r"(?:(?:ok|okay|va|sale|muchas|gracias|hola|buenas|buenos|dias|tardes|noches|esta bien|muy amable) ?)+"
)


def _is_courtesy(ask: Ask) -> bool:
    return bool(COURTESY.fullmatch(fold(ask.text))) or (
        ask.intent in ("thank", "goodbye", "deny") and ask.confidence >= 0.5
    )


def read_story(ask: Ask) -> Read:
    """What happened, in the citizen's own words."""
    said = fold(ask.text)
    if not said or (is_question(ask.text) and len(said.split()) < _STORY_WORDS):
        return None
    if len(said.split()) < 3:
        return Again("Con un poco más de detalle podremos atenderle mejor.")
    return ask.text.strip()[:_LONGEST]


_STORY_WORDS = 12
_LONGEST = 1_500


def story(text: str) -> str | None:
    """The message itself when it already tells what happened."""
    told = _WISH.sub(" ", fold(text)).split()
    return text.strip()[:_LONGEST] if len(told) >= _TOLD_WORDS and not is_question(text) else None


# So many words beside the wish tell something.
_TOLD_WORDS = 5
# «quiero poner una queja de un centro evaluador» says that something happened, not what.
_WISH = re.compile(
    r"\b(?:hola|buen[ao]s?|dias?|tardes?|noches?|quiero|kiero|quisiera|deseo|necesito|voy a|tengo|vengo a|me|mi|la|una|"
    r"poner|levantar|presentar|hacer|meter|registrar|dejar|quejar|quejarme|queja|quejas|denuncia|reporte|"
    r"de|del|contra|sobre|hacia|un|el|kiero)\b"
)


def read_provider(ask: Ask) -> Read:
    """Who the complaint is about; «no sé» is an answer."""
    said = fold(ask.text)
    if not said:
        return None
    if _UNKNOWN.fullmatch(said):
        return "No lo sabe"
    return None if is_question(ask.text) or _is_courtesy(ask) else ask.text.strip()[:200]


def looks_like_provider(text: str) -> str | None:
    """Who a complaint is about, said by itself: «fue en el Centro Certifica»."""
    return text.strip()[:200] if _OF_PROVIDER.search(fold(text)) else None


_OF_PROVIDER = re.compile(
    r"\b(?:fue|era|es|se llama) .{0,20}\b(?:centro|escuela|instituto|academia|colegio|ece|empresa|universidad|"
    r"evaluador\w*)\b"
)


def read_name(ask: Ask) -> Read:
    """A person's name, without «me llamo»."""
    if is_question(ask.text):
        return None
    if _UNKNOWN.fullmatch(fold(ask.text)):
        return Again("Con su nombre de pila basta. Si prefiere no darlo, diga «cancelar» y no registro nada.")
    # «Ana López 55 1234 5678»: the telephone is kept for its own question.
    words = _OTHER_DATA.split(_EMAIL.sub(" 0 ", ask.text))[0].strip(" .,;:!").split()
    skip = len(fold(" ".join(words)).split()) - len(_NAME_INTRO.sub("", fold(" ".join(words)) + " ").split())
    name = " ".join(words[skip:] if 0 < skip < len(words) else words)
    said = fold(name).split()
    if not said:
        return Again("Necesito su nombre para poder buscarle.") if any(map(str.isdigit, ask.text)) else None
    return None if len(said) > _LONGEST_NAME or set(said) & (_NOT_A_NAME | _NO_NAMES) else name[:120]


def looks_like_name(text: str) -> str | None:
    """A name and nothing else, written as one: «Rosa Elena Cruz»; not «Ciudad Juárez», not «No Entiendo»."""
    words = text.strip(" .,;:!").split()
    written = all(word.isalpha() and (word[0].isupper() or word in _PARTICLES) for word in words)
    if not (written and 2 <= len(words) <= _NAME_WORDS) or find_place(text):
        return None
    return None if set(fold(text).split()) & (_NOT_A_NAME | _NO_NAMES) else " ".join(words)


_NO_NAMES = frozenset(
    "academia ahora am antes buen buena buenas buenos centro colegio deje dejeme despues dia dias digo empresa "
    "entendi entiendo equivoque es escuela eso espere este fueron i in instituto le live lo luego me mi momento "
    "muy noches nos pensarlo perdon permiso pero pienso que saber se seguro tal tarde tardes te tengo todavia "
    "todo un una va voy".split()
)
_PARTICLES, _NAME_WORDS = ("de", "del", "la", "los", "y"), 6
_LONGEST_NAME = 12
_EMAIL = re.compile(r"\S+@\S+")
_OTHER_DATA = re.compile(
    r"[\d+@]|\b(?:mi )?(?:tel|telefono|teléfono|cel|celular|numero|número|correo|mail|email)\b", re.I
)


def read_contact(ask: Ask) -> Read:
    """A telephone of ten digits (or +1 …) or an e-mail address."""
    found = contact(ask.text)
    if found:
        return found
    said = fold(ask.text)
    digits = sum(map(str.isdigit, ask.text))
    if digits >= 4 and not is_question(ask.text):
        return Again(
            "Ese número no parece completo. Escríbalo con diez dígitos, por ejemplo 55 1234 5678; si es de "
            "Estados Unidos, "
            "empiece con +1."
        )
    if "@" in ask.text or "arroba" in said:
        return Again("Ese correo no parece completo. Escríbalo como nombre@correo.com.")
    if _UNKNOWN.fullmatch(said):
        return Again("Sin un teléfono o un correo no podríamos responderle. Puede ser el de alguien de confianza.")
    return None


def contact(text: str) -> str | None:
    """The telephone, in international form, or e-mail address in a message."""
    return find_phone(text) or find_email(text)


def read_years(ask: Ask) -> Read:
    """How long, as they say it: «ocho años», «desde 2010», «toda la vida»."""
    said = fold(ask.text)
    if not said or "?" in ask.text or len(said.split()) > 15:
        return None
    if years(ask.text) or _NUMBER.search(said) or _LONG.search(said) or _UNKNOWN.fullmatch(said):
        return ask.text.strip()[:80]
    return Again("Con un número basta; por ejemplo, cinco años.") if len(said.split()) <= 3 else None


def years(text: str) -> str | None:
    """How long somebody worked, when a message says so: «hice drywall ocho años en Dallas» → «ocho años»."""
    found = _YEARS.search(fold(text))
    return found["years"] if found else None


def _written(place: Place) -> str:
    return ", ".join(part for part in (place.municipality, place.state) if part)


def read_home(ask: Ask) -> Read:
    """The city or state of Mexico where they live."""
    said = fold(ask.text)
    if not said or is_question(ask.text) or _is_courtesy(ask):
        return None
    place = find_place(ask.text) or read_place(ask.text)[0]
    if place:
        return _written(place)
    # A small town may have no entry: their own words are worth more than another question.
    return ask.text.strip()[:80] if len(said.split()) <= 5 else None


def looks_like_home(text: str) -> str | None:
    """A place and nothing else: «Tijuana», «ahorita en Morelia»."""
    place = find_place(text) if len(text.split()) <= _PLACE_WORDS else None
    return _written(place) if place else None


_PLACE_WORDS = 5
_LIVES = re.compile(r"\b(?:vivo|radico|estoy|ando|regrese|volvi|llegue|living|live|back) (?:\w+ ){0,3}?(?:en|a|in|to) ")


def home(text: str) -> str | None:
    """The Mexican place a message says they live in: «ya estoy en Morelia»."""
    said = fold(text)
    for lives in _LIVES.finditer(said):
        place = read_place(f"en {said[lives.end() :]}")[0]
        if place:
            return _written(place)
    return None


def read_trade(ask: Ask) -> Read:
    """What they do: anything that is neither a question nor another matter."""
    said = trade(ask.about)
    if not said or "?" in ask.text or _ASKS_BACK.match(fold(ask.text)) or ask.intent in _OTHER_MATTERS:
        return None
    return _OTHER_DATA.split(ask.text)[0].strip()[:300] or None


# «como mesero» and «puedo soldar» are trades.
_ASKS_BACK = re.compile(
    r"(?:y |oiga |pero |antes )*(?:cuant|donde|cuando|quien|por que|para que|cual|que (?:es|son|pasa|hago|"
    r"necesito|requisito|papeles)|"
    r"como (?:le|se|me|puedo|hago|funciona|saco|es)\b)"
)


def read_standard(ask: Ask) -> Read:
    """A code or a trade."""
    return ask.code or read_trade(ask)


# Intents that are no trade, whatever words they use.
_OTHER_MATTERS = frozenset("greet goodbye thank affirm deny file_complaint talk_to_person not_helpful insult".split())
