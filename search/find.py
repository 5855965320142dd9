"""Find: codes first, then what reads alike."""

from collections.abc import Callable
from dataclasses import dataclass

from search.codes import find_codes, strip_codes
from search.index import Index, Item
from search.text import has_words

KINDS = ("standard", "provider", "course", "answer")
# Below this similarity a hit is noise and is not shown. Chosen on the answers' phrasings and on
# out-of-scope questions (tests/search/test_find.py holds both sides).
FLOOR = 0.30
# When every kind is searched, a body or a course must be named clearly: half of their names say «certificación».
_MIXED_FLOOR = {"standard": FLOOR, "answer": FLOOR, "provider": 0.65, "course": 0.65}


@dataclass(frozen=True)
class Hit:
    """One result: the item, how alike (0 to 1; 1 is an exact code) and on what it was found."""

    item: Item
    score: float
    matched_on: str


def find(index: Index, query: str, *, kind: str | None = None, state: str | None = None, limit: int = 10) -> list[Hit]:
    """The best ``limit`` items for ``query``, best first; an empty list when nothing is alike enough.

    Args:
        kind: one of ``KINDS``; None searches all.
        state: short name of a state. Keeps providers whose name places them there and standards that
            such a provider certifies; courses and answers have no place.
    """
    codes = find_codes(query)
    if codes and kind == "answer":
        query = strip_codes(query)  # «¿cuánto cuesta el EC0217?» asks for a price
    elif codes:
        hits = [hit for code in codes for hit in _by_code(index, code, kind or "standard", state)]
        return _once(hits)[:limit]
    if not has_words(query):
        return []
    in_state = _in_state(index, state)
    hits = []
    floors = _MIXED_FLOOR if kind is None else {kind: FLOOR}
    for name, floor in floors.items():
        if name in index.kinds:
            best = index.kinds[name].best(query, in_state, limit)
            hits += [Hit(entry.item, score, entry.matched_on) for entry, score in best if score >= floor]
    return sorted(hits, key=lambda hit: -hit.score)[:limit]


def resolve(index: Index, code: str) -> tuple[Item | None, Item | None]:
    """What a code stands for today: ``(standard to show, standard that was asked for)``.

    ``EC0217`` → ``(EC0217.01, EC0217)``: replaced. ``EC0076`` → twice the same. A code that is listed but
    already has a newer version leads to itself: it can still be certified. ``EC9999`` → ``(None, None)``.
    """
    standards = index.items["standard"]
    asked = standards.get(code)
    if asked is None:
        # «EC0217.02»: the number exists in another version. «EC0110» may exist only as «EC0110.02».
        others = [item for item in index.versions(code) if item.status != "not_listed"]
        return (others[0], None) if others else (None, None)
    shown = asked
    while shown.status == "not_listed" and shown.replaced_by in standards:
        shown = standards[shown.replaced_by]
    return shown, asked


def _by_code(index: Index, code: str, kind: str, state: str | None) -> list[Hit]:
    shown, asked = resolve(index, code)
    if shown is None:
        return []
    if kind == "standard":
        if asked is shown:
            return [Hit(shown, 1.0, "código")]
        hits = [Hit(shown, 1.0, f"sustituye a {code}" if asked else f"otra versión de {code}")]
        return hits + ([Hit(asked, 0.9, f"código; sustituido por {shown.id}")] if asked else [])
    if kind == "provider":
        in_state = _in_state(index, state)
        return [Hit(item, 1.0, f"acreditado en {shown.id}") for item in index.providers_of(shown.id) if in_state(item)]
    if kind == "course":
        return [Hit(item, 1.0, f"alineado a {shown.id}") for item in index.courses_of(shown.id)]
    return []


def _in_state(index: Index, state: str | None) -> Callable[[Item], bool]:
    if state is None:
        return lambda item: True
    here = [item for item in index.items["provider"].values() if item.state == state]
    codes = frozenset(code for item in here for code in item.standards)

    def keep(item: Item) -> bool:
        if item.kind == "provider":
            return item.state == state
        return item.kind != "standard" or item.id in codes

    return keep


def _once(hits: list[Hit]) -> list[Hit]:
    return list({(hit.item.kind, hit.item.id): hit for hit in reversed(hits)}.values())[::-1]
