"""What a message means after what was shown: the classifier's view of its words, and what people mean at that point."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.actions.memory import Memory
from bot.examples import NOTHING, read_conversation

# How much it counts what usually follows: for a message of few words, and for longer ones; and of how many messages
# it is told for sure. Chosen on held-out messages.
_SHORT, _SHARE, _SHARE_OF_LONGER = 6, 0.8, 0.5
_ENOUGH = 10
_SHOWN = {"provider": "providers", "course": "courses"}


# What an interview is about.
_ABOUT = {"migrant": "mexico_reconoce", "complaint": "queja"}


def shown_last(memory: Memory, interview: str | None = None) -> str:
    """What the citizen has before their eyes: an answer's id, one of ``SHOWN``, or ``NOTHING``."""
    if interview in _ABOUT:
        return _ABOUT[interview]
    if memory.kind == "topics":
        return NOTHING
    if memory.act == "show_standard" or (memory.kind == "standard" and memory.code):
        return "card"
    if memory.kind == "answer" and memory.ids:
        return memory.ids[0]
    if memory.kind == "standard":
        return "list"
    return _SHOWN.get(memory.kind, NOTHING)


def in_context(
    likely: Mapping[str, float], text: str, memory: Memory, interview: str | None = None
) -> Sequence[tuple[str, float]]:
    """Meanings of ``text`` with their probabilities, likeliest first; ``likely``: those by the words alone.

    By Bayes' rule: the words tell the meaning, and so does what was shown before. ``interview``: the one that goes on.
    """
    usual = _usual().get(shown_last(memory, interview), {})
    counts = _SHARE if len(text.split()) <= _SHORT else _SHARE_OF_LONGER
    rare = min(usual.values(), default=1.0)
    weighed = {meant: share * usual.get(meant, rare) ** counts for meant, share in likely.items()}
    total = sum(weighed.values()) or 1.0
    return sorted(((meant, share / total) for meant, share in weighed.items()), key=lambda one: -one[1])


@lru_cache
def _usual() -> Mapping[str, Mapping[str, float]]:
    """By what was shown: how much likelier each meaning is after it than anywhere, never 0."""
    after: dict[str, Counter[str]] = defaultdict(Counter)
    for said in read_conversation():
        after[said.after][said.meant] += 1
    after.pop(NOTHING, None)  # who begins a talk may mean anything
    anywhere = sum(after.values(), Counter())
    share = {meant: count / anywhere.total() for meant, count in anywhere.items()}
    return {
        shown: {meant: (counts[meant] + _ENOUGH * of) / (counts.total() + _ENOUGH) / of for meant, of in share.items()}
        for shown, counts in after.items()
    }
