import pytest

from core.clock import spoken_date
from core.log import mask
from core.text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("¿Cómo me Certifico?", "como me certifico"),
        ("NIÑERA", "niñera"),
        ("nin\u0303era", "niñera"),  # ñ typed as n plus a combining tilde
        ("  dos   espacios\ty\nsalto ", "dos espacios y salto"),
        ("EC0217.01", "ec0217 01"),
        ("🙂", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mi curp es PEGJ850315HDFRRN09 gracias", "mi curp es [CURP] gracias"),
        ("escríbame a ana.lopez@correo.com.mx", "escríbame a [correo]"),
        ("llámeme al 55 2282 0200", "llámeme al [teléfono]"),
        ("+1 (214) 555-0134", "[teléfono]"),
        ("el EC0217.01 del 2025-11-28", "el EC0217.01 del 2025-11-28"),
        ("2026-11-21 10:58:54 INFO", "2026-11-21 10:58:54 INFO"),
        ("folio OR-2026-00042", "folio OR-2026-00042"),
        ("9be2e1f0-0bf9-40aa-9ca2-39ccff81ae21", "9be2e1f0-0bf9-40aa-9ca2-39ccff81ae21"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_dates_are_spoken() -> None:
    from datetime import date

    assert spoken_date(date(2025, 11, 28)) == "28 de noviembre de 2025"
