"""``POST /bot/actions``: Rasa asks for an action. Only who knows the token may call it."""

import secrets
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from bot.actions import all_actions
from bot.actions.tools import Tools
from core.errors import Unauthorized


def actions_router(tools: Tools, token: str) -> APIRouter:
    """The route, with every action registered on rasa-sdk's own executor.

    A failing action answers 500: Rasa then answers its caller with an empty list, which the turn reads
    as ``BotUnavailable``.
    """
    if not token:
        raise ValueError("the actions need a token")
    executor = ActionExecutor()
    for action in all_actions(tools):
        executor.register_action(action)
    router = APIRouter(include_in_schema=False)

    @router.post("/bot/actions")
    async def run_action(request: Request) -> JSONResponse:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not secrets.compare_digest(shown.encode(), token.encode()):
            raise Unauthorized("Las acciones del asistente necesitan su clave.")
        call: dict[str, Any] = await request.json()
        call.setdefault("domain", {})  # the SDK insists; none of our actions reads it
        try:
            result = await executor.run(call)
        except ActionExecutionRejection as error:
            return JSONResponse({"error": str(error), "action_name": error.action_name}, status_code=400)
        except ActionNotFoundException as error:
            return JSONResponse({"error": str(error), "action_name": error.action_name}, status_code=404)
        return JSONResponse(result.model_dump() if result else {})

    return router
