"""What a message means where it was said, and the examples it is learnt from."""

from collections import Counter

import pytest
import yaml

from bot.actions.meaning import in_context, shown_last
from bot.actions.memory import Memory
from bot.examples import INTENTS, NOTHING, SHOWN, read_conversation, read_examples, shipped_answers
from core.paths import PROJECT_ROOT
from core.text import fold

ANSWER = Memory(kind="answer", ids=("reposicion",), seen=1, act="ask")
# A message of so few words is anybody's.
FEW = 4


@pytest.mark.parametrize(
    ("memory", "interview", "shown"),
    [
        (Memory(), None, NOTHING),
        (ANSWER, None, "reposicion"),
        (Memory(kind="standard", ids=("EC0324", "EC0533"), seen=2, act="find_standard"), None, "list"),
        (Memory(kind="answer", ids=("precio",), code="EC0324", act="show_standard"), None, "card"),
        (Memory(kind="provider", ids=("1",), seen=1, act="find_provider"), None, "providers"),
        (Memory(kind="topics", ids=("precio", "vigencia"), seen=2, act="show_standard"), None, NOTHING),
        (ANSWER, "migrant", "mexico_reconoce"),
    ],
)
def test_what_is_before_the_citizens_eyes(memory: Memory, interview: str | None, shown: str) -> None:
    assert shown_last(memory, interview) == shown


def test_the_same_words_mean_another_thing_after_another_answer() -> None:
    words = {"precio": 0.4, "costo_reposicion": 0.3, "cuotas_conocer": 0.3}
    assert in_context(words, "¿y cobran?", Memory())[0][0] == "precio"
    assert in_context(words, "¿y cobran?", ANSWER)[0][0] == "costo_reposicion"
    assert sum(share for _, share in in_context(words, "¿y cobran?", ANSWER)) == pytest.approx(1)
    assert in_context({}, "", ANSWER) == []


def test_what_was_shown_does_not_overrule_plain_words() -> None:
    words = {"privacidad": 0.0, "vigencia": 0.98, "costo_reposicion": 0.02}
    assert in_context(words, "¿y cuándo vence un certificado?", ANSWER)[0][0] == "vigencia"


def test_every_example_means_something_that_exists() -> None:
    answers = set(shipped_answers())
    for said in read_conversation():
        assert said.meant in answers or said.meant in INTENTS, said
        assert said.after in answers or said.after in (*SHOWN, NOTHING), said
        assert fold(said.text), said
    told = Counter(said.meant for said in read_examples())
    assert min(told[meant] for meant in answers) >= 100


def test_no_message_is_taught_as_two_things_at_the_same_point() -> None:
    seen: dict[tuple[str, str], str] = {}
    for said in read_conversation():
        assert seen.setdefault((said.after, fold(said.text)), said.meant) == said.meant, said


def test_nothing_that_measures_is_taught() -> None:
    taught = {fold(said.text) for said in read_conversation()}
    for path in sorted((PROJECT_ROOT / "tests/eval/dialogues").glob("*.yml")):
        for dialogue in yaml.safe_load(path.read_text(encoding="utf-8")):
            for turn in dialogue["turns"]:
                said = fold(turn.get("say", ""))
                assert len(said.split()) < FEW or said not in taught, said
    for path in sorted((PROJECT_ROOT / "tests/eval").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            for cell in map(fold, line.split("\t")):
                assert len(cell.split()) < FEW or cell not in taught, cell
