"""The knowledge that an index is built from: the database's rows, or the files'."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.db import Database
from knowledge.load import read_knowledge
from knowledge.models import Answer, Course, Provider, Standard


@dataclass(frozen=True)
class Rows:
    """The knowledge, as the database or the files hold it."""

    standards: Sequence[Standard]
    providers: Sequence[Provider]
    courses: Sequence[Course]
    answers: Sequence[Answer]


_MODELS: dict[str, Any] = {"standards": Standard, "providers": Provider, "courses": Course, "answers": Answer}


async def rows_from(db: Database) -> Rows:
    """The knowledge in the database."""
    async with db.begin() as session:
        return Rows(**{name: list(await session.scalars(select(model))) for name, model in _MODELS.items()})


def rows_from_files() -> Rows:
    """The knowledge in the project's files: what training and evaluation use, without a database."""
    found = read_knowledge()
    return Rows(**{name: [model(**row) for row in found[name].values()] for name, model in _MODELS.items()})
