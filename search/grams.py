"""Character n-grams: the pieces of words that the encoder and the lexical scorer compare."""

from collections.abc import Mapping

_SHORTEST, _LONGEST = 3, 5
# No word is longer; what is was leant on the keyboard.
_WORD = 40


def grams(word: str) -> list[str]:
    """The word marked at both ends, then its pieces of 3 to 5 characters: ``"sol"`` → ``<sol>``, ``<so``, ``sol`` …

    The whole word comes first: it tells apart what pieces confuse.
    """
    marked = f"<{word[:_WORD]}>"
    pieces = [
        marked[start : start + size]
        for size in range(_SHORTEST, min(_LONGEST, len(marked) - 1) + 1)
        for start in range(len(marked) - size + 1)
    ]
    return [marked, *pieces]


def known_rows(word: str, rows: Mapping[str, int]) -> list[int]:
    """The rows of those of the word's n-grams that have one."""
    return [rows[gram] for gram in grams(word) if gram in rows]
