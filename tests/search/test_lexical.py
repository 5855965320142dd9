import numpy as np
import pytest

from search.lexical import Lexical, stem
from search.text import provider_name, sounds, trade


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("kosinero", "cocinero"),
        ("sertificarme", "certificarme"),
        ("biejitos", "viejitos"),
        ("yantas", "llantas"),
        ("aser", "hacer"),
        ("conpras", "compras"),
        ("jerente", "gerente"),
        ("estranjero", "extranjero"),
        ("sicologo", "psicologo"),
        ("caro", "carro"),
        ("kiero", "quiero"),
    ],
)
def test_what_sounds_alike_in_mexico_is_one(typed: str, meant: str) -> None:
    assert sounds(typed) == sounds(meant)


@pytest.mark.parametrize(
    ("one", "other"), [("ninera", "minera"), ("chofer", "cofer"), ("pollo", "polo"), ("gas", "jas")]
)
def test_what_sounds_unlike_is_not(one: str, other: str) -> None:
    assert sounds(one) != sounds(other)


def test_typing_faults_cost_little() -> None:
    lexical = Lexical.of(["soldador", "plomero", "electricista"])
    for typed, meant in (("soldadro", 0), ("plomeroo", 1), ("electrisista", 2)):
        assert lexical.characters(typed).argmax() == meant
    assert lexical.characters("zzz").max() == 0


def test_the_same_text_is_wholly_alike() -> None:
    lexical = Lexical.of(["soldador de placas", "plomero", "soldador"])
    assert lexical.characters("soldador de placas")[0] == pytest.approx(1, abs=1e-5)


def test_words_count_by_how_rare_they_are() -> None:
    lexical = Lexical.of(["operador de grua", "operador de torno", "operador de radio"])
    assert lexical.bm25("operador de grua").argmax() == 0
    rare, _ = lexical.rarity(["grua"])
    common, _ = lexical.rarity(["operador"])
    unknown, known = lexical.rarity(["zafiro"])
    assert unknown[0] > rare[0] > common[0]
    assert not known[0]


def test_inflected_words_share_a_stem() -> None:
    assert stem("soldadores") == stem("soldador")
    assert stem("certificados") == stem("sertificado")


def test_it_is_the_same_after_being_saved() -> None:
    lexical = Lexical.of(["soldador de placas", "plomero"])
    again = Lexical.from_arrays(2, lexical.arrays())
    for query in ("soldador", "plomeria"):
        assert np.array_equal(lexical.characters(query), again.characters(query))
        assert np.array_equal(lexical.bm25(query), again.bm25(query))


def test_a_trade_is_what_is_left_without_the_words_around_it() -> None:
    assert trade("hola, quiero certificarme de plomero") == "plomero"
    assert trade("I worked in roofing for 8 years in Dallas") == "roofing"
    assert provider_name("¿qué certifica el CONALEP?") == "conalep"
