import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.codes import find_codes, strip_codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("EC0217", ["EC0217"]),
        ("ec 217", ["EC0217"]),
        ("Ec-0217.01", ["EC0217.01"]),
        ("EC0217 .1", ["EC0217.01"]),
        ("e.c. 0301", ["EC0301"]),
        ("ECO105", ["EC0105"]),
        ("eco 76", ["EC0076"]),
        ("ECM0358", ["ECM0358"]),
        ("ecm-12", ["ECM0012"]),
        ("el estándar 217", ["EC0217"]),
        ("estandar numero 0301.01", ["EC0301.01"]),
        ("clave: 0366", ["EC0366"]),
        ("0366", ["EC0366"]),
        ("0217.01", ["EC0217.01"]),
        ("¿quién certifica el EC0217.01?", ["EC0217.01"]),
        ("diferencia entre EC0301 y ec0366, y otra vez EC0301", ["EC0301", "EC0366"]),
        ("quiero el EC9999", ["EC9999"]),
        ("ec#105", ["EC0105"]),
        ("EC12345", ["EC12345"]),
        ("EC00217", ["EC0217"]),
        ("EC 02 17", ["EC0217"]),
        ("ec 2 17", ["EC0217"]),
        ("E C 0 2 1 7", ["EC0217"]),
        ("ec 1234 5", ["EC1234"]),
        ("EC No. 0324", ["EC0324"]),
        ("EC num 324", ["EC0324"]),
        ("EC N° 0324", ["EC0324"]),
        ("EC Nº 0324", ["EC0324"]),
        ("EC_0217 y EC/0217", ["EC0217"]),
        ("ＥＣ０２１７", ["EC0217"]),
        ("EC٠٢١٧", []),
        ("EC0217, 0076 y 0105", ["EC0217", "EC0076", "EC0105"]),
        ("EC0217 o EC0076, 0301.01", ["EC0217", "EC0076", "EC0301.01"]),
        ("EC0217 desde 2019", ["EC0217"]),
        ("estandar de competencia 0217", ["EC0217"]),
        ("estándar de competencia laboral 324", ["EC0324"]),
        ("norma tecnica de competencia 0324", ["EC0324"]),
        ("estándar núm. 324", ["EC0324"]),
        ("norma 035", []),
        ("codigo 911", []),
        ("clave 12", []),
        ("codigo 3 colores", []),
        ("hola, tengo 25 años", []),
        ("mi tel es 5522820200", []),
        ("vivo en la calle 5 de mayo 120", []),
        ("pec 200", []),
        ("ECE de Jalisco", []),
        ("soy técnico 2000", []),
        ("ecografía", []),
        ("12", []),
        ("911", []),
        ("", []),
    ],
)
def test_codes_are_read_in_any_spelling(text: str, codes: list[str]) -> None:
    assert find_codes(text) == codes


@given(number=st.integers(1, 9999), version=st.none() | st.integers(1, 99), data=st.data())
def test_every_spelling_of_a_code_gives_the_registrys_form(
    number: int, version: int | None, data: st.DataObject
) -> None:
    prefix = data.draw(st.sampled_from(["EC", "ec", "Ec ", "EC-", "e.c. ", "ec. ", "E.C.", "ec  "[:3]]))
    digits = data.draw(st.sampled_from([f"{number:04}", str(number)]))
    around = data.draw(st.sampled_from(["{}", "quiero el {}", "¿{}?", "({})", "{}, por favor"]))
    spelt = prefix + digits + (f".{version:02}" if version else "")
    wanted = f"EC{number:04}" + (f".{version:02}" if version else "")
    assert find_codes(around.format(spelt)) == [wanted]


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    for code in find_codes(text):
        assert code.startswith("EC")
    strip_codes(text)


@pytest.mark.parametrize("filling", [" ", "\t", "ec ", "e.c.o", "ec - ", "estándar no ", "0,", "EC0217,"])
def test_a_long_text_is_read_in_no_time(filling: str) -> None:
    text = "ec" + filling * 20_000 + "x"
    began = time.process_time()
    find_codes(text)
    strip_codes(text)
    # Tenths of a second; what tries every way to part the blanks takes half a minute.
    assert time.process_time() - began < 5


def test_what_is_left_without_the_code() -> None:
    assert strip_codes("cuánto cuesta el EC0217.01").split() == ["cuánto", "cuesta", "el"]
