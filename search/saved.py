"""The index as a file, its sha256 in its name: checked before anything is read, replaced whole or not at all."""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from core.errors import OrientaError
from search.confidence import Confidence
from search.encoder import Encoder
from search.entries import PREPARE, Entry, Item
from search.index import Index, Kind
from search.lexical import Lexical
from search.spelling import Speller

SUFFIX = ".npz"
_UNFINISHED = ".index-"


class DamagedIndex(OrientaError):
    """The file is not what was written: it must be built again, never served."""


def save_index(index: Index, folder: Path, version: str) -> Path:
    """Write the index of a version into ``folder`` and give it its name in one step."""
    arrays: dict[str, np.ndarray] = {}
    numbers: dict[tuple[str, str], int] = {}
    items: list[dict[str, Any]] = []
    for found in index.items.values():
        for item in found.values():
            numbers[item.kind, item.id] = len(items)
            items.append(asdict(item))
    kinds = {}
    for name, kind in index.kinds.items():
        entries = [[numbers[name, e.item.id], e.text, e.what, e.weight] for e in kind.entries]
        kinds[name] = {"floor": kind.floor, "entries": entries}
        arrays[f"{name}/vectors"] = faiss.serialize_index(kind.vectors)
        arrays |= {f"{name}/{part}": array for part, array in kind.lexical.arrays().items()}
    content = {"items": items, "kinds": kinds, "speller": index.speller.state()}
    arrays["content"] = np.frombuffer(json.dumps(content, ensure_ascii=False).encode(), dtype=np.uint8)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=_UNFINISHED, delete=False) as handle:
        np.savez(handle, **arrays)  # type: ignore[arg-type]
        handle.flush()
        os.fsync(handle.fileno())
    path = folder / f"{version}.{_digest(Path(handle.name))}{SUFFIX}"
    return Path(handle.name).replace(path)


def clear_indexes(folder: Path, kept: int) -> None:
    """Delete all but the ``kept`` newest, and what a process that died left unfinished. For who holds the lock."""
    for path in (*_newest_first(folder, f"*{SUFFIX}")[kept:], *folder.glob(f"{_UNFINISHED}*")):
        path.unlink(missing_ok=True)


def find_index(folder: Path, version: str) -> Path | None:
    """The file of a version, the newest if there are several; None when there is none."""
    return next(iter(_newest_first(folder, f"{version}.*{SUFFIX}")), None)


def read_index(path: Path, encoder: Encoder, confidence: Confidence) -> Index:
    """Read what ``save_index`` wrote.

    Raises:
        DamagedIndex: one bit is not as it was written, or another version wrote it.
    """
    try:
        if path.suffixes[-2:-1] != [f".{_digest(path)}"]:
            raise DamagedIndex(f"El índice {path} está dañado.")
        with np.load(path, allow_pickle=False) as arrays:
            return _index(arrays, encoder, confidence)
    except (EOFError, IsADirectoryError, KeyError, RuntimeError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise DamagedIndex(f"El índice {path} es de otra versión: {error}") from error


def _newest_first(folder: Path, pattern: str) -> list[Path]:
    aged = []
    for path in folder.glob(pattern):
        with suppress(FileNotFoundError):  # another process clears away too
            aged.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(aged, reverse=True)]


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _index(arrays: Mapping[str, np.ndarray], encoder: Encoder, confidence: Confidence) -> Index:
    # An array is read when it is asked for, so the file is never in memory whole beside what is made of it.
    content = json.loads(arrays["content"].tobytes())
    items = [
        Item(**{**row, "occupations": tuple(row["occupations"]), "standards": tuple(row["standards"])})
        for row in content["items"]
    ]
    by_kind: dict[str, dict[str, Item]] = {kind: {} for kind in PREPARE}
    for item in items:
        by_kind[item.kind][item.id] = item
    kinds = {}
    for name, kept in content["kinds"].items():
        entries = [Entry(items[number], *rest) for number, *rest in kept["entries"]]
        vectors = faiss.deserialize_index(arrays[f"{name}/vectors"])
        names = [part for part in arrays if part.startswith(f"{name}/") and part != f"{name}/vectors"]
        own = {part.removeprefix(f"{name}/"): arrays[part] for part in names}
        kinds[name] = Kind(name, entries, vectors, Lexical.from_arrays(len(entries), own), kept["floor"])
    return Index(by_kind, kinds, encoder, Speller(**content["speller"]), confidence)
