"""Tables of the conversations."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class Conversation(Base):
    """One thread with one person on one channel.

    ``status``: ``bot``, ``waiting``, ``human`` or ``closed``. ``last_seq`` numbers its messages without
    gaps. ``expecting``: what the assistant has just asked for outside Rasa (``phone``), or null.
    """

    __tablename__ = "conversations"
    __table_args__ = (CheckConstraint("status IN ('bot', 'waiting', 'human', 'closed')", name="status"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    channel: Mapped[str] = mapped_column(Text)
    token_hash: Mapped[str] = mapped_column(Text, unique=True)
    status: Mapped[str] = mapped_column(Text, default="bot")
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    expecting: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Message(Base):
    """One message. ``seq`` orders the conversation; ``client_id`` makes a repeated sending harmless.

    ``in_reply_to``: for an assistant's message, the citizen's message it answers.
    ``answered_at`` is null while a citizen's message still waits for its answer. ``trace`` keeps, for an
    assistant's message, why it was said: intent, confidence, hits considered with their scores.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id", name="uq_messages_client_id"),
        CheckConstraint("author IN ('citizen', 'assistant', 'agent', 'system')", name="author"),
        Index(
            "ix_messages_unanswered",
            "conversation_id",
            postgresql_where=text("author = 'citizen' AND answered_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(Integer)
    author: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    payload: Mapped[str | None] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(Text)
    answer_status: Mapped[str | None] = mapped_column(Text)
    buttons: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    trace: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    in_reply_to: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("messages.id", ondelete="SET NULL"))
    delivery: Mapped[str] = mapped_column(Text, default="stored")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.clock_timestamp())
    answered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
