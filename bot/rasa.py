"""The only place that speaks to Rasa: its REST channel on the loopback interface."""

import asyncio
import re
from typing import Any

import httpx

from conversations.message import Reply
from core.errors import BotUnavailable

# Rasa takes a leading «/» for a forged intent, and needs seconds for very long texts.
_MAX_TEXT = 1_000
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
# Rasa's own start takes seconds: while it refuses connections we knock again.
_KNOCK_S = 0.3
# Who has waited for others gets this long all the same: enough for an answer when Rasa is well.
_AT_LEAST_S = 1.0


def safe_text(text: str) -> str:
    """What people typed, made safe: no control characters, no leading ``/``, at most 1,000 characters.

    Of a longer text the beginning and the end are kept: the question comes last as often as first.
    """
    cleaned = _CONTROL.sub(" ", text).strip()
    while cleaned.startswith("/"):
        cleaned = cleaned[1:].strip()
    if len(cleaned) > _MAX_TEXT:
        half = _MAX_TEXT // 2
        cleaned = f"{cleaned[: half - 3]} […] {cleaned[-half + 2 :]}"
    return cleaned


class Rasa:
    """Client of one Rasa server. Turns of one conversation must not overlap: the worker sees to that."""

    def __init__(self, url: str, deadline_s: float, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._deadline_s = deadline_s
        self._http = httpx.AsyncClient(base_url=url, timeout=deadline_s, trust_env=False, transport=transport)

    async def say(self, sender: str, text: str, waited_s: float = 0.0) -> list[Reply]:
        """Rasa's replies to a typed text, which is made safe first.

        ``waited_s``: how long the person has waited already; it counts towards the deadline.

        Raises:
            BotUnavailable: nothing usable came within the deadline.
        """
        return await self._send(sender, safe_text(text), waited_s)

    async def press(self, sender: str, payload: str, waited_s: float = 0.0) -> list[Reply]:
        """Rasa's replies to a button's payload, ``/intent{"entity": "value"}``; otherwise as ``say``."""
        return await self._send(sender, payload, waited_s)

    async def _send(self, sender: str, message: str, waited_s: float) -> list[Reply]:
        left_s = max(self._deadline_s - waited_s, min(_AT_LEAST_S, self._deadline_s))
        try:
            async with asyncio.timeout(left_s):
                replies = await self._knock({"sender": sender, "message": message})
        except TimeoutError as error:
            raise BotUnavailable(f"Rasa no respondió en {left_s:.1f} s") from error
        if not replies:
            # Its REST channel catches every exception and answers an empty list.
            raise BotUnavailable("Rasa respondió vacío")
        return replies

    async def _knock(self, body: dict[str, str]) -> list[Reply]:
        while True:
            try:
                response = await self._http.post("/webhooks/rest/webhook", json=body)
                response.raise_for_status()
                return [_reply(item) for item in response.json()]
            except httpx.TimeoutException as error:
                raise BotUnavailable("Rasa no respondió a tiempo") from error
            except httpx.TransportError:
                # It died or is not up yet: nothing was answered, so asking again is safe.
                await asyncio.sleep(_KNOCK_S)
            except (httpx.HTTPStatusError, ValueError, KeyError, TypeError, AttributeError) as error:
                raise BotUnavailable(f"Rasa respondió algo inesperado: {error}") from error

    async def ready(self) -> bool:
        """Whether Rasa answers and has a model loaded."""
        try:
            response = await self._http.get("/webhooks/rest/", timeout=2)
            return response.status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _reply(item: dict[str, Any]) -> Reply:
    custom = item.get("custom") or {"text": item["text"], "answer_status": "smalltalk", "buttons": item.get("buttons")}
    return Reply(
        text=custom["text"],
        answer_status=custom["answer_status"],
        buttons=custom.get("buttons") or [],
        sources=custom.get("sources") or [],
        trace=custom.get("trace"),
    )
