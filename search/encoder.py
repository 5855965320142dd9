"""Vectors of sentences: the encoder shipped in ``model/``, or any sentence-transformers model instead of it."""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from safetensors.numpy import load_file

from core.errors import SetupError
from core.text import fold
from search.grams import grams, known_rows

MODEL = Path(__file__).parent / "model"
# More words than this tell nothing more of what a person wants.
_WORDS = 64


class Encoder(Protocol):
    """Turns texts into vectors of length 1 (or 0, for a text it knows nothing of): float32, (texts, dimensions)."""

    @property
    def fingerprint(self) -> str:
        """Changes when the vectors do."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of what people type."""

    def encode_document(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of what is to be found."""


class GramEncoder:
    """The shipped encoder: the sum of a vector for each n-gram of each word.

    Its folder is a stock sentence-transformers ``StaticEmbedding`` over n-grams written as words
    (``as_words``); here it is read with NumPy alone, so that the server never loads torch.
    Known only by its weights' sha256, which the manifest holds: a damaged file raises ``SetupError``.
    """

    def __init__(self, folder: Path = MODEL) -> None:
        sums = check_model(folder)
        tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        self._rows: dict[str, int] = tokenizer["model"]["vocab"]
        self._vectors = load_file(folder / "model.safetensors")["embedding.weight"]
        self._word = lru_cache(maxsize=20_000)(lambda word: known_rows(word, self._rows))
        self.dimensions: int = self._vectors.shape[1]
        self.fingerprint = hashlib.sha256("".join(sums.values()).encode()).hexdigest()[:16]

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Encoder``: this one treats both sides alike."""
        return self.encode_document(texts)

    def encode_document(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Encoder``."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for number, text in enumerate(texts):
            rows = [row for word in fold(text).split()[:_WORDS] for row in self._word(word)]
            if rows:
                vectors[number] = self._vectors[rows].astype(np.float32).sum(axis=0)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(np.divide(vectors, norms, out=vectors, where=norms > 0))


def check_model(folder: Path) -> dict[str, str]:
    """Compare every file of a model's folder with its manifest; the sha256 by file.

    Raises:
        SetupError: a file is missing or not as it was shipped.
    """
    try:
        sums: dict[str, str] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["sha256"]
        wrong = [name for name, sha in sums.items() if hashlib.sha256((folder / name).read_bytes()).hexdigest() != sha]
    except (OSError, ValueError, KeyError) as error:
        raise SetupError(
            f"El codificador en {folder} no está completo ({error}). Restáurelo del repositorio."
        ) from error
    if wrong:
        raise SetupError(f"En {folder} no son los del manifiesto: {', '.join(wrong)}. Restáurelos del repositorio.")
    return sums


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by name or path, with its own prompts for queries and documents or these."""

    def __init__(self, name: str, query_prompt: str | None = None, document_prompt: str | None = None) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise SetupError(
                "ORIENTA_EMBEDDING_MODEL necesita sentence-transformers. Instálelo con: "
                "python3 scripts/setup.py --models"
            ) from error
        try:
            self._model = SentenceTransformer(name, device="cpu")
        except Exception as error:
            raise SetupError(f"No se pudo cargar ORIENTA_EMBEDDING_MODEL={name}: {error}") from error
        self._prompts = {"query": query_prompt, "document": document_prompt}

    @cached_property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.encode_query(["x"]).shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """Known by what it does to two sentences: a name says nothing of which weights lie behind it."""
        probe = np.vstack([self.encode_query(["soy soldador"]), self.encode_document(["Soldadura de placas"])])
        return hashlib.sha256((np.round(probe, 2) + 0.0).tobytes()).hexdigest()[:16]

    def encode_query(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Encoder``."""
        return self._encode(self._model.encode_query, texts, "query")

    def encode_document(self, texts: Sequence[str]) -> np.ndarray:
        """See ``Encoder``."""
        return self._encode(self._model.encode_document, texts, "document")

    def _encode(self, encode: Any, texts: Sequence[str], side: str) -> np.ndarray:
        prompt = self._prompts[side]
        more = {} if prompt is None else {"prompt": prompt}
        vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False, **more)
        return np.asarray(vectors, dtype=np.float32)


def as_words(text: str) -> str:
    """The text as the stock sentence-transformers model in ``model/`` reads it: its n-grams, parted by spaces."""
    return " ".join(gram for word in fold(text).split()[:_WORDS] for gram in grams(word))


def load_encoder(name: str | None, query_prompt: str | None = None, document_prompt: str | None = None) -> Encoder:
    """The encoder that the settings name; None is the shipped one.

    Raises:
        SetupError: the shipped files are damaged, or the named model cannot be loaded.
    """
    if name is None:
        return GramEncoder()
    return SentenceTransformerEncoder(name, query_prompt, document_prompt)
