"""What the detector sees of a message: stems in a row and pieces of words as they sound, hashed; numpy only."""

import zlib
from collections import Counter
from itertools import pairwise

import numpy as np

from core.text import fold
from search.lexical import stem
from search.text import sounds

BUCKETS = 1 << 16
_PIECES = (3, 4, 5)
# More words than this are read as their beginning and their end.
_WORDS = 120


def features(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Buckets of the message's features and their values: int64 and float32, (features,).

    Two unit vectors side by side: stems alone, in twos and threes and with one left out between, so that «no quiero
    vivir» is not «no quiero vivir lejos del centro»; and pieces of words, for what is mistyped.
    """
    words = fold(text).split()
    if len(words) > _WORDS:
        words = [*words[: _WORDS // 2], *words[-_WORDS // 2 :]]
    stems = ["^", *(stem(word) for word in words), "$"]
    rows = Counter(stems)
    rows.update(f"{one} {two}" for one, two in pairwise(stems))
    rows.update(f"{one} {two} {three}" for one, two, three in zip(stems, stems[1:], stems[2:], strict=False))
    rows.update(f"{one} * {three}" for one, three in zip(stems, stems[2:], strict=False))
    pieces: Counter[str] = Counter()
    for word in words:
        padded = f" {sounds(word)} "
        pieces.update(padded[at : at + size] for size in _PIECES for at in range(len(padded) - size + 1))
    parts = [_unit(rows, "w"), _unit(pieces, "c")]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _unit(counts: Counter[str], prefix: str) -> tuple[np.ndarray, np.ndarray]:
    buckets = np.fromiter((zlib.crc32(f"{prefix}{key}".encode()) % BUCKETS for key in counts), np.int64, len(counts))
    values = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
    return buckets, (values / max(float(np.linalg.norm(values)), 1e-9)).astype(np.float32)
