"""The registry for anybody: search, standards and providers, read-only."""

import time
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from sqlalchemy import select

from core.db import Database
from core.errors import Invalid, NotFound
from core.text import fold
from knowledge.courses import courses_of
from knowledge.models import Provider, Standard
from knowledge.places import find_state
from knowledge.providers import providers_of
from knowledge.standards import get_standard, successor
from search.codes import find_codes
from search.find import Filters, Found, find
from search.live import LiveIndex

MAX_QUERY = 4000
_LONGEST_CODE = 40
Kind = Literal["standard", "provider", "course", "answer"]


def results(query: str, found: Found, began: float) -> dict[str, Any]:
    """What a search found as the contract has it; ``searched_for``: the query with its spelling mended, or null."""
    return {
        "query": query,
        "searched_for": found.corrected,
        "took_ms": round((time.perf_counter() - began) * 1000, 2),
        "results": [
            {
                "kind": hit.item.kind,
                "id": hit.item.id,
                "title": hit.item.title,
                "score": round(hit.score, 4),
                "matched_on": hit.matched_on,
                "as_of": hit.item.as_of,
                "url": hit.item.url,
                "status": hit.item.status,
                "replaced_by": hit.item.replaced_by,
            }
            for hit in found.hits
        ],
    }


def state_asked(name: str | None) -> str | None:
    """The state's short name from any spelling; Invalid for what names no state."""
    if not name:
        return None
    state = find_state(name)
    if state is None:
        raise Invalid(
            f"«{name[:60]}» no es un estado de la República o varios lugares se llaman así: escriba el estado."
        )
    return state


def registry_router(db: Database, live: LiveIndex) -> APIRouter:
    """``/api/v1/search``, ``/api/v1/standards/{code}`` and ``/api/v1/providers/{id}``."""
    router = APIRouter(prefix="/api/v1", tags=["registry"])

    @router.get("/search")
    async def search(
        q: Annotated[str, Query(min_length=1, max_length=MAX_QUERY)],
        kind: Kind | None = None,
        state: Annotated[str | None, Query(max_length=60)] = None,
        sector: Annotated[str | None, Query(max_length=120)] = None,
        level: Annotated[int | None, Query(ge=1, le=5)] = None,
        certified: bool = False,
        limit: Annotated[int, Query(ge=1, le=50)] = 10,
    ) -> dict[str, Any]:
        filters = Filters(state_asked(state), fold(sector or "") or None, level, certified)
        index = live.current
        began = time.perf_counter()
        return results(q, find(index, q, kind=kind, filters=filters, limit=limit), began)

    @router.get("/standards/{code}")
    async def standard(code: str) -> dict[str, Any]:
        codes = find_codes(code[:_LONGEST_CODE])
        async with db.begin() as session:
            row = await get_standard(session, codes[0]) if codes else None
            if row is None:
                raise NotFound(f"El estándar «{code[:40]}» no está en nuestra copia del registro.")
            following = await successor(session, row)
            return _standard(
                row,
                following,
                [
                    {"id": p.id, "name": p.name, "state_inferred": p.state_inferred}
                    for p in await providers_of(session, row.code)
                ],
                [course.title for course in await courses_of(session, row.code)],
            )

    @router.get("/providers/{provider_id}")
    async def provider(provider_id: str) -> dict[str, Any]:
        async with db.begin() as session:
            row = await session.get(Provider, provider_id.upper())
            if row is None:
                raise NotFound(f"El prestador «{provider_id[:40]}» no está en nuestra copia del registro.")
            titles = await session.execute(
                select(Standard.code, Standard.title).where(Standard.code.in_(row.standards)).order_by(Standard.code)
            )
            return {
                **_fields(row, "id name type cedula state_inferred address phone email website as_of"),
                "standards": [{"code": code, "title": title} for code, title in titles],
                "url": row.website,
            }

    return router


def _standard(
    row: Standard, following: Standard | None, providers: list[dict[str, Any]], courses: list[str]
) -> dict[str, Any]:
    return {
        **_fields(row, "code title sector level committee kind status as_of url"),
        "replaced_by": following.code if following else None,
        "occupations": [occupation["name"] for occupation in row.occupations],
        "providers": providers,
        "courses": courses,
    }


def _fields(row: Standard | Provider, names: str) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in names.split()}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
