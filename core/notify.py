"""Wake-ups through PostgreSQL's LISTEN/NOTIFY.

A notification carries an id only and may be missed; who listens reads the rows again. So a lost
connection costs a delay, never a message.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psycopg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.log import get_logger

log = get_logger(__name__)

CONVERSATION = "orienta_conversation"
KNOWLEDGE = "orienta_knowledge"
_RETRY_S = 1.0


async def notify(session: AsyncSession, channel: str, payload: str) -> None:
    """Notify ``channel`` when the session's transaction commits."""
    await session.execute(text("SELECT pg_notify(:channel, :payload)"), {"channel": channel, "payload": payload})


class Listener:
    """One connection that listens on several channels and wakes whoever waits for a payload."""

    def __init__(self, url: str, channels: list[str]) -> None:
        self._url = url
        self._channels = channels
        self._waiting: dict[tuple[str, str], set[asyncio.Event]] = defaultdict(set)
        self._on_channel: dict[str, list[Callable[[str], None]]] = defaultdict(list)

    def on(self, channel: str, callback: Callable[[str], None]) -> None:
        """Call ``callback(payload)`` for every notification of ``channel``, and once after a reconnection."""
        self._on_channel[channel].append(callback)

    @asynccontextmanager
    async def watch(self, channel: str, payload: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever ``payload`` is notified; the waiter clears it."""
        event = asyncio.Event()
        key = (channel, payload)
        self._waiting[key].add(event)
        try:
            yield event
        finally:
            self._waiting[key].discard(event)
            if not self._waiting[key]:
                del self._waiting[key]

    async def run(self) -> None:
        """Listen until cancelled; reconnect after a failure and wake everybody, who may have missed something."""
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                log.warning("listener_reconnects", reason=str(error))
            await asyncio.sleep(_RETRY_S)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as connection:
            for channel in self._channels:
                await connection.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel)))
            self._wake_all()
            async for notification in connection.notifies():
                self._dispatch(notification.channel, notification.payload)

    def _dispatch(self, channel: str, payload: str) -> None:
        for event in self._waiting.get((channel, payload), ()):
            event.set()
        for callback in self._on_channel[channel]:
            callback(payload)

    def _wake_all(self) -> None:
        for events in self._waiting.values():
            for event in events:
                event.set()
        for callbacks in self._on_channel.values():
            for callback in callbacks:
                callback("")
