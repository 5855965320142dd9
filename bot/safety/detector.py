"""Whether a message tells of danger, and of which kind: a small linear model beside a few certain constructions."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.safety.features import features
from bot.safety.patterns import certain_danger, is_idiom, without_idiom
from core.text import clauses

MODEL = Path(__file__).parent / "model.npz"
NONE = "none"
# From here on a message, or a clause of it, is taken for danger. Chosen on phrases the model was not fitted on
# (tests/eval/safety_dev.tsv): people in danger are worth some needless numbers.
THRESHOLD = 0.24
# A clause by itself says less of what is meant: it must be surer. Beside an idiom, all must.
_CLAUSE_THRESHOLD, _BESIDE_IDIOM = 0.7, 0.9
_LEAST_WORDS = 4


@dataclass(frozen=True)
class Danger:
    """``kind``: violence, extortion, self_harm, detained_or_missing or medical; ``score``: 0 to 1."""

    kind: str
    score: float


def find_danger(text: str) -> Danger | None:
    """The danger a message tells of, its own or somebody's; None when there is none.

    A long message about a certificate may hold it in one clause, so each is looked at by itself too.
    """
    idiom = is_idiom(text)
    text = without_idiom(text)
    kind = None if idiom else certain_danger(text)
    if kind:
        return Danger(kind, 1.0)
    least = _BESIDE_IDIOM if idiom else THRESHOLD
    whole = _model().danger(text)
    if whole.score >= least:
        return whole
    parts = clauses(text, _LEAST_WORDS)
    likely = max(map(_model().danger, parts), key=lambda found: found.score, default=whole)
    return likely if len(parts) > 1 and likely.score >= max(least, _CLAUSE_THRESHOLD) else None


class Model:
    """Softmax regression over hashed features: ``weights`` float32, (buckets, kinds)."""

    def __init__(self, kinds: list[str], weights: np.ndarray, bias: np.ndarray) -> None:
        self.kinds = kinds
        self._weights, self._bias = weights, bias
        self._none = kinds.index(NONE)

    @classmethod
    def read(cls, path: Path = MODEL) -> "Model":
        """The model in the repository."""
        with np.load(path, allow_pickle=False) as arrays:
            kinds = json.loads(arrays["kinds"].tobytes())
            return cls(kinds, arrays["weights"].astype(np.float32), arrays["bias"])

    def danger(self, text: str) -> Danger:
        """The likeliest kind of danger and the probability of any."""
        buckets, values = features(text)
        scores = values @ self._weights[buckets] + self._bias
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        of_danger = np.where(np.arange(len(self.kinds)) == self._none, -1.0, likely)
        return Danger(self.kinds[int(of_danger.argmax())], float(1 - likely[self._none]))


@lru_cache
def _model() -> Model:
    return Model.read()
