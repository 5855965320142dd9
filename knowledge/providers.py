"""Certification bodies (ECE, OC): reading, checking and asking for them."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge.csvfile import Row, day, need, one_of, parse_file, web_address
from knowledge.models import Provider
from knowledge.places import state_names

_COLUMNS = {"id", "name", "type", "cedula", "state_inferred", "standards", "as_of"}


def read_providers(folder: Path, codes: set[str], problems: list[str]) -> dict[str, dict[str, Any]]:
    """Providers of ``providers.csv`` by id. The columns address, phone, email and website are optional."""
    providers: dict[str, dict[str, Any]] = {}
    states = {"", *state_names()}

    def provider(row: Row) -> dict[str, Any]:
        # The extract writes «México» for the state; citizens call the country so.
        row["state_inferred"] = {"México": "Estado de México"}.get(row["state_inferred"], row["state_inferred"])
        key = need(row, "id")
        if key in providers:
            raise ValueError(f"el prestador {key} está repetido")
        standards = need(row, "standards", longest=20_000).split()
        unknown = [code for code in standards if code not in codes]
        if unknown:
            raise ValueError(f"{key} cita estándares que no están en standards.csv: {', '.join(unknown)}")
        return {
            "id": key,
            "name": need(row, "name"),
            "type": one_of(row, "type", {"", "ECE", "OC"}) or None,
            "cedula": row["cedula"] or None,
            "state_inferred": one_of(row, "state_inferred", states) or None,
            "address": row.get("address") or None,
            "phone": row.get("phone") or None,
            "email": row.get("email") or None,
            "website": web_address(row, "website"),
            "standards": standards,
            "as_of": day(row, "as_of"),
        }

    for parsed in parse_file(folder / "providers.csv", _COLUMNS, provider, problems):
        providers[parsed["id"]] = parsed
    return providers


async def providers_of(session: AsyncSession, code: str) -> list[Provider]:
    """Every provider accredited for ``code``, by name."""
    query = select(Provider).where(Provider.standards.contains([code])).order_by(Provider.name)
    return list(await session.scalars(query))
