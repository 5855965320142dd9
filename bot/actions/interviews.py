"""The interviews there are: a trade, a standard, a complaint, the case of somebody who came back."""

from bot.actions import fields
from bot.actions.fields import NO, YES, Field
from bot.actions.interview import Interview
from bot.actions.standards import trade_shown
from bot.actions.tools import Event


# A permission comes before any personal data: purpose, who sees it, and that it is free to refuse.
def _consent(question: str) -> Field:
    return Field("consentimiento", question, fields.read_consent, buttons=(YES, NO))


_NAME = Field("nombre", "¿A nombre de quién lo registro?", fields.read_name, alone=fields.looks_like_name)
_CONTACT = Field(
    "contacto",
    "¿A qué teléfono de diez dígitos o correo le buscamos? Si está en Estados Unidos, empiece el número con +1.",
    fields.read_contact,
    spare=fields.contact,
)

STANDARD = Interview(
    "standard",
    [
        Field(
            "oficio",
            "¿A qué se dedica o qué sabe hacer? Dígamelo con sus palabras; por ejemplo: soy albañil, cuido niños o "
            "reparo celulares.",
            fields.read_trade,
        )
    ],
    stays=False,
)
PROVIDER = Interview(
    "provider",
    [
        Field(
            "estándar",
            "¿De qué estándar u oficio quiere saber quién certifica? Puede escribir la clave, por ejemplo EC0217, o el "
            "oficio, por ejemplo plomero.",
            fields.read_standard,
        )
    ],
    stays=False,
)
COMPLAINT = Interview(
    "complaint",
    [
        _consent(
            "Puedo registrarla aquí para que una persona le dé seguimiento. Le pediré unos datos: lo que pasó, "
            "de quién "
            "se trata, su nombre y cómo buscarle. Sólo se usará para atender su queja, es confidencial y puede "
            "decir «cancelar» "
            "cuando quiera. ¿Me da su permiso?"
        ),
        Field(
            "relato",
            "¿Qué pasó? Cuéntelo con sus palabras: qué le prometieron, qué ocurrió y cuándo.",
            fields.read_story,
        ),
        Field(
            "prestador",
            "¿De qué centro, prestador o persona se trata? Si sabe la clave del estándar, escríbala también. Si no lo "
            "sabe, diga «no sé».",
            fields.read_provider,
            alone=fields.looks_like_provider,
        ),
        _NAME,
        _CONTACT,
    ],
    stops=("consentimiento", "no"),
)
MIGRANT = Interview(
    "migrant",
    [
        Field(
            "oficio",
            "¿A qué se dedicaba allá o qué sabe hacer? Dígamelo como lo dice usted, en español o en inglés; por "
            "ejemplo: "
            "drywall, roofing, cocina o soldadura.",
            fields.read_trade,
            after=trade_shown,
        ),
        _consent(
            "Si quiere, abro su caso para que una persona le dé seguimiento. Le pediré su nombre, dónde vive "
            "ahora, sus "
            "años de experiencia y cómo buscarle. Sólo se usará para esto y puede decir «cancelar» cuando quiera. "
            "¿Me da su permiso?"
        ),
        Field(
            "años de experiencia",
            "¿Cuántos años tiene de experiencia en eso?",
            fields.read_years,
            spare=fields.years,
        ),
        Field(
            "lugar",
            "¿En qué ciudad o estado de México vive ahora? Si sigue en Estados Unidos, dígame a cuál piensa regresar.",
            fields.read_home,
            spare=fields.home,
            alone=fields.looks_like_home,
        ),
        _NAME,
        _CONTACT,
    ],
    stops=("consentimiento", "no"),
)
INTERVIEWS = {one.name: one for one in (STANDARD, PROVIDER, COMPLAINT, MIGRANT)}


def open_standard() -> list[Event]:
    """Ask what they do."""
    return STANDARD.open()


def open_provider() -> list[Event]:
    """Ask for which standard they want to know who certifies."""
    return PROVIDER.open()
