from pathlib import Path

import pytest

from core.errors import DataError
from core.text import fold
from search.rows import rows_from_files
from search.training.pairs import groups, questions_for_measuring
from search.vocabulary import read_vocabulary, unknown_keys


def test_the_registry_is_covered() -> None:
    rows, vocabulary = rows_from_files(), read_vocabulary()
    current = [standard.code for standard in rows.standards if standard.status == "current"]
    assert sum(len(vocabulary.trades.get(code, [])) >= 3 for code in current) >= 1_400


def test_every_name_leads_to_something_in_the_registry() -> None:
    rows, vocabulary = rows_from_files(), read_vocabulary()
    assert unknown_keys(vocabulary, [s.code for s in rows.standards], [p.id for p in rows.providers]) == []


def test_no_question_that_search_is_measured_with_is_trained_on() -> None:
    measured = questions_for_measuring()
    assert len(measured) > 900
    texts = {
        fold(text) for group in groups(rows_from_files(), read_vocabulary()) for text in (*group.said, *group.meant)
    }
    assert not texts & measured


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("EC0001: [no, soldador]", "EC0001: se esperaba una lista de textos"),
        ("EC0001: soldador", "EC0001: se esperaba una lista de textos"),
        ("EC0001: [soldador, Soldador]", "EC0001: repite un nombre"),
        ('EC0001: ["🙂"]', "está vacío"),
        ("- soldador", "se esperaba una tabla"),
        ("EC0001: [", "no es YAML válido"),
    ],
)
def test_a_bad_entry_is_named(tmp_path: Path, content: str, problem: str) -> None:
    (tmp_path / "oficios.yml").write_text(content)
    with pytest.raises(DataError, match=r"oficios\.yml") as raised:
        read_vocabulary(tmp_path)
    assert problem in str(raised.value)


def test_names_held_out_are_gone_everywhere() -> None:
    vocabulary = read_vocabulary()
    code = next(iter(vocabulary.trades))
    left = vocabulary.without([code])
    assert code not in left.trades
    names = {fold(name) for name in vocabulary.trades[code]}
    assert not names & {fold(name) for found in left.trades.values() for name in found}
