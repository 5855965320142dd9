"""Search and registry over HTTP, and the health of the process, with the real registry and no Rasa."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from app.main import create_app
from core.db import plain_url
from core.settings import Settings


@pytest.fixture
async def app(registry_url, settings: Settings, workspace: Path) -> AsyncIterator[FastAPI]:
    settings.rasa_url = "http://127.0.0.1:1"
    # All tests have the same registry: its index is built once.
    (workspace / "index").mkdir(exist_ok=True)
    (settings.data_dir / "index").symlink_to(workspace / "index")
    application = create_app(settings, registry_url, "clave")
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        for _ in range(300):
            if (await client.get("/readyz")).json()["search"]:
                break
            await asyncio.sleep(0.1)
        yield client


async def test_search_answers_as_the_contract_says(http: httpx.AsyncClient) -> None:
    page = (await http.get("/api/v1/search", params={"q": "soldador", "kind": "standard", "limit": 3})).json()
    assert page["query"] == "soldador"
    assert page["took_ms"] >= 0
    assert len(page["results"]) == 3
    first = page["results"][0]
    assert {"kind", "id", "title", "score", "matched_on", "as_of", "url"} <= set(first)
    assert first["matched_on"].lower() in ("ocupación: soldador", "también se dice: soldador")


async def test_search_filters_by_state_in_any_spelling(http: httpx.AsyncClient) -> None:
    query = {"q": "EC0217.01", "kind": "provider", "limit": 50}
    named = (await http.get("/api/v1/search", params={**query, "state": "Jal."})).json()["results"]
    assert named == (await http.get("/api/v1/search", params={**query, "state": "jalisco"})).json()["results"]
    assert 0 < len(named) < 50
    wrong = await http.get("/api/v1/search", params={**query, "state": "Narnia"})
    assert wrong.status_code == 422
    assert "Narnia" in wrong.json()["detail"]


@pytest.mark.parametrize(
    "params", [{}, {"q": ""}, {"q": "x" * 4001}, {"q": "x", "kind": "todo"}, {"q": "x", "limit": 0}]
)
async def test_a_bad_search_is_a_problem_that_names_the_field(http: httpx.AsyncClient, params: dict) -> None:
    response = await http.get("/api/v1/search", params=params)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert {"title", "status", "detail"} <= set(body)
    assert body["errors"][0]["field"] in {"q", "kind", "limit"}


async def test_a_standard_with_all_that_is_known_of_it(http: httpx.AsyncClient) -> None:
    body = (await http.get("/api/v1/standards/EC0217.01")).json()
    assert body["title"].startswith("Impartición de cursos de formación")
    assert (body["level"], body["status"], body["replaced_by"], body["as_of"]) == (3, "current", None, "2025-11-28")
    assert len(body["providers"]) == 371
    assert body["occupations"]
    assert body["url"].endswith("EC0217.01")
    old = (await http.get("/api/v1/standards/ec%200217")).json()
    assert (old["code"], old["status"], old["replaced_by"]) == ("EC0217", "not_listed", "EC0217.01")


async def test_before_the_index_is_built_search_says_so(schema_url, settings: Settings) -> None:
    application = create_app(settings, schema_url, "clave")
    async with application.router.lifespan_context(application):
        transport = httpx.ASGITransport(application, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            response = await client.get("/api/v1/search", params={"q": "ec0217"})
            assert response.status_code == 503
            assert "todavía no está lista" in response.json()["detail"]


async def test_without_its_database_every_call_says_503(http: httpx.AsyncClient, postgres, registry_url) -> None:
    with psycopg.connect(plain_url(postgres), autocommit=True) as admin:
        admin.execute(f'ALTER DATABASE "{registry_url.database}" ALLOW_CONNECTIONS false')
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [registry_url.database]
        )
    for path in ("/api/v1/standards/EC0217.01", "/readyz"):
        response = await http.get(path)
        assert response.status_code == 503, response.text
    response = await http.post("/api/v1/conversations", json={})
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert "FATAL" not in response.text


async def test_a_nul_in_a_path_is_refused(http: httpx.AsyncClient) -> None:
    assert (await http.get("/api/v1/providers/a%00b")).status_code in (404, 422)


@pytest.mark.parametrize("path", ["standards/EC9999", "standards/hola", "standards/%00", "providers/nadie", "nada"])
async def test_what_does_not_exist_is_a_problem_404(http: httpx.AsyncClient, path: str) -> None:
    response = await http.get(f"/api/v1/{path}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_provider_with_its_standards(http: httpx.AsyncClient) -> None:
    body = (await http.get("/api/v1/providers/ECE-00058")).json()
    assert body["name"] == "Universidad Tecnológica de Puebla"
    assert {"code", "title"} <= set(body["standards"][0])
    assert body["phone"] is None


async def test_health_names_the_part_that_is_missing(http: httpx.AsyncClient) -> None:
    assert (await http.get("/healthz")).status_code == 200
    ready = await http.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["detail"] == "No responde: rasa"
    assert ready.headers["content-type"] == "application/problem+json"


async def test_metrics_are_for_this_machine_or_who_has_the_key(app: FastAPI, settings: Settings, http) -> None:
    settings.metrics_token = "clave-de-metricas"
    local = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    remote = httpx.ASGITransport(app, client=("10.0.0.7", 1))
    async with httpx.AsyncClient(transport=local, base_url="http://test") as client:
        page = await client.get("/metrics")
        assert page.status_code == 200
        assert "orienta_conversations_owed 0.0" in page.text
        behind_a_proxy = await client.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"})
        assert behind_a_proxy.status_code == 401
    async with httpx.AsyncClient(transport=remote, base_url="http://test") as client:
        assert (await client.get("/metrics")).status_code == 401
        shown = {"Authorization": "Bearer clave-de-metricas"}
        assert (await client.get("/metrics", headers=shown)).status_code == 200


async def test_a_body_that_is_too_long_is_refused_unread(http: httpx.AsyncClient) -> None:
    async def endless():
        for _ in range(100):
            yield b"x" * 10_000

    for content in (b"x" * 70_000, endless()):
        response = await http.post("/api/v1/conversations", content=content)
        assert response.status_code == 413
        assert response.headers["content-type"] == "application/problem+json"


async def test_pages_carry_their_headers(http: httpx.AsyncClient) -> None:
    for path in ("/", "/widget/", "/widget.js", "/widget/static/panel.js"):
        response = await http.get(path)
        assert response.status_code == 200, path
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self'" in response.headers["content-security-policy"]
    assert "frame-ancestors *" in (await http.get("/widget/")).headers["content-security-policy"]
    assert "frame-ancestors 'none'" in (await http.get("/")).headers["content-security-policy"]
    assert (await http.get("/widget/static/../../app/main.py")).status_code == 404


async def test_a_knowledge_load_swaps_the_index_without_a_restart(http: httpx.AsyncClient, registry_url) -> None:
    from sqlalchemy import update

    from core.db import Database
    from core.notify import KNOWLEDGE, notify
    from knowledge.models import KnowledgeLoad, Standard

    db = Database(registry_url)
    async with db.begin() as session:
        await session.execute(
            update(Standard).where(Standard.code == "EC0076").values(title="Domador de axolotes fosforescentes")
        )
        session.add(KnowledgeLoad(files_digest="otro", counts={}))
        await notify(session, KNOWLEDGE, "loaded")
    await db.close()
    for _ in range(300):
        results = (await http.get("/api/v1/search", params={"q": "domador de axolotes"})).json()["results"]
        if results and results[0]["id"] == "EC0076":
            return
        await asyncio.sleep(0.1)
    pytest.fail("the new title is not found")
