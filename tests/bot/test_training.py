"""Rasa as a program: its files are clean, and training happens once for each content."""

import os
import subprocess
from pathlib import Path

import pytest

from bot import training
from core.errors import SetupError
from core.paths import PROJECT_ROOT
from core.settings import Settings


def _rasa(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.e2e
def test_rasa_itself_finds_nothing_wrong_with_the_files() -> None:
    done = subprocess.run(
        [
            str(training.PYTHON), "-m", "rasa", "data", "validate", "--fail-on-warnings",
            "--config", "config.yml", "--domain", "bot/domain", "--data", "bot/data",
        ],
        cwd=PROJECT_ROOT, env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-3000:]
    assert "No story structure conflicts found." in output
    ours = [line for line in output.splitlines() if "UserWarning" in line and "not used in any story" in line]
    assert ours == []


def test_a_content_is_trained_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = tmp_path / "trainings"
    script = f'echo x >> {counter}; while [ "$1" != --out ]; do shift; done; echo model > "$2/model.tar.gz"'
    monkeypatch.setattr(training, "PYTHON", _rasa(tmp_path / "python", script))
    settings = Settings(data_dir=tmp_path / "var")
    model = training.train(settings)
    assert model.read_text() == "model\n"
    assert training.train(settings) == model
    assert counter.read_text() == "x\n"

    monkeypatch.setattr(training, "content_digest", lambda: "otro")
    other = training.train(settings)
    assert other != model
    assert sorted(path.name for path in model.parent.iterdir()) == sorted([model.name, "otro.tar.gz"])
    monkeypatch.setattr(training, "content_digest", lambda: "tercero")
    training.train(settings)
    assert sorted(path.name for path in model.parent.iterdir()) == ["otro.tar.gz", "tercero.tar.gz"]


def test_rasa_sees_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORIENTA_DATABASE_URL", "postgresql://u:secreto@h/b")
    environment = training.rasa_environment(Settings(database_url=""), "postgresql://tracker", "clave")
    assert "secreto" not in " ".join(environment.values())
    assert environment["ORIENTA_RASA_TRACKER_URL"] == "postgresql://tracker"


def test_a_failed_training_says_why_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "PYTHON", _rasa(tmp_path / "python", "echo 'YAML roto' >&2; exit 1"))
    settings = Settings(data_dir=tmp_path / "var")
    with pytest.raises(SetupError, match="YAML roto"):
        training.train(settings)
    assert list((tmp_path / "var/models").iterdir()) == []


def test_without_rasas_python_the_operator_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "PYTHON", tmp_path / "nothing")
    with pytest.raises(SetupError, match="make setup"):
        training.train(Settings(data_dir=tmp_path))


def test_any_change_of_content_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = (
        "config.yml", "bot/requirements.txt", "bot/domain/d.yml", "bot/data/nlu/n.yml", "bot/nlu/c.py",
        "search/model/manifest.json", "bot/examples.py", "bot/data/conversation.tsv", "knowledge/data/answers/a.yml",
        "search/vocabulary/v.yml", "search/codes.py", "search/encoder.py", "core/text.py",
    )  # fmt: skip
    for part in parts:
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / part).write_text("a")
    monkeypatch.setattr(training, "PROJECT_ROOT", tmp_path)
    seen = {training.content_digest()}
    for part in parts:
        (tmp_path / part).write_text("b")
        seen.add(training.content_digest())
    assert len(seen) == len(parts) + 1


def test_rasa_is_told_to_listen_on_the_loopback_interface_only(tmp_path: Path) -> None:
    command = training.rasa_command(tmp_path / "model.tar.gz", 5005)
    assert command[command.index("--interface") + 1] == "127.0.0.1"
    assert "--enable-api" not in command
