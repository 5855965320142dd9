"""``make encoder``: train, calibrate, and write ``search/model/`` with its manifest."""

import hashlib
import json
import shutil
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
from tokenizers import Tokenizer, models, pre_tokenizers

from core.paths import PROJECT_ROOT
from core.text import fold
from search import confidence, spelling
from search.encoder import MODEL, GramEncoder
from search.evaluate import by_kind, read_cases, run
from search.index import build_index
from search.rows import rows_from_files
from search.training.calibrate import fit_confidence, hold_out
from search.training.fit import UNKNOWN, GramModel, fit
from search.training.pairs import Group, groups
from search.vocabulary import read_vocabulary

SEED = 20261121
SIZE = 20_000
DIMENSIONS = 128
EPOCHS = 10
MEASURED = ("search.tsv", "search_dev.tsv")
KEPT = ("at_1", "at_5", "mrr", "ndcg", "mixed_at_1")


def main() -> None:
    """Train everything anew beside what is there, then put it in its place; the same files give the same bits."""
    began = time.monotonic()
    rows, vocabulary = rows_from_files(), read_vocabulary()
    new, scratch = MODEL.with_name(".model-new"), MODEL.with_name(".model-calibrating")
    try:
        print("encoder", flush=True)
        found = groups(rows, vocabulary)
        known = words(found)
        save(train(found), new, known)
        print("confidence", flush=True)
        held = hold_out(rows, vocabulary, SEED)
        save(train(groups(held.rows, held.vocabulary)), scratch, known)
        fitted = fit_confidence(held, vocabulary, GramEncoder(scratch), known, SEED)
        text = json.dumps({"signals": confidence.SIGNALS, "alone": fitted.alone, "among": fitted.among}, indent=1)
        (new / confidence.FILE).write_text(text + "\n", encoding="utf-8")
        write_manifest(new)
        measured = measure(GramEncoder(new), fitted, known)
        write_manifest(new, figures=measured)
        shutil.rmtree(MODEL, ignore_errors=True)
        new.rename(MODEL)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(scratch, ignore_errors=True)
    print(json.dumps(measured, indent=1))
    print(f"done in {time.monotonic() - began:.0f} s")


def train(found: list[Group]) -> GramModel:
    """The encoder, with the shipped sizes."""
    return fit(found, size=SIZE, dimensions=DIMENSIONS, epochs=EPOCHS, seed=SEED)


def save(model: GramModel, folder: Path, known: frozenset[str]) -> None:
    """Write a stock sentence-transformers folder: static vectors of half precision over n-grams as words."""
    tokenizer = Tokenizer(models.WordLevel(model.rows, unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    vectors = torch.from_numpy(model.rows_weighted().astype(np.float16))
    vectors[0] = 0  # what is unknown adds nothing
    stock = SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=vectors), Normalize()], device="cpu"
    )
    stock.save(str(folder), create_model_card=False)
    (folder / spelling.WORDS).write_text("\n".join(sorted(known)) + "\n", encoding="utf-8")
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    write_manifest(folder)


def words(found: list[Group]) -> frozenset[str]:
    """Every word of the texts that are spelt with care: what is no slip of the finger. Some phrasings are not."""
    texts = {text for group in found if group.source != "answer" for text in (*group.said, *group.meant)}
    return frozenset(word for text in texts for word in fold(text).split())


def measure(
    encoder: GramEncoder, fitted: confidence.Confidence, known: frozenset[str]
) -> dict[str, dict[str, dict[str, float]]]:
    """Figures on the labelled files, by file and kind of query: what a later change is held against."""
    index = build_index(rows_from_files(), read_vocabulary(), encoder, fitted, known)
    found = {}
    for name in MEASURED:
        results = run(index, read_cases(PROJECT_ROOT / "tests/eval" / name, index))
        found[name] = {
            kind: {figure: round(getattr(own, figure), 3) for figure in (KEPT if kind != "outside" else ("refused",))}
            for kind, own in by_kind(results).items()
        }
    return found


def write_manifest(folder: Path, **more: object) -> None:
    """How it was made, what was measured, and the sha256 of every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    manifest = {
        "seed": SEED,
        "dimensions": DIMENSIONS,
        "epochs": EPOCHS,
        "made_with": {name: version(name) for name in ("torch", "sentence-transformers", "numpy", "scikit-learn")},
        "sha256": {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
        **more,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
