"""The database: URLs, engine, sessions, and bringing the schema up to date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from alembic import command
from alembic.config import Config
from psycopg import sql
from sqlalchemy import URL, MetaData, create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from core.embedded import embedded_database_url
from core.errors import SetupError
from core.paths import PROJECT_ROOT
from core.settings import Settings

_DATABASE = "orienta"
# Any constant will do: it keeps two processes from migrating at the same time.
_MIGRATION_LOCK = 7_246_101


class Base(DeclarativeBase):
    """Base of all tables; constraint names are spelt out so that migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def database_url(settings: Settings) -> URL:
    """The application's database, as a psycopg 3 URL; starts the embedded server where none is set."""
    if settings.database_url:
        if not settings.database_url.startswith(("postgresql", "postgres:")):
            raise SetupError("ORIENTA_DATABASE_URL debe ser como postgresql://usuario:clave@servidor/base.")
        return make_url(settings.database_url).set(drivername="postgresql+psycopg")
    server = make_url(embedded_database_url(settings.data_dir)).set(drivername="postgresql+psycopg")
    url = server.set(database=_DATABASE)
    create_database(url, server)
    return url


def rasa_database_url(settings: Settings, application: URL) -> str:
    """Rasa's tracker store: a database of its own, since its table names clash with other Rasa tables.

    Returned in the form Rasa's older SQLAlchemy reads. Created when it does not exist.
    """
    if settings.rasa_database_url:
        return settings.rasa_database_url
    url = application.set(database=f"{application.database}_rasa")
    create_database(url, application)
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def plain_url(url: URL) -> str:
    """The URL as libpq reads it, password included: for psycopg, procrastinate and child processes."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def create_database(url: URL, server: URL) -> None:
    """Create the database ``url`` names, connecting through ``server``, unless it is there.

    Raises:
        SetupError: the server does not answer or forbids it.
    """
    try:
        with psycopg.connect(plain_url(server), autocommit=True) as connection:
            name = url.database or ""
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if found is None:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name))
                )
    except psycopg.errors.DuplicateDatabase:
        return  # another process was faster
    except psycopg.Error as error:
        raise SetupError(
            f"No se pudo preparar la base de datos «{url.database}»: {error}. "
            "Créela o revise ORIENTA_DATABASE_URL y ORIENTA_RASA_DATABASE_URL."
        ) from error


def migrate(url: URL) -> None:
    """Bring the schema up to date; safe to call from several processes.

    Raises:
        SetupError: the database does not answer.
    """
    config = Config()
    config.set_main_option("script_location", str(PROJECT_ROOT / "migrations"))
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
            connection.commit()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except OperationalError as error:
        raise SetupError(f"La base de datos no responde: {error.orig}. Revise ORIENTA_DATABASE_URL.") from error
    finally:
        engine.dispose()


class Database:
    """One engine and its sessions. ``async with db.begin() as session`` is one transaction."""

    def __init__(self, url: URL, pool_size: int = 10) -> None:
        self.url = url
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            pool_timeout=10,
            connect_args={"connect_timeout": 5},
            hide_parameters=True,  # an error's text must not carry what people wrote
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """A session in a transaction: committed at the end of the block, rolled back on an error."""
        async with self._sessions() as session, session.begin():
            yield session

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()
