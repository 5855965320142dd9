"""A limit on what a request may carry, before anybody reads it into memory."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import problem

# A message of 4,000 characters fits four times over; Rasa sends its whole tracker and domain.
_LIMITS = {"/bot/actions": 8 * 2**20}
_DEFAULT = 64 * 2**10


class BodyLimit:
    """Answers 413 to a body over the limit of its path, whether its length was announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = _LIMITS.get(scope["path"], _DEFAULT)
        detail = f"La solicitud pasa de {limit // 1024} KB."
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if announced.isdigit() and int(announced) > limit:
            await problem(413, "Demasiado grande", detail, {"Connection": "close"})(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise HTTPException(413, detail)  # rendered by the application's own handler
            return message

        await self._app(scope, counted, send)
