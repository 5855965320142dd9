"""Spelling: a word that nobody writes, read as the word it was meant to be."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from core.text import fold
from search.encoder import MODEL, check_model
from search.lexical import stem
from search.text import sounds

WORDS = "words.txt"
_SHORTEST = 4
# Shorter words are only corrected when they sound the same: a letter away lies half the dictionary.
_FUZZY_FROM = 7
_TWO_SLIPS_FROM = 11


class Speller:
    """Corrects words towards those of the texts that can be found."""

    def __init__(self, meant: dict[str, str], stems: Collection[str], known: Collection[str]) -> None:
        self._meant = meant  # by sound, the commonest word that sounds so
        self._stems = frozenset(stems)
        self._known = frozenset(known)
        by_letter: dict[str, list[str]] = defaultdict(list)
        for sound in meant:
            by_letter[sound[:1]].append(sound)
        self._by_letter = dict(by_letter)

    @classmethod
    def of(cls, texts: Iterable[str], known: frozenset[str]) -> "Speller":
        """Learn the words of the texts; ``known`` are right as they are."""
        counts = Counter(word for text in texts for word in fold(text).split() if not word.isdigit())
        by_sound: dict[str, list[str]] = defaultdict(list)
        for word in counts:
            by_sound[sounds(word)].append(word)
        meant = {sound: max(words, key=lambda word: (counts[word], word)) for sound, words in by_sound.items()}
        return cls(meant, {stem(word) for word in (*counts, *known)}, known)

    def state(self) -> dict[str, object]:
        """What the speller is made from, as plain data."""
        return {"meant": self._meant, "stems": sorted(self._stems), "known": sorted(self._known)}

    def correct(self, text: str) -> str:
        """The folded text with each mistyped word mended: ``"kosinero"`` → ``"cocinero"``."""
        return " ".join(self._word(word) for word in text.split())

    def _word(self, word: str) -> str:
        if len(word) < _SHORTEST or any(map(str.isdigit, word)) or word in self._known:
            return word
        sound = sounds(word)
        if sound in self._meant:
            return self._meant[sound]
        if len(word) < _FUZZY_FROM or stem(word) in self._stems:
            return word
        slips = 1 if len(word) < _TWO_SLIPS_FROM else 2
        near = process.extract(
            sound, self._by_letter.get(sound[:1], ()), scorer=OSA.distance, score_cutoff=slips, limit=5
        )
        # rapidfuzz gives the nearest first; of equals the first it met, which is the index's order.
        meant = self._meant[near[0][0]] if near else word
        # What sounds a letter apart may be written quite unlike: «beekeeping», «bookkeeping».
        return meant if OSA.distance(word, meant) <= slips + 1 and meant.rstrip("s") != word.rstrip("s") else word


def shipped_words() -> frozenset[str]:
    """Words of the texts the encoder learnt from, Spanish and English: rare ones are no slips of the finger."""
    check_model(MODEL)
    return frozenset((MODEL / WORDS).read_text(encoding="utf-8").split())
