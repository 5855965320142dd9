"""A real `orienta serve` for the tests, and a person who chats with it."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import uuid
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

from bot.training import model_path, train
from core.paths import PROJECT_ROOT
from core.settings import Settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Server:
    url: str
    process: subprocess.Popen[str]
    data_dir: Path
    environment: dict[str, str]

    def part(self, name: str) -> psutil.Process:
        """The running part: rasa, web or worker."""
        words = {"rasa": "rasa run", "web": "app.cli web", "worker": "app.cli worker"}[name]
        for child in psutil.Process(self.process.pid).children():
            if words in " ".join(child.cmdline()):
                return child
        raise LookupError(f"{name} is not running")

    def wait_ready(self, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"serve ended with {self.process.returncode}:\n{self.output()}")
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2, trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise TimeoutError(f"not ready after {seconds} s:\n{self.output()}")

    def output(self) -> str:
        return (self.data_dir / "serve.log").read_text(encoding="utf-8", errors="replace")[-4000:]

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(40)


def start_server(data_dir: Path, through: str = "", **environment: str) -> Server:
    """Start `orienta serve` on a free port with the model trained already.

    ``through``: a shell command that reads its output instead of the log file.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    trained = train(Settings(data_dir=PROJECT_ROOT / "var"))
    model = model_path(Settings(data_dir=data_dir))
    if not model.exists():
        model.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(trained, model)
    port = free_port()
    full = {**os.environ, "ORIENTA_DATA_DIR": str(data_dir), "ORIENTA_PORT": str(port), **environment}
    command = [sys.executable, "-m", "app.cli", "serve"]
    with (data_dir / "serve.log").open("a") as log:
        if through:
            reader = subprocess.Popen(["sh", "-c", through], stdin=subprocess.PIPE)
            threading.Thread(target=reader.wait, daemon=True).start()
            process = subprocess.Popen(
                command, cwd=PROJECT_ROOT, env=full, stdout=reader.stdin, stderr=reader.stdin, text=True
            )
            assert reader.stdin is not None
            reader.stdin.close()
        else:
            process = subprocess.Popen(
                command, cwd=PROJECT_ROOT, env=full, stdout=log, stderr=subprocess.STDOUT, text=True
            )
    return Server(f"http://127.0.0.1:{port}", process, data_dir, full)


class Citizen:
    """Somebody who chats, through the calls of the contract."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=30)
        weakref.finalize(self, self.http.close)
        opened = self.http.post("/api/v1/conversations", json={})
        opened.raise_for_status()
        self.opened: dict[str, Any] = opened.json()
        self.path = f"/api/v1/conversations/{self.opened['id']}"
        self.http.headers["Authorization"] = f"Bearer {self.opened['token']}"

    def post(self, client_id: str | None = None, **body: Any) -> httpx.Response:
        return self.http.post(f"{self.path}/messages", json={"client_id": client_id or str(uuid.uuid4()), **body})

    def read(self, after: int = 0) -> dict[str, Any]:
        response = self.http.get(f"{self.path}/messages", params={"after": after})
        response.raise_for_status()
        return response.json()

    def wait(self, after: int, seconds: float = 20) -> list[dict[str, Any]]:
        """Messages after ``after`` once nothing is owed any more."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            page = self.read(after)
            if not page["pending"]:
                return page["messages"]
            time.sleep(0.05)
        raise TimeoutError("the answer is still pending")

    def say(self, text: str, seconds: float = 20) -> list[dict[str, Any]]:
        """Send a text; the answers to it."""
        sent = self.post(text=text)
        sent.raise_for_status()
        return self.wait(sent.json()["message"]["seq"], seconds)

    def press(self, payload: str) -> list[dict[str, Any]]:
        """Press a button; the answers to it."""
        sent = self.post(payload=payload)
        sent.raise_for_status()
        return self.wait(sent.json()["message"]["seq"])
