import pytest

from search.find import find
from search.index import Index


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("kosinero", "cocinero"),
        ("enfermerra", "enfermera"),
        ("electrisista residensial", "electricista residencial"),
        ("sertificasion", "certificacion"),
    ],
)
def test_mistyped_words_are_mended(index: Index, typed: str, read: str) -> None:
    assert index.speller.correct(typed) == read


@pytest.mark.parametrize(
    "text",
    ["beekeeping", "concrete finishing", "haircuts", "escolta", "hacerlo", "tornos", "xyzzyx"],
)
def test_rare_words_are_left_as_they_are(index: Index, text: str) -> None:
    assert index.speller.correct(text) == text


def test_how_a_query_was_read_is_told(index: Index) -> None:
    found = find(index, "kiero sertificarme de soldadorr", kind="standard")
    assert found.corrected is not None
    assert "soldador" in found.corrected
    assert find(index, "soldador", kind="standard").corrected is None
