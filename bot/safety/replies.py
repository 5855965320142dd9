"""What somebody in danger is told: short, human, with the number; a person is offered, and nothing else."""

from bot import words
from bot.safety.detector import Danger
from conversations.message import Reply
from knowledge.help_lines import help_lines

_PERSON = "Si lo prefiere, también puede atenderle una persona de aquí."
_TEXTS = {
    "violence": (
        "Lamento mucho lo que pasa. Lo primero es que todos estén a salvo. Si hay peligro en este momento, llame al "
        "{emergencia}. Si una mujer vive violencia, marque {mujeres}: atienden día y noche. " + _PERSON
    ),
    "extortion": (
        "Lamento mucho lo que pasa. Si hay peligro en este momento, llame al {emergencia}. Para denunciar sin dar su "
        "nombre, marque {denuncia_anonima}. " + _PERSON
    ),
    "self_harm": (
        "Gracias por decirlo. Lo que se siente ahora importa y no hay que pasarlo a solas. Llame a la Línea de "
        "la Vida, "
        "{linea_de_la_vida}: atienden día y noche. Si hay peligro en este momento, llame al {emergencia}. " + _PERSON
    ),
    "detained_or_missing": (
        "Lamento mucho la angustia que esto da. Si alguien no aparece o corre peligro, llame al {emergencia}. Si le "
        "detuvieron en Estados Unidos, el Centro de Información y Asistencia a Personas Mexicanas (CIAM) ayuda a "
        "localizarle: {ciam}; desde México se marca 001 antes. " + _PERSON
    ),
    "medical": (
        "Llame ahora mismo al {emergencia} y diga dónde está; le dirán qué hacer mientras llega la ayuda. " + _PERSON
    ),
}  # fmt: skip


def safety_reply(danger: Danger) -> Reply:
    """The reply for a kind of danger, with the sources of its numbers."""
    lines = help_lines()
    text = _TEXTS[danger.kind]
    named = [line for key, line in lines.items() if f"{{{key}}}" in text]
    return Reply(
        text.format(**{key: line.number for key, line in lines.items()}),
        "safety",
        [words.CALLBACK, words.PERSON],
        [{**line.source, "as_of": line.verified_on.isoformat()} for line in named],
        {"action": "safety", "danger": danger.kind, "score": round(danger.score, 3)},
    )
