"""Fitting the encoder: a vector and a weight for each n-gram, by contrast within large batches."""

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from core.text import fold
from search.grams import grams, known_rows
from search.training.noise import typed
from search.training.pairs import Group, Pair, draw

UNKNOWN = "[UNK]"
_BATCH = 1024
_RATE = 0.02
_SHORT = 4
# Sharpness of the contrast: cosines times this before the softmax.
_SCALE = 20.0


class GramModel(nn.Module):
    """Sum over a text's n-grams of a learnt vector times a learnt weight."""

    def __init__(self, rows: dict[str, int], dimensions: int) -> None:
        super().__init__()
        self.rows = rows
        self.vectors = nn.EmbeddingBag(len(rows), dimensions, mode="sum")
        nn.init.normal_(self.vectors.weight, std=0.1)
        self.weights = nn.Parameter(torch.zeros(len(rows)))
        self._known: dict[str, list[int]] = {}

    def forward(self, texts: Sequence[str]) -> torch.Tensor:
        """Vectors of length 1: (texts, dimensions)."""
        found = [self._numbers(text) for text in texts]
        flat = torch.tensor([number for numbers in found for number in numbers])
        starts = torch.tensor(np.cumsum([0, *(len(numbers) for numbers in found[:-1])]))
        summed = self.vectors(flat, starts, per_sample_weights=functional.softplus(self.weights[flat]))
        return functional.normalize(summed, dim=1)

    def rows_weighted(self) -> np.ndarray:
        """The vectors with their weights in them: what is shipped. float32, (n-grams, dimensions)."""
        with torch.no_grad():
            weighted = self.vectors.weight * functional.softplus(self.weights)[:, None]
        return np.asarray(weighted.numpy(), dtype=np.float32)

    def _numbers(self, text: str) -> list[int]:
        numbers = [number for word in fold(text).split() for number in self._word(word)]
        return numbers or [0]

    def _word(self, word: str) -> list[int]:
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = known_rows(word, self.rows)
        return known


def choose_grams(found: list[Group], size: int, seed: int) -> dict[str, int]:
    """The ``size`` most frequent n-grams of the texts, half of them mistyped too; row 0 is for the unknown."""
    chance = random.Random(seed)  # noqa: S311  reproducible, not secret
    texts = sorted({text for group in found for text in (*group.said, *group.meant)})
    words = Counter(word for text in texts for word in fold(text).split())
    real = frozenset(words)
    words.update(word for text in texts for word in fold(typed(text, chance)).split())
    counted: Counter[str] = Counter()
    for word, times in sorted(words.items()):
        for gram in sorted(set(grams(word))):
            counted[gram] += min(times, 50)
    # A short word has hardly a piece beside itself, so it is kept however rare it is.
    short = {f"<{word}>" for word in real if len(word) <= _SHORT}
    ordered = sorted(counted.items(), key=lambda pair: (pair[0] not in short, -pair[1], pair[0]))[: size - 1]
    return {UNKNOWN: 0, **{gram: row for row, (gram, _) in enumerate(ordered, 1)}}


def fit(found: list[Group], *, size: int, dimensions: int, epochs: int, seed: int) -> GramModel:
    """Train on one thread: the same seed gives the same bits, on two it would not."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311  reproducible, not secret
    model = GramModel(choose_grams(found, size, seed), dimensions)
    optimizer = torch.optim.Adam(model.parameters(), lr=_RATE)
    for epoch in range(epochs):
        pairs = draw(found, chance)
        total = 0.0
        for start in range(0, len(pairs) - _BATCH // 2, _BATCH):
            progress = (epoch + start / len(pairs)) / epochs
            for group in optimizer.param_groups:
                group["lr"] = _RATE * max(0.05, 1 - progress)
            loss = _contrast(model, pairs[start : start + _BATCH])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            total += loss.item()
        print(f"  epoch {epoch + 1}/{epochs}: {len(pairs):,} pairs, loss {total * _BATCH / len(pairs):.3f}", flush=True)
    return model


def _contrast(model: GramModel, batch: list[Pair]) -> torch.Tensor:
    """Each text must find its partner among the batch's, both ways (van den Oord et al. 2018, InfoNCE)."""
    likeness = model([pair.said for pair in batch]) @ model([pair.meant for pair in batch]).T * _SCALE
    numbers = {key: number for number, key in enumerate(dict.fromkeys(pair.key for pair in batch))}
    keys = torch.tensor([numbers[pair.key] for pair in batch])
    same = (keys[:, None] == keys[None]) & ~torch.eye(len(batch), dtype=torch.bool)
    likeness = likeness.masked_fill(same, -1e4)
    right = torch.arange(len(batch))
    return functional.cross_entropy(likeness, right) + 0.5 * functional.cross_entropy(likeness.T, right)
