"""Web chat: open a conversation, send, read, and follow it live (server-sent events)."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from bot.words import greeting
from channels.limit import AtOnce, Window
from channels.schema import as_json
from conversations import store
from conversations.message import Incoming
from conversations.models import Conversation
from core.db import Database
from core.notify import CONVERSATION, Listener
from core.settings import Settings

MAX_TEXT = 4_000
# A stream ends after this long and the client resumes it, so that memory stays flat.
STREAM_S = 600.0
# A person has a few tabs; each message makes every stream of its conversation read.
_MOST_STREAMS = 6


def _storable(text: str) -> str:
    """PostgreSQL stores no NUL, and a lone surrogate is not text."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


class NewConversation(BaseModel):
    """Nothing is needed to begin."""

    model_config = ConfigDict(extra="ignore")


class NewMessage(BaseModel):
    """What a client sends: its own id of the message and either a text or a button's payload."""

    client_id: uuid.UUID
    text: str | None = Field(None, description=f"1 to {MAX_TEXT} characters")
    payload: str | None = Field(None, max_length=1_000)

    @field_validator("text")
    @classmethod
    def _text(cls, value: str | None) -> str | None:
        if value is None:
            return None
        value = _storable(value)
        if len(value) > MAX_TEXT:
            raise ValueError(f"El mensaje tiene {len(value):,} caracteres; el máximo es {MAX_TEXT:,}.")
        if not value.strip():
            raise ValueError("El mensaje está vacío.")
        return value

    @field_validator("payload")
    @classmethod
    def _payload(cls, value: str | None) -> str | None:
        return value if value is None else _storable(value)

    @model_validator(mode="after")
    def _one(self) -> "NewMessage":
        if (self.text is None) == (self.payload is None):
            raise ValueError("Envíe «text» o «payload», uno de los dos.")
        return self


def webchat_router(db: Database, listener: Listener, settings: Settings) -> APIRouter:
    """The routes of the contract under ``/api/v1/conversations``."""
    router = APIRouter(prefix="/api/v1/conversations", tags=["web chat"])
    openings = Window(settings.conversations_per_minute, 60)
    streams = AtOnce(_MOST_STREAMS)
    bearer = HTTPBearer(auto_error=False)

    async def own(
        conversation_id: uuid.UUID, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]
    ) -> Conversation:
        async with db.begin() as session:
            return await store.authorize(session, conversation_id, credentials.credentials if credentials else None)

    # The conversation of the path, if the token is its own.
    Own = Annotated[Conversation, Depends(own)]  # noqa: N806  a type

    @router.post("", status_code=201)
    async def open_conversation(
        request: Request, _body: Annotated[NewConversation | None, Body()] = None
    ) -> dict[str, Any]:
        openings.take(request.client.host if request.client else "")
        async with db.begin() as session:
            conversation, message, token = await store.open_conversation(session, "webchat", greeting(settings))
        return {
            "id": str(conversation.id),
            "token": token,
            "status": conversation.status,
            "messages": [as_json(message)],
        }

    @router.post("/{conversation_id}/messages", status_code=202)
    async def send(conversation: Own, new: NewMessage, response: Response) -> dict[str, Any]:
        incoming = Incoming(str(new.client_id), new.text or "", new.payload)
        async with db.begin() as session:
            message, is_new = await store.receive(session, conversation.id, incoming, settings.messages_per_minute)
        if not is_new:
            response.status_code = 200
        return {"message": as_json(message)}

    @router.get("/{conversation_id}/messages")
    async def read(conversation: Own, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0) -> dict[str, Any]:
        async with db.begin() as session:
            # In this order: what was answered before we asked is then among the messages.
            pending = await store.is_pending(session, conversation)
            messages = await store.messages_after(session, conversation.id, after)
        return {"status": conversation.status, "pending": pending, "messages": [as_json(m) for m in messages]}

    @router.get("/{conversation_id}/events", response_class=EventSourceResponse)
    async def follow(conversation: Own, last_event_id: Annotated[str, Header()] = "") -> AsyncIterator[ServerSentEvent]:
        seen, said = _number(last_event_id), None
        ends = time.monotonic() + STREAM_S
        async with streams.one(str(conversation.id)), listener.watch(CONVERSATION, str(conversation.id)) as news:
            while time.monotonic() < ends:
                news.clear()
                async with db.begin() as session:
                    current = await session.get(Conversation, conversation.id)
                    if current is None:
                        return
                    status = {"status": current.status, "pending": await store.is_pending(session, current)}
                    messages = await store.messages_after(session, conversation.id, seen)
                for message in messages:
                    seen = message.seq
                    yield ServerSentEvent(event="message", id=str(message.seq), data=as_json(message))
                if status != said:
                    said = status
                    yield ServerSentEvent(event="status", data=status)
                try:
                    await asyncio.wait_for(news.wait(), max(0.0, ends - time.monotonic()))
                except TimeoutError:
                    return

    return router


def _number(event_id: str) -> int:
    """The last event a client saw; whatever is not a number of ours means none."""
    return int(event_id) if event_id.isdecimal() and len(event_id) < 10 else 0
