"""Secrets the installation makes for itself, readable by its owner only."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from core.errors import SetupError


def kept_secret(data_dir: Path, name: str) -> str:
    """The secret ``name`` of this installation: made at the first call, then the same for every process.

    Raises:
        SetupError: the file is there but empty.
    """
    path = data_dir / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        # Written whole before it gets its name: no reader ever sees half a secret, and the first one wins.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        with suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    secret = path.read_text(encoding="ascii").strip()
    if not secret:
        raise SetupError(f"El archivo {path} está vacío. Bórrelo y vuelva a iniciar.")
    return secret
