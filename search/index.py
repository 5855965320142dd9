"""The index: for each kind of thing its texts, their vectors and their letters; built once, never changed."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from search.confidence import Confidence
from search.encoder import Encoder
from search.entries import PREPARE, Entry, Item, entries
from search.lexical import Lexical
from search.spelling import Speller, shipped_words

if TYPE_CHECKING:
    from search.rows import Rows
    from search.vocabulary import Vocabulary

# A query goes through some thousand vectors: a second thread gains nothing, and waits when the machine is busy.
faiss.omp_set_num_threads(1)
# How much each view of a text counts: meaning, letters, words. Chosen on the development questions.
_SHARES = (1.0, 0.4, 0.6)
# How much the title adds when something else matched: «barbero» is an occupation of three standards,
# and one is called «Prestación de servicios de barbería».
_TITLE_SHARE = {"standard": 0.3}
# Of one or two texts all pairs may be the same.
_HIGHEST_FLOOR = 0.95
# Texts that each view puts forward; the fused order is made among these.
_CANDIDATES = 150


@dataclass(frozen=True)
class Match:
    """The best entry of an item for a query, with how alike each view finds them (0 to 1)."""

    entry: Entry
    score: float
    meaning: float
    letters: float
    words: float


class Kind:
    """The entries of one kind: vectors in FAISS under the entries' numbers, and lexical postings."""

    def __init__(self, name: str, found: list[Entry], vectors: Any, lexical: Lexical, floor: float) -> None:
        self.name = name
        self.entries = found
        self.vectors = vectors
        self.lexical = lexical
        self.floor = floor
        self._weights = np.array([entry.weight for entry in found], dtype=np.float32)
        self._items = [entry.item.id for entry in found]
        first: dict[str, int] = {}
        for number, key in enumerate(self._items):
            first.setdefault(key, number)
        self._title = np.array([first[key] for key in self._items])
        self._of_item: dict[str, list[int]] = defaultdict(list)
        for number, key in enumerate(self._items):
            self._of_item[key].append(number)
        # FAISS's own memory, seen as an array: reconstructing from it one by one is ten times slower.
        codes = faiss.downcast_index(vectors.index).codes  # type: ignore[attr-defined]
        self._half = faiss.rev_swig_ptr(codes.data(), codes.size()).view(np.float16).reshape(len(found), -1)

    @classmethod
    def of(cls, name: str, found: list[Entry], encoder: Encoder) -> "Kind":
        """Encode and index the entries."""
        texts = [PREPARE[name](entry.text) for entry in found]
        vectors = encoder.encode_document(texts)
        # Half precision: the order stays, the vectors take half the memory and half the time to go through.
        flat = faiss.IndexScalarQuantizer(encoder.dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        index = faiss.IndexIDMap2(flat)
        index.add_with_ids(vectors, np.arange(len(found), dtype=np.int64))
        return cls(name, found, index, Lexical.of(texts), _unrelated(vectors))

    def best(
        self, query: str, vector: np.ndarray, limit: int, keep: Callable[[Item], bool] | None = None
    ) -> list[Match]:
        """The ``limit`` best items for a prepared query and its vector, best first."""
        if not query:
            return []
        letters = self.lexical.characters(query)
        words = self.lexical.bm25(query)
        allowed = None
        if keep is not None:
            kept = {key: keep(self.entries[numbers[0]].item) for key, numbers in self._of_item.items()}
            allowed = np.fromiter((kept[key] for key in self._items), bool, len(self._items))
            if not allowed.any():
                return []
        numbers = self._candidates(vector, letters + words, allowed)
        meaning = np.maximum((self._meaning(vector, numbers) - self.floor) / (1 - self.floor), 0)
        fused = self._fuse(vector, meaning, letters[numbers], words[numbers]) * self._weights[numbers]
        share = _TITLE_SHARE.get(self.name, 0.0)
        if share:
            titles = self._title[numbers]
            alike = (self._meaning(vector, titles) - self.floor) / (1 - self.floor)
            fused = fused + share * self._fuse(vector, np.maximum(alike, 0), letters[titles], words[titles])
        best: dict[str, Match] = {}
        for place in np.argsort(-fused, kind="stable"):
            number = numbers[place]
            key = self._items[number]
            if len(best) == limit or fused[place] <= 0:
                break
            if key in best:
                continue
            best[key] = Match(
                self.entries[number], float(fused[place]),
                float(meaning[place]), float(letters[number]), float(words[number]),
            )  # fmt: skip
        return list(best.values())

    def says(self, text: str) -> bool:
        """Whether an entry's prepared text is exactly ``text``."""
        hashed = hash(text)
        place = int(np.searchsorted(self._texts, hashed))
        return place < len(self._texts) and int(self._texts[place]) == hashed

    @cached_property
    def _texts(self) -> np.ndarray:
        # The texts once more would take megabytes; their hashes, of 64 bits, are enough to know them again.
        return np.unique(np.fromiter((hash(PREPARE[self.name](one.text)) for one in self.entries), dtype=np.int64))

    def coverage(self, query: str, item: Item) -> tuple[float, float]:
        """Shares of a prepared query's words, by how much each tells, that ``item`` holds and that any item holds."""
        words = list(dict.fromkeys(query.split()))
        if not words:
            return 0.0, 0.0
        told, known = self.lexical.rarity(words)
        numbers = self._of_item[item.id]  # one after the other, as they were added
        covered = self.lexical.covered(words, numbers[0], numbers[-1])
        return float(told @ covered / told.sum()), float(told @ known / told.sum())

    def _candidates(self, vector: np.ndarray, lexical: np.ndarray, allowed: np.ndarray | None) -> np.ndarray:
        count = min(_CANDIDATES, len(self.entries))
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.flatnonzero(allowed)))  # type: ignore[call-arg]
            lexical = np.where(allowed, lexical, 0)
        near = self.vectors.search(vector[None], count, params=parameters)[1][0]
        alike = np.argpartition(-lexical, count - 1)[:count]
        found = np.union1d(near[near >= 0], alike[lexical[alike] > 0])
        return found if allowed is None else found[allowed[found]]

    def _meaning(self, vector: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        return np.asarray(self._half[numbers].astype(np.float32) @ vector)

    @staticmethod
    def _fuse(vector: np.ndarray, meaning: np.ndarray, letters: np.ndarray, words: np.ndarray) -> np.ndarray:
        # A text the encoder knows nothing of («5s») is compared by its letters alone.
        shares = _SHARES if vector.any() else (0.0, *_SHARES[1:])
        return (shares[0] * meaning + shares[1] * letters + shares[2] * words) / sum(shares)


@dataclass(frozen=True)
class Index:
    """Everything that can be found: items by kind and id, the kinds, and what reads a query.

    ``encoder``: made the vectors and makes the query's; ``speller``: knows the words of every text.
    """

    items: dict[str, dict[str, Item]]
    kinds: dict[str, Kind]
    encoder: Encoder
    speller: Speller
    confidence: Confidence

    def versions(self, code: str) -> list[Item]:
        """Standards that share the code's number, newest version first: ``EC0217`` → ``EC0217.01``, ``EC0217``."""
        base = code.split(".")[0]
        same = [item for key, item in self.items["standard"].items() if key.split(".")[0] == base]
        return sorted(same, key=lambda item: item.id, reverse=True)

    def providers_of(self, code: str) -> list[Item]:
        """Providers accredited for ``code``, by name."""
        found = [item for item in self.items["provider"].values() if code in item.standards]
        return sorted(found, key=lambda item: item.title)

    def courses_of(self, code: str) -> list[Item]:
        """Courses aligned to ``code``, by title."""
        return sorted((c for c in self.items["course"].values() if code in c.standards), key=lambda c: c.title)


def build_index(
    rows: "Rows",
    vocabulary: "Vocabulary",
    encoder: Encoder,
    confidence: Confidence,
    known_words: frozenset[str] | None = None,
) -> Index:
    """Build the index; a few seconds for the whole registry.

    Args:
        known_words: words that are no slips of the finger; None for those shipped.
    """
    items: dict[str, dict[str, Item]] = {kind: {} for kind in PREPARE}
    texts: dict[str, list[Entry]] = defaultdict(list)
    for item, found in entries(rows, vocabulary):
        items[item.kind][item.id] = item
        texts[item.kind] += found
    kinds = {kind: Kind.of(kind, found, encoder) for kind, found in texts.items() if found}
    words = shipped_words() if known_words is None else known_words
    speller = Speller.of((entry.text for found in texts.values() for entry in found), words)
    return Index(items, kinds, encoder, speller, confidence)


def _unrelated(vectors: np.ndarray) -> float:
    """The cosine of texts that have nothing to do with each other: the mean over pairs taken at a distance.

    Encoders differ in it (some never go below .7); with it taken for zero their scores are comparable.
    """
    other = np.roll(vectors, len(vectors) // 2, axis=0)
    return min(float(np.mean(np.sum(vectors * other, axis=1))), _HIGHEST_FLOOR)
