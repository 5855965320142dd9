"""Standards of the RENEC: reading, checking and asking for them."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.csvfile import Row, day, need, one_of, parse_file, web_address
from knowledge.models import Standard

CODE = re.compile(r"EC\d{4}(?:\.\d{2})?|ECM\d{4}")
STATUSES = {"current", "new", "brand", "not_listed"}
_COLUMNS = {"code", "title", "sector", "level", "committee", "kind", "status", "replaced_by", "as_of", "url"}


def read_standards(folder: Path, problems: list[str]) -> dict[str, dict[str, Any]]:
    """Standards of ``standards.csv`` with the occupations of ``occupations.csv``, by code.

    What does not hold is added to ``problems`` and left out.
    """
    standards: dict[str, dict[str, Any]] = {}

    def standard(row: Row) -> dict[str, Any]:
        code = need(row, "code")
        if not CODE.fullmatch(code):
            raise ValueError(f"«{code}» no tiene la forma EC0217, EC0217.01 o ECM0358")
        if code in standards:
            raise ValueError(f"el código {code} está repetido")
        kind = one_of(row, "kind", {"EC", "ECM"})
        if kind != ("ECM" if code.startswith("ECM") else "EC"):
            raise ValueError(f"el código {code} no corresponde al tipo {kind}")
        level = one_of(row, "level", {"", "1", "2", "3", "4", "5"})
        if row["replaced_by"] == code:
            raise ValueError(f"{code} no puede sustituirse a sí mismo")
        return {
            "code": code,
            "title": need(row, "title"),
            "sector": row["sector"],
            "level": int(level) if level else None,
            "committee": row["committee"],
            "kind": kind,
            "status": one_of(row, "status", STATUSES),
            "replaced_by": row["replaced_by"] or None,
            "occupations": [],
            "as_of": day(row, "as_of"),
            "url": web_address(row, "url"),
        }

    for parsed in parse_file(folder / "standards.csv", _COLUMNS, standard, problems):
        standards[parsed["code"]] = parsed
    for code, parsed in standards.items():
        if parsed["replaced_by"] and parsed["replaced_by"] not in standards:
            problems.append(f"standards.csv: {code} remite a {parsed['replaced_by']}, que no está en el archivo")
        elif _runs_in_circles(code, standards):
            problems.append(f"standards.csv: las sustituciones de {code} dan vueltas")
    _add_occupations(folder, standards, problems)
    return standards


def _runs_in_circles(code: str, standards: dict[str, dict[str, Any]]) -> bool:
    seen = {code}
    following = standards[code]["replaced_by"]
    while following in standards:
        if following in seen:
            return True
        seen.add(following)
        following = standards[following]["replaced_by"]
    return False


def _add_occupations(folder: Path, standards: dict[str, dict[str, Any]], problems: list[str]) -> None:
    seen: dict[str, set[str]] = defaultdict(set)

    def occupation(row: Row) -> dict[str, Any]:
        code, name = need(row, "standard"), need(row, "occupation")
        if code not in standards:
            raise ValueError(f"el estándar {code} no está en standards.csv")
        if name in seen[code]:
            raise ValueError(f"la ocupación «{name}» está repetida en {code}")
        seen[code].add(name)
        variants = [variant.strip() for variant in row["variants"].split("|") if variant.strip()]
        return {"code": code, "name": name, "variants": variants or [name]}

    for parsed in parse_file(folder / "occupations.csv", {"standard", "occupation", "variants"}, occupation, problems):
        standards[parsed["code"]]["occupations"].append({"name": parsed["name"], "variants": parsed["variants"]})


async def get_standard(session: AsyncSession, code: str) -> Standard | None:
    """The standard with exactly this code, or None."""
    return await session.get(Standard, code)


async def successor(session: AsyncSession, standard: Standard) -> Standard | None:
    """The standard that replaces this one today, following replacements to the last; None if there is none.

    Loading refuses replacements that run in circles, so this ends.
    """
    last: Standard | None = None
    code = standard.replaced_by
    while code:
        following = await session.get(Standard, code)
        if following is None:
            break
        last, code = following, following.replaced_by
    return last
