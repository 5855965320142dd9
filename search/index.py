"""The index: several texts a thing, grouped by kind; built from the database, never changed, only replaced."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sqlalchemy import select

from core.db import Database
from core.text import fold
from knowledge.models import Answer, Course, Provider, Standard
from knowledge.standards import OFFERED
from search.lexical import Lexical
from search.text import trade

# An occupation is named by many standards, a title by one; and of two standards that name an
# occupation, the one that names fewer is more about it.
_OCCUPATION_WEIGHT = 0.97
_WEIGHT_PER_OCCUPATION = 0.002
# Of two standards that read alike, the one that somebody certifies is of more use.
_WITHOUT_PROVIDER = 0.96
# How much the title adds when something else matched: «barbero» is an occupation of three standards,
# and one is called «Prestación de servicios de barbería».
_TITLE_SHARE = {"standard": 0.15}


@dataclass(frozen=True)
class Item:
    """What a search can find. ``id``: code, provider id, answer id, or ``code/title`` for a course."""

    kind: str
    id: str
    title: str
    as_of: str
    url: str | None = None
    status: str | None = None
    replaced_by: str | None = None
    state: str | None = None
    standards: frozenset[str] = frozenset()


@dataclass(frozen=True)
class StandardDetail:
    """What a standard's card says beside its title. ``sector`` in sentence case."""

    level: int | None
    sector: str
    occupations: list[str]


@dataclass(frozen=True)
class Entry:
    """One text an item is found by; ``matched_on`` tells people why."""

    item: Item
    text: str
    matched_on: str
    weight: float = 1.0


class Kind:
    """The entries of one kind and their lexical scorer.

    An item's first entry is its title. Another scorer (vectors of sentences) joins here.
    """

    def __init__(self, entries: list[Entry], prepare: Callable[[str], str], title_share: float) -> None:
        self._title_share = title_share
        self._entries = entries
        self._prepare = prepare
        self._weights = np.array([entry.weight for entry in entries], dtype=np.float32)
        first: dict[str, int] = {}
        for position, entry in enumerate(entries):
            first.setdefault(entry.item.id, position)
        self._title = np.array([first[entry.item.id] for entry in entries])
        self._lexical = Lexical([entry.text for entry in entries])

    def best(self, query: str, keep: Callable[[Item], bool], limit: int) -> list[tuple[Entry, float]]:
        """The ``limit`` best items for ``query``, each with its best entry and score (0 to 1)."""
        prepared = self._prepare(query)
        if not prepared:
            return []
        alike = self._lexical.scores(prepared)
        scores = np.minimum(alike * self._weights + self._title_share * alike[self._title] * (alike < 1), 1.0)
        found: dict[str, tuple[Entry, float]] = {}
        for position in np.argsort(-scores, kind="stable"):
            if scores[position] <= 0 or len(found) == limit:
                break
            entry = self._entries[position]
            if entry.item.id not in found and keep(entry.item):
                found[entry.item.id] = (entry, float(scores[position]))
        return list(found.values())


@dataclass(frozen=True)
class Index:
    """Everything that can be found: items by kind and id, and the scorers."""

    items: dict[str, dict[str, Item]]
    kinds: dict[str, Kind] = field(repr=False)
    details: dict[str, StandardDetail] = field(repr=False)

    def versions(self, code: str) -> list[Item]:
        """Standards that share the code's number, newest version first: ``EC0217`` → ``EC0217.01``, ``EC0217``."""
        base = code.split(".")[0]
        same = [item for key, item in self.items["standard"].items() if key.split(".")[0] == base]
        return sorted(same, key=lambda item: item.id, reverse=True)

    def providers_of(self, code: str) -> list[Item]:
        """Providers accredited for ``code``, by name."""
        found = [item for item in self.items["provider"].values() if code in item.standards]
        return sorted(found, key=lambda item: item.title)

    def courses_of(self, code: str) -> list[Item]:
        """Courses aligned to ``code``, by title."""
        return sorted((c for c in self.items["course"].values() if code in c.standards), key=lambda c: c.title)


def build_index(
    standards: Iterable[Standard], providers: Iterable[Provider], courses: Iterable[Course], answers: Iterable[Answer]
) -> Index:
    """Build the index from rows of the knowledge; about a second for the whole registry."""
    entries: dict[str, list[Entry]] = {"standard": [], "provider": [], "course": [], "answer": []}
    items: dict[str, dict[str, Item]] = {kind: {} for kind in entries}
    details: dict[str, StandardDetail] = {}

    def add(item: Item, texts: Iterable[tuple[str, str, float]], prepare: Callable[[str], str]) -> None:
        items[item.kind][item.id] = item
        for text, matched_on, weight in texts:
            prepared = prepare(text)
            # People type «albanil» too: each text with ñ is also found without it.
            for spelling in dict.fromkeys((prepared, prepared.replace("ñ", "n"))):
                if spelling:
                    entries[item.kind].append(Entry(item, spelling, matched_on, weight))

    providers = list(providers)
    certified = {code for provider in providers for code in provider.standards}
    for standard in standards:
        item = Item(
            "standard", standard.code, standard.title, standard.as_of.isoformat(), standard.url,
            status=standard.status, replaced_by=standard.replaced_by,
        )  # fmt: skip
        texts: list[tuple[str, str, float]] = []
        if standard.status in OFFERED:  # what is no longer listed is found by its code only
            use = 1.0 if standard.code in certified else _WITHOUT_PROVIDER
            texts.append((standard.title, "título", use))
            weight = use * (_OCCUPATION_WEIGHT - _WEIGHT_PER_OCCUPATION * min(len(standard.occupations), 20))
            for occupation in standard.occupations:
                for variant in occupation["variants"]:
                    texts.append((variant, f"ocupación: {occupation['name']}", weight))
        add(item, texts, trade)
        names = [occupation["name"] for occupation in standard.occupations]
        details[standard.code] = StandardDetail(standard.level, standard.sector.capitalize(), names)
    for provider in providers:
        item = Item(
            "provider", provider.id, provider.name, provider.as_of.isoformat(), provider.website,
            state=provider.state_inferred, standards=frozenset(provider.standards),
        )  # fmt: skip
        add(item, [(provider.name, "nombre", 1.0)], fold)
    for course in courses:
        item = Item(
            "course", f"{course.standard}/{course.title}", course.title, course.as_of.isoformat(),
            standards=frozenset([course.standard]),
        )  # fmt: skip
        add(item, [(course.title, "título", 1.0)], trade)
    for answer in answers:
        source = answer.sources[0]
        item = Item("answer", answer.id, answer.title, answer.fact_date.isoformat(), source["url"])
        texts = [(text, "pregunta", 1.0) for text in (answer.title, answer.button, *answer.phrasings)]
        add(item, texts, fold)
    prepares = {"standard": trade, "provider": fold, "course": trade, "answer": fold}
    kinds = {kind: Kind(found, prepares[kind], _TITLE_SHARE.get(kind, 0)) for kind, found in entries.items() if found}
    return Index(items, kinds, details)


async def load_index(db: Database) -> Index:
    """Read the knowledge and build its index in a thread, so that the server goes on answering."""
    async with db.begin() as session:
        rows: list[Any] = []
        for model in (Standard, Provider, Course, Answer):
            rows.append(list(await session.scalars(select(model))))
    return await asyncio.to_thread(build_index, *rows)
