"""``/healthz``, ``/readyz`` and ``/metrics``."""

import asyncio
import secrets

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, ProcessCollector, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.rasa import Rasa
from conversations import store
from core.db import Database
from core.errors import Unauthorized
from core.settings import Settings
from search.live import LiveIndex

# A probe that hangs tells nothing.
_PATIENCE_S = 2.0


def health_router(db: Database, live: LiveIndex, rasa: Rasa, settings: Settings) -> APIRouter:
    """Probes for who watches the process."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def alive() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        parts = {"database": await _database_answers(db), "search": live.ready, "rasa": await rasa.ready()}
        missing = [name for name, ok in parts.items() if not ok]
        if not missing:
            return JSONResponse({"status": "ok", **parts})
        problem = {"title": "No está listo", "status": 503, "detail": f"No responde: {', '.join(missing)}", **parts}
        return JSONResponse(problem, status_code=503, media_type="application/problem+json")

    @router.get("/metrics")
    async def metrics(request: Request) -> PlainTextResponse:
        _may_measure(request, settings)
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        messages = Gauge(
            "orienta_messages", "Messages stored, by author and answer status", ["kind"], registry=registry
        )
        owed = Gauge(
            "orienta_conversations_owed", "Conversations waiting over 15 s for the assistant", registry=registry
        )
        async with db.begin() as session:
            for kind, count in (await store.counts(session)).items():
                messages.labels(kind).set(count)
            owed.set(len(await store.stranded(session, store.STRANDED_AFTER)))
        return PlainTextResponse(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router


async def _database_answers(db: Database) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE_S), db.begin() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError):
        return False
    return True


def _may_measure(request: Request, settings: Settings) -> None:
    shown = request.headers.get("authorization", "").removeprefix("Bearer ")
    if settings.metrics_token and secrets.compare_digest(shown.encode(), settings.metrics_token.encode()):
        return
    # Behind a proxy on this machine every caller looks local: then only the token counts.
    forwarded = {"forwarded", "x-forwarded-for", "x-real-ip"} & set(request.headers)
    if forwarded or request.client is None or request.client.host not in ("127.0.0.1", "::1"):
        raise Unauthorized("Las métricas sólo se leen desde esta máquina o con su clave.")
