"""``orienta serve``: every part on one machine, watched, restarted when it dies, stopped cleanly."""

import asyncio
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import httpx
import psutil
from sqlalchemy import URL

from app.parts import actions_token, ready_database
from bot.training import model_path, rasa_command, rasa_environment
from core.db import Database, plain_url, rasa_database_url
from core.embedded import keep_running
from core.errors import DataError, SetupError
from core.log import file_logger, get_logger
from core.paths import PROJECT_ROOT
from core.settings import Settings
from knowledge.load import files_digest, load_knowledge, loaded, was_loaded

log = get_logger(__name__)
_STOP_S = 15.0
_WATCH_S = 5.0
# A part that answered once and then is silent for this long is hung.
_HUNG_S = 20.0
_LONGEST_PAUSE_S = 10.0


def say(text: str) -> None:
    """Tell the operator how far it is."""
    with suppress(OSError):
        print(text, flush=True)


class Part:
    """One child process: started again, after a growing pause, whenever it ends by itself."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], data_dir: Path) -> None:
        self.name = name
        self._output = file_logger(f"output.{name}", data_dir / "log" / f"{name}.log")
        self._command = command
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None
        self.started_at = 0.0

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def run(self, changed: Callable[[], None]) -> None:
        """Keep it running until cancelled, then stop it."""
        pause = 0.5
        try:
            while True:
                self.started_at = time.monotonic()
                self._process = await asyncio.create_subprocess_exec(
                    *self._command, cwd=PROJECT_ROOT, env=self._environment, start_new_session=True,
                    stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
                )  # fmt: skip
                changed()
                await self._pass_on(self._process)
                code = await self._process.wait()
                log.error("part_ended", part=self.name, code=code)
                pause = 0.5 if time.monotonic() - self.started_at > 60 else min(pause * 2, _LONGEST_PAUSE_S)
                await asyncio.sleep(pause)
        finally:
            await self._stop()
            changed()

    async def _pass_on(self, process: asyncio.subprocess.Process) -> None:
        """Our own parts write masked JSON lines for stderr; what else is printed (Rasa) goes masked to a file."""
        assert process.stdout is not None
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:  # a line longer than the buffer: dropped, the process goes on
                continue
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip()
            if text.startswith("{"):
                with suppress(OSError):  # whoever read our stderr has gone; the work goes on
                    print(text, file=sys.stderr, flush=True)
            elif text:
                self._output.info(text)

    def kill(self) -> None:
        """End it at once; ``run`` starts it again."""
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            await asyncio.wait_for(process.communicate(), _STOP_S)
        except TimeoutError:
            process.kill()
            await process.wait()


class Supervisor:
    """Prepares everything, starts the parts and watches them."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._parts: list[Part] = []
        self._pids = settings.data_dir / "serve.pids"

    async def serve(self) -> None:
        """Run until SIGTERM, SIGINT or SIGHUP."""
        began = time.monotonic()
        lock = _only_one(self._settings.data_dir)
        self._end_leftovers()
        _need_port(self._settings)
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        stopping = asyncio.create_task(stop.wait())
        try:
            prepared = asyncio.create_task(self._prepare())
            await asyncio.wait({prepared, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if prepared.done():
                await self._run_parts(*prepared.result(), stopping, began)
            else:
                prepared.cancel()
                await asyncio.gather(prepared, return_exceptions=True)
        finally:
            stopping.cancel()
            self._pids.unlink(missing_ok=True)
            lock.close()
        say("Orienta terminó.")

    async def _prepare(self) -> tuple[URL, Path]:
        url, model = await asyncio.gather(asyncio.to_thread(self._prepare_database), self._prepare_model())
        await self._load_knowledge(url)
        return url, model

    async def _run_parts(self, url: URL, model: Path, stopping: asyncio.Task[bool], began: float) -> None:
        rasa_url = self._make_parts(url, model)
        running = {part.name: asyncio.create_task(part.run(self._write_pids)) for part in self._parts}
        announcing = asyncio.create_task(self._announce(began))
        watching = asyncio.create_task(self._watch(rasa_url))
        # None of these ends by itself; if one does, that is a fault to be seen.
        ended, _ = await asyncio.wait({stopping, watching, *running.values()}, return_when=asyncio.FIRST_COMPLETED)
        say("Terminando…")
        announcing.cancel()
        watching.cancel()
        # The worker first: it finishes the answers it has begun, and needs the others for that.
        for name in ("worker", "web", "rasa"):
            running[name].cancel()
            await asyncio.gather(running[name], return_exceptions=True)
        for task in ended - {stopping}:
            task.result()

    def _prepare_database(self) -> URL:
        url = ready_database(self._settings)
        say(f"Base de datos lista ({'propia' if self._settings.database_url else 'incluida'}).")
        return url

    async def _prepare_model(self) -> Path:
        model = model_path(self._settings)
        if model.exists():
            return model
        say("Entrenando Rasa (menos de un minuto; sólo cuando su contenido cambia)…")
        began = time.monotonic()
        # A process of its own, so that it can be ended while it trains.
        training = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.cli", "train", cwd=PROJECT_ROOT, start_new_session=True,
            env={**os.environ, "ORIENTA_DATA_DIR": str(self._settings.data_dir.resolve())},
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            _, output = await training.communicate()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                os.killpg(training.pid, signal.SIGTERM)
            raise
        if training.returncode:
            raise SetupError(output.decode("utf-8", "replace").strip())
        say(f"Rasa entrenado en {time.monotonic() - began:.0f} s.")
        return model

    async def _load_knowledge(self, url: URL) -> None:
        db = Database(url)
        try:
            async with db.begin() as session:
                # What the operator loaded since stays, until the shipped files themselves change.
                known = await was_loaded(session, files_digest())
            if not known:
                await load_knowledge(db)
        except DataError as error:
            async with db.begin() as session:
                if not (await loaded(session)).rows["standards"]:
                    raise
            say(f"Los archivos del conocimiento tienen errores; sigue el conocimiento anterior:\n{error.detail}")
        async with db.begin() as session:
            now = await loaded(session)
        await db.close()
        say(f"Conocimiento: {now.rows['standards']:,} estándares, {now.rows['providers']} prestadores, "
            f"{now.rows['courses']} cursos, {now.rows['answers']} respuestas.")  # fmt: skip

    def _make_parts(self, url: URL, model: Path) -> str:
        settings, data_dir = self._settings, self._settings.data_dir.resolve()
        port = settings.rasa_port or _free_port()
        rasa_url = f"http://127.0.0.1:{port}"
        token = actions_token(settings)
        ours = {
            **os.environ,
            "ORIENTA_DATABASE_URL": plain_url(url),
            "ORIENTA_RASA_URL": rasa_url,
            "ORIENTA_ACTIONS_TOKEN": token,
            "ORIENTA_DATA_DIR": str(data_dir),
        }
        orienta = [sys.executable, "-m", "app.cli"]
        tracker = rasa_database_url(settings, url)
        self._parts = [
            Part("rasa", rasa_command(model, port), rasa_environment(settings, tracker, token), data_dir),
            Part("web", [*orienta, "web"], ours, data_dir),
            Part("worker", [*orienta, "worker"], ours, data_dir),
        ]
        return rasa_url

    async def _announce(self, began: float) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=2) as http:
            while True:
                with suppress(httpx.HTTPError):
                    if (await http.get(f"{self._settings.local_url}/readyz")).status_code == 200:
                        break
                await asyncio.sleep(0.2)
        say(
            f"Orienta está lista en {self._settings.base_url} ({time.monotonic() - began:.1f} s). Ctrl+C para terminar."
        )

    async def _watch(self, rasa_url: str) -> None:
        """Restart a Rasa or a web server that lives but does not answer, and an embedded PostgreSQL that died."""
        urls = {"rasa": f"{rasa_url}/webhooks/rest/", "web": f"{self._settings.local_url}/healthz"}
        answered = {name: (0.0, time.monotonic()) for name in urls}
        async with httpx.AsyncClient(trust_env=False, timeout=_WATCH_S) as http:
            while True:
                await asyncio.sleep(_WATCH_S)
                if not self._settings.database_url:
                    await self._keep_database()
                for part in self._parts:
                    if part.name not in urls:
                        continue
                    try:
                        await http.get(urls[part.name])
                        answered[part.name] = (part.started_at, time.monotonic())
                    except httpx.HTTPError:
                        began, last = answered[part.name]
                        silent = time.monotonic() - last
                        # Only one that has answered since it started can be hung: starting takes a while.
                        if part.pid and began == part.started_at and silent > _HUNG_S:
                            log.error("part_hung", part=part.name, seconds=round(silent))
                            part.kill()

    async def _keep_database(self) -> None:
        try:
            await asyncio.to_thread(keep_running, self._settings.data_dir)
        except (OSError, subprocess.SubprocessError, AssertionError):
            log.exception("embedded_postgres_not_restarted")

    def _write_pids(self) -> None:
        alive = [part.pid for part in self._parts if part.pid]
        with suppress(psutil.NoSuchProcess):
            self._pids.write_text(json.dumps([[pid, psutil.Process(pid).create_time()] for pid in alive]))

    def _end_leftovers(self) -> None:
        """End the parts of a supervisor that was killed; the start time makes sure they are those."""
        try:
            leftovers = json.loads(self._pids.read_text())
        except (FileNotFoundError, ValueError):
            return
        for pid, created in leftovers:
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                if abs(process.create_time() - created) < 1:
                    log.warning("leftover_ended", pid=pid)
                    process.kill()
                    process.wait(5)


def _only_one(data_dir: Path) -> TextIO:
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = (data_dir / "serve.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise SetupError(f"Orienta ya está corriendo con la carpeta de datos {data_dir.resolve()}.") from error
    return lock


def _need_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SetupError(
                f"El puerto {settings.port} de {settings.host} no está libre ({error.strerror}). "
                "Cierre el programa que lo usa o elija otro con ORIENTA_PORT."
            ) from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
