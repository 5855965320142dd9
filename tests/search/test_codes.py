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
        ("EC12345", []),
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


def test_a_long_text_is_read_in_no_time() -> None:
    assert find_codes("ec " * 2000 + "e.c.o" * 500) is not None


def test_what_is_left_without_the_code() -> None:
    assert strip_codes("cuánto cuesta el EC0217.01").split() == ["cuánto", "cuesta", "el"]
