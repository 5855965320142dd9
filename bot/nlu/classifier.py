"""Rasa's intent classifier: TF-IDF of words and letters beside the vectors of the search's own encoder, no TensorFlow.

Measured by cross-validation beside Rasa's stock components in ``make bench``.
"""

from __future__ import annotations

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
from sklearn.linear_model import LogisticRegression

from core.text import fold
from search.encoder import GramEncoder

_FILE = "classifier.joblib"
# What the encoder's vectors weigh beside the others, whose length is 1 each.
_ENCODER_SHARE = 1.5


def _asked(text: str) -> str:
    """The folded text; a question mark stays as a word, for «¿me vuelven a cobrar?» is no complaint."""
    return fold(text) + (" signo_pregunta" if "?" in text or "¿" in text else "")


class _Features:
    """Turns texts into one sparse matrix, (texts, features)."""

    def __init__(self) -> None:
        self._parts = [
            TfidfVectorizer(
                preprocessor=_asked,
                analyzer="word",
                ngram_range=(1, 3),
                token_pattern=r"\S+",  # noqa: S106  no password
                sublinear_tf=True,
            ),
            TfidfVectorizer(preprocessor=fold, analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
        ]

    def fit(self, texts: list[str], encoder: GramEncoder) -> Any:
        return self._with_vectors([part.fit_transform(texts) for part in self._parts], texts, encoder)

    def of(self, texts: list[str], encoder: GramEncoder) -> Any:
        return self._with_vectors([part.transform(texts) for part in self._parts], texts, encoder)

    @staticmethod
    def _with_vectors(found: list[Any], texts: list[str], encoder: GramEncoder) -> Any:
        return hstack([*found, csr_matrix(encoder.encode_query(texts) * _ENCODER_SHARE)]).tocsr()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class OrientaIntentClassifier(GraphComponent, IntentClassifier):
    """Logistic regression over the features; rare intents count for more, by the root of how rare they are."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``C``: inverse of the regularisation; ``ranking_length``: intents told with a message."""
        return {"C": 20.0, "max_iter": 300, "ranking_length": 5}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource, fitted: Any = None) -> None:
        self._config, self._storage, self._resource = config, storage, resource
        self._encoder = GramEncoder()
        fitted = fitted or (_Features(), None)
        self._features: _Features = fitted[0]
        self._model: Any = fitted[1]

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
        examples = training_data.intent_examples
        intents = np.array([example.get(INTENT) for example in examples])
        names, counts = np.unique(intents, return_counts=True)
        weights = dict(zip(names, np.sqrt(len(intents) / (len(names) * counts)), strict=True))
        features = self._features.fit([example.get(TEXT) for example in examples], self._encoder)
        self._model = LogisticRegression(C=self._config["C"], max_iter=self._config["max_iter"], class_weight=weights)
        self._model.fit(features, intents)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump((self._features, self._model), folder / _FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing is added to the examples."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Tell each message's intent and the next likeliest."""
        for message in messages:
            ranking = self._ranking(message.get(TEXT) or "")
            first = ranking[0] if ranking else {"name": None, "confidence": 0.0}
            message.set(INTENT, first, add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        if not fold(text) or self._model is None:
            return []
        likely = self._model.predict_proba(self._features.of([text], self._encoder))[0]
        order = np.argsort(-likely)[: self._config["ranking_length"]]
        return [{"name": str(self._model.classes_[one]), "confidence": float(likely[one])} for one in order]
