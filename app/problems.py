"""Errors as ``application/problem+json`` (RFC 9457)."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from core.errors import OrientaError, TooMany, Unavailable
from core.log import get_logger

log = get_logger(__name__)
_TITLES = {413: "Demasiado grande", 404: "No encontrado", 405: "Método no permitido", 422: "Dato no válido"}


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None, **more: Any) -> JSONResponse:
    """A problem document."""
    body = {"title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status_code=status, headers=headers, media_type="application/problem+json")


def render_problems(app: FastAPI) -> None:
    """Install the handlers: ours, the framework's, and a last one that tells nothing of the inside."""

    @app.exception_handler(OrientaError)
    async def ours(_: Request, error: OrientaError) -> JSONResponse:
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else None
        return problem(error.status, error.title, error.detail, headers)

    # The database is away, or refuses what it was given (a NUL in a path).
    @app.exception_handler(OperationalError)
    @app.exception_handler(InterfaceError)
    @app.exception_handler(PoolTimeout)
    async def database_away(request: Request, error: Exception) -> JSONResponse:
        log.error("database_unavailable", path=request.url.path, reason=type(error).__name__)
        detail = "El servicio no está disponible en este momento. Intente de nuevo en unos segundos."
        return problem(503, Unavailable.title, detail, {"Retry-After": "5"})

    @app.exception_handler(DataError)
    async def refused_by_database(_: Request, __: DataError) -> JSONResponse:
        return problem(422, _TITLES[422], "La solicitud contiene caracteres que no se pueden usar.")

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        faults = [
            {
                "field": ".".join(str(part) for part in fault["loc"][1:]),
                "reason": fault["msg"].removeprefix("Value error, "),
            }
            for fault in error.errors()
        ]
        detail = " ".join(
            f"{fault['field']}: {fault['reason']}" if fault["field"] else fault["reason"] for fault in faults
        )
        return problem(422, _TITLES[422], detail, errors=faults)

    @app.exception_handler(HTTPException)
    async def framework(_: Request, error: HTTPException) -> JSONResponse:
        return problem(
            error.status_code, _TITLES.get(error.status_code, "Error"), str(error.detail), dict(error.headers or {})
        )

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected_error", path=request.url.path, exc_info=error)
        return problem(500, "Error interno", "Ocurrió un error de nuestro lado; quedó registrado. Intente de nuevo.")
