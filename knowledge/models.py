"""Tables of the knowledge. Each row is one self-contained document of the registry extract."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, Index, SmallInteger, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base


class Standard(Base):
    """A competency standard (EC) or a brand's standard (ECM).

    ``status``: ``current`` (in the public registry), ``new`` (published in the DOF, only its title is
    known), ``brand`` (ECM), ``not_listed`` (older, not in the registry's list: never shown as current).
    ``occupations``: list of ``{"name", "variants"}``. ``replaced_by`` is inferred from code suffixes.
    """

    __tablename__ = "standards"

    @property
    def offered(self) -> bool:
        """Whether a person can certify in it today."""
        return self.status in ("current", "new", "brand")

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    sector: Mapped[str] = mapped_column(Text)
    level: Mapped[int | None] = mapped_column(SmallInteger)
    committee: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(Text)
    replaced_by: Mapped[str | None] = mapped_column(Text)
    occupations: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    as_of: Mapped[date] = mapped_column(Date)
    url: Mapped[str | None] = mapped_column(Text)


class Provider(Base):
    """A certification body (ECE or OC) and the codes it is accredited for.

    ``state_inferred`` comes from its name, not from an address. Contact fields are empty in the
    public extract; they are read when the operator's file has them.
    """

    __tablename__ = "providers"
    __table_args__ = (Index("ix_providers_standards", "standards", postgresql_using="gin"),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    type: Mapped[str | None] = mapped_column(Text)
    cedula: Mapped[str | None] = mapped_column(Text)
    state_inferred: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    website: Mapped[str | None] = mapped_column(Text)
    standards: Mapped[list[str]] = mapped_column(ARRAY(Text))
    as_of: Mapped[date] = mapped_column(Date)


class Course(Base):
    """A course of the RENAC aligned to a standard; the extract names no training centre."""

    __tablename__ = "courses"

    standard: Mapped[str] = mapped_column(Text, primary_key=True)
    title: Mapped[str] = mapped_column(Text, primary_key=True)
    as_of: Mapped[date] = mapped_column(Date)


class Answer(Base):
    """A reviewed answer to one question people ask. ``sources``: list of ``{"title", "url", "as_of"}``."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    topic: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    button: Mapped[str] = mapped_column(Text)
    phrasings: Mapped[list[str]] = mapped_column(JSONB)
    text: Mapped[str] = mapped_column(Text)
    voice: Mapped[str] = mapped_column(Text)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    fact_date: Mapped[date] = mapped_column(Date)
    review_by: Mapped[date] = mapped_column(Date)
    follow_ups: Mapped[list[str]] = mapped_column(JSONB)


class KnowledgeLoad(Base):
    """One load: when, from which files (their digest), and how many rows were new, changed and gone per table."""

    __tablename__ = "knowledge_loads"

    id: Mapped[int] = mapped_column(primary_key=True)
    loaded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    files_digest: Mapped[str] = mapped_column(Text)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
