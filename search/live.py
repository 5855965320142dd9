"""The index in use: built when the process starts, rebuilt in the background when the knowledge changes."""

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from core.db import Database
from core.errors import Unavailable
from core.log import get_logger
from knowledge.load import knowledge_version
from search.index import Index, load_index

log = get_logger(__name__)
_RETRY_S = 5.0


class LiveIndex:
    """Holds the current index. A failed rebuild keeps the last good one and says so in the log."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._index: Index | None = None
        self._version: int | None = None
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
        """Build, then rebuild whenever asked, until cancelled."""
        while True:
            self._stale.clear()
            try:
                await self._build()
            except (SQLAlchemyError, OSError, ValueError):  # the last index goes on serving
                log.exception("index_not_built")
                await asyncio.sleep(_RETRY_S)
            else:
                await self._stale.wait()

    async def _build(self) -> None:
        async with self._db.begin() as session:
            version = await knowledge_version(session)
        # A notification may tell nothing new: the listener calls once whenever it connects.
        if version == self._version:
            return
        self._index = await load_index(self._db)
        self._version = version
        log.info("index_built", version=version, items={kind: len(found) for kind, found in self._index.items.items()})
