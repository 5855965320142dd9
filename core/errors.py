"""Every error of the project, so that one handler can render them.

    OrientaError
    ├── Invalid            422  what was sent cannot be used
    ├── Unauthorized       401  no token, or somebody else's
    ├── NotFound           404
    ├── TooMany            429  with the seconds to wait
    ├── DataError          -    a file of the registry or an answer is wrong (command line)
    ├── SetupError         -    something of the installation is missing (command line)
    ├── Unavailable        503  a part we need is away: database, search index
    └── BotUnavailable     503  Rasa is silent, slow or empty

Messages are in Spanish: a citizen or an operator reads them.
"""

# Of many problems the first say what happened.
_SHOWN = 30


class OrientaError(Exception):
    """Base of all. ``status`` is the HTTP status, ``title`` its short name."""

    status = 500
    title = "Error interno"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class Invalid(OrientaError):
    """What was sent cannot be used; ``detail`` says what and what to do."""

    status = 422
    title = "Dato no válido"


class Unauthorized(OrientaError):
    """The token is missing or does not belong to what was asked for."""

    status = 401
    title = "No autorizado"


class NotFound(OrientaError):
    """There is no such thing."""

    status = 404
    title = "No encontrado"


class TooMany(OrientaError):
    """Too many requests; ``retry_after`` is in seconds."""

    status = 429
    title = "Demasiadas solicitudes"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class DataError(OrientaError):
    """Files of the registry or answers that do not hold; ``problems`` names each."""

    title = "Datos con errores"

    def __init__(self, problems: list[str]) -> None:
        more = [f"… y {len(problems) - _SHOWN} más."] if len(problems) > _SHOWN else []
        super().__init__("\n".join([*problems[:_SHOWN], *more]))
        self.problems = problems


class SetupError(OrientaError):
    """Something of the installation is missing; ``detail`` says how to get it."""

    title = "Instalación incompleta"


class Unavailable(OrientaError):
    """A part we need does not answer now; trying again later makes sense."""

    status = 503
    title = "No disponible"


class BotUnavailable(OrientaError):
    """Rasa is silent, slow, failing, or answered nothing."""

    status = 503
    title = "Asistente no disponible"
