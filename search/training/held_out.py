"""How search does for trades whose everyday names nobody wrote down: ``python -m search.training.held_out FILE``.

The file's trades are parted in five. For each part the everyday names of every standard that is right, of
every standard that shares a name with one of those, and the same names wherever else they stand, are taken
out; the encoder is trained anew without them, the index built without them, and the part is asked. What is
left to find them by is the registry's own words. This is the honest figure for a trade that is new to us.
It is of the order alone: nothing is refused.
"""

import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from core.text import fold
from search.confidence import SIGNALS, Confidence, Signals
from search.encoder import GramEncoder
from search.entries import KINDS
from search.evaluate import Case, Result, by_kind, figures, read_cases, run
from search.index import build_index
from search.rows import rows_from_files
from search.training.__main__ import save, train, words
from search.training.pairs import groups
from search.vocabulary import Vocabulary, read_vocabulary

_PARTS = 5


def main() -> None:
    """Print success at 1 and 5 with the names held out."""
    rows, vocabulary = rows_from_files(), read_vocabulary()
    index = build_index(rows, vocabulary, GramEncoder(), always_sure())
    cases = [case for case in read_cases(Path(sys.argv[1]), index) if is_trade(case)]
    print(f"{'names':10}{'kind':14}{'n':>5}{'@1':>8}{'@5':>8}")
    for line in _lines("known", run(index, cases)):
        print(line, flush=True)
    results: list[Result] = []
    for part in range(_PARTS):
        asked = [case for case in cases if zlib.crc32(min(case.accept).encode()) % _PARTS == part]
        left = vocabulary.without(family(vocabulary, {code for case in asked for code in case.accept}))
        folder = Path(tempfile.mkdtemp(prefix="orienta-"))
        try:
            found = groups(rows, left)
            save(train(found), folder, words(found))
            results += run(build_index(rows, left, GramEncoder(folder), always_sure(), words(found)), asked)
        finally:
            shutil.rmtree(folder)
    for line in _lines("held out", results):
        print(line)


def always_sure() -> Confidence:
    """A confidence that refuses nothing."""
    features = len(Signals(*[0.0] * len(SIGNALS)).features())
    coefficients = dict.fromkeys(KINDS, [0.0] * features + [9.0])
    return Confidence(coefficients, coefficients)


def is_trade(case: Case) -> bool:
    """Whether the case asks for standards by what somebody does, not by code."""
    return (
        case.kind != "code" and bool(case.accept) and all(key.startswith(("EC0", "EC1", "ECM")) for key in case.accept)
    )


def family(vocabulary: Vocabulary, codes: set[str]) -> set[str]:
    """The codes and every other that shares an everyday name with one of them."""
    names = {fold(name) for code in codes for name in vocabulary.trades.get(code, [])}
    return codes | {code for code, own in vocabulary.trades.items() if names & {fold(name) for name in own}}


def _lines(names: str, results: Sequence[Result]) -> Iterator[str]:
    for kind, found in {**by_kind(results), "all": figures(results)}.items():
        yield f"{names:10}{kind:14}{found.count:5}{found.at_1:8.3f}{found.at_5:8.3f}"


if __name__ == "__main__":
    main()
