"""The index in use: read or built when the process starts, replaced in one step when the knowledge changes."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path

from core.db import Database
from core.errors import Unavailable
from core.lock import alone
from core.log import get_logger
from core.settings import Settings
from knowledge.load import knowledge_version
from search.confidence import Confidence, load_confidence
from search.encoder import Encoder, load_encoder
from search.index import Index, build_index
from search.rows import Rows, rows_from
from search.saved import DamagedIndex, clear_indexes, find_index, read_index, save_index
from search.vocabulary import read_vocabulary, vocabulary_digest

log = get_logger(__name__)
_RETRY_S = 5.0
# Grows when the code makes another index from the same knowledge.
_FORMAT = 1
# The one in use and the one before, for a process that is about to read it.
_KEPT = 2


@dataclass(frozen=True)
class IndexSource:
    """Where a process gets its index: a file in ``folder`` when it holds this knowledge, else built anew.

    Processes of one machine share the folder; one builds while the others wait.
    """

    db: Database
    folder: Path
    encoder: Encoder
    confidence: Confidence

    @classmethod
    def of(cls, db: Database, settings: Settings) -> "IndexSource":
        """With the encoder that the settings name; SetupError when it cannot be loaded."""
        encoder = load_encoder(
            settings.embedding_model or None,
            settings.embedding_query_prompt or None,
            settings.embedding_document_prompt or None,
        )
        return cls(db, settings.data_dir / "index", encoder, load_confidence())

    async def version(self) -> str:
        """Changes with the knowledge, the vocabulary, the encoder and the code that builds."""
        async with self.db.begin() as session:
            knowledge = await knowledge_version(session)
        return await asyncio.to_thread(self._version, knowledge)

    async def current(self) -> Index:
        """The index of what is loaded now."""
        return await self.index(await self.version())

    async def index(self, version: str) -> Index:
        """The index of a version, read or built in a thread, so that the server goes on answering."""
        found = await asyncio.to_thread(self._read, version)
        if found is None:
            rows = await rows_from(self.db)
            found = await asyncio.to_thread(self._build, rows, version)
        return found

    def _version(self, knowledge: str) -> str:
        parts = f"{_FORMAT} {knowledge} {self.encoder.fingerprint} {vocabulary_digest()}"
        return hashlib.sha256(parts.encode()).hexdigest()[:20]

    def _read(self, version: str) -> Index | None:
        path = find_index(self.folder, version)
        if path is None:
            return None
        try:
            return read_index(path, self.encoder, self.confidence)
        except DamagedIndex:
            log.exception("index_damaged")
            return None
        except FileNotFoundError:  # another process cleared it away
            return None

    def _build(self, rows: Rows, version: str) -> Index:
        with alone(self.folder / ".lock"):
            # Another process may have built it while this one waited.
            found = self._read(version)
            if found is None:
                found = build_index(rows, read_vocabulary(), self.encoder, self.confidence)
                try:
                    save_index(found, self.folder, version)
                    clear_indexes(self.folder, _KEPT)
                except OSError:  # a full disk: it is searched all the same, and built again at the next start
                    log.exception("index_not_saved")
            return found


class LiveIndex:
    """Holds the current index. A failed rebuild keeps the last good one, says so in the log and is tried again."""

    def __init__(self, source: IndexSource) -> None:
        self._source = source
        self._index: Index | None = None
        self._version: str | None = None
        self._stale = asyncio.Event()

    @property
    def ready(self) -> bool:
        """Whether there is an index with standards and answers in it."""
        return self._index is not None and {"standard", "answer"} <= set(self._index.kinds)

    @property
    def current(self) -> Index:
        """The index; Unavailable while there is none with something in it, which is not the same as «no match»."""
        if self._index is None or not self.ready:
            raise Unavailable("La búsqueda todavía no está lista. Intente de nuevo en un momento.")
        return self._index

    def knowledge_changed(self, _payload: str = "") -> None:
        """Ask for a rebuild; called for each notification."""
        self._stale.set()

    async def run(self) -> None:
        """Read or build, then again whenever asked, until cancelled."""
        while True:
            self._stale.clear()
            try:
                await self._renew()
            except Exception:  # whatever it was: told, the last index goes on serving, and it is tried again
                log.exception("index_not_built")
                await asyncio.sleep(_RETRY_S)
            else:
                await self._stale.wait()

    async def _renew(self) -> None:
        version = await self._source.version()
        # A notification may tell nothing new: the listener calls once whenever it connects.
        if version == self._version:
            return
        self._index = await self._source.index(version)
        self._version = version
        log.info("index_ready", version=version, items={kind: len(found) for kind, found in self._index.items.items()})
