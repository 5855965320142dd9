"""What acts need, with the real registry."""

import pytest

from bot.actions.tools import Tools
from core.db import Database
from core.settings import Settings
from search.index import Index


class Ready:
    """A search index that is already built."""

    def __init__(self, index: Index) -> None:
        self.current = index


@pytest.fixture
def tools(registry_db: Database, index: Index, settings: Settings) -> Tools:
    """What acts need, with the real registry."""
    return Tools(registry_db, Ready(index), settings)  # type: ignore[arg-type]
