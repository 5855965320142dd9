"""The web application: every route, with the parts they need."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import URL

from app.bodies import BodyLimit
from app.health import health_router
from app.pages import SecurityHeaders, add_pages
from app.problems import render_problems
from bot.actions.tools import Tools
from bot.rasa import Rasa
from bot.webhook import actions_router
from channels.registry import registry_router
from channels.webchat import webchat_router
from core.db import Database, plain_url
from core.notify import CONVERSATION, KNOWLEDGE, Listener
from core.settings import Settings
from search.live import IndexSource, LiveIndex


def create_app(settings: Settings, url: URL, actions_token: str) -> FastAPI:
    """The application on the database ``url``; ``actions_token`` is what Rasa must show."""
    db = Database(url)
    listener = Listener(plain_url(url), [CONVERSATION, KNOWLEDGE])
    live = LiveIndex(IndexSource.of(db, settings))
    rasa = Rasa(settings.rasa_url, settings.turn_deadline_s)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        listener.on(KNOWLEDGE, live.knowledge_changed)
        async with asyncio.TaskGroup() as background:
            tasks = [background.create_task(listener.run()), background.create_task(live.run())]
            yield
            for task in tasks:
                task.cancel()
        await rasa.close()
        await db.close()

    app = FastAPI(
        title="Orienta", version="1", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url="/openapi.json"
    )
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders)
    render_problems(app)
    app.include_router(health_router(db, live, rasa, settings))
    app.include_router(webchat_router(db, listener, settings))
    app.include_router(registry_router(db, live))
    app.include_router(actions_router(Tools(db, live, settings), actions_token))
    add_pages(app)
    return app
