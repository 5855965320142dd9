"""Character n-grams: the layer that forgives typing."""

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer


class Lexical:
    """TF-IDF of character 3- to 5-grams within words, cosine similarity.

    On this registry, measured over 163 queries as people type them: success .50 at 1 and .77 at 5 with
    titles and occupations, against .25 and .35 for words over titles.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32)
        # Columns are texts, so that a query's few n-grams select rows.
        self._grams: csr_matrix = self._vectorizer.fit_transform(texts).T.tocsr()

    def scores(self, query: str) -> np.ndarray:
        """Similarity of ``query`` to every text: float32, shape (texts,), 0 to 1."""
        product = self._vectorizer.transform([query]) @ self._grams
        return np.asarray(product.todense(), dtype=np.float32).ravel()
