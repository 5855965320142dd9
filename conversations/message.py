"""What goes into a conversation: what somebody sent and what is replied."""

from dataclasses import dataclass, field
from typing import Any

ANSWER_STATUSES = frozenset(
    "answered clarify not_found out_of_scope handoff_offered handoff safety form smalltalk error".split()
)


@dataclass(frozen=True)
class Incoming:
    """What a channel received. ``client_id`` is the sender's own id: sent twice, it is stored once.

    ``payload`` is the payload of a button that was pressed; ``text`` is then the button's title.
    """

    client_id: str
    text: str
    payload: str | None = None


@dataclass(frozen=True)
class Reply:
    """One message of the assistant.

    ``buttons``: ``{"title", "payload"}``; ``sources``: ``{"title", "url", "as_of"}``.
    """

    text: str
    answer_status: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)
    trace: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        if self.answer_status not in ANSWER_STATUSES:
            raise ValueError(f"unknown answer_status {self.answer_status!r}")
        if not self.text.strip() or "\x00" in self.text:
            raise ValueError("a reply needs text that can be stored")
