"""The worker: runs the jobs. As many as you like may run against one database."""

import asyncio
import signal
import uuid
from contextlib import suppress

from procrastinate import App
from procrastinate.exceptions import ProcrastinateException
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from bot.rasa import Rasa
from bot.turn import Turns
from conversations import store
from core.db import Database, plain_url
from core.jobs import defer, make_job_app
from core.log import get_logger
from core.settings import Settings

log = get_logger(__name__)
# A job waits this long at most for the one before it in its conversation.
_POLL_S = 0.25
_SWEEP_S = 5.0
# A worker that has not shown life for this long is dead, and its jobs go to another.
_HEARTBEAT_S = 3.0
_DEAD_AFTER_S = 12.0
_RASA_STARTS_S = 30.0


def register_tasks(jobs: App, turns: Turns) -> None:
    """Tell procrastinate what each job does."""

    @jobs.task(name=store.TAKE_TURNS)
    async def take_turns(conversation_id: str) -> None:
        await turns.take(uuid.UUID(conversation_id))


async def _sweep(db: Database, jobs: App) -> None:
    """Give back what a dead worker held, and queue again what waits without a job."""
    while True:
        try:
            for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_AFTER_S):
                await jobs.job_manager.retry_job(job)
                log.warning("job_recovered", job=job.id, task=job.task_name)
            async with db.begin() as session:
                for conversation_id in await store.stranded(session, store.STRANDED_AFTER):
                    key = str(conversation_id)
                    await defer(session, store.TAKE_TURNS, lock=key, unless_queued=True, conversation_id=key)
        except (SQLAlchemyError, ProcrastinateException, OSError):  # the database may be away for a while
            log.exception("sweep_failed")
        await asyncio.sleep(_SWEEP_S)


async def _rasa_up(rasa: Rasa) -> None:
    """Wait for Rasa, which starts at the same time: what was left from before a restart deserves an answer."""
    with suppress(TimeoutError):  # then people are told, as whenever Rasa is away
        async with asyncio.timeout(_RASA_STARTS_S):
            while not await rasa.ready():
                await asyncio.sleep(_POLL_S)


async def run_worker(settings: Settings, url: URL) -> None:
    """Work until told to stop (SIGTERM or SIGINT), then finish what is being answered."""
    db = Database(url)
    rasa = Rasa(settings.rasa_url, settings.turn_deadline_s)
    jobs = make_job_app(plain_url(url))
    register_tasks(jobs, Turns(db, rasa, settings))
    async with jobs.open_async():
        await _rasa_up(rasa)
        sweep = asyncio.create_task(_sweep(db, jobs))
        worker = asyncio.create_task(
            jobs.run_worker_async(
                concurrency=settings.turns_at_once,
                fetch_job_polling_interval=_POLL_S,
                update_heartbeat_interval=_HEARTBEAT_S,
                stalled_worker_timeout=_DEAD_AFTER_S,
                install_signal_handlers=False,
                shutdown_graceful_timeout=settings.turn_deadline_s + 2,
                delete_jobs="successful",
            )
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.cancel)
        log.info("worker_ready")
        with suppress(asyncio.CancelledError):
            await worker
        sweep.cancel()
    await rasa.close()
    await db.close()
