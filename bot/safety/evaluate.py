"""Measuring the detector against labelled phrases: what ``orienta eval safety`` prints."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.safety.detector import NONE, find_danger


def read_phrases(path: Path) -> list[tuple[str, str]]:
    """Rows of a file with the columns ``kind`` and ``text``."""
    with path.open(encoding="utf-8", newline="") as handle:
        return [(row["kind"], row["text"]) for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)]


def figures(rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Caught and false alarms on labelled phrases, by kind, then each miss."""
    found = [(kind, text, find_danger(text)) for kind, text in rows]
    danger = [(kind, text, seen) for kind, text, seen in found if kind != NONE]
    safe = [(text, seen) for kind, text, seen in found if kind == NONE]
    for kind in sorted({kind for kind, _, _ in danger}):
        own = [seen for one, _, seen in danger if one == kind]
        right = sum(1 for seen in own if seen and seen.kind == kind)
        yield f"{kind:<22}{len(own):>5}{sum(map(bool, own)) / len(own):>8.3f}  (su propia clase {right / len(own):.2f})"
    caught = sum(bool(seen) for _, _, seen in danger) / max(len(danger), 1)
    yield f"{'peligro detectado':<22}{len(danger):>5}{caught:>8.3f}"
    yield f"{'falsas alarmas':<22}{len(safe):>5}{sum(bool(seen) for _, seen in safe) / max(len(safe), 1):>8.3f}"
    yield from (f"  no visto ({kind}): {text}" for kind, text, seen in danger if not seen)
    yield from (f"  de más ({seen.kind} {seen.score:.2f}): {text}" for text, seen in safe if seen)
