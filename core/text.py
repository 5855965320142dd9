"""Spanish text made comparable."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[^a-z0-9ñ]+")


_BETWEEN_CLAUSES = re.compile(
    r"[.!?;:,\n¿¡]+|\b(?:pero|porque|aunque|es que|esque|esq|nada m[aá]s que|y tambi[eé]n)\b", re.I
)


def clauses(text: str, least_words: int) -> list[str]:
    """The clauses of a message that have so many words, as they were typed."""
    return [clause for clause in _BETWEEN_CLAUSES.split(text) if len(fold(clause).split()) >= least_words]


def fold(text: str) -> str:
    """Lower case, no accents, words parted by one space; ``ñ`` stays (*niñera* is not *minera*).

    ``"¿Cómo me Certifico?"`` → ``"como me certifico"``.
    """
    lowered = unicodedata.normalize("NFC", text.lower()).replace("ñ", "\0")
    decomposed = unicodedata.normalize("NFKD", lowered)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char)).replace("\0", "ñ")
    return _NOT_WORD.sub(" ", bare).strip()
