"""``make safety``: fits the detector on ``phrases.tsv`` and on what people ask besides, and prints its figures."""

import json
import sys
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression

from bot.examples import read_conversation
from bot.safety.detector import MODEL, NONE
from bot.safety.evaluate import figures, read_phrases
from bot.safety.features import BUCKETS, features
from core.paths import PROJECT_ROOT
from knowledge.load import read_knowledge
from search.vocabulary import read_vocabulary

PHRASES = Path(__file__).parent / "phrases.tsv"
TEST = PROJECT_ROOT / "tests/eval/safety.tsv"
# Topics of what is not ours that tell of danger themselves.
_DANGEROUS = ("emergencias_y_violencia_en_casa", "salud_sintomas", "policia_y_denuncias", "embarazo_y_bebes")
# In mid-talk: what may tell of danger itself.
_MAY_TELL = ("outside", "queja_servidor_publico")
# Ordinary messages are many and easy: each counts half.
_ORDINARY_WEIGHT = 0.5
_C = 4.0
_EVERY = 6
# More of the messages in mid-talk lose the few in danger (measured on the development phrases).
_CONVERSATION_EVERY = 6


def ordinary() -> Iterator[str]:
    """What people write to the assistant without danger: questions, trades, matters that are not ours."""
    knowledge, vocabulary = read_knowledge(), read_vocabulary()
    for answer in knowledge["answers"].values():
        yield from answer["phrasings"]
    for standard in knowledge["standards"].values():
        yield standard["title"]
    for topic, phrasings in vocabulary.outside.items():
        if topic not in _DANGEROUS:
            yield from phrasings
    for names in vocabulary.trades.values():
        yield from names[::_EVERY]
    for said in read_conversation():
        if said.meant not in _MAY_TELL and zlib.crc32(said.text.encode()) % _CONVERSATION_EVERY == 0:
            yield said.text
    for path in sorted((PROJECT_ROOT / "bot/data/nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in block:
                yield from (line.removeprefix("- ") for line in block["examples"].splitlines())


def matrix(texts: Sequence[str]) -> Any:
    """Features of the texts: sparse float32, (texts, buckets)."""
    found = [features(text) for text in texts]
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in found)])
    buckets = np.concatenate([buckets for buckets, _ in found])
    values = np.concatenate([values for _, values in found])
    return csr_matrix((values, buckets, ends), shape=(len(texts), BUCKETS))


def fit() -> None:
    """Fit and write ``model.npz``; the same data give the same file."""
    phrases = read_phrases(PHRASES)
    others = list(dict.fromkeys(ordinary()))
    texts = [text for _, text in phrases] + others
    kinds = [kind for kind, _ in phrases] + [NONE] * len(others)
    rows = matrix(texts)
    held = np.asarray((rows > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + len(texts)) / (1 + held)) + 1
    weights = np.r_[np.ones(len(phrases)), np.full(len(others), _ORDINARY_WEIGHT)]
    model = LogisticRegression(C=_C, max_iter=300).fit(rows @ diags(rarity), kinds, sample_weight=weights)
    # The rarity goes into the weights: the detector then needs no more than a look-up.
    table = (model.coef_ * rarity).T.astype(np.float16)
    names = np.frombuffer(json.dumps(list(model.classes_)).encode(), dtype=np.uint8)
    np.savez_compressed(MODEL, weights=table, bias=model.intercept_.astype(np.float32), kinds=names)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        fit()
    for line in figures(read_phrases(Path(sys.argv[1]) if len(sys.argv) > 1 else TEST)):
        print(line)
