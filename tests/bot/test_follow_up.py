"""Messages that point at what was shown, and those that only look as if they did."""

import pytest

from bot.actions.follow_up import Reference, read_reference
from bot.actions.memory import Memory
from tests.bot.rasas_part import heard

LISTED = Memory(act="find_standard", kind="standard", ids=("EC1", "EC2", "EC3", "EC4"), seen=3, trade="plomero")
ANSWERED = Memory(act="ask", kind="answer", ids=("precio",), seen=1)
CARD = Memory(act="show_standard", code="EC0301")


def read(text: str, memory: Memory) -> Reference | None:
    return read_reference(heard(text, memory=memory))


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("el primero", "EC1"),
        ("la 2", "EC2"),
        ("2", "EC2"),
        ("el 2do porfa", "EC2"),
        ("me interesa el segundo", "EC2"),
        ("quiero más información del tercero", "EC3"),
        ("creo que el último", "EC3"),  # of those shown, not of those found
        ("la segunda opción por favor", "EC2"),
        ("the second one please", "EC2"),
        ("¿de qué es el tercero?", "EC3"),
    ],
)
def test_one_of_those_shown_is_picked(text: str, item: str) -> None:
    reference = read(text, LISTED)
    assert reference is not None
    assert (reference.how, reference.item) == ("pick", item)


def test_what_is_said_beside_the_choice_is_kept() -> None:
    assert read("¿quién certifica el segundo?", LISTED) == Reference("pick", "EC2", "quien certifica")


@pytest.mark.parametrize(
    "text",
    [
        "el cuarto",  # found, but not shown yet
        "el sexto",
        "es mi segundo intento",
        "tengo dos hijos",
        "trabajo en el primer turno",
        "llevo cinco años de albañil",
        "del uno al diez, ¿qué nivel tiene?",
        "¿cuánto cuesta?",
        "soy electricista",
        "",
    ],
)
def test_a_number_alone_makes_no_choice(text: str) -> None:
    assert read(text, LISTED) is None


def test_without_anything_shown_there_is_nothing_to_point_at() -> None:
    for text in ("el segundo", "otro", "más opciones", "¿de dónde sale eso?", "en Jalisco"):
        assert read(text, Memory()) is None, text


@pytest.mark.parametrize(
    "text",
    ["otro", "otra opción", "más opciones", "¿hay más?", "muéstreme otros", "ninguno, a ver otro", "no, mejor otro"],
)
def test_more_of_what_was_shown(text: str) -> None:
    assert read(text, LISTED) == Reference("more")


@pytest.mark.parametrize("text", ["otro día vengo", "tengo otra duda sobre el pago", "más o menos cuánto cuesta"])
def test_other_is_not_always_another_of_the_list(text: str) -> None:
    assert read(text, LISTED) is None


@pytest.mark.parametrize("text", ["¿y en Jalisco?", "en jalisco", "vivo en Guadalajara", "aquí en Tijuana quién hay?"])
@pytest.mark.parametrize("memory", [CARD, LISTED, Memory(trade="soldador")])
def test_a_place_alone_goes_on_with_what_was_spoken_of(text: str, memory: Memory) -> None:
    assert read(text, memory) == Reference("place")


def test_a_place_at_the_end_of_a_sentence_is_a_place_only_after_a_standard() -> None:
    text = "bueno ni modo, ¿y en Veracruz dónde lo hago?"
    assert read(text, CARD) == Reference("place")
    assert read(text, Memory(act="ask", kind="answer", ids=("precio",), seen=1, code="EC0301")) is None


def test_a_trade_with_its_place_stands_for_itself() -> None:
    assert read("soy electricista en Puebla", CARD) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("quise decir carpintero de muebles", "carpintero de muebles"),
        ("no, me refiero al maestro albañil", "maestro albañil"),
        ("i meant roof repair", "roof repair"),
    ],
)
def test_a_correction_says_what_was_meant(text: str, rest: str) -> None:
    assert read(text, LISTED) == Reference("correction", rest=rest)


@pytest.mark.parametrize("text", ["no, quise decir soldador", "mejor dicho soldador"])
def test_a_correction_may_be_one_word(text: str) -> None:
    assert read(text, LISTED) == Reference("correction", rest="soldador")


def test_the_source_is_asked_for_after_an_answer_only() -> None:
    for text in ("¿de dónde sale eso?", "¿cuál es la fuente?", "¿eso es ley?", "oiga ¿y de dónde dice eso?"):
        assert read(text, ANSWERED) == Reference("source"), text
        assert read(text, CARD) is None, text
