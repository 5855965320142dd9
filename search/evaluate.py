"""Measuring search against a labelled file: what ``orienta eval search`` prints.

A file has a header and tab-separated columns ``query``, ``kind`` (any word: figures are given by it) and
``accept``: ids, parted by spaces, any of which is right; none where nothing here answers.
"""

import csv
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.errors import DataError
from search.find import FLOOR, find
from search.index import Index

_DEPTH = 10
_THRESHOLDS = (0.1, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Case:
    """One query and the ids that are right; none when it should be refused."""

    query: str
    kind: str
    accept: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """What a search gave for a case: ids found among the kind that is right, best first, and among all kinds."""

    case: Case
    found: tuple[str, ...]
    mixed: tuple[str, ...]
    sure: float
    took_ms: float

    @property
    def right(self) -> list[bool]:
        """Whether each id found is acceptable."""
        return [key in self.case.accept for key in self.found]


@dataclass(frozen=True)
class Figures:
    """Means over queries: success at 1 and 5, reciprocal rank, nDCG at 10, first of all kinds, refused."""

    count: int
    at_1: float
    at_5: float
    mrr: float
    ndcg: float
    mixed_at_1: float
    refused: float


def read_cases(path: Path, index: Index) -> list[Case]:
    """Read a labelled file.

    Raises:
        DataError: names each line that does not hold: columns missing, or an id that is nowhere.
    """
    problems, cases = [], []
    ids = {key for found in index.items.values() for key in found}
    with path.open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = {"query", "kind", "accept"} - set(rows.fieldnames or ())
        if missing:
            raise DataError([f"{path.name}: faltan las columnas {', '.join(sorted(missing))}"])
        for number, row in enumerate(rows, 2):
            accept = tuple((row["accept"] or "").split())
            lost = [key for key in accept if key not in ids]
            if lost or not row["query"] or not row["kind"]:
                problems.append(f"{path.name}, línea {number}: {', '.join(lost) or 'falta la consulta o su clase'}")
            cases.append(Case(row["query"], row["kind"], accept))
    if problems or not cases:
        raise DataError(problems or [f"{path.name}: no tiene ninguna consulta"])
    return cases


def run(index: Index, cases: Sequence[Case]) -> list[Result]:
    """Ask every case: of the kind its ids belong to, and of all kinds."""
    return [_ask(index, case) for case in cases]


def _ask(index: Index, case: Case) -> Result:
    began = time.perf_counter()
    mixed = find(index, case.query, limit=_DEPTH)
    took = (time.perf_counter() - began) * 1000
    kinds = {kind for kind, found in index.items.items() for key in case.accept if key in found}
    found = find(index, case.query, kind=kinds.pop(), limit=_DEPTH) if len(kinds) == 1 else mixed
    return Result(
        case, tuple(hit.item.id for hit in found.hits), tuple(hit.item.id for hit in mixed.hits), mixed.score, took
    )


def figures(results: Sequence[Result]) -> Figures:
    """Means over results; for queries that should be refused only ``refused`` means something."""
    right = [result.right for result in results]
    return Figures(
        count=len(results),
        at_1=_mean(found[:1] == [True] for found in right),
        at_5=_mean(any(found[:5]) for found in right),
        mrr=_mean(next((1 / place for place, good in enumerate(found, 1) if good), 0.0) for found in right),
        ndcg=_mean(_ndcg(result) for result in results),
        mixed_at_1=_mean(bool(r.mixed) and r.mixed[0] in r.case.accept for r in results),
        refused=_mean(not result.mixed for result in results),
    )


def by_kind(results: Sequence[Result]) -> dict[str, Figures]:
    """Figures for each kind of query."""
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[result.case.kind].append(result)
    return {kind: figures(found) for kind, found in sorted(groups.items())}


def curve(results: Sequence[Result]) -> Iterator[tuple[float, float, float, float]]:
    """By threshold: share of unanswerable queries refused, of answerable ones refused, and of what is shown right."""
    for threshold in _THRESHOLDS:
        shown = [r for r in results if r.sure >= threshold]
        yield (
            threshold,
            _mean(r.sure < threshold for r in results if not r.case.accept),
            _mean(r.sure < threshold for r in results if r.case.accept),
            _mean(bool(r.mixed) and r.mixed[0] in r.case.accept for r in shown),
        )


def report(results: Sequence[Result]) -> Iterator[str]:
    """The figures as lines of text, with every miss."""
    answerable = [result for result in results if result.case.accept]
    yield f"{'clase':14}{'n':>5}{'éxito@1':>9}{'éxito@5':>9}{'MRR':>7}{'nDCG@10':>9}{'1.º mixto':>11}{'rechazo':>9}"
    for kind, group in by_kind(answerable).items():
        yield _line(kind, group)
    if answerable:
        yield _line("con respuesta", figures(answerable))
    for kind, group in by_kind([result for result in results if not result.case.accept]).items():
        yield f"{kind:14}{group.count:5}{'':45}{group.refused:9.3f}"
    yield ""
    yield f"umbral (en uso {FLOOR})   rechaza lo ajeno   rechaza lo nuestro   acierta el primero"
    for threshold, outside, ours, right in curve(results):
        yield f"{threshold:22.2f}{outside:19.3f}{ours:21.3f}{right:21.3f}"
    took = [result.took_ms for result in results]
    yield ""
    yield f"búsqueda en todo: p50 {np.percentile(took, 50):.1f} ms, p95 {np.percentile(took, 95):.1f} ms"
    yield ""
    yield "fallos (ninguno aceptable entre los cinco primeros, o no rechazado):"
    for result in results:
        case = result.case
        if case.accept and not any(result.right[:5]):
            given = " ".join(result.found[:3]) or "nada"
            yield f"  {case.kind}: «{case.query}» → {given}; se esperaba {' '.join(case.accept)}"
        elif not case.accept and result.mixed:
            yield f"  {case.kind}: «{case.query}» → {result.mixed[0]} ({result.sure:.2f}); se esperaba nada"


def _line(kind: str, group: Figures) -> str:
    values = (group.at_1, group.at_5, group.mrr, group.ndcg, group.mixed_at_1, group.refused)
    widths = (9, 9, 7, 9, 11, 9)
    return f"{kind:14}{group.count:5}" + "".join(f"{v:{w}.3f}" for v, w in zip(values, widths, strict=True))


def _ndcg(result: Result) -> float:
    """Normalised discounted cumulative gain at 10 with gains of 0 and 1 (Järvelin and Kekäläinen 2002)."""
    gain = sum(1 / np.log2(place + 1) for place, good in enumerate(result.right[:_DEPTH], 1) if good)
    ideal = sum(1 / np.log2(place + 1) for place in range(1, min(_DEPTH, len(result.case.accept)) + 1))
    return float(gain / ideal) if ideal else 0.0


def _mean(values: Iterable[float]) -> float:
    kept = [float(value) for value in values]
    return float(np.mean(kept)) if kept else 0.0
