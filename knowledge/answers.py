"""The reviewed answers: one entry a question, in ``data/answers/<topic>.yml``."""

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from core.text import fold
from knowledge.models import Answer

# A phone's screen, and a breath on the telephone.
MAX_TEXT = 700
MAX_VOICE = 280
MAX_TITLE = 90
# WhatsApp's limit for a button's title and for the buttons of a message; they hold on every channel.
MAX_BUTTON = 20
MAX_FOLLOW_UPS = 3
# Measured: with one phrasing 47 questions in 100 are found, with eleven 95.
MIN_PHRASINGS = 11
# Follow-ups that start an act instead of showing an answer.
ACTS = ("find_standard", "find_provider", "person", "callback")

_FIELDS = {
    "id", "title", "button", "phrasings", "text", "voice", "sources", "fact_date", "review_by", "follow_ups",
}  # fmt: skip


class _LineLoader(yaml.SafeLoader):
    """Remembers the line where each entry begins."""


def _mapping(loader: _LineLoader, node: yaml.MappingNode) -> dict[str, Any]:
    keys = [key.value for key, _ in node.value]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise yaml.MarkedYAMLError(problem=f"campos repetidos: {twice}", problem_mark=node.start_mark)
    return {**_strings(loader.construct_mapping(node, deep=True)), "__line__": node.start_mark.line + 1}


def _strings(mapping: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in mapping.items()}


_LineLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _load_yaml(path: Path, problems: list[str]) -> Any:
    try:
        # A subclass of SafeLoader: it builds plain data only.
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LineLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(f"{path.name}, línea {line}: YAML mal formado ({error.problem})")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: no se puede leer ({error})")
    return None


def read_sources(folder: Path, problems: list[str]) -> dict[str, dict[str, Any]]:
    """Sources of ``sources.yml`` by key: ``{"title", "url", "as_of"}``, the date in ISO form."""
    path = folder / "sources.yml"
    content = _load_yaml(path, problems)
    sources: dict[str, dict[str, Any]] = {}
    for key, source in ((content or {}).get("sources") or {}).items():
        if key == "__line__":
            continue
        if not isinstance(source, dict) or not source.get("title") or not isinstance(source.get("as_of"), date):
            problems.append(f"{path.name}: la fuente {key} necesita título y fecha (as_of)")
            continue
        sources[key] = {"title": source["title"], "url": source.get("url"), "as_of": source["as_of"].isoformat()}
    return sources


def read_answers(folder: Path, problems: list[str]) -> dict[str, dict[str, Any]]:
    """Every answer by id; what does not hold is added to ``problems`` with its file and line."""
    sources = read_sources(folder, problems)
    answers: dict[str, dict[str, Any]] = {}
    places: dict[str, str] = {}
    files = sorted((folder / "answers").glob("*.yml"))
    if not files:
        problems.append(f"answers: no hay ningún archivo .yml en {folder / 'answers'}")
    for path in files:
        entries = _load_yaml(path, problems)
        if entries is None:
            continue
        if not isinstance(entries, list):
            problems.append(f"{path.name}, línea 1: se espera una lista de respuestas")
            continue
        for entry in entries:
            line = entry.get("__line__", 1) if isinstance(entry, dict) else 1
            place = f"{path.name}, línea {line}"
            faults = _faults(entry, sources) if isinstance(entry, dict) else ["no es una respuesta (clave: valor)"]
            if not faults and entry["id"] in answers:
                faults = [f"el identificador {entry['id']} ya está en {places[entry['id']]}"]
            if faults:
                problems.extend(f"{place}: {fault}" for fault in faults)
                continue
            places[entry["id"]] = place
            answers[entry["id"]] = _row(entry, path.stem, sources)
    _check_together(answers, places, problems)
    return answers


def _faults(entry: dict[str, Any], sources: dict[str, dict[str, Any]]) -> list[str]:
    given = set(entry) - {"__line__"}
    name = entry.get("id", "sin identificador")
    if given != _FIELDS:
        missing, unknown = sorted(_FIELDS - given), sorted(given - _FIELDS)
        return [f"«{name}»: " + "; ".join(
            part for part in (
                f"faltan {', '.join(missing)}" if missing else "",
                f"sobran {', '.join(unknown)}" if unknown else "",
            ) if part
        )]  # fmt: skip
    faults = []
    for field, longest in (
        ("id", 60), ("title", MAX_TITLE), ("button", MAX_BUTTON), ("text", MAX_TEXT), ("voice", MAX_VOICE),
    ):  # fmt: skip
        value = entry[field]
        if not isinstance(value, str) or not value.strip():
            faults.append(f"«{name}»: «{field}» está vacío o no es texto")
        elif len(value.strip()) > longest:
            faults.append(f"«{name}»: «{field}» tiene {len(value.strip())} caracteres; máximo {longest}")
    for field in ("phrasings", "sources", "follow_ups"):
        if not isinstance(entry[field], list) or not all(isinstance(item, str) for item in entry[field]):
            faults.append(f"«{name}»: «{field}» debe ser una lista de textos")
    if faults:
        return faults
    if len(entry["phrasings"]) < MIN_PHRASINGS:
        faults.append(f"«{name}»: tiene {len(entry['phrasings'])} formas de preguntarlo; mínimo {MIN_PHRASINGS}")
    if not entry["sources"]:
        faults.append(f"«{name}»: no cita ninguna fuente")
    faults += [f"«{name}»: la fuente {key} no está en sources.yml" for key in entry["sources"] if key not in sources]
    if len(entry["follow_ups"]) > MAX_FOLLOW_UPS:
        faults.append(f"«{name}»: tiene más de {MAX_FOLLOW_UPS} botones")
    for field in ("fact_date", "review_by"):
        if type(entry[field]) is not date:
            faults.append(f"«{name}»: «{field}» debe ser una fecha como 2026-10-09")
    return faults


def _row(entry: dict[str, Any], topic: str, sources: dict[str, dict[str, Any]]) -> dict[str, Any]:
    row = {key: value.strip() if isinstance(value, str) else value for key, value in entry.items()}
    del row["__line__"]
    return {**row, "topic": topic, "sources": [sources[key] for key in entry["sources"]]}


def _check_together(answers: dict[str, dict[str, Any]], places: dict[str, str], problems: list[str]) -> None:
    asked: dict[str, str] = {}
    labels: dict[str, str] = {}
    for key, answer in answers.items():
        for target in answer["follow_ups"]:
            if target not in answers and target not in ACTS:
                problems.append(f"{places[key]}: «{key}» ofrece «{target}», que no existe")
        if labels.setdefault(answer["button"], key) != key:
            problems.append(f"{places[key]}: el botón «{answer['button']}» ya es de «{labels[answer['button']]}»")
        for phrasing in answer["phrasings"]:
            if asked.setdefault(fold(phrasing), key) != key:
                problems.append(f"{places[key]}: «{phrasing}» ya es de «{asked[fold(phrasing)]}»")


def overdue(answers: dict[str, dict[str, Any]], today: date) -> list[str]:
    """Answers past their review date, each as a sentence."""
    return [
        f"{answer['topic']}.yml: «{key}» debía revisarse el {answer['review_by']}"
        for key, answer in sorted(answers.items())
        if answer["review_by"] < today
    ]


async def get_answer(session: AsyncSession, answer_id: str) -> Answer | None:
    """The answer with this id, or None."""
    return await session.get(Answer, answer_id)
