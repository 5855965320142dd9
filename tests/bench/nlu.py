"""How well Rasa tells what a person wants: its own cross-validation of intents and entities, five folds."""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bot.training import PYTHON
from core.paths import PROJECT_ROOT

_FOLDS = 5


def main() -> None:
    """Run ``rasa test nlu --cross-validation`` and print how sure it is of each intent and of entities."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                str(PYTHON), "-m", "rasa", "test", "nlu", "--cross-validation", "--folds", str(_FOLDS),
                "--nlu", "bot/data/nlu", "--config", "config.yml", "--out", folder, "--no-plot", "--quiet",
            ],
            cwd=PROJECT_ROOT, check=True, capture_output=True,
            env={
                **os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3",
                "PYTHONWARNINGS": "ignore",
                "PYTHONPATH": str(PROJECT_ROOT), "MPLBACKEND": "Agg",
            },
        )  # fmt: skip
        intents = _report(Path(folder) / "intent_report.json")
        entities = _report(Path(folder) / "RegexEntityExtractor_report.json")
    print(f"Rasa, validación cruzada de {_FOLDS} partes: intenciones {intents['accuracy']:.3f} de aciertos, ", end="")
    print(f"F1 media {intents['macro avg']['f1-score']:.3f} ({intents['macro avg']['support']} ejemplos)")
    for name, row in sorted(intents.items()):
        if isinstance(row, dict) and "confused_with" in row:
            taken = ", ".join(f"{other} {count}" for other, count in row["confused_with"].items())
            print(f"  {name:<18} precisión {row['precision']:.2f}  cobertura {row['recall']:.2f}  se toma por: {taken}")
    micro = entities.get("micro avg", {})
    print(f"Entidades (claves y estados): F1 {micro.get('f1-score', 0):.3f}", flush=True)
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_ROOT), "PYTHONWARNINGS": "ignore"}
    subprocess.run([str(PYTHON), "-m", "tests.bench.meanings"], cwd=PROJECT_ROOT, check=True, env=environment)


def _report(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
