import csv

import pytest

from core.paths import PROJECT_ROOT
from knowledge.places import Place, find_place, find_state, place_in, state_in, state_names, without_place


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


def test_what_is_left_without_the_place() -> None:
    assert without_place("plomero en Puebla") == "plomero"
    assert without_place("quién certifica plomeros en neza") == "quien certifica plomeros"
    assert without_place("soldador, Zapopan, Jal.") == "soldador"
    assert without_place("soldador") == "soldador"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("neza", Place("Estado de México", "Nezahualcóyotl")),
        ("Ecatepec", Place("Estado de México", "Ecatepec de Morelos")),
        ("Zapopan, Jal.", Place("Jalisco", "Zapopan")),
        ("vivo en cancun", Place("Quintana Roo", "Benito Juárez")),
        ("León, Gto", Place("Guanajuato", "León")),
        ("monterey", Place("Nuevo León", "Monterrey")),
        ("guadalajra", Place("Jalisco", "Guadalajara")),
        ("verakruz", Place("Veracruz")),
        ("cd juarez", Place("Chihuahua", "Juárez")),
        ("Miguel Hidalgo CDMX", Place("Ciudad de México", "Miguel Hidalgo")),
        ("soy de Ecatepec de Morelos", Place("Estado de México", "Ecatepec de Morelos")),
        ("Puerto Morelos", Place("Quintana Roo", "Puerto Morelos")),
        ("vivo en la calle Sonora en Guadalajara", Place("Jalisco", "Guadalajara")),
    ],
)
def test_a_town_leads_to_its_state_in_any_spelling(text: str, place: Place) -> None:
    assert find_place(text) == place


def test_a_city_at_the_end_needs_no_preposition() -> None:
    assert place_in("plomero monterrey") == Place("Nuevo León", "Monterrey")
    assert place_in("soy juan leon") is None
    assert find_state("Edo. de Méx.") == "Estado de México"


def test_a_name_that_large_towns_share_needs_its_state() -> None:
    assert find_place("Benito Juárez") is None
    assert find_place("Benito Juárez, Quintana Roo") == Place("Quintana Roo", "Benito Juárez")


@pytest.mark.parametrize(
    "text",
    [
        "trabajo en restaurante",
        "cursos en linea",
        "soldador en mi casa",
        "experiencia en seguridad",
        "centro",
        "certificarme en peluquería",
        "compostura de ropa",
        "en centro de monitoreo",
        "mandadero",
        "agua caliente",
    ],
)
def test_a_sentence_without_a_place_has_none(text: str) -> None:
    assert place_in(text) is None


def test_every_state_of_the_official_catalogue_has_a_short_name() -> None:
    with (PROJECT_ROOT / "knowledge/data/municipios.csv").open(encoding="utf-8") as handle:
        official = {row["estado"] for row in csv.DictReader(handle)}
    assert {find_state(name) for name in official - {"México"}} == set(state_names()) - {"Estado de México"}
