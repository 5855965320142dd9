"""Find: codes first, then what means and reads alike, as sure as the signals allow, or nothing."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import numpy as np

from core.text import fold
from knowledge.places import read_place, state_in
from search.codes import find_codes, strip_codes
from search.confidence import Signals
from search.entries import KINDS, OUTSIDE, PREPARE, Item
from search.index import Index, Match
from search.text import has_words, provider_name, trade

# Less sure than this, nothing is found. Chosen on the curves of both labelled files: of what can be answered
# at most one in twenty is refused (``orienta eval search`` prints the whole curve).
FLOOR = 0.43
# From here on the first hit may be given as the answer, below it is offered as a guess.
SURE = 0.75
# Below this share of the best match a further one is not worth showing.
_BESIDE = 0.4
# A course is worth less than its standard, which leads to it, where both were found.
_KIND_SHARE = {"course": 0.8, "provider": 0.95}
_WORDS, _LETTERS = 64, 40
# Where a trade may mean several standards, the providers of so many of the likeliest are shown.
_LIKELY = 10
_AS_LIKELY = 0.75
# Words of the longest name looked for in a text; trades looked for at once; share of a text that they must be.
_LONGEST_NAME, _TRADES, _NAMED_SHARE = 6, 4, 0.75


def _number_after(words: str) -> re.Pattern[str]:
    """The number of a standard behind one of the words, that counts nothing and is no part of a longer one."""
    return re.compile(
        rf"(?<![\w.])(?P<before>{words})\s+(?P<number>0?[0-9]{{3}}|[01][0-9]{{3}})(?P<version>\.[0-9]{{2}})?"
        r"(?![\w.,/-]*[0-9])(?!\s*(?:%|a[nñ]os|pesos|horas|hrs|mil|meses|d[ií]as|personas|km|kilos|metros|veces|"
        r"por ciento|[0-9]))",
        re.I,
    )


_SAID_NUMBER = _number_after("el|la|del|al|los|las")
_AND_NUMBER = _number_after("y|o|u")
_NO_CODES = frozenset("911 800 079 089 066 555 2024 2025 2026".split())
_RIVAL = {"standard": "answer", "answer": "standard", "provider": "answer", "course": "answer"}


@dataclass(frozen=True)
class Hit:
    """One result: the item, how surely it is what was meant (0 to 1; 1 is certain), and on what it was found."""

    item: Item
    score: float
    matched_on: str


@dataclass(frozen=True)
class Found:
    """What a search found, best first; ``corrected``: how the query was read where its spelling was mended."""

    hits: Sequence[Hit] = ()
    corrected: str | None = None

    @property
    def score(self) -> float:
        """How sure the best hit is; 0 without any."""
        return self.hits[0].score if self.hits else 0.0

    def of(self, kind: str) -> "Found":
        """The hits of one kind."""
        return replace(self, hits=[hit for hit in self.hits if hit.item.kind == kind])


@dataclass(frozen=True)
class Filters:
    """What results must satisfy.

    ``state``: short name; keeps providers whose name places them there and standards that such a provider
    certifies. ``sector``: words of a sector's name, as folded; ``level``: 1 to 5; ``certified``: only
    standards with an accredited provider. Those three leave only standards, and what hangs on them.
    """

    state: str | None = None
    sector: str | None = None
    level: int | None = None
    certified: bool = False

    def __bool__(self) -> bool:
        return self != Filters()


def find(
    index: Index, query: str, *, kind: str | None = None, filters: Filters | None = None, limit: int = 10
) -> Found:
    """The best ``limit`` items for ``query``; none when nothing is sure enough.

    Args:
        kind: one of ``KINDS``; None searches all.
        filters: what results must satisfy.
    """
    codes = find_codes(query)
    if codes and kind == "provider" and not (filters and filters.state):
        filters = replace(filters or Filters(), state=state_in(strip_codes(query)))
    keep = _keeper(index, filters) if filters else None
    if codes and kind == "answer":
        query = strip_codes(query)  # «¿cuánto cuesta el EC0217?» asks for a price
    elif codes:
        hits = [hit for code in codes for hit in _by_code(index, code, kind or "standard")]
        return Found(_once([hit for hit in hits if keep is None or keep(hit.item)])[:limit])
    if not has_words(query):
        return Found()
    typed = _bounded(query)
    words = index.speller.correct(typed)
    if kind == "provider":
        hits = _providers(index, words, filters or Filters(), limit)
        return Found(hits, _corrected(typed, words, fold) if hits else None)
    matches = Matches(index, words, limit)
    hits = matches.of_all(keep) if kind is None else matches.hits(kind, keep)
    if kind in (None, "standard") and not any(hit.score >= SURE for hit in hits):
        hits = _once([*_of_several(index, words, keep, limit), *hits])
    hits.sort(key=lambda hit: -hit.score)
    shown = fold if kind == "answer" else trade
    return Found(hits[:limit], _corrected(typed, words, shown) if hits else None)


def named_trades(index: Index, text: str) -> list[str]:
    """The trades that ``text`` names as somebody in the registry or the vocabulary does, in order, the longest first.

    ``"fui soldador y techador en Houston"`` → ``["soldador", "techador"]``, folded.
    """
    known = index.kinds["standard"]
    words = trade(read_place(_bounded(text))[1]).split()
    found = []
    while words:
        size = next((n for n in range(min(len(words), _LONGEST_NAME), 0, -1) if known.says(" ".join(words[:n]))), 0)
        if size:
            found.append(" ".join(words[:size]))
        words = words[size or 1 :]
    return found


def _of_several(index: Index, words: str, keep: Callable[[Item], bool] | None, limit: int) -> list[Hit]:
    """The standards of each trade, in turn, of who names several and nothing else: «albañil, plomero y pintor»."""
    trades = list(dict.fromkeys(named_trades(index, words)))
    said = trade(read_place(words)[1]).split()
    if len(trades) < 2 or len(" ".join(trades).split()) < _NAMED_SHARE * len(said):
        return []
    found = [Matches(index, name, limit).hits("standard", keep) for name in trades[:_TRADES]]
    return [hit for rank in zip_longest(*found) for hit in rank if hit is not None][:limit]


def named_provider(index: Index, query: str) -> Hit | None:
    """The provider whose name the query says; None when it names none, or only a place or a trade."""
    hits = _named(index, index.speller.correct(_bounded(query)), 1, None)
    return hits[0] if hits else None


def outside_topic(index: Index, query: str) -> tuple[str | None, float]:
    """The topic of ``search/vocabulary/outside.yml`` that the query reads most like, and how alike it is, 0 to 1."""
    matches = Matches(index, index.speller.correct(_bounded(query)), 1).of(OUTSIDE)
    return (matches[0].entry.item.id, matches[0].score) if matches else (None, 0.0)


def _providers(index: Index, words: str, filters: Filters, limit: int) -> list[Hit]:
    """Providers by their name; else by the trade and the place that are named, or all of a place.

    The registry copy has no addresses: a place is one that a provider's own name says.
    """
    named = _named(index, words, limit, _keeper(index, filters) if filters else None)
    if named:
        return named
    place, about = read_place(words)
    if place is not None and filters.state is None:
        filters = replace(filters, state=place.state)
    if trade(about):
        standards = Matches(index, about, _LIKELY).hits("standard")
        likely = [hit for hit in standards if hit.score >= _AS_LIKELY * standards[0].score]
        found = [
            Hit(provider, hit.score, f"acreditado en {hit.item.id}")
            for hit in likely
            for provider in index.providers_of(hit.item.id)
        ]
    else:
        found = [Hit(p, 1.0, "prestador acreditado") for p in index.items["provider"].values()] if filters else []
    keep = _keeper(index, filters) if filters else None
    hits = _once([hit for hit in found if keep is None or keep(hit.item)])
    if filters.state:
        hits = [replace(hit, matched_on=f"{hit.matched_on}; su nombre dice {filters.state}") for hit in hits]
    town = fold(place.municipality or "") if place else ""
    hits.sort(key=lambda hit: (not town or town not in fold(hit.item.title), -hit.score, -len(hit.item.standards)))
    return hits[:limit]


def _named(index: Index, words: str, limit: int, keep: Callable[[Item], bool] | None) -> list[Hit]:
    hits = Matches(index, words, limit).hits("provider", keep)
    place, about = read_place(words)
    if not place:
        return hits
    if hits and _says(hits[0], about):
        return hits
    # «conalep jalisco»: who is not called after the place may be there all the same.
    hits = Matches(index, about, 1).hits("provider") if provider_name(about) else []
    return hits if hits and _says(hits[0], about) else []


def _says(hit: Hit, about: str) -> bool:
    """Whether the name found says what was asked beside the place: many are called after their state alone."""
    said = set(provider_name(about).split())
    return bool(said) and said <= set(fold(f"{hit.item.title} {hit.matched_on}").split())


class Matches:
    """One query against the kinds it is asked of and those it is compared with, each searched once."""

    def __init__(self, index: Index, words: str, limit: int) -> None:
        self._index = index
        self._limit = limit
        self._place, about = read_place(words)
        # A trade is looked for without the place, unless the place is all there is: «talavera de Puebla».
        asked = {kind: about if prepare is trade and trade(about) else words for kind, prepare in PREPARE.items()}
        self._about = about
        prepared = {kind: PREPARE[kind](asked[kind]) for kind in PREPARE}
        texts = list(dict.fromkeys(prepared.values()))
        vectors = dict(zip(texts, index.encoder.encode_query(texts), strict=True))
        self._queries = {kind: (text, vectors[text]) for kind, text in prepared.items()}
        self._unfiltered: dict[str, list[Match]] = {}

    def hits(self, kind: str, keep: Callable[[Item], bool] | None = None) -> list[Hit]:
        """Hits of one kind with their probabilities; none below the floor."""
        found = self.of(kind, keep)
        sure = self._index.confidence.of(kind, self.signals(kind, found[0], alone=True)) if found else 0.0
        return _graded(found, sure) if sure >= FLOOR else []

    def of_all(self, keep: Callable[[Item], bool] | None = None) -> list[Hit]:
        """Hits of every kind; none when even together they are below the floor.

        A query that may mean a trade as well as a question is ours, though neither reading is sure.
        """
        found = {kind: matches for kind in KINDS if (matches := self.of(kind, keep))}
        signals = {kind: self.signals(kind, matches[0], alone=False) for kind, matches in found.items()}
        sure = self._index.confidence.of_all(signals)
        together = 1 - float(np.prod([1 - own for own in sure.values()]))
        if together < FLOOR:
            return []
        most = max(sure.values())
        return [
            hit
            for kind, own in sure.items()
            if own >= _BESIDE * most
            for hit in _graded(found[kind], _KIND_SHARE.get(kind, 1.0) * together * own / most)
            if kind != "provider" or self._place is None or _says(hit, self._about)
        ]

    def of(self, kind: str, keep: Callable[[Item], bool] | None = None) -> list[Match]:
        """Matches of one kind, whatever they are worth."""
        if kind not in self._index.kinds:
            return []
        text, vector = self._queries[kind]
        if keep is not None:
            return self._index.kinds[kind].best(text, vector, self._limit, keep)
        if kind not in self._unfiltered:
            self._unfiltered[kind] = self._index.kinds[kind].best(text, vector, self._limit)
        return self._unfiltered[kind]

    def signals(self, kind: str, match: Match, *, alone: bool) -> Signals:
        """What tells how sure the best match of a kind is; ``alone``: no other kind is asked."""
        text, _ = self._queries[kind]
        covered, known = self._index.kinds[kind].coverage(text, match.entry.item)
        outside = self._first(OUTSIDE)
        rival = None if alone else self._first(_RIVAL[kind])
        return Signals(
            match.score, match.meaning, match.letters, match.words,
            *((outside.score, outside.meaning, outside.letters, outside.words) if outside else (0.0,) * 4),
            rival=rival.score if rival else 0.0, covered=covered, known=known,
            length=float(np.log1p(len(text.split()))), typed=float(np.log1p(len(self._queries["answer"][0].split()))),
        )  # fmt: skip

    def _first(self, kind: str) -> Match | None:
        found = self.of(kind)
        return found[0] if found else None


def _bounded(query: str) -> str:
    """The folded query, as much of it as can tell anything: 64 words of 40 letters."""
    return " ".join(word[:_LETTERS] for word in fold(query).split()[:_WORDS])


def _corrected(typed: str, words: str, shown: Callable[[str], str]) -> str | None:
    """What was looked for, where mending the spelling changed it; of a trade only the trade."""
    return shown(words) if shown(words) != shown(typed) else None


def _graded(found: list[Match], sure: float) -> list[Hit]:
    best = found[0].score
    return [
        Hit(match.entry.item, sure * match.score / best, match.entry.matched_on)
        for match in found
        if match.score >= _BESIDE * best
    ]


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


def spell_codes(index: Index, text: str) -> str:
    """The text with codes said by their number alone written out: «el 217 y el 301» → «el EC0217 y el EC0301».

    Only numbers of standards that exist, and none that counts something: «el 120 pesos», «al 911».
    """

    def written(match: re.Match[str]) -> str:
        code = f"EC{match['number'].zfill(4)}{match['version'] or ''}"
        known = match["number"] not in _NO_CODES and resolve(index, code)[0] is not None
        return f"{match['before']} {code}" if known else match[0]

    spelt = _SAID_NUMBER.sub(written, text)
    # «entre el 217 y 301»: after one code a bare number may be another.
    return _AND_NUMBER.sub(written, spelt) if find_codes(spelt) else text


def _by_code(index: Index, code: str, kind: str) -> list[Hit]:
    shown, asked = resolve(index, code)
    if shown is None:
        return []
    if kind == "standard":
        if asked is shown:
            unlisted = shown.status == "not_listed"
            return [Hit(shown, 1.0, "código; no aparece como vigente" if unlisted else "código")]
        hits = [Hit(shown, 1.0, f"sustituye a {code}" if asked else f"otra versión de {code}")]
        return hits + ([Hit(asked, 0.9, f"código; sustituido por {shown.id}")] if asked else [])
    if kind == "provider":
        return [Hit(item, 1.0, f"acreditado en {shown.id}") for item in index.providers_of(shown.id)]
    if kind == "course":
        return [Hit(item, 1.0, f"alineado a {shown.id}") for item in index.courses_of(shown.id)]
    return []


def _keeper(index: Index, filters: Filters) -> Callable[[Item], bool]:
    standards = index.items["standard"]
    in_state = {
        code
        for provider in index.items["provider"].values()
        if provider.state == filters.state
        for code in provider.standards
    }
    sector = fold(filters.sector or "")

    def fits(item: Item) -> bool:
        return (
            (filters.state is None or item.id in in_state)
            and sector in fold(item.sector)
            and (filters.level is None or item.level == filters.level)
            and (item.certified or not filters.certified)
        )

    kept = {code for code, item in standards.items() if fits(item)}
    of_standards = Filters(state=filters.state) != filters

    def keep(item: Item) -> bool:
        if item.kind == "standard":
            return item.id in kept
        if item.kind == "provider" and filters.state is not None and item.state != filters.state:
            return False
        if item.kind in ("provider", "course"):
            return not of_standards or not kept.isdisjoint(item.standards)
        return not of_standards  # an answer has no sector

    return keep


def _once(hits: list[Hit]) -> list[Hit]:
    once: dict[tuple[str, str], Hit] = {}
    for hit in hits:
        once.setdefault((hit.item.kind, hit.item.id), hit)
    return list(once.values())
