"""What single standards say of themselves, where the registry's list says nothing: how long a certificate is valid…"""

from functools import lru_cache
from typing import Any

import yaml

from core.clock import spoken_date
from core.paths import PROJECT_ROOT

FILE = PROJECT_ROOT / "knowledge/data/standard_facts.yml"
# Answers that depend on the standard: said «sobre EC0217.01» when one is spoken of.
OF_STANDARDS = frozenset(
    "a_distancia como_es_la_evaluacion documentos_adicionales duracion_evaluacion precio requisitos tiempo_certificado "
    "vigencia".split()
)


def told_of(code: str, answer_id: str) -> str:
    """What this standard itself says on the answer's matter, as a line with its end; empty when nothing is known."""
    fact = _facts().get(code, {}).get(answer_id)
    return f"{fact['text']} (Del texto del estándar, consultado el {spoken_date(fact['as_of'])}.)\n" if fact else ""


@lru_cache
def _facts() -> dict[str, dict[str, dict[str, Any]]]:
    facts: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return facts
