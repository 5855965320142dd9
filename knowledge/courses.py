"""Courses of the RENAC: reading, checking and asking for them."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.csvfile import Row, day, need, parse_file
from knowledge.models import Course


def read_courses(folder: Path, codes: set[str], problems: list[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """Courses of ``courses.csv`` by (standard, title)."""
    courses: dict[tuple[str, str], dict[str, Any]] = {}

    def course(row: Row) -> dict[str, Any]:
        code, title = need(row, "standard"), need(row, "course")
        if code not in codes:
            raise ValueError(f"el estándar {code} no está en standards.csv")
        if (code, title) in courses:
            raise ValueError(f"el curso «{title}» está repetido en {code}")
        return {"standard": code, "title": title, "as_of": day(row, "as_of")}

    for parsed in parse_file(folder / "courses.csv", {"course", "standard", "as_of"}, course, problems):
        courses[parsed["standard"], parsed["title"]] = parsed
    return courses


async def courses_of(session: AsyncSession, code: str) -> list[Course]:
    """Courses aligned to ``code``, by title."""
    return list(await session.scalars(select(Course).where(Course.standard == code).order_by(Course.title)))
