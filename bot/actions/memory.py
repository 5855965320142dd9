"""What a conversation is about: kept in one of Rasa's slots from message to message."""

from dataclasses import asdict, dataclass
from typing import Any

SLOT = "memory"


@dataclass(frozen=True)
class Memory:
    """What was last shown, so that «el segundo», «¿y en Jalisco?» and «¿quién lo certifica?» can be read.

    ``act``: intent whose answer came last; ``kind`` and ``ids``: the items it showed, in their order, and how
    many of them the citizen has seen; ``code``: the standard spoken of; ``trade``: what they said they do;
    ``state``: where; ``others``: answers that might have been meant instead of the last one; ``misses``:
    messages in a row without an answer.
    """

    act: str = ""
    kind: str = ""
    ids: tuple[str, ...] = ()
    seen: int = 0
    code: str | None = None
    trade: str = ""
    state: str | None = None
    others: tuple[str, ...] = ()
    misses: int = 0

    @classmethod
    def of(cls, slot: dict[str, Any] | None) -> "Memory":
        """Read the slot; what an older version wrote otherwise is forgotten."""
        try:
            memory = cls(**(slot or {}))
        except TypeError:
            return cls()
        return cls(**{**asdict(memory), "ids": tuple(memory.ids), "others": tuple(memory.others)})

    def slot(self) -> dict[str, Any]:
        """What the slot holds."""
        return {**asdict(self), "ids": list(self.ids), "others": list(self.others)}
