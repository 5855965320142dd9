"""Fitting the confidence: what a search's signals are worth, learnt on questions the encoder never saw.

A second encoder is trained without a fifth of the trades' everyday names, a quarter of the answers'
phrasings and a third of the topics that are outside; an index is built without them; and what was left
out is asked, as people type it. Thus the signals are those of new questions, not of remembered ones.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from core.text import fold
from knowledge.models import Answer
from search.confidence import Confidence, Signals
from search.encoder import Encoder
from search.entries import KINDS
from search.find import Matches
from search.index import Index, build_index
from search.rows import Rows
from search.training.noise import QUESTION_FRAMES, TRADE_FRAMES, typed
from search.vocabulary import Vocabulary

# An answer among the first so many counts as found: people are shown several.
_FIRST = 5
_REPEATS = 2
# Weak enough that the hundred products do not learn the questions by heart.
_STRENGTH = 0.03


@dataclass(frozen=True)
class HeldOut:
    """What the calibrating encoder must not see, and what is left for it."""

    rows: Rows
    vocabulary: Vocabulary
    trades: dict[str, set[str]]  # name → codes
    questions: dict[str, str]  # phrasing → answer
    outside: list[str]


def hold_out(rows: Rows, vocabulary: Vocabulary, seed: int) -> HeldOut:
    """Split the knowledge."""
    chance = random.Random(seed)  # noqa: S311  reproducible, not secret
    codes = {code for code in sorted(vocabulary.trades) if chance.random() < 0.2}
    trades: dict[str, set[str]] = {}
    for code, names in vocabulary.trades.items():
        for name in names:
            trades.setdefault(name, set()).add(code)
    questions, answers = {}, []
    for answer in rows.answers:
        left = []
        for phrasing in answer.phrasings:
            if chance.random() < 0.25:
                questions[phrasing] = answer.id
            else:
                left.append(phrasing)
        answers.append(_with_phrasings(answer, left))
    topics = {topic for topic in sorted(vocabulary.outside) if chance.random() < 0.33}
    outside = {topic: asked for topic, asked in vocabulary.outside.items() if topic not in topics}
    return HeldOut(
        rows=replace(rows, answers=answers),
        vocabulary=replace(vocabulary.without(codes), outside=outside),
        trades={name: found for name, found in trades.items() if found & codes},
        questions=questions,
        outside=[text for topic in sorted(topics) for text in vocabulary.outside[topic]],
    )


def fit_confidence(
    held: HeldOut, everything: Vocabulary, encoder: Encoder, known_words: frozenset[str], seed: int
) -> Confidence:
    """Ask what was held out, and some of what was not; regress «found» on the signals, by kind."""
    index = build_index(held.rows, held.vocabulary, encoder, Confidence({}, {}), known_words)
    asked: dict[str, list[tuple[Signals, bool, bool]]] = {kind: [] for kind in KINDS}
    for text, right in _questions(held, everything, index, random.Random(seed)):  # noqa: S311
        matches = Matches(index, index.speller.correct(fold(text)), _FIRST)
        for kind in KINDS:
            best = matches.of(kind)
            if best:
                found = any((kind, match.entry.item.id) in right for match in best)
                another = bool(right) and not any(own == kind for own, _ in right)
                asked[kind].append((matches.signals(kind, best[0], alone=False), found, another))
    alone = {
        kind: _regress([(replace(signals, rival=0.0), found) for signals, found, another in own if not another])
        for kind, own in asked.items()
    }
    among = {kind: _regress([(signals, found) for signals, found, _ in own]) for kind, own in asked.items()}
    return Confidence(alone, among)


def _regress(asked: list[tuple[Signals, bool]]) -> list[float]:
    """Coefficients with the intercept last, of the features as they are; the fit itself sees them standardised."""
    scaler = StandardScaler()
    features = scaler.fit_transform(np.array([signals.features() for signals, _ in asked]))
    model = LogisticRegression(C=_STRENGTH, max_iter=5000).fit(features, [found for _, found in asked])
    weights = model.coef_[0] / scaler.scale_
    intercept = model.intercept_[0] - weights @ scaler.mean_
    return [*map(float, weights.round(6)), round(float(intercept), 6)]


def _questions(
    held: HeldOut, everything: Vocabulary, index: Index, chance: random.Random
) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """Texts as typed, with what they should find; nothing for what is outside."""
    known = [(name, {code}) for code, names in held.vocabulary.trades.items() for name in names]
    trades = [*held.trades.items(), *chance.sample(known, min(len(known), 2 * len(held.trades)))]
    for name, codes in trades:
        yield typed(chance.choice(TRADE_FRAMES).format(name), chance), {("standard", code) for code in codes}
    seen = [(text, answer.id) for answer in held.rows.answers for text in chance.sample(answer.phrasings, 5)]
    for phrasing, answer_id in [*held.questions.items(), *seen]:
        for _ in range(_REPEATS):
            yield typed(chance.choice(QUESTION_FRAMES).format(phrasing), chance), {("answer", answer_id)}
    for provider in index.items["provider"].values():
        words = provider.title.split()
        part = " ".join(words[: chance.randint(2, max(2, len(words)))])
        names = [provider.title, part, *everything.providers.get(provider.id, [])]
        for name in names:
            yield typed(name, chance), {("provider", provider.id)}
    for course in index.items["course"].values():
        named = {("course", course.id), *(("standard", code) for code in course.standards)}
        yield typed(f"curso de {course.title}", chance), named
    known_outside = [text for asked in held.vocabulary.outside.values() for text in asked]
    for text in [*held.outside, *known_outside]:
        for _ in range(_REPEATS):
            yield typed(chance.choice(QUESTION_FRAMES).format(text), chance), set()


def _with_phrasings(answer: Answer, phrasings: list[str]) -> Answer:
    columns = {column.key: getattr(answer, column.key) for column in Answer.__table__.columns}
    return Answer(**{**columns, "phrasings": phrasings})
