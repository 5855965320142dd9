"""What can be found, and by which texts: the registry, the answers and the everyday names, one entry a text."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.text import fold
from search.text import provider_name, trade

if TYPE_CHECKING:  # who only reads a saved index needs no database and no files
    from knowledge.models import Standard
    from search.rows import Rows
    from search.vocabulary import Vocabulary

# An occupation is named by many standards, a title by one; and of two standards that name an
# occupation, the one that names fewer is more about it.
_OCCUPATION_WEIGHT = 0.97
_WEIGHT_PER_OCCUPATION = 0.002
# Of two standards that read alike, the one that more providers certify is of more use: up to this much.
_USE = 0.05
_MANY_PROVIDERS = 400
# Kinds that people search, in the order in which equals are shown; what is outside is only compared with.
KINDS = ("standard", "answer", "provider", "course")
OUTSIDE = "outside"
# What a text is to its item; of some the text itself is told beside it.
TITLE, OCCUPATION, NAME, PROVIDER_NAME, QUESTION = "título", "ocupación", "también se dice", "nombre", "pregunta"
_WITHOUT_TEXT = (TITLE, QUESTION)
# How a kind's texts and what people type are made comparable: a trade without the words around it; a
# question whole, for «cómo», «cuánto» and «quién» tell one from another.
PREPARE: dict[str, Callable[[str], str]] = {
    "standard": trade, "course": trade, "answer": fold, "provider": provider_name, OUTSIDE: fold,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """What a search can find. ``id``: code, provider id, answer id, or ``code/title`` for a course.

    ``sector`` in sentence case; ``standards``: codes of a provider or a course; ``certified``: whether a
    standard has a provider.
    """

    kind: str
    id: str
    title: str
    as_of: str = ""
    url: str | None = None
    status: str | None = None
    replaced_by: str | None = None
    level: int | None = None
    sector: str = ""
    occupations: tuple[str, ...] = ()
    certified: bool = False
    state: str | None = None
    standards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One text an item is found by, and what it is to the item: its title, an occupation, an everyday name."""

    item: Item
    text: str
    what: str
    weight: float = 1.0

    @property
    def matched_on(self) -> str:
        """Tells people why the item was found."""
        return self.what if self.what in _WITHOUT_TEXT else f"{self.what}: {self.text}"


def entries(rows: "Rows", vocabulary: "Vocabulary") -> Iterator[tuple[Item, list[Entry]]]:
    """Every item with its entries; the first is its title. What is no longer listed has none: its code finds it."""
    certifying = Counter(code for provider in rows.providers for code in provider.standards)
    for standard in rows.standards:
        yield _standard(standard, certifying[standard.code], vocabulary.trades.get(standard.code, []))
    for provider in rows.providers:
        item = Item(
            "provider", provider.id, provider.name, provider.as_of.isoformat(), provider.website,
            state=provider.state_inferred, standards=tuple(provider.standards),
        )  # fmt: skip
        names = [Entry(item, short, PROVIDER_NAME) for short in vocabulary.providers.get(provider.id, [])]
        yield item, [Entry(item, provider.name, PROVIDER_NAME), *names]
    for course in rows.courses:
        key = f"{course.standard}/{course.title}"
        item = Item("course", key, course.title, course.as_of.isoformat(), standards=(course.standard,))
        yield item, [Entry(item, course.title, TITLE)]
    for answer in rows.answers:
        item = Item("answer", answer.id, answer.title, answer.fact_date.isoformat(), answer.sources[0]["url"])
        texts = (answer.title, answer.button, *answer.phrasings)
        yield item, [Entry(item, text, QUESTION) for text in texts]
    for topic, phrasings in vocabulary.outside.items():
        item = Item(OUTSIDE, topic, topic)
        yield item, [Entry(item, text, OUTSIDE) for text in phrasings]


def _standard(standard: "Standard", providers: int, names: Sequence[str]) -> tuple[Item, list[Entry]]:
    item = Item(
        "standard", standard.code, standard.title, standard.as_of.isoformat(), standard.url,
        status=standard.status, replaced_by=standard.replaced_by, level=standard.level,
        sector=standard.sector.capitalize(), certified=providers > 0,
        occupations=tuple(occupation["name"] for occupation in standard.occupations),
    )  # fmt: skip
    if not standard.offered:
        return item, []
    use = 1 - _USE * (1 - math.log1p(providers) / math.log1p(_MANY_PROVIDERS))
    weight = use * (_OCCUPATION_WEIGHT - _WEIGHT_PER_OCCUPATION * min(len(standard.occupations), 20))
    return item, [
        Entry(item, standard.title, TITLE, use),
        *(
            Entry(item, variant, OCCUPATION, weight)
            for occupation in standard.occupations
            for variant in occupation["variants"]
        ),
        *(Entry(item, said, NAME, use) for said in names),
    ]
