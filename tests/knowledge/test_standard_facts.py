from datetime import date

import yaml

from bot.actions.standard_facts import FILE, OF_STANDARDS, told_of
from core.clock import today
from knowledge.load import read_knowledge

FACTS = yaml.safe_load(FILE.read_text(encoding="utf-8"))


def test_every_fact_is_of_a_standard_there_is_and_of_a_day_gone_by() -> None:
    assert set(FACTS) <= set(read_knowledge()["standards"])
    for code, facts in FACTS.items():
        assert set(facts) <= OF_STANDARDS, code
        for fact in facts.values():
            assert isinstance(fact["as_of"], date)
            assert fact["as_of"] <= today(), code
            assert fact["text"].endswith(".")


def test_a_fact_is_told_with_its_day() -> None:
    assert told_of("EC1781", "vigencia") == (
        "Este estándar fija una vigencia de 3 años para el certificado. "
        "(Del texto del estándar, consultado el 9 de octubre de 2026.)\n"
    )
    assert told_of("EC1781", "precio") == told_of("EC0301", "vigencia") == ""
