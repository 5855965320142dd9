"""Codes of standards in any spelling: ``EC0217``, ``ec 217``, ``e.c. 0217``, ``ECO105``, ``0217.01``, ``ECM-358``."""

import re

# The letter O for a zero is common in press releases and on certificates typed by hand.
_DIGITS = r"([\dOo]{1,4})(?:\s?[.,]\s?(\d{1,2}))?(?![\w])"
_WITH_LETTERS = re.compile(r"(?<!\w)e\.?\s?c\.?\s?(m)?\.?\s*[-:#°º]?\s*(?:o\s+)?(?=[\doO]*\d)" + _DIGITS, re.I)
_NAMED = re.compile(
    r"(?<!\w)(?:est[aá]ndar|norma|c[oó]digo|clave)(?:\s+(?:es|el|n[uú]mero|num|no))*[\s.:#]*(?=\d)" + _DIGITS, re.I
)
# A text that is only a number: four digits, or with a version. Three would take 911 for a standard.
_BARE = re.compile(r"^\W*(\d{4}|\d{3}(?=\.))(?:\.(\d{2}))?\W*$")


def find_codes(text: str) -> list[str]:
    """Codes named in ``text``, in order and without repeats, in the registry's form.

    ``"el ec 217.1 y la ECM-12"`` → ``["EC0217.01", "ECM0012"]``. Whether they exist is for who asks.
    """
    found: list[tuple[int, str]] = []
    for match in _WITH_LETTERS.finditer(text):
        brand, digits, version = match.groups()
        found.append((match.start(), _code("ECM" if brand else "EC", digits, version)))
    for match in _NAMED.finditer(text):
        digits, version = match.groups()
        found.append((match.start(), _code("EC", digits, version)))
    bare = None if found else _BARE.match(text)
    if bare:
        found.append((0, _code("EC", *bare.groups())))
    return list(dict.fromkeys(code for _, code in sorted(found)))


def _code(prefix: str, digits: str, version: str | None) -> str:
    number = re.sub("[Oo]", "0", digits).zfill(4)
    return f"{prefix}{number}" + (f".{version.zfill(2)}" if version else "")


def strip_codes(text: str) -> str:
    """``text`` without the codes it names."""
    return _NAMED.sub(" ", _WITH_LETTERS.sub(" ", text))
