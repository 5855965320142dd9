import pytest

from core.text import fold
from knowledge.places import catalogue_states, find_state, state_in, state_names, without_state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Jalisco", "Jalisco"),
        ("Jal.", "Jalisco"),
        ("edomex", "Estado de México"),
        ("Edo. Mex.", "Estado de México"),
        ("cdmx", "Ciudad de México"),
        ("el D.F.", "Ciudad de México"),
        ("nuevo leon", "Nuevo León"),
        ("Michoacán de Ocampo", "Michoacán"),
        ("vivo en baja california sur", "Baja California Sur"),
        ("QUINTANA ROO", "Quintana Roo"),
        ("slp", "San Luis Potosí"),
        ("Narnia", None),
        ("", None),
    ],
)
def test_a_state_is_understood_in_any_spelling(text: str, state: str | None) -> None:
    assert find_state(text) == state


@pytest.mark.parametrize("text", ["quiero certificarme en México", "sin estudios", "son muchos", "ver más", "las col"])
def test_common_words_are_not_states(text: str) -> None:
    assert state_in(text) is None


def test_what_is_left_without_the_state() -> None:
    assert without_state("plomero en Puebla") == "plomero en"
    assert without_state("soldador") == "soldador"


def test_the_names_are_those_of_the_official_catalogue() -> None:
    assert {fold(name) for name in state_names()} == catalogue_states() - {"nacido en el extranjero"}
