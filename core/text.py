"""Spanish text made comparable."""

import re
import unicodedata

_NOT_WORD = re.compile(r"[^a-z0-9ñ]+")


def fold(text: str) -> str:
    """Lower case, no accents, words parted by one space; ``ñ`` stays (*niñera* is not *minera*).

    ``"¿Cómo me Certifico?"`` → ``"como me certifico"``.
    """
    lowered = unicodedata.normalize("NFC", text.lower()).replace("ñ", "\0")
    decomposed = unicodedata.normalize("NFKD", lowered)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char)).replace("\0", "ñ")
    return _NOT_WORD.sub(" ", bare).strip()
