"""Pairs of texts that mean the same, from everything the project knows; no test question is among them."""

import csv
import random
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.paths import PROJECT_ROOT
from core.text import fold
from search.rows import Rows
from search.text import trade
from search.training.noise import QUESTION_FRAMES, TRADE_FRAMES, typed
from search.vocabulary import Vocabulary

_ESCO = Path(__file__).parent / "data/esco_occupations.csv"
# Pairs drawn from each group of a source in one epoch. Names and phrasings are what people type.
_DRAWS = {"trade": 8, "title": 3, "answer": 14, "esco": 3, "word": 2, "outside": 6, "course": 1}


@dataclass(frozen=True)
class Group:
    """Texts with one meaning: ``said`` as people say them, ``meant`` what they should come near to."""

    source: str
    key: str
    said: list[str]
    meant: list[str]


@dataclass(frozen=True)
class Pair:
    """Two texts and the group they come from; pairs of one group are never negatives of each other."""

    key: str
    said: str
    meant: str


def groups(rows: Rows, vocabulary: Vocabulary) -> list[Group]:
    """Every group that pairs are drawn from, without the texts that search is measured with."""
    measured = questions_for_measuring()
    kept = []
    for group in _groups(rows, vocabulary):
        said = [text for text in group.said if fold(text) not in measured]
        meant = [text for text in group.meant if fold(text) not in measured]
        if said and meant:
            kept.append(Group(group.source, group.key, said, meant))
    return kept


@lru_cache
def questions_for_measuring() -> frozenset[str]:
    """The folded queries of every labelled file: the encoder must not see them."""
    found = set()
    for path in sorted((PROJECT_ROOT / "tests/eval").glob("search*.tsv")):
        with path.open(encoding="utf-8", newline="") as handle:
            found |= {fold(row["query"]) for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)}
    return frozenset(found)


def _groups(rows: Rows, vocabulary: Vocabulary) -> list[Group]:
    found: list[Group] = []
    for standard in rows.standards:
        if not standard.offered:
            continue
        key, title = f"standard {standard.code}", standard.title
        found.append(Group("title", key, [title], [title]))
        names = vocabulary.trades.get(standard.code, [])
        official = [variant for occupation in standard.occupations for variant in occupation["variants"]]
        said = [*names, *official]
        if said:
            found.append(Group("trade", key, [*names, *names, *official], [title] * max(2, len(said)) + said))
    for course in rows.courses:
        found.append(Group("course", f"standard {course.standard}", [course.title], [course.title]))
    for answer in rows.answers:
        asked = [answer.title, answer.button, *answer.phrasings]
        found.append(Group("answer", f"answer {answer.id}", asked, asked))
    for topic, asked in vocabulary.outside.items():
        found.append(Group("outside", f"outside {topic}", asked, asked))
    for number, words in enumerate(vocabulary.words):
        found.append(Group("word", f"word {number}", words, words))
    return found + _esco()


def draw(found: list[Group], chance: random.Random) -> list[Pair]:
    """One epoch's pairs, shuffled: framed and mistyped as people do."""
    pairs = []
    for group in found:
        for _ in range(_DRAWS[group.source]):
            said, meant = chance.choice(group.said), chance.choice(group.meant)
            if group.source in ("trade", "esco") and chance.random() < 0.5:
                said = chance.choice(TRADE_FRAMES).format(said)
            elif group.source in ("title", "course"):
                said = _fragment(said, chance)
            elif group.source == "answer":
                said = chance.choice(QUESTION_FRAMES).format(said)
            if chance.random() < 0.6:
                said = typed(said, chance)
            elif chance.random() < 0.5:
                meant = typed(meant, chance, 0.03)
            if group.source in ("trade", "esco", "title", "course", "word"):
                said, meant = trade(said) or said, trade(meant) or meant
            if fold(said) != fold(meant) or group.source == "title":
                pairs.append(Pair(group.key, said, meant))
    chance.shuffle(pairs)
    return pairs


def _fragment(title: str, chance: random.Random) -> str:
    """Some words of a title: people rarely remember all."""
    words = title.split()
    if len(words) <= 3:
        return title
    if chance.random() < 0.6:
        size = chance.randint(2, min(6, len(words)))
        start = chance.randrange(len(words) - size + 1)
        return " ".join(words[start : start + size])
    return " ".join(word for word in words if chance.random() < 0.6) or title


def _esco() -> list[Group]:
    with _ESCO.open(encoding="utf-8") as handle:
        found = []
        for number, row in enumerate(csv.DictReader(handle)):
            spanish = [*_parts(row["es"], "/"), *_parts(row["es_alt"], "|")]
            english = [row["en"], *_parts(row["en_alt"], "|")][:7]
            if spanish:
                meant = spanish[:1] * 3 + spanish + english[:3]
                found.append(Group("esco", f"esco {number}", spanish + english, meant))
        return found


def _parts(text: str, mark: str) -> list[str]:
    return [part.strip() for part in text.split(mark) if part.strip()]
