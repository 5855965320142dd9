"""What the assistant says without Rasa: the greeting and what must be said when Rasa cannot."""

from conversations.message import Reply
from core.clock import MEXICO_CITY, utcnow
from core.settings import Settings

CALLBACK = {"title": "Quiero que me llamen", "payload": "/callback"}
RETRY = {"title": "Intentar de nuevo", "payload": "/retry"}
STEPS = {"title": "Cómo me certifico", "payload": '/ask{"answer_id": "como_certificarse"}'}
FIND_STANDARD = {"title": "Buscar mi oficio", "payload": "/ask"}
FIND_PROVIDER = {"title": "Ver quién certifica", "payload": "/find_provider"}
PERSON = {"title": "Hablar con alguien", "payload": "/talk_to_person"}


# The chat's; of the telephone's nothing is confirmed. From the council's front page, read on 9 October 2026
# (knowledge/data/answers/contacto.yml, «horario»).
HOURS = "lunes a jueves de 9:00 a 18:30 y viernes de 9:00 a 15:00"


def _good_day() -> str:
    hour = utcnow().astimezone(MEXICO_CITY).hour
    return "Buenos días" if 5 <= hour < 12 else "Buenas tardes" if 12 <= hour < 19 else "Buenas noches"


def greeting(settings: Settings) -> Reply:
    """First message of a conversation: who speaks, what it can do, and the short privacy notice."""
    return Reply(
        f"{_good_day()}. Soy el asistente automático del CONOCER. Le ayudo a saber cómo certificar lo que sabe hacer, "
        "qué estándar le corresponde y quién lo certifica. Si lo prefiere, puede pedir hablar con una persona.\n\n"
        "Aviso de privacidad: el CONOCER usa lo que escriba aquí sólo para responderle y dar seguimiento a su "
        f"consulta. No comparta contraseñas ni datos bancarios. Más información: {settings.privacy_url}",
        "smalltalk",
        [STEPS, FIND_STANDARD, FIND_PROVIDER],
    )


def unavailable(settings: Settings) -> Reply:
    """Rasa did not answer: say so, and offer the telephone and a call back."""
    return Reply(
        "Disculpe, en este momento no puedo responderle por una falla de nuestro lado. Su mensaje quedó guardado. "
        f"Puede llamar al {settings.handoff_phone}, pedir que le llamemos o intentar de nuevo en un momento.",
        "error",
        [CALLBACK, RETRY],
    )


def no_words() -> Reply:
    """What arrived has neither letters nor digits: an emoji, a few signs."""
    return Reply(
        "Recibí su mensaje, pero no trae palabras que yo pueda leer. ¿Me dice con palabras qué necesita?",
        "clarify",
        [STEPS, FIND_STANDARD, FIND_PROVIDER],
    )


def ask_phone() -> Reply:
    """Asks for the number to call."""
    return Reply(
        "Con gusto. Escriba su número de teléfono con diez dígitos y una persona le llamará. "
        "Si está en Estados Unidos, empiece con +1. Sólo usaremos su número para devolverle esta llamada.",
        "form",
    )


def phone_still() -> Reply:
    """After another question, the number is asked for once more."""
    return Reply("Cuando guste, escriba su número de teléfono con diez dígitos y una persona le llama.", "form")


def later() -> Reply:
    """After the help line, for who was answering questions: nothing is lost, and nothing presses."""
    return Reply("Cuando quiera seguimos con lo que estábamos; si prefiere dejarlo, diga «cancelar».", "safety")


def wrong_phone() -> Reply:
    """What was written looks like a number but is not a valid one."""
    return Reply(
        "Ese número no parece completo. Escríbalo con diez dígitos, por ejemplo 55 1234 5678. "
        "Si ya no desea la llamada, siga con su pregunta.",
        "form",
    )


def callback_booked(folio: str, phone: str) -> Reply:
    """Confirms the call back."""
    return Reply(
        f"Listo. Su solicitud quedó registrada con el folio {folio}, para que una persona le llame al {phone}. "
        "Guarde su folio por si necesita preguntar.",
        "handoff",
    )


def nothing_to_retry() -> Reply:
    """«Intentar de nuevo» with nothing that failed."""
    return Reply("No tengo una pregunta pendiente. ¿Qué le gustaría saber?", "clarify", [STEPS, FIND_STANDARD])
