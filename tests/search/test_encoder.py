"""The shipped encoder: small, whole, the same in NumPy as in sentence-transformers; and any other in its place."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.errors import SetupError
from search.encoder import (
    MODEL,
    GramEncoder,
    SentenceTransformerEncoder,
    as_words,
    check_model,
    load_encoder,
)

TEXTS = ["pongo loseta", "Soldadura con electrodo", "kiero sertificarme de cosinero", "roofing", "niñera", "🙂", ""]


def alike(encoder: GramEncoder, one: str, other: str) -> float:
    return float(encoder.encode_query([one])[0] @ encoder.encode_document([other])[0])


def test_it_is_small_enough_to_ship() -> None:
    assert sum(path.stat().st_size for path in MODEL.rglob("*")) < 6_000_000


def test_vectors_have_length_one_or_zero() -> None:
    lengths = np.linalg.norm(GramEncoder().encode_document(TEXTS), axis=1)
    assert lengths == pytest.approx([1, 1, 1, 1, 1, 0, 0], abs=1e-5)


def test_it_knows_what_people_mean() -> None:
    encoder = GramEncoder()
    for said, meant, other in (
        ("pongo loseta", "colocación de recubrimientos cerámicos", "preparación de alimentos"),
        ("cuido viejitos", "cuidado de personas adultas mayores", "cuidado de jardines"),
        ("kiero sertificarme de cosinero", "preparación de alimentos", "soldadura"),
        ("drywall", "tablaroca", "soldadura"),
        ("niñera", "cuidado de niños", "minera"),
    ):
        assert alike(encoder, said, meant) > alike(encoder, said, other) + 0.1, said


def test_numpy_and_sentence_transformers_give_the_same_vectors() -> None:
    from sentence_transformers import SentenceTransformer

    stock = SentenceTransformer(str(MODEL), device="cpu")
    theirs = stock.encode_query([as_words(text) for text in TEXTS[:5]], show_progress_bar=False)
    assert GramEncoder().encode_query(TEXTS[:5]) == pytest.approx(np.asarray(theirs, dtype=np.float32), abs=2e-3)


def test_the_default_path_never_loads_torch() -> None:
    script = (
        "import sys, search.live, search.find; from search.encoder import GramEncoder; GramEncoder();"
        "print([m for m in ('torch', 'sentence_transformers', 'sklearn', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("damage", ["a bit", "gone"])
@pytest.mark.parametrize(
    "name", ["model.safetensors", "tokenizer.json", "confidence.json", "words.txt", "manifest.json"]
)
def test_a_damaged_file_is_named_not_used(tmp_path: Path, name: str, damage: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL, folder)
    file = folder / name
    if damage == "gone":
        file.unlink()
    else:
        content = bytearray(file.read_bytes())
        content[len(content) // 2 if name != "manifest.json" else 0] ^= 1
        file.write_bytes(content)
    with pytest.raises(SetupError, match=name.replace(".", r"\.") if damage == "gone" else str(folder)):
        check_model(folder)


def test_the_manifest_names_every_file_and_how_it_was_made() -> None:
    manifest = json.loads((MODEL / "manifest.json").read_text())
    files = {str(path.relative_to(MODEL)) for path in MODEL.rglob("*") if path.is_file()} - {"manifest.json"}
    assert set(manifest["sha256"]) == files
    assert manifest["seed"]
    assert manifest["figures"]


def test_another_model_is_used_with_its_prompts(tmp_path: Path) -> None:
    """A real sentence-transformers folder, whose prompts change what it says."""
    from sentence_transformers import SentenceTransformer

    stock = SentenceTransformer(str(MODEL), device="cpu", prompts={"query": as_words("soldador") + " ", "document": ""})
    stock.save(str(tmp_path / "other"), create_model_card=False)
    other = load_encoder(str(tmp_path / "other"))
    assert isinstance(other, SentenceTransformerEncoder)
    assert other.dimensions == GramEncoder().dimensions
    text = as_words("plomero")
    assert not np.allclose(other.encode_query([text]), other.encode_document([text]))
    own = load_encoder(str(tmp_path / "other"), query_prompt="", document_prompt=as_words("soldador") + " ")
    assert own.encode_query([text]) == pytest.approx(other.encode_document([text]), abs=1e-5)
    assert own.fingerprint != other.fingerprint


def test_a_model_that_is_not_there_is_an_error_that_names_the_setting() -> None:
    with pytest.raises(SetupError, match="ORIENTA_EMBEDDING_MODEL=/no/such/model"):
        load_encoder("/no/such/model")
