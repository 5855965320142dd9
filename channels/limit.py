"""A simple brake: so many events a window for each key, in this process's memory."""

import asyncio
import math
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from core.errors import TooMany

_MOST_KEYS = 10_000


class Window:
    """Allows ``limit`` events in any ``seconds`` for each key; forgets the longest-unseen keys."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = limit
        self._seconds = seconds
        self._events: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count one event; TooMany, with the seconds to wait, when the window is full."""
        now = time.monotonic()
        events = self._events.setdefault(key, deque())
        self._events.move_to_end(key)
        while events and events[0] <= now - self._seconds:
            events.popleft()
        if len(events) >= self._limit:
            wait = max(1, math.ceil(events[0] + self._seconds - now))
            raise TooMany(f"Demasiadas solicitudes desde su conexión. Espere {wait} segundos.", wait)
        events.append(now)
        if len(self._events) > _MOST_KEYS:
            self._events.popitem(last=False)


class AtOnce:
    """Allows a key so many things at the same time; one more ends the oldest, which a client takes up again."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._places: dict[str, list[asyncio.Timeout]] = {}

    @asynccontextmanager
    async def one(self, key: str) -> AsyncIterator[None]:
        """Hold a place for ``key`` during the block; the block ends early when newer ones need the place."""
        places = self._places.setdefault(key, [])
        with suppress(TimeoutError):
            async with asyncio.timeout(None) as place:
                places.append(place)
                if len(places) > self._limit:
                    places[0].reschedule(0)
                try:
                    yield
                finally:
                    places.remove(place)
                    if not places:
                        self._places.pop(key, None)
