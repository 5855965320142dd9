"""Rasa's classifier: tells what is meant, one of the answers or of the acts, and by it the intent; no TensorFlow.

TF-IDF of words and letters beside the vectors of the search's own encoder, and a linear support vector machine for
each meaning. ``make bench`` prints how often it is right, cross-validated.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.examples import INTENTS, read_examples
from core.text import clauses, fold
from search.codes import find_codes, strip_codes
from search.encoder import GramEncoder

_FILE = "classifier.joblib"
# Under this key a message is told what it means.
MEANT = "meant"
# Under this key a message is told what its clauses mean.
ALSO_MEANT = "also_meant"
_LEAST_WORDS, _MOST_CLAUSES = 2, 6
# Intents that a matter beside them makes nothing of: «ya lo soltaron, gracias a Dios. ¿Lo pueden certificar?».
_COURTESY = frozenset(("greet", "thank", "goodbye", "affirm", "deny"))
# A whole that is less plain gives way to a clause that is so much plainer.
_PLAIN, _PLAINER = 0.5, 0.2
# The intent of whatever answers or search decide. Rasa's examples of it (codes, places) teach entities only.
_ASK = "ask"


_CODE = "unaclave"
# A greeting before a matter says nothing of the matter.
_GREETING = re.compile(
    r"(?:(?:hola+|ola|(?:muy )?buen[ao]?s?(?: (?:dias?|tardes?|noches?))?|saludos|hey|hi|hello|oigan?|oye|disculpen?|"
    r"disculpa|perdon|(?:que|q|k) (?:tal|onda))\s+)+(?=\S+\s+\S+)"
)


def _read(text: str) -> str:
    """The folded text without a greeting before it; every code is one and the same word."""
    coded = f"{strip_codes(text)} {_CODE}" if find_codes(text) else text
    said = fold(coded)
    greeting = _GREETING.match(said)
    return said[greeting.end() :] if greeting else said


# As Mexicans write by ear: «kiero sertificarme», «presios», «aber si alla».
_BY_EAR = [
    (re.compile(pattern), written)
    for pattern, written in (
        (r"qu(?=[ei])", "k"), (r"\b[qk]\b", "ke"), (r"\b(?:x|p)[qk]\b", "porke"), (r"c(?=[ei])|z", "s"),
        (r"c(?!h)|q", "k"), (r"(?<!c)h", ""), (r"v", "b"), (r"ll", "y"), (r"w", "gu"), (r"g(?=[ei])", "j"),
        (r"(.)\1+", r"\1"),
    )
]  # fmt: skip


def _heard(text: str) -> str:
    """The text as it sounds, so that words are one however they are spelt."""
    said = _read(text)
    for pattern, written in _BY_EAR:
        said = pattern.sub(written, said)
    return said


class _Features:
    """Turns texts into one sparse matrix, (texts, features)."""

    def __init__(self) -> None:
        self._parts = [
            TfidfVectorizer(
                preprocessor=_heard,
                analyzer="word",
                ngram_range=(1, 2),
                token_pattern=r"\S+",  # noqa: S106  no password
                sublinear_tf=True,
                min_df=2,
                dtype=np.float32,
            ),
            TfidfVectorizer(
                preprocessor=_read,
                analyzer="char_wb",
                ngram_range=(2, 5),
                sublinear_tf=True,
                min_df=3,
                dtype=np.float32,
            ),
        ]

    def fit(self, texts: list[str], encoder: GramEncoder) -> Any:
        return self._with_vectors([part.fit_transform(texts) for part in self._parts], texts, encoder)

    def of(self, texts: list[str], encoder: GramEncoder) -> Any:
        return self._with_vectors([part.transform(texts) for part in self._parts], texts, encoder)

    @staticmethod
    def _with_vectors(found: list[Any], texts: list[str], encoder: GramEncoder) -> Any:
        return hstack([*found, csr_matrix(encoder.encode_query([_read(text) for text in texts]))]).tocsr()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class OrientaIntentClassifier(GraphComponent, IntentClassifier):
    """Sets ``intent``, ``intent_ranking`` and, likeliest first, ``meant``: ``[{"name", "confidence"}]``.

    A message of several clauses is what it means as a whole, or what one clause says much more plainly: «estos
    trámites me sacan canas, ¿cuánto tarda?». ``also_meant``: what each clause means by itself.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``C``: inverse of the regularisation; ``sharpness``: factor before the softmax that makes distances from
        the planes probabilities, the one with the least logarithmic loss on held-out messages; ``weights``: what an
        example of a meaning counts, if not 1; ``ranking_length``: meanings told with a message.
        """
        return {"C": 0.5, "sharpness": 5.0, "weights": {"outside": 0.5}, "ranking_length": 20}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, fitted: Any = None) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._encoder = GramEncoder()
        self._features: _Features = fitted["features"] if fitted else _Features()
        self._fitted = fitted

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OrientaIntentClassifier:
        """A classifier to be trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> OrientaIntentClassifier:
        """The trained classifier."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(folder / _FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the examples and keep the result in the model."""
        intents = dict(INTENTS)
        texts, meant = [], []
        for example in training_data.intent_examples:
            if example.get(INTENT) != _ASK:
                intents[example.get(INTENT)] = example.get(INTENT)
                texts.append(example.get(TEXT))
                meant.append(example.get(INTENT))
        # Not given to Rasa as training data: it would go through thirty thousand examples a dozen times.
        for said in read_examples():
            texts.append(said.text)
            meant.append(said.meant)
        planes = LinearSVC(C=self._config["C"], class_weight=self._config["weights"], random_state=0)
        planes.fit(self._features.fit(texts, self._encoder), meant)
        self._fitted = {
            "features": self._features,
            "planes": planes.coef_.T.astype(np.float32),
            "intercept": planes.intercept_,
            # Meanings in the planes' order, with the intent that each belongs to.
            "intents": {str(one): str(intents.get(one, _ASK)) for one in planes.classes_},
        }
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self._fitted, folder / _FILE, compress=3)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing is added to the examples."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Tell each message's meanings, its intent and the next likeliest."""
        for message in messages:
            text = message.get(TEXT) or ""
            known = bool(fold(text)) and self._fitted is not None
            parts = [self._likely(part) for part in _parts(text)] if known else []
            likely = self._taken(self._likely(text), parts) if known else {}
            intents: dict[str, float] = defaultdict(float)
            for meant, share in likely.items():
                intents[self._fitted["intents"][meant]] += share
            ranking = _ranked(intents)
            message.set(INTENT, ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set(MEANT, _ranked(likely)[: self._config["ranking_length"]], add_to_output=True)
            message.set(ALSO_MEANT, [_ranked(part)[0] for part in parts], add_to_output=True)
        return messages

    def _taken(self, whole: dict[str, float], parts: list[dict[str, float]]) -> dict[str, float]:
        """The meanings of the message as a whole, or of the one clause that says much more plainly what it is about."""
        matters = [part for part in parts if not self._is_polite(part)]
        plainest = max(matters, key=_surest, default=whole)
        beside_courtesy = self._is_polite(whole) and _surest(plainest) >= _PLAIN
        much_plainer = _surest(whole) < _PLAIN and _surest(plainest) > _surest(whole) + _PLAINER
        return plainest if beside_courtesy or much_plainer else whole

    def _is_polite(self, likely: dict[str, float]) -> bool:
        return self._fitted["intents"][max(likely, key=lambda one: likely[one])] in _COURTESY

    def _likely(self, text: str) -> dict[str, float]:
        """Probability of each meaning."""
        fitted = self._fitted
        distances = (self._features.of([text], self._encoder) @ fitted["planes"])[0] + fitted["intercept"]
        shares = np.exp(self._config["sharpness"] * (distances - distances.max()))
        shares /= shares.sum()
        return dict(zip(fitted["intents"], shares.tolist(), strict=True))


def _parts(text: str) -> list[str]:
    """The clauses of a message that say enough to mean something; none when it is a single one."""
    found = clauses(text, _LEAST_WORDS)
    return found[-_MOST_CLAUSES:] if len(found) > 1 else []


def _surest(likely: dict[str, float]) -> float:
    return max(likely.values())


def _ranked(shares: dict[str, float]) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": share} for name, share in sorted(shares.items(), key=lambda one: -one[1])]
