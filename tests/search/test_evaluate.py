"""The figures that search must not fall below, on questions written before anybody saw a result."""

import json
from pathlib import Path

import pytest

from core.errors import DataError
from core.paths import PROJECT_ROOT
from search.encoder import MODEL
from search.evaluate import Case, Result, by_kind, curve, figures, read_cases, report, run
from search.index import Index

QUESTIONS = PROJECT_ROOT / "tests/eval/search.tsv"
# What the last change may cost before it counts as a drop.
SLACK = 0.01


@pytest.fixture(scope="module")
def results(index: Index) -> list[Result]:
    return run(index, read_cases(QUESTIONS, index))


def test_the_questions_are_enough_and_of_every_kind(results: list[Result]) -> None:
    counts = {kind: found.count for kind, found in by_kind(results).items()}
    assert sum(counts.values()) >= 400
    assert counts["english"] >= 80
    assert counts["misspelt"] >= 80
    assert counts["outside"] >= 60


def test_no_figure_drops(results: list[Result]) -> None:
    """Held against the figures measured when the encoder was trained, which the manifest keeps."""
    kept = json.loads((MODEL / "manifest.json").read_text())["figures"]["search.tsv"]
    found = by_kind(results)
    assert set(kept) == set(found)
    for kind, figure in kept.items():
        for name, value in figure.items():
            assert getattr(found[kind], name) >= value - SLACK, (kind, name)


def test_the_aims_are_met(results: list[Result]) -> None:
    trades = figures([result for result in results if result.case.kind in ("trade", "english", "misspelt")])
    assert trades.at_5 >= 0.95
    assert trades.at_1 >= 0.80
    found = by_kind(results)
    assert found["question"].at_1 >= 0.90
    assert found["outside"].refused >= 0.85
    assert figures([result for result in results if result.case.accept]).refused <= 0.05


def _result(found: tuple[str, ...], accept: tuple[str, ...], sure: float = 0.9) -> Result:
    return Result(Case("x", "trade", accept), found, found, sure if found else 0.0, 1.0)


def test_figures_are_what_their_names_say() -> None:
    found = figures([_result(("a", "b"), ("b",)), _result(("a",), ("a", "c")), _result((), ("a",))])
    assert (found.count, found.at_1, found.at_5) == (3, pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert found.mrr == pytest.approx((0.5 + 1 + 0) / 3)
    # 1/log2(3) of an ideal 1; 1 of an ideal 1 + 1/log2(3); nothing.
    assert found.ndcg == pytest.approx((0.6309 + 1 / 1.6309) / 3, abs=1e-3)
    assert found.refused == pytest.approx(1 / 3)


def test_the_curve_counts_refusals_on_both_sides() -> None:
    rows = {row[0]: row[1:] for row in curve([_result(("a",), (), 0.4), _result(("b",), ("b",), 0.6)])}
    assert rows[0.3] == (0, 0, 0.5)
    assert rows[0.5] == (1, 0, 1)
    assert rows[0.7] == (1, 1, 0)


def test_the_report_lists_every_miss(index: Index, tmp_path: Path) -> None:
    file = tmp_path / "q.tsv"
    file.write_text("query\tkind\taccept\nsoldador\ttrade\tEC0076\nmi pasaporte\toutside\t\nplomero\toutside\t\n")
    text = "\n".join(report(run(index, read_cases(file, index))))
    assert "trade: «soldador» → EC" in text
    assert "outside: «plomero» → EC" in text
    assert "«mi pasaporte»" not in text


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("query\tkind\nx\ty\n", "faltan las columnas accept"),
        ("query\tkind\taccept\nx\ty\tEC9999\n", "línea 2: EC9999"),
        ("query\tkind\taccept\n\ty\t\n", "línea 2: falta la consulta"),
        ("query\tkind\taccept\n", "no tiene ninguna consulta"),
        ("", "faltan las columnas"),
    ],
)
def test_a_bad_file_is_named_by_line(index: Index, tmp_path: Path, content: str, problem: str) -> None:
    file = tmp_path / "q.tsv"
    file.write_text(content)
    with pytest.raises(DataError, match=problem):
        read_cases(file, index)
