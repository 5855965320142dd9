"""Likeness of letters: character n-grams that forgive typing, and words with BM25."""

import threading
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import snowballstemmer

from search.grams import grams
from search.text import sounds

# BM25 as of Robertson and Zaragoza (2009); texts here are short, so their length counts less than usual.
_K1, _B = 1.2, 0.5


class _Stemmer(threading.local):
    """One a thread: a stemmer keeps the word it works on, and an index is built while others search."""

    def __init__(self) -> None:
        self.stem = snowballstemmer.stemmer("spanish").stemWord


_stemmer = _Stemmer()
# A word's terms as checksums of 32 bits: among this registry's 80,000 n-grams one pair in all shares one.
Terms = Callable[[str], np.ndarray]


# Large enough for the registry's words while it is indexed, small enough to hold whatever people type.
_CACHED = 20_000


@lru_cache(maxsize=_CACHED)
def stem(word: str) -> str:
    """The Spanish stem, with the letters that sound alike made one: ``"sertificados"`` → ``"sertifik"``."""
    return sounds(str(_stemmer.stem(word)))


@lru_cache(maxsize=_CACHED)
def _pieces(word: str) -> np.ndarray:
    return np.array([zlib.crc32(gram.encode()) for gram in grams(sounds(word))], dtype=np.uint32)


@lru_cache(maxsize=_CACHED)
def _whole(word: str) -> np.ndarray:
    return np.array([zlib.crc32(stem(word).encode())], dtype=np.uint32)


class Postings:
    """For each term the texts that hold it and its weight there: a sparse matrix read by terms."""

    def __init__(self, terms: np.ndarray, starts: np.ndarray, texts: np.ndarray, weights: np.ndarray) -> None:
        self._terms = terms  # uint32, sorted
        self._starts = starts
        self._texts = texts
        self._weights = weights

    def arrays(self) -> dict[str, np.ndarray]:
        """What ``Postings`` is made from, to be saved."""
        return {"terms": self._terms, "starts": self._starts, "texts": self._texts, "weights": self._weights}

    def _find(self, terms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where each term lies, and whether it does: int64 and bool, (terms,)."""
        places = np.searchsorted(self._terms, terms)
        places[places == len(self._terms)] = 0
        return places, self._terms[places] == terms

    def held(self, terms: np.ndarray) -> np.ndarray:
        """How many texts hold each term: int32, (terms,)."""
        places, there = self._find(terms)
        counts = self._starts[places + 1] - self._starts[places]
        return np.where(there, counts, 0)

    def between(self, terms: np.ndarray, first: int, last: int) -> np.ndarray:
        """Whether each term is held by any of the texts ``first`` to ``last``: bool, (terms,)."""
        places, there = self._find(terms)
        for number in np.flatnonzero(there):
            texts = self._texts[self._starts[places[number]] : self._starts[places[number] + 1]]
            place = int(np.searchsorted(texts, first))
            there[number] = place < len(texts) and texts[place] <= last
        return np.asarray(there)

    def scores(self, terms: np.ndarray, weights: np.ndarray, size: int) -> np.ndarray:
        """Sum over the query's terms of its weight times the text's: float32, shape (size,)."""
        places, there = self._find(terms)
        if not there.any():
            return np.zeros(size, dtype=np.float32)
        spans = [slice(self._starts[place], self._starts[place + 1]) for place in places[there]]
        texts = np.concatenate([self._texts[span] for span in spans])
        products = np.concatenate(
            [self._weights[span] * weight for span, weight in zip(spans, weights[there], strict=True)]
        )
        return np.bincount(texts, weights=products, minlength=size).astype(np.float32)


class Lexical:
    """Both scores of a query against every text. Texts and queries come prepared: folded words."""

    def __init__(self, size: int, pieces: Postings, words: Postings) -> None:
        self.size = size
        self._pieces = pieces
        self._words = words

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Lexical":
        """Index prepared texts."""
        size = len(texts)
        numbers, terms, times = _count(texts, _pieces)
        weights = (1 + np.log(times)) * _smooth_idf(size, _held(terms))
        norms = np.sqrt(np.bincount(numbers, weights=weights**2, minlength=size))
        pieces = _postings(numbers, terms, weights / norms[numbers])
        numbers, terms, times = _count(texts, _whole)
        lengths = np.bincount(numbers, weights=times, minlength=size)
        damping = _K1 * (1 - _B + _B * lengths[numbers] / lengths.mean())
        weights = _bm25_idf(size, _held(terms)) * times * (_K1 + 1) / (times + damping)
        return cls(size, pieces, _postings(numbers, terms, weights))

    def characters(self, query: str) -> np.ndarray:
        """Cosine of TF-IDF over character n-grams, as heard: float32, shape (texts,), 0 to 1."""
        terms, times = _terms(query, _pieces)
        weights = (1 + np.log(times)) * _smooth_idf(self.size, self._pieces.held(terms))
        return self._pieces.scores(terms, weights / np.sqrt((weights**2).sum()), self.size)

    def bm25(self, query: str) -> np.ndarray:
        """BM25 over stems, squeezed into 0 to 1 as ``x / (x + 8)``: float32, shape (texts,)."""
        terms, _ = _terms(query, _whole)
        scores = self._words.scores(terms, np.ones(len(terms)), self.size)
        return np.asarray(scores / (scores + 8))

    def rarity(self, words: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """How much each word tells (its inverse document frequency), and whether any text holds it."""
        held = self._words.held(np.concatenate([_whole(word) for word in words]))
        return _bm25_idf(self.size, held), held > 0

    def covered(self, words: Sequence[str], first: int, last: int) -> np.ndarray:
        """Whether each word is in any of the texts ``first`` to ``last``: bool, (words,)."""
        return self._words.between(np.concatenate([_whole(word) for word in words]), first, last)

    def arrays(self) -> dict[str, np.ndarray]:
        """What ``Lexical`` is made from, to be saved."""
        parts = {"pieces": self._pieces, "words": self._words}
        return {f"{part}_{name}": array for part, found in parts.items() for name, array in found.arrays().items()}

    @classmethod
    def from_arrays(cls, size: int, arrays: dict[str, np.ndarray]) -> "Lexical":
        """The reverse of ``arrays``."""
        parts = [
            Postings(*(arrays[f"{part}_{name}"] for name in ("terms", "starts", "texts", "weights")))
            for part in ("pieces", "words")
        ]
        return cls(size, *parts)


def _count(texts: Sequence[str], terms_of: Terms) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each text's terms: the texts' numbers, the terms, and how often, in the order of texts, then terms."""
    found = [[terms_of(word) for word in text.split()] for text in texts]
    lengths = [sum(map(len, words)) for words in found]
    terms = np.concatenate([term for words in found for term in words])
    numbers = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths)
    both, times = np.unique((numbers << np.uint64(32)) | terms, return_counts=True)
    return (both >> np.uint64(32)).astype(np.int32), both.astype(np.uint32), times


@lru_cache(maxsize=64)
def _terms(query: str, terms_of: Terms) -> tuple[np.ndarray, np.ndarray]:
    """A query's terms and how often each stands in it; the same for every kind that is asked."""
    _, terms, times = _count([query], terms_of)
    return terms, times


def _held(terms: np.ndarray) -> np.ndarray:
    """For each (text, term) how many texts hold that term."""
    _, places, counts = np.unique(terms, return_inverse=True, return_counts=True)
    return counts[places]


def _postings(numbers: np.ndarray, terms: np.ndarray, weights: np.ndarray) -> Postings:
    order = np.argsort(terms, kind="stable")
    kept, starts = np.unique(terms[order], return_index=True)
    starts = np.append(starts, len(terms)).astype(np.int32)
    return Postings(kept, starts, numbers[order], weights[order].astype(np.float32))


def _smooth_idf(size: int, held: np.ndarray) -> np.ndarray:
    return np.log((1 + size) / (1 + held)) + 1


def _bm25_idf(size: int, held: np.ndarray) -> np.ndarray:
    return np.log(1 + (size - held + 0.5) / (held + 0.5))
