"""The index as a file: exact, checked before it is read, built again when damaged."""

import asyncio
import random
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import update

from core.db import Database
from core.errors import DataError
from core.notify import notify
from core.settings import Settings
from knowledge.models import KnowledgeLoad, Standard
from search.confidence import load_confidence
from search.encoder import GramEncoder
from search.find import find
from search.index import Index, build_index
from search.lexical import stem
from search.live import IndexSource, LiveIndex
from search.rows import rows_from_files
from search.saved import DamagedIndex, find_index, read_index, save_index
from search.vocabulary import read_vocabulary

QUERIES = ("pongo loseta", "¿cuánto cuesta?", "conalep", "ec 217", "roofing", "cuido viejitos en jalisco")


@pytest.fixture(scope="module")
def saved(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_index(index, tmp_path_factory.mktemp("index"), "version")


def test_what_is_read_finds_what_was_saved(index: Index, saved: Path) -> None:
    again = read_index(saved, GramEncoder(), load_confidence())
    for query in QUERIES:
        assert find(again, query) == find(index, query)


def test_one_flipped_bit_anywhere_is_noticed(saved: Path, tmp_path: Path) -> None:
    content = saved.read_bytes()
    chance = random.Random(1)
    path = tmp_path / saved.name
    for _ in range(20):
        damaged = bytearray(content)
        damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        with pytest.raises(DamagedIndex):
            read_index(path, GramEncoder(), load_confidence())
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DamagedIndex):
        read_index(path, GramEncoder(), load_confidence())


async def test_a_damaged_file_is_built_again_not_served(
    registry_db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = IndexSource.of(registry_db, settings)
    version = await source.version()
    await source.index(version)
    path = find_index(source.folder, version)
    assert path is not None
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    told: list[str] = []
    monkeypatch.setattr("search.live.log.exception", told.append)
    index = await source.index(version)
    assert "index_damaged" in told
    assert find(index, "soldador", kind="standard").hits
    assert read_index(path, source.encoder, source.confidence) is not None


async def test_processes_that_start_together_build_once(
    registry_db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []

    def counted(*arguments: Any) -> Index:
        built.append(1)
        return build_index(*arguments)

    monkeypatch.setattr("search.live.build_index", counted)
    sources = [IndexSource.of(registry_db, settings) for _ in range(3)]
    version = await sources[0].version()
    found = await asyncio.gather(*(source.index(version) for source in sources))
    assert {find(index, "soldador").hits[0].item.id for index in found}
    assert built == [1]


async def test_the_version_follows_knowledge_and_encoder(registry_db: Database, settings: Settings) -> None:
    source = IndexSource.of(registry_db, settings)
    before = await source.version()
    assert before == await source.version()

    other = GramEncoder()
    other.fingerprint = "other"
    assert before != await IndexSource(registry_db, source.folder, other, source.confidence).version()
    async with registry_db.begin() as session:
        await session.execute(update(Standard).where(Standard.code == "EC0076").values(title="Otro título"))
        session.add(KnowledgeLoad(files_digest="otro", counts={}))
        await notify(session, "knowledge", "loaded")
    assert before != await source.version()


async def test_old_files_are_cleared_away(registry_db: Database, settings: Settings) -> None:
    source = IndexSource.of(registry_db, settings)
    for number in range(4):
        await source.index(f"version-{number}")
    assert len(list(source.folder.glob("*.npz"))) == 2


async def test_a_bad_vocabulary_leaves_the_last_index_serving(
    registry_db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveIndex(IndexSource.of(registry_db, settings))
    running = asyncio.create_task(live.run())
    try:
        while not live.ready:
            await asyncio.sleep(0.05)
        before = live.current

        def broken() -> None:
            raise DataError(["oficios.yml: EC0001: se esperaba una lista de textos"])

        monkeypatch.setattr("search.live.read_vocabulary", broken)
        monkeypatch.setattr("search.live.vocabulary_digest", lambda: "another")
        live.knowledge_changed()
        await asyncio.sleep(1)
        assert not running.done()
        assert live.current is before
    finally:
        running.cancel()


async def test_a_full_disk_costs_the_file_not_the_search(
    registry_db: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("search.live.save_index", full)
    index = await IndexSource.of(registry_db, settings).current()
    assert find(index, "soldador").hits


def test_a_table_without_rows_is_read_as_it_was_built(tmp_path: Path) -> None:
    rows = replace(rows_from_files(), providers=[], courses=[])
    built = build_index(rows, read_vocabulary(), GramEncoder(), load_confidence())
    again = read_index(save_index(built, tmp_path, "x"), GramEncoder(), load_confidence())
    for index in (built, again):
        assert find(index, "conalep", kind="provider").hits == []
        assert find(index, "soldador").hits


def test_vectors_of_another_size_are_built_saved_and_found(tmp_path: Path) -> None:
    class Short:
        """The first half of every vector."""

        fingerprint, dimensions, whole = "short", 64, GramEncoder()

        def encode_document(self, texts: Sequence[str]) -> np.ndarray:
            half = self.whole.encode_document(texts)[:, : self.dimensions]
            return np.asarray(half / np.maximum(np.linalg.norm(half, axis=1, keepdims=True), 1e-9))

        encode_query = encode_document

    short = Short()
    built = build_index(rows_from_files(), read_vocabulary(), short, load_confidence())
    again = read_index(save_index(built, tmp_path, "x"), short, load_confidence())
    assert find(again, "pongo loseta", kind="standard").hits[0].item.id == "EC0322"


def test_an_index_is_built_while_others_search(index: Index) -> None:
    """Stems are the same whatever another thread asks meanwhile."""
    words = [f"{word}{number}" for number in range(300) for word in ("soldadores", "certificaciones", "hoteleras")]
    alone = [stem.__wrapped__(word) for word in words]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda _: [stem.__wrapped__(word) for word in words], range(4)))
    finally:
        sys.setswitchinterval(interval)
    assert all(found == alone for found in together)
