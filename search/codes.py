"""Codes of standards in any spelling: ``EC0217``, ``ec 217``, ``e.c. 0217``, ``ECO105``, ``0217.01``, ``ECM-358``."""

import re
import unicodedata

# The letter O for a zero is common in press releases and on certificates typed by hand; «EC 02 17» is dictated.
_DIGITS = (
    r"((?:[0-9O] ){3}[0-9]|[0-9O]{2} [0-9]{2}|[0-9O] [0-9]{2,3}|[0-9O]{1,6})(?: ?\. ?([0-9]{1,2})|,([0-9]{1,2}))?(?!\w)"
)
_NUMBER = r"(?:(?:es|el|no|n[uú]m(?:ero)?)\b\.? ?|n° ?)"
_WITH_LETTERS = re.compile(rf"(?<![^\W_])e\.? ?c\.? ?(m)?\.? ?[-:#°_/]? ?{_NUMBER}?(?:o (?=[0-9]))?{_DIGITS}", re.I)
_NAMED = re.compile(
    r"(?<!\w)(?:"
    rf"est[aá]ndar(?: de competencia(?: laboral)?)? ?{_NUMBER}{{0,3}}[.:#]? ?(?=[0-9]{{2}})"
    # «norma 035» is one of the labour ministry's, «código 911» is an emergency: these need all four digits.
    r"|(?:norma(?: t[eé]cnica)?(?: de competencia(?: laboral)?)?|c[oó]digo|clave)"
    rf" ?{_NUMBER}{{0,3}}[.:#]? ?(?=[0-9]{{4}})"
    rf"){_DIGITS}(?! (?:postal|del? banco))",
    re.I,
)
# After one code others may follow without their letters: «EC0217, 0076 y 0105».
_FURTHER = re.compile(
    r" ?(?:,|/|\b[yeou]\b)(?: ?[ye]\b)? ?(?!(?:19|20)[0-9]{2}\b)([0-9]{4})(?:\.([0-9]{1,2}))?(?!\w)", re.I
)
# A text that is only a number: four digits, or with a version. Three would take 911 for a standard.
_BARE = re.compile(r"^\W{0,9}(?!(?:19|20)[0-9]{2}\W*$)([0-9]{4}|[0-9]{3}(?=\.))(?:\.([0-9]{2}))?\W{0,9}$")


def find_codes(text: str) -> list[str]:
    """Codes named in ``text``, in order and without repeats, in the registry's form.

    ``"el ec 217.1 y la ECM-12"`` → ``["EC0217.01", "ECM0012"]``. Whether they exist is for who asks.
    """
    text = _tidy(text)
    found: list[tuple[int, str]] = []
    for match in _WITH_LETTERS.finditer(text):
        brand, digits, *version = match.groups()
        prefix = "ECM" if brand else "EC"
        found.append((match.start(), _code(prefix, digits, *version)))
        following = _FURTHER.match(text, match.end())
        while following:
            found.append((following.start(), _code(prefix, *following.groups())))
            following = _FURTHER.match(text, following.end())
    for match in _NAMED.finditer(text):
        found.append((match.start(), _code("EC", *match.groups())))
    bare = None if found else _BARE.match(text)
    if bare:
        found.append((0, _code("EC", *bare.groups())))
    return list(dict.fromkeys(code for _, code in sorted(found) if not code.endswith("0000")))


def _tidy(text: str) -> str:
    # Runs of blanks would make the patterns above try every way to part them.
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _code(prefix: str, digits: str, *versions: str | None) -> str:
    number = re.sub("[Oo]", "0", digits).replace(" ", "").lstrip("0").zfill(4)
    version = next(filter(None, versions), None)
    return f"{prefix}{number}" + (f".{version.zfill(2)}" if version else "")


def strip_codes(text: str) -> str:
    """``text`` without the codes it names."""
    return _NAMED.sub(" ", _WITH_LETTERS.sub(" ", _tidy(text)))
