"""Rasa as a program: training it once for each content, and the command that runs it."""

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

from core.errors import SetupError
from core.paths import PROJECT_ROOT
from core.settings import Settings

PYTHON = PROJECT_ROOT / ".venv-rasa/bin/python"
DEFAULT_PORT = 5005
_CONTENT = (
    "config.yml", "bot/domain", "bot/data", "bot/requirements.txt", "bot/nlu", "bot/examples.py",
    "knowledge/data/answers", "search/vocabulary", "search/model/manifest.json", "search/codes.py",
    "search/encoder.py", "core/text.py",
)  # fmt: skip
_TEXTS = (".yml", ".py", ".tsv")
_QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    # Rasa imports bot/nlu by its name.
    "PYTHONPATH": str(PROJECT_ROOT),
}


def content_digest() -> str:
    """Digest of everything the model is made from."""
    digest = hashlib.sha256()
    for part in _CONTENT:
        path = PROJECT_ROOT / part
        for file in sorted(f for f in path.rglob("*.*") if f.suffix in _TEXTS) if path.is_dir() else [path]:
            digest.update(f"{file.relative_to(PROJECT_ROOT)}\0".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def model_path(settings: Settings) -> Path:
    """Where the model of the present content is, or will be."""
    return (settings.data_dir / "models" / f"{content_digest()}.tar.gz").resolve()


def train(settings: Settings) -> Path:
    """Train unless the model of this content is there; the file appears only when it is whole.

    Raises:
        SetupError: Rasa's Python is missing or the training failed.
    """
    model = model_path(settings)
    if model.exists():
        return model
    _need_rasa()
    model.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=model.parent, prefix="training-") as folder:
        command = [
            str(PYTHON), "-m", "rasa", "train", "--config", "config.yml", "--domain", "bot/domain",
            "--data", "bot/data", "--out", folder, "--fixed-model-name", "model", "--quiet",
        ]  # fmt: skip
        environment = {**_without_secrets(), **_QUIET, "RASA_CACHE_DIRECTORY": f"{folder}/cache"}
        done = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False)
        made = Path(folder) / "model.tar.gz"
        if done.returncode or not made.exists():
            raise SetupError(f"No se pudo entrenar Rasa:\n{(done.stdout + done.stderr)[-3000:]}")
        made.replace(model)
    # The one before stays: a server that is running still starts Rasa with it.
    for old in sorted(model.parent.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)[:-2]:
        old.unlink()
    return model


def rasa_command(model: Path, port: int) -> list[str]:
    """The command that serves the model on 127.0.0.1 only."""
    _need_rasa()
    return [
        str(PYTHON), "-m", "rasa", "run", "--model", str(model), "--endpoints", "bot/endpoints.yml",
        "--credentials", "bot/credentials.yml", "--interface", "127.0.0.1", "--port", str(port), "--quiet",
    ]  # fmt: skip


def rasa_environment(settings: Settings, tracker_url: str, actions_token: str) -> dict[str, str]:
    """What ``bot/endpoints.yml`` reads."""
    return {
        **_without_secrets(),
        **_QUIET,
        "ORIENTA_RASA_TRACKER_URL": tracker_url,
        "ORIENTA_RASA_ACTIONS_URL": settings.actions_url or f"{settings.local_url}/bot/actions",
        "ORIENTA_RASA_ACTIONS_AUTHORIZATION": f"Bearer {actions_token}",
    }


def _without_secrets() -> dict[str, str]:
    """Our settings hold passwords; Rasa's old stack gets only what it needs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ORIENTA_")}


def _need_rasa() -> None:
    if not PYTHON.exists():
        raise SetupError("Falta el entorno de Rasa (.venv-rasa). Ejecute «make setup» en la carpeta del proyecto.")
