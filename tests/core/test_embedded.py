"""The embedded server ends with its last living user, quietly."""

import subprocess
import sys
import tempfile
from pathlib import Path

import psutil

_START = """
import os, signal, sys
from pathlib import Path
from core.embedded import embedded_database_url
embedded_database_url(Path(sys.argv[1]))
if sys.argv[2] == "killed":
    os.kill(os.getpid(), signal.SIGKILL)
"""


def _use(folder: Path, end: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _START, str(folder), end]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def _servers(folder: Path) -> list[int]:
    found = psutil.process_iter(["name", "cmdline"])
    return [p.pid for p in found if p.info["name"] == "postgres" and str(folder) in " ".join(p.info["cmdline"] or [])]


def test_a_killed_user_does_not_keep_the_server_running() -> None:
    with tempfile.TemporaryDirectory(prefix="orienta-") as name:
        folder = Path(name)
        assert _use(folder, "killed").returncode == -9
        assert _servers(folder)
        last = _use(folder, "in order")
        assert (last.returncode, last.stderr) == (0, "")
        assert not _servers(folder)
