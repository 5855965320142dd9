"""Loading the registry files and the answers: all checked first, then one transaction or nothing."""

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, exists, func, insert, inspect, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import Base, Database
from core.errors import DataError
from core.notify import KNOWLEDGE, notify
from core.paths import PROJECT_ROOT
from knowledge.answers import read_answers
from knowledge.courses import read_courses
from knowledge.models import Answer, Course, KnowledgeLoad, Provider, Standard
from knowledge.providers import read_providers
from knowledge.standards import read_standards

DATA = PROJECT_ROOT / "knowledge/data"
_TABLES: dict[str, type[Base]] = {
    "standards": Standard, "providers": Provider, "courses": Course, "answers": Answer,
}  # fmt: skip
_LOAD_LOCK = 7_246_102

Rows = dict[Hashable, dict[str, Any]]


@dataclass
class Change:
    """What a load does to one table: keys that are new, changed and gone."""

    new: list[Hashable] = field(default_factory=list)
    changed: list[Hashable] = field(default_factory=list)
    gone: list[Hashable] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {"new": len(self.new), "changed": len(self.changed), "gone": len(self.gone)}


def read_knowledge(folder: Path = DATA) -> dict[str, Rows]:
    """Read and check every file in ``folder``; rows by table and key.

    Raises:
        DataError: names every bad row by file, line and reason.
    """
    problems: list[str] = []
    standards = read_standards(folder, problems)
    if not standards:
        # Every other file cites standards: their complaints would bury this one.
        raise DataError(problems or ["standards.csv: no tiene ninguna fila"])
    codes = set(standards)
    rows: dict[str, Any] = {
        "standards": standards,
        "providers": read_providers(folder, codes, problems),
        "courses": read_courses(folder, codes, problems),
        "answers": read_answers(folder, problems),
    }
    problems += [f"{table}: no hay ninguna fila" for table, found in rows.items() if not found]
    if problems:
        raise DataError(problems)
    return rows


async def load_knowledge(db: Database, folder: Path = DATA, *, dry_run: bool = False) -> dict[str, Change]:
    """Make the database equal to the files in ``folder``, in one transaction; return what changed by table.

    Running it again changes nothing. Processes that search are notified when something changed.

    Raises:
        DataError: a file does not hold; nothing was changed.
    """
    rows = read_knowledge(folder)
    async with db.begin() as session:
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOAD_LOCK})
        changes = {table: await _compare(session, table, rows[table]) for table in _TABLES}
        if dry_run:
            return changes
        for table, change in changes.items():
            await _apply(session, table, rows[table], change)
        digest = files_digest(folder)
        if any(changes.values()) or not await was_loaded(session, digest):
            counts = {table: change.counts() for table, change in changes.items()}
            session.add(KnowledgeLoad(files_digest=digest, counts=counts))
            await notify(session, KNOWLEDGE, "loaded")
    return changes


def _key_columns(table: str) -> list[Any]:
    model = _TABLES[table]
    return [getattr(model, str(column.key)) for column in inspect(model).primary_key]


def _key(table: str, row: dict[str, Any]) -> Hashable:
    values = tuple(row[column.key] for column in _key_columns(table))
    return values if len(values) > 1 else values[0]


async def _compare(session: AsyncSession, table: str, rows: Rows) -> Change:
    columns = list(_TABLES[table].__table__.c)
    stored = {_key(table, dict(row)): dict(row) for row in (await session.execute(select(*columns))).mappings()}
    return Change(
        new=[key for key in rows if key not in stored],
        changed=[key for key in rows if key in stored and rows[key] != stored[key]],
        gone=[key for key in stored if key not in rows],
    )


async def _apply(session: AsyncSession, table: str, rows: Rows, change: Change) -> None:
    model = _TABLES[table]
    if change.new:
        await session.execute(insert(model), [rows[key] for key in change.new])
    if change.changed:
        # Bulk update by primary key.
        await session.execute(update(model), [rows[key] for key in change.changed])
    if change.gone:
        keys = [key if isinstance(key, tuple) else (key,) for key in change.gone]
        await session.execute(delete(model).where(tuple_(*_key_columns(table)).in_(keys)))


@dataclass(frozen=True)
class Loaded:
    """What the database holds: rows by table, date of the registry copy, time of the last load."""

    rows: dict[str, int]
    as_of: dict[str, str]
    loaded_at: datetime | None


async def loaded(session: AsyncSession) -> Loaded:
    """What is in the database now."""
    rows = {name: await session.scalar(select(func.count()).select_from(model)) or 0 for name, model in _TABLES.items()}
    as_of = {
        "standards": await session.scalar(select(func.max(Standard.as_of))),
        "providers": await session.scalar(select(func.max(Provider.as_of))),
        "courses": await session.scalar(select(func.max(Course.as_of))),
    }
    return Loaded(
        rows=rows,
        as_of={name: day.isoformat() for name, day in as_of.items() if day},
        loaded_at=await session.scalar(select(func.max(KnowledgeLoad.loaded_at))),
    )


def files_digest(folder: Path = DATA) -> str:
    """Digest of every file a load reads."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.csv"), *folder.glob("*.yml"), *folder.glob("answers/*.yml")]):
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


async def was_loaded(session: AsyncSession, digest: str) -> bool:
    """Whether files with this digest were loaded at some time."""
    return bool(await session.scalar(select(exists().where(KnowledgeLoad.files_digest == digest))))


async def knowledge_version(session: AsyncSession) -> str:
    """Names what is loaded: another after each load that changed something, and in each database; empty before."""
    last = select(KnowledgeLoad).order_by(KnowledgeLoad.id.desc()).limit(1)
    load = await session.scalar(last)
    return f"{load.id} {load.loaded_at.isoformat()} {load.files_digest}" if load else ""
