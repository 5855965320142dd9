"""Jobs: procrastinate on the same PostgreSQL. A job is written in the transaction that needs it."""

import json
from typing import Any

from procrastinate import App, PsycopgConnector
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


def make_job_app(url: str) -> App:
    """The procrastinate application on the database ``url`` (libpq form)."""
    return App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=6))


_DEFER = (
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', :task, 0, :lock, NULL, "
    "CAST(:args AS jsonb), NULL)]::procrastinate_job_to_defer_v1[])"
)
_UNLESS_QUEUED = (
    " WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs WHERE lock = :lock AND status IN ('todo', 'doing'))"
)


async def defer(session: AsyncSession, task: str, *, lock: str, unless_queued: bool = False, **args: Any) -> None:
    """Queue ``task`` with ``args``, to run once the session's transaction commits.

    Jobs with the same ``lock`` run one at a time, in order; with ``unless_queued`` nothing is queued while
    one of them waits or runs. Calls the function that procrastinate's own ``defer`` calls, but inside our
    transaction: a message and its job are stored both or neither.
    """
    statement = _DEFER + (_UNLESS_QUEUED if unless_queued else "")
    await session.execute(text(statement), {"task": task, "lock": lock, "args": json.dumps(args)})
