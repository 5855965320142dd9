"""Finding Pythons: a candidate counts only if it really runs."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from core.paths import PROJECT_ROOT
from core.settings import Settings

_spec = importlib.util.spec_from_file_location("orienta_setup", PROJECT_ROOT / "scripts/setup.py")
assert _spec is not None
assert _spec.loader is not None
setup = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(setup)

THIS = "{}.{}".format(*sys.version_info[:2])


def _script(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def test_a_python_that_runs_counts() -> None:
    assert setup.really_runs(sys.executable, (THIS,))
    assert not setup.really_runs(sys.executable, ("3.7",))


@pytest.mark.parametrize(
    "text",
    [
        "#!/bin/sh\necho 'pyenv: python3.10: command not found' >&2\nexit 127\n",  # a shim without its version
        "#!/bin/sh\necho 3.10\nexit 1\n",
        "#!/no/such/interpreter\n",
        "",
    ],
)
def test_a_shim_that_fails_does_not(tmp_path: Path, text: str) -> None:
    assert not setup.really_runs(_script(tmp_path / "python3.10", text), ("3.10",))


def test_a_broken_shim_on_the_path_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _script(tmp_path / f"python{THIS}", "#!/bin/sh\nexit 127\n")
    pyenv = tmp_path / f"pyenv/versions/{THIS}.9/bin"
    pyenv.mkdir(parents=True)
    (pyenv / "python").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.setattr(setup.sys, "executable", str(tmp_path / "nothing"))
    assert setup.find_python((THIS,)) == str(pyenv / "python")


def test_an_interrupted_set_up_is_taken_up_again(tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin/python").symlink_to(sys.executable)
    assert not setup.stamped(environment, "abc")
    (environment / ".orienta-stamp").write_text("abc")
    assert setup.stamped(environment, "abc")
    (environment / "bin/python").unlink()
    (environment / "bin/python").symlink_to("/no/such/python")
    assert not setup.stamped(environment, "abc")
    (environment / "bin/python").unlink()
    (environment / "bin/python").symlink_to(sys.executable)
    assert not setup.stamped(environment, "another lock")


def test_locks_pin_everything_with_hashes_and_name_no_index() -> None:
    for lock in (*setup.LOCKS.values(), "bot/requirements.txt"):
        text = (PROJECT_ROOT / lock).read_text()
        assert text.count("--hash=sha256:") > 50
        assert "index-url" not in text
        assert "find-links" not in text


def test_torch_is_one_version_everywhere() -> None:
    for file in ("pyproject.toml", "requirements.override.txt", "requirements-models.txt", "requirements-dev.txt"):
        assert setup.TORCH in (PROJECT_ROOT / file).read_text(), file


def test_settings_are_documented() -> None:
    page = (PROJECT_ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"`ORIENTA_{name.upper()}`" in page, name
        assert field.description


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORIENTA_PORT", "8123")
    monkeypatch.setenv("ORIENTA_DATABASE_URL", "")
    settings = Settings()
    assert settings.base_url == "http://127.0.0.1:8123"
    assert settings.database_url == ""
    assert os.environ["ORIENTA_PORT"] == "8123"


def test_a_copied_folder_is_set_up_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    here = setup.digest("pyproject.toml")
    (tmp_path / "pyproject.toml").write_bytes((PROJECT_ROOT / "pyproject.toml").read_bytes())
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    assert setup.digest("pyproject.toml") != here
