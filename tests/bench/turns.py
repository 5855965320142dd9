"""Start-up, memory, and how long a turn takes beside bare Rasa's REST channel with the same model.

Figures are printed, never asserted: machines differ, so read the ratios.
"""

import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

from tests.serving import Citizen, Server, start_server

QUESTIONS = (
    "¿cuánto cuesta certificarse?",
    "soy soldador, en que me certifico",
    "quien certifica el ec0217.01",
    "que es el EC0301",
    "perdi mi certificado",
    "hola",
    "necesito estudios?",
    "gracias",
)
WARM_UP = 8
TURNS = 120


def main() -> None:
    """Run everything and print it."""
    with tempfile.TemporaryDirectory(prefix="orienta-", ignore_cleanup_errors=True) as folder:
        server = start_server(Path(folder) / "var", ORIENTA_MESSAGES_PER_MINUTE="100000", ORIENTA_LOG_LEVEL="WARNING")
        try:
            first = _ready(server)
            stopped = server.stop()
            again = start_server(server.data_dir, **_same(server))
            second = _ready(again)
            print(
                f"start-up, model trained: new data folder {first:.1f} s, again {second:.1f} s (ended with {stopped})"
            )
            _measure(again)
        finally:
            if server.process.poll() is None:
                server.stop()
            if "again" in locals() and again.process.poll() is None:
                again.stop()


def _same(server: Server) -> dict[str, str]:
    names = ("ORIENTA_MESSAGES_PER_MINUTE", "ORIENTA_LOG_LEVEL")
    return {name: server.environment[name] for name in names}


def _ready(server: Server) -> float:
    began = time.monotonic()
    server.wait_ready()
    return time.monotonic() - began


def _measure(server: Server) -> None:
    _memory(server, "idle")
    rasa_url = f"http://127.0.0.1:{_port(server.part('rasa'))}"
    print(f"{'a turn, in ms':34}{'p50':>8}{'p95':>8}{'max':>8}")
    for people in (1, 8):
        # In turns, so that a drift of the machine's speed hits both.
        ours, bare = [], []
        for _ in range(2):
            ours += _run(people, lambda: _ours(server.url))
            bare += _run(people, lambda: _bare(rasa_url))
        label = f"{people} {'person' if people == 1 else 'people'} at once"
        _print(f"Orienta, {label}", ours)
        _print(f"bare Rasa, {label}", bare)
        ratios = [_quantile(ours, q) / _quantile(bare, q) for q in (0.5, 0.95)]
        print(f"{'ratio':34}{ratios[0]:8.2f}{ratios[1]:8.2f}")
    _memory(server, f"after {2 * TURNS} turns of each")


def _run(people: int, make: Callable[[], Callable[[str], None]]) -> list[float]:
    """Milliseconds of each turn, ``people`` asking at the same time, TURNS / 2 in all."""
    took: list[float] = []

    def person(turns: int) -> None:
        ask = make()
        for number in range(WARM_UP + turns):
            question = QUESTIONS[number % len(QUESTIONS)]
            began = time.perf_counter()
            ask(question)
            if number >= WARM_UP:
                took.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=person, args=(max(1, TURNS // 2 // people),)) for _ in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return took


def _ours(url: str) -> Callable[[str], None]:
    """A person on the web chat: sends, and follows the events until the answer is there."""
    citizen = Citizen(url)
    request = citizen.http.build_request("GET", f"{citizen.path}/events", headers={"Last-Event-ID": "1"})
    lines = citizen.http.send(request, stream=True).iter_lines()

    def ask(question: str) -> None:
        citizen.post(text=question).raise_for_status()
        for line in lines:
            if line.startswith("data: ") and '"author":"assistant"' in line.replace('": "', '":"'):
                return

    return ask


def _bare(url: str) -> Callable[[str], None]:
    """A program on Rasa's own REST channel."""
    http = httpx.Client(base_url=url, trust_env=False, timeout=30)
    sender = str(uuid.uuid4())

    def ask(question: str) -> None:
        response = http.post("/webhooks/rest/webhook", json={"sender": sender, "message": question})
        response.raise_for_status()
        if not response.json():
            raise RuntimeError("Rasa answered nothing")

    return ask


def _print(label: str, took: list[float]) -> None:
    print(f"{label:34}{_quantile(took, 0.5):8.0f}{_quantile(took, 0.95):8.0f}{max(took):8.0f}")


def _quantile(took: list[float], share: float) -> float:
    return statistics.quantiles(took, n=100, method="inclusive")[round(share * 100) - 1]


def _port(process: psutil.Process) -> int:
    return next(c.laddr.port for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN)


def _memory(server: Server, when: str) -> None:
    sizes = {"supervisor": psutil.Process(server.process.pid).memory_info().rss}
    for name in ("web", "worker", "rasa"):
        sizes[name] = server.part(name).memory_info().rss
    parts = ", ".join(f"{name} {size / 2**20:.0f}" for name, size in sizes.items())
    print(f"memory in MB, {when}: {parts}; PostgreSQL {_postgres(server) / 2**20:.0f} (private pages)")


def _postgres(server: Server) -> int:
    """Its processes share most of their memory, so only what each has to itself is added up."""
    total = 0
    for process in psutil.process_iter(["name", "cmdline", "ppid"]):
        if process.info["name"] == "postgres":
            folder = str(server.data_dir)
            parent = psutil.Process(process.info["ppid"]) if process.info["ppid"] else None
            lines = [process.info["cmdline"], parent.cmdline() if parent else []]
            if any(folder in " ".join(line or []) for line in lines):
                total += process.memory_full_info().uss
    return total
