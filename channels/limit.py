"""A simple brake: so many events a window for each key, in this process's memory."""

import math
import time
from collections import OrderedDict, deque

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
