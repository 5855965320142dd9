"""How sure a search may be: several signals of one query made one probability, by kind of thing searched."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np

from search.encoder import MODEL, check_model

FILE = "confidence.json"


@dataclass(frozen=True)
class Signals:
    """What one query tells about the best match of one kind.

    ``score``, ``meaning``, ``letters``, ``words``: how alike the best match is, fused and by view; the same
    with ``outside_`` for the nearest thing that is not this council's matter. ``rival``: how alike the nearest
    of the other main kind is (answers for standards, and the reverse). ``covered``: share of the query's words,
    by how much each tells, that the match holds; ``known``: that anything of this kind holds.
    ``length``: logarithm of the number of words compared; ``typed``: of all words.
    """

    score: float
    meaning: float
    letters: float
    words: float
    outside: float
    outside_meaning: float
    outside_letters: float
    outside_words: float
    rival: float
    covered: float
    known: float
    length: float
    typed: float

    def features(self) -> np.ndarray:
        """The signals and every product of two, so that each may qualify another: float64, shape (n,)."""
        signals = np.array(astuple(self))
        return np.concatenate([signals, np.outer(signals, signals)[np.triu_indices(len(signals))]])


SIGNALS = tuple(field.name for field in fields(Signals))


@dataclass(frozen=True)
class Confidence:
    """Logistic regressions, one a kind: coefficients with the intercept last. Fitted by ``search.training``.

    ``alone``: when only that kind is searched, so that a query for another kind is no concern;
    ``among``: when all kinds are, and each must beat the others.
    """

    alone: Mapping[str, Sequence[float]]
    among: Mapping[str, Sequence[float]]

    def of(self, kind: str, signals: Signals) -> float:
        """Probability, 0 to 1, that what was found is what was asked for of this kind; ``signals`` without a rival."""
        return _logistic(self.alone[kind], signals)

    def of_all(self, signals: Mapping[str, Signals]) -> dict[str, float]:
        """The same for each of several kinds that one query is asked of."""
        return {kind: _logistic(self.among[kind], own) for kind, own in signals.items()}


def load_confidence(folder: Path = MODEL) -> Confidence:
    """The fitted coefficients shipped with the encoder."""
    check_model(folder)
    fitted = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Confidence(fitted["alone"], fitted["among"])


def _logistic(coefficients: Sequence[float], signals: Signals) -> float:
    *weights, intercept = coefficients
    return float(1 / (1 + np.exp(-(signals.features() @ np.array(weights) + intercept))))
