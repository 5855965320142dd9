"""What the understanding is trained on besides ``bot/data/nlu``, and what is usual to mean after what was shown.

``bot/data/conversation.tsv`` holds messages as people type them in the middle of a talk: what is ``meant`` (the id of
an answer, or one of ``INTENTS``), what had just been shown (``after``: the id of an answer, one of ``SHOWN``, or
``NOTHING``) and the ``text``.
"""

import csv
import random
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

from core.paths import PROJECT_ROOT
from search.vocabulary import read_vocabulary

ANSWERS = PROJECT_ROOT / "knowledge/data/answers"
CONVERSATION = PROJECT_ROOT / "bot/data/conversation.tsv"
# What is meant besides an answer, and the intent that Rasa knows it by.
INTENTS = {
    **dict.fromkeys(("trade", "card", "place", "pick", "more", "outside"), "ask"),
    **{
        intent: intent
        for intent in (
            "find_provider", "find_course", "file_complaint", "returning_migrant", "talk_to_person", "not_helpful",
            "insult", "affirm", "deny", "thank", "goodbye", "greet",
        )
    },
}  # fmt: skip
# What had been shown, if it was no answer: standards, one standard, providers, courses.
SHOWN = ("list", "card", "providers", "courses")
NOTHING = "-"
_SEED = 7


class Example(NamedTuple):
    """One message: what is meant by it, after what it was said, and its words."""

    meant: str
    after: str
    text: str


def read_conversation(path: Path = CONVERSATION) -> Iterator[Example]:
    """The messages in mid-talk."""
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield Example(row["meant"], row["after"], row["text"])


@lru_cache
def shipped_answers() -> dict[str, list[str]]:
    """Phrasings of the answers in the repository by their id: those that the model knows."""
    found = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(ANSWERS.glob("*.yml"))]
    return {answer["id"]: answer["phrasings"] for answers in found for answer in answers}


def read_examples() -> Iterator[Example]:
    """Every answer's phrasings, everyday names of trades, what is not ours, and the messages in mid-talk."""
    for answer, phrasings in shipped_answers().items():
        yield from (Example(answer, NOTHING, text) for text in phrasings)
    vocabulary, chosen = read_vocabulary(), random.Random(_SEED)  # noqa: S311  no secret
    for number, (_, names) in enumerate(sorted(vocabulary.trades.items())):
        meant = _NAMING[number % len(_NAMING)]
        yield Example(meant, NOTHING, chosen.choice(_FRAMES[meant]).format(chosen.choice(names)))
    for texts in vocabulary.outside.values():
        yield from (Example("outside", NOTHING, text) for text in chosen.sample(texts, min(_OUTSIDE, len(texts))))
    yield from read_conversation()


# How people say a trade, ask who certifies it, and ask for its courses; so many of each standard's names.
_NAMING = ("trade", "trade", "trade", "find_provider", "find_course")
_FRAMES = {
    "trade": (
        "{}", "{}", "{}", "soy {}", "quiero certificarme de {}", "kiero sertificarme en {}", "me dedico a {}",
        "hay certificación de {}?", "qué estándar hay para {}", "y de {}?", "mejor de {}", "busco algo de {}",
        "llevo años en {}, cuál me toca", "certificado de {}", "trabajo de {}, ¿hay algo para mí?", "i work in {}",
        "y para {} cuál saco", "tengo experiencia en {}",
    ),
    "find_provider": (
        "quién certifica {}", "dónde me certifico de {}", "quien me puede evaluar en {}", "donde saco lo de {}",
        "centros que certifiquen {}", "y quien da el de {}", "who certifies {}", "en qué lugar certifican {}",
    ),
    "find_course": (
        "cursos de {}", "hay curso de {}?", "dónde aprendo {}", "quiero tomar un curso de {}", "capacitación de {}",
        "dan clases de {}?",
    ),
}  # fmt: skip
# Phrasings of each topic that is not ours: more would make every short question one.
_OUTSIDE = 10
