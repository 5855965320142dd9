"""Tables of the handover to people."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Identity, Integer, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class Ticket(Base):
    """A request that a person must follow up.

    ``kind``: ``callback``, ``complaint`` or ``migrant``; ``status``: ``open`` or ``done``. ``details``: what the
    citizen told for it, by the Spanish name staff read it under: ``{"nombre": …, "contacto": …}``.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'done')", name="status"),
        CheckConstraint("kind IN ('callback', 'complaint', 'migrant')", name="kind"),
    )

    number: Mapped[int] = mapped_column(Integer, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    conversation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"))
    phone: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    status: Mapped[str] = mapped_column(Text, default="open")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    @property
    def folio(self) -> str:
        """The number a citizen keeps: ``OR-2026-00042``."""
        return f"OR-{self.created_at.year}-{self.number:05d}"
