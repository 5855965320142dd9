"""The JSON of a message, as the contract has it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from conversations.models import Message


class Button(BaseModel):
    """A button: at most 20 characters of title, and what to send back when it is pressed."""

    title: str
    payload: str


class Source(BaseModel):
    """Where a statement comes from, and the day that source was read."""

    title: str
    url: str | None
    as_of: str


class MessageOut(BaseModel):
    """A message as channels and clients see it; why it was said (trace) stays with the staff.

    ``client_id``: the citizen's own id of the message, so that a client knows its echo.
    """

    model_config = ConfigDict(from_attributes=True)

    seq: int
    id: UUID
    client_id: str | None
    author: str
    text: str
    answer_status: str | None
    buttons: list[Button]
    sources: list[Source]
    created_at: datetime
    delivery: str


def as_json(message: Message) -> dict[str, Any]:
    """The message as plain JSON data."""
    return MessageOut.model_validate(message).model_dump(mode="json")
