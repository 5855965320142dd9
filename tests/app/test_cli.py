"""The commands, run as an operator runs them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.paths import PROJECT_ROOT


@pytest.fixture(scope="module")
def data_dir(workspace: Path) -> Path:
    return workspace / "cli"


def orienta(data_dir: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ORIENTA_DATA_DIR": str(data_dir), "ORIENTA_PORT": "1", **more}
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, check=False, timeout=90,
    )  # fmt: skip


def test_search_needs_no_server(data_dir: Path) -> None:
    done = orienta(data_dir, "search", "ec 217", "--json")
    assert done.returncode == 0, done.stderr
    assert [hit["id"] for hit in json.loads(done.stdout)["results"]] == ["EC0217.01", "EC0217"]
    done = orienta(data_dir, "search", "EC0217.01", "--kind", "provider", "--state", "edomex", "--limit", "2")
    assert len(done.stdout.splitlines()) == 2
    done = orienta(data_dir, "search", "xyzzyx")
    assert done.stdout.strip() == "Sin resultados."


def test_knowledge_status_load_and_check(data_dir: Path, tmp_path: Path) -> None:
    load = orienta(data_dir, "knowledge", "load")
    assert load.returncode == 0, load.stderr
    assert "0 nuevos" in load.stdout
    assert "2,239" in orienta(data_dir, "knowledge", "status").stdout
    assert "sin errores" in orienta(data_dir, "knowledge", "check").stdout

    folder = shutil.copytree(PROJECT_ROOT / "knowledge/data", tmp_path / "data")
    file = folder / "answers/precio.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("review_by: 2027", "review_by: 2020"), encoding="utf-8")
    late = orienta(data_dir, "knowledge", "check", "--from", str(folder))
    assert late.returncode == 1
    assert "precio.yml: «precio» debía revisarse el 2020" in late.stderr
    (folder / "courses.csv").write_text("course,standard,as_of\nX,EC9999,2026-01-01\n")
    bad = orienta(data_dir, "knowledge", "load", "--from", str(folder))
    assert bad.returncode == 1
    assert "courses.csv, línea 2: el estándar EC9999 no está" in bad.stderr
    assert "Traceback" not in bad.stderr


def test_without_a_server_ask_says_what_to_do(data_dir: Path) -> None:
    done = orienta(data_dir, "ask", "hola")
    assert done.returncode == 1
    assert "make run" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away_is_named(data_dir: Path) -> None:
    done = orienta(data_dir, "knowledge", "status", ORIENTA_DATABASE_URL="postgresql://nadie@127.0.0.1:1/nada")
    assert done.returncode == 1
    assert "ORIENTA_DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_open_requests(data_dir: Path) -> None:
    assert "No hay solicitudes abiertas." in orienta(data_dir, "tickets").stdout
    assert orienta(data_dir, "tickets", "--done", "OR-2026-99999").returncode == 1


def test_a_wrong_setting_is_one_sentence(data_dir: Path) -> None:
    done = orienta(data_dir, "knowledge", "status", ORIENTA_PORT="puerto")
    assert done.returncode == 1
    assert "ORIENTA_PORT" in done.stderr
    assert "Traceback" not in done.stderr
