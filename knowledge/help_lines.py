"""The numbers given to people in danger, each with its source and the day somebody last looked it up."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import yaml

from core.paths import PROJECT_ROOT

FILE = PROJECT_ROOT / "knowledge/data/help_lines.yml"
# A number that nobody has looked up for this long is not given on trust.
GOOD_FOR = timedelta(days=180)


@dataclass(frozen=True)
class HelpLine:
    """``number`` as people dial it; ``source``: ``{"title", "url"}``."""

    number: str
    name: str
    source: dict[str, str]
    verified_on: date


@lru_cache
def help_lines() -> dict[str, HelpLine]:
    """The lines by their key."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {key: HelpLine(**row) for key, row in rows.items()}


def stale(today: date) -> list[str]:
    """A problem for each number that must be looked up again."""
    return [
        f"{FILE.name}: {line.name} ({line.number}) se verificó el {line.verified_on}, hace más de {GOOD_FOR.days} días"
        for line in help_lines().values()
        if today - line.verified_on > GOOD_FOR
    ]
