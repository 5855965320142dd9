"""The pages: demonstration, widget loader and panel; and the headers every answer carries."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.paths import PROJECT_ROOT

WIDGET = PROJECT_ROOT / "channels/widget"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": _PAGE_POLICY.format(ancestors="'none'"),
}
# The panel is made to be embedded by any page; nothing else is.
_PANEL_POLICY = _PAGE_POLICY.format(ancestors="*")


def add_pages(app: FastAPI) -> None:
    """Serve the widget's files. They are revalidated each time: small, and never stale after an update."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def demonstration() -> FileResponse:
        return FileResponse(WIDGET / "demo.html", headers={"Cache-Control": "no-cache"})

    @router.get("/widget.js")
    async def loader() -> FileResponse:
        headers = {"Cache-Control": "no-cache", "Cross-Origin-Resource-Policy": "cross-origin"}
        return FileResponse(WIDGET / "loader.js", media_type="text/javascript", headers=headers)

    @router.get("/widget/")
    async def panel() -> FileResponse:
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": _PANEL_POLICY}
        return FileResponse(WIDGET / "panel.html", headers=headers)

    app.include_router(router)
    app.mount("/widget/static", _Revalidated(directory=WIDGET), name="widget")


class _Revalidated(StaticFiles):
    """Static files that a browser asks about each time; an unchanged one costs an empty answer."""

    def file_response(self, *arguments: Any, **more: Any) -> Response:
        """As the framework, with the header."""
        response = super().file_response(*arguments, **more)
        response.headers["Cache-Control"] = "no-cache"
        return response


class SecurityHeaders:
    """Adds the headers an answer does not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI entry."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
