"""The command line: ``orienta …``."""

import asyncio
import json
import os
import sys
import time
import uuid
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import click
import httpx

from core.clock import today
from core.errors import DataError, OrientaError
from core.log import configure_logging
from core.settings import Settings, get_settings

T = TypeVar("T")


class _Group(click.Group):
    """Shows our errors as one sentence instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OrientaError as error:
            click.echo(error.detail, err=True)
            sys.exit(1)


@click.group(cls=_Group)
def main() -> None:
    """Orienta: el asistente y centro de contacto del CONOCER."""
    configure_logging(get_settings().log_level)


@main.command()
def serve() -> None:
    """Todo en uno: base de datos, Rasa, web y trabajador."""
    from app.supervisor import Supervisor

    asyncio.run(Supervisor(get_settings()).serve())


@main.command()
def web() -> None:
    """Sólo el servidor web."""
    import uvicorn

    from app.main import create_app
    from app.parts import actions_token, ready_database

    settings = get_settings()
    app = create_app(settings, ready_database(settings), actions_token(settings))
    uvicorn.run(
        app, host=settings.host, port=settings.port, log_config=None, access_log=False, timeout_graceful_shutdown=3,
        server_header=False,
    )  # fmt: skip


@main.command()
def worker() -> None:
    """Sólo el trabajador: contesta lo que está en cola."""
    from app.parts import ready_database
    from app.worker import run_worker

    settings = get_settings()
    asyncio.run(run_worker(settings, ready_database(settings)))


@main.command()
def rasa() -> None:
    """Sólo Rasa, en 127.0.0.1."""
    from app.parts import actions_token, ready_database
    from bot.training import DEFAULT_PORT, rasa_command, rasa_environment, train
    from core.db import rasa_database_url
    from core.paths import PROJECT_ROOT

    settings = get_settings()
    model = train(settings)
    tracker = rasa_database_url(settings, ready_database(settings))
    command = rasa_command(model, settings.rasa_port or DEFAULT_PORT)
    os.chdir(PROJECT_ROOT)
    os.execve(command[0], command, rasa_environment(settings, tracker, actions_token(settings)))  # noqa: S606


@main.command()
def train() -> None:
    """Entrena Rasa si su contenido cambió."""
    from bot.training import train as train_rasa

    began = time.monotonic()
    click.echo(f"{train_rasa(get_settings())} ({time.monotonic() - began:.1f} s)")


@main.command()
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="La respuesta completa, en JSON.")
def ask(text: str, as_json: bool) -> None:
    """Hace una pregunta a un servidor en marcha."""
    messages = asyncio.run(_ask(get_settings(), text))
    if as_json:
        click.echo(json.dumps(messages, ensure_ascii=False, indent=2))
        return
    for message in messages:
        click.echo(message["text"])
        for source in message["sources"]:
            click.echo(
                f"  Fuente: {source['title']}, al {source['as_of']}" + (f" ({source['url']})" if source["url"] else "")
            )
        if message["buttons"]:
            click.echo("  " + "  ".join(f"[{button['title']}]" for button in message["buttons"]))


async def _ask(settings: Settings, text: str) -> list[dict[str, Any]]:
    try:
        async with httpx.AsyncClient(base_url=settings.local_url, trust_env=False, timeout=10) as http:
            opened = (await http.post("/api/v1/conversations", json={})).raise_for_status().json()
            http.headers["Authorization"] = f"Bearer {opened['token']}"
            path = f"/api/v1/conversations/{opened['id']}/messages"
            sent = await http.post(path, json={"client_id": str(uuid.uuid4()), "text": text})
            if sent.is_client_error:
                raise OrientaError(sent.json()["detail"])
            after = sent.raise_for_status().json()["message"]["seq"]
            deadline = time.monotonic() + settings.turn_deadline_s + 10
            while time.monotonic() < deadline:
                answer = (await http.get(path, params={"after": after})).raise_for_status().json()
                if answer["messages"] and not answer["pending"]:
                    found: list[dict[str, Any]] = answer["messages"]
                    return found
                await asyncio.sleep(0.1)
    except httpx.HTTPError as error:
        raise OrientaError(
            f"No responde un servidor en {settings.local_url} ({error}). Inícielo con «make run»."
        ) from error
    raise OrientaError("El servidor recibió la pregunta, pero no contestó a tiempo.")


@main.command()
@click.argument("text")
@click.option("--kind", type=click.Choice(["standard", "provider", "course", "answer"]))
@click.option("--state", help="Estado, en cualquier forma: Jalisco, edomex, cdmx…")
@click.option("--sector", help="Parte del nombre del sector: construcción, educativos…")
@click.option("--level", type=click.IntRange(1, 5), help="Nivel de competencia.")
@click.option("--certified", is_flag=True, help="Sólo estándares con algún prestador acreditado.")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 50))
@click.option("--json", "as_json", is_flag=True)
def search(
    text: str, kind: str | None, state: str | None, sector: str | None, level: int | None, certified: bool,
    limit: int, as_json: bool,
) -> None:  # fmt: skip
    """Busca estándares, prestadores, cursos y respuestas; no necesita servidor."""
    from channels.registry import results, state_asked
    from search.find import Filters, find
    from search.live import IndexSource

    filters = Filters(state_asked(state), sector, level, certified)

    async def run(db: Any) -> dict[str, Any]:
        await _load_if_empty(db)
        index = await IndexSource.of(db, get_settings()).current()
        began = time.perf_counter()
        found = find(index, text, kind=kind, filters=filters, limit=limit)
        return results(text, found, began)

    answer = _with_database(run)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    if answer["searched_for"]:
        click.echo(f"Buscamos: {answer['searched_for']}")
    for hit in answer["results"]:
        click.echo(f"{hit['score']:.2f}  {hit['kind']:9} {hit['id'][:24]:24} {hit['title']}  ({hit['matched_on']})")
    if not answer["results"]:
        click.echo("Sin resultados.")


@main.group("eval")
def evaluate() -> None:
    """Mide contra un archivo con las respuestas correctas."""


@evaluate.command("search")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def eval_search(file: Path) -> None:
    """Mide la búsqueda: éxito, rechazo de lo ajeno y cada fallo. FILE: columnas query, kind y accept con tabulador."""
    from search.evaluate import read_cases, report, run
    from search.live import IndexSource

    async def load_index(db: Any) -> Any:
        await _load_if_empty(db)
        return await IndexSource.of(db, get_settings()).current()

    index = _with_database(load_index)
    for line in report(run(index, read_cases(file, index))):
        click.echo(line)


@evaluate.command("safety")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def eval_safety(file: Path) -> None:
    """Mide el aviso de peligro contra un archivo con las columnas kind y text: detectado, falsas alarmas y fallas."""
    from bot.safety.evaluate import figures, read_phrases

    for line in figures(read_phrases(file)):
        click.echo(line)


@evaluate.command("dialogue")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--transcripts", is_flag=True, help="Escribe cada conversación completa.")
def eval_dialogue(file: Path, transcripts: bool) -> None:
    """Repite las conversaciones de un archivo o carpeta contra un servidor en marcha y muestra las cifras y fallas."""
    import time

    import httpx

    from channels.dialogues import read_dialogues, replay, report, transcript

    results = []
    with httpx.Client(base_url=get_settings().base_url, timeout=30, trust_env=False) as http:
        for dialogue in read_dialogues(file):
            results.append(replay(http, dialogue, time.sleep))
            if transcripts:
                click.echo("\n".join(transcript(results[-1])))
    for line in report(results):
        click.echo(line)


@main.group()
def knowledge() -> None:
    """Lo que se puede contestar: registro y respuestas."""


@knowledge.command()
def status() -> None:
    """Qué está cargado y de qué fecha es."""
    from knowledge.load import loaded

    async def run(db: Any) -> Any:
        async with db.begin() as session:
            return await loaded(session)

    now = _with_database(run)
    for table, rows in now.rows.items():
        click.echo(f"{table:10} {rows:6,}  {now.as_of.get(table, '')}")
    click.echo(f"última carga: {now.loaded_at.isoformat() if now.loaded_at else 'ninguna'}")


@knowledge.command()
@click.option(
    "--from", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Carpeta de los archivos."
)
@click.option("--dry-run", is_flag=True, help="Sólo muestra lo que cambiaría.")
def load(folder: Path | None, dry_run: bool) -> None:
    """Carga los archivos: los revisa todos, muestra qué cambia y lo aplica entero o nada."""
    from knowledge.load import DATA, load_knowledge

    changes = _with_database(lambda db: load_knowledge(db, folder or DATA, dry_run=dry_run))
    for table, change in changes.items():
        counts = change.counts()
        click.echo(
            f"{table:10} {counts['new']:6,} nuevos {counts['changed']:6,} cambiados {counts['gone']:6,} retirados"
        )
        for label, keys in (("nuevo", change.new), ("cambió", change.changed), ("se retiró", change.gone)):
            if len(keys) <= 20:
                for key in keys:
                    click.echo(f"    {label}: {' / '.join(key) if isinstance(key, tuple) else key}")


@knowledge.command()
@click.option(
    "--from", "folder", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Carpeta de los archivos."
)
def check(folder: Path | None) -> None:
    """Revisa archivos, respuestas y vocabulario; falla si algo está mal o debía revisarse ya."""
    from knowledge.answers import overdue
    from knowledge.help_lines import stale
    from knowledge.load import DATA, read_knowledge
    from search.vocabulary import read_vocabulary, unknown_keys

    rows = read_knowledge(folder or DATA)
    vocabulary = read_vocabulary()
    problems = overdue(rows["answers"], today())  # type: ignore[arg-type]
    problems += stale(today())
    problems += unknown_keys(vocabulary, map(str, rows["standards"]), map(str, rows["providers"]))
    if problems:
        raise DataError(problems)
    names = sum(map(len, vocabulary.trades.values()))
    counts = [*(f"{len(found):,} {table}" for table, found in rows.items()), f"{names:,} nombres de oficios"]
    click.echo(", ".join(counts) + ": sin errores.")


@main.command()
@click.option("--done", metavar="FOLIO", help="Marca una solicitud como atendida.")
def tickets(done: str | None) -> None:
    """Solicitudes sin atender: llamadas, quejas y casos de personas que regresaron."""
    from handoff.tickets import close_ticket, describe, open_tickets

    async def run(db: Any) -> list[str]:
        async with db.begin() as session:
            if done and not await close_ticket(session, done):
                raise OrientaError(f"No hay una solicitud abierta con el folio {done}.")
            return [describe(ticket) for ticket in await open_tickets(session)]

    for line in _with_database(run) or ["No hay solicitudes abiertas."]:
        click.echo(line)


def _with_database(run: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
    from app.parts import ready_database
    from core.db import Database

    url = ready_database(get_settings())

    async def scope() -> T:
        db = Database(url)
        try:
            return await run(db)
        finally:
            await db.close()

    return asyncio.run(scope())


async def _load_if_empty(db: Any) -> None:
    from knowledge.load import load_knowledge, loaded

    async with db.begin() as session:
        empty = not (await loaded(session)).rows["standards"]
    if empty:
        await load_knowledge(db)


if __name__ == "__main__":
    main()
