from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.entries import KINDS
from search.find import Filters, find, named_provider, named_trades, resolve
from search.index import Index


def ids(index: Index, query: str, kind: str | None = None, limit: int = 10, **filters: Any) -> list[str]:
    found = find(index, query, kind=kind, filters=Filters(**filters), limit=limit)
    return [hit.item.id for hit in found.hits]


def first(index: Index, query: str, kind: str | None = None, **filters: Any) -> str | None:
    return next(iter(ids(index, query, kind, **filters)), None)


@pytest.mark.parametrize(
    ("query", "acceptable"),
    [
        ("soy albañil, ¿en qué me puedo certificar?", {"EC0453", "EC0326", "EC0522", "EC0681"}),
        ("soy albanil", {"EC0453", "EC0326", "EC0522", "EC0681"}),
        ("barbero", {"EC1136"}),
        ("impartir cursos presenciales", {"EC0217.01"}),
        ("diseño de cursos de capacitacion", {"EC0301", "EC0049", "EC0050"}),
        ("atencion al ciudadano en el gobierno", {"EC0105"}),
        ("evaluar la competencia de candidatos", {"EC0076"}),
        ("operador de excavadora", {"EC0527"}),
        ("cuidado de niños en guarderia", {"EC0435", "EC0433", "EC0024"}),
    ],
)
def test_a_trade_finds_its_standard_among_the_first(index: Index, query: str, acceptable: set[str]) -> None:
    found = ids(index, query, "standard", 5)
    assert acceptable & set(found), found


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("¿cómo me certifico?", "como_certificarse"),
        ("que necesito para sertificarme requisitos", "requisitos"),
        ("cuanto cuesta", "precio"),
        ("kuanto cuesta la certificacion", "precio"),
        ("cuánto dura el certificado, caduca?", "vigencia"),
        ("perdi mi certificado", "reposicion"),
        ("me robaron mi certificado", "certificado_robado"),
        ("mi nombre esta mal en el certificado", "correccion_de_datos"),
        ("quiero poner una queja de un centro evaluador", "queja"),
        ("que es el renap", "renap"),
        ("que es conocer", "que_es_conocer"),
        ("no tengo estudios puedo certificarme", "sin_estudios"),
        ("desde que edad puedo certificarme", "edad"),
        ("como puedo ser evaluador", "ser_evaluador"),
        ("requisitos para ser una ECE", "ser_ece"),
        ("me obligan a tomar un curso", "curso_obligatorio"),
        ("se puede en linea la evaluacion?", "a_distancia"),
        ("a que hora atienden el chat", "horario"),
        ("donde estan ubicados", "direccion"),
        ("es lo mismo que la dc3", "dc3"),
    ],
)
def test_a_question_finds_its_answer(index: Index, query: str, answer: str) -> None:
    assert first(index, query, "answer") == answer


def test_every_phrasing_leads_to_its_own_answer(index: Index) -> None:
    """The answers' own words are the easiest questions there are: all but a few must come first."""
    from knowledge.load import read_knowledge

    asked = [(phrasing, key) for key, row in read_knowledge()["answers"].items() for phrasing in row["phrasings"]]
    wrong = [(phrasing, key) for phrasing, key in asked if first(index, phrasing, "answer") != key]
    assert len(wrong) <= 0.01 * len(asked), wrong


@pytest.mark.parametrize(
    "query",
    ["receta de pozole", "🙂🙂", "…", "¿?", "quién ganó la liguilla", "asdfgh jklñ", "renovar mi pasaporte"],
)
def test_what_is_not_ours_finds_nothing(index: Index, query: str) -> None:
    assert ids(index, query) == []


@pytest.mark.parametrize(
    ("query", "acceptable"),
    [
        ("pongo loseta", {"EC0322"}),
        ("cuido viejitos", {"EC0669", "EC1519.01", "EC0665"}),
        ("manejo trailer", {"EC1051", "EC1145", "EC0867", "EC0478", "EC1116", "EC0246"}),
        ("roofing", {"EC0708", "EC0451"}),
        ("kiero sertificarme de cosinero", {"EC0127", "EC0620", "EC1395", "EC0748"}),
        ("drywall", {"EC0984"}),
    ],
)
def test_trades_are_found_as_people_say_them(index: Index, query: str, acceptable: set[str]) -> None:
    found = ids(index, query, "standard", 5)
    assert acceptable & set(found), found


@pytest.mark.parametrize(
    "query",
    [
        "a", "ñ", "x" * 4000, "soldador " * 444, "🙂" * 4000, "¿cuánto? " * 400, "我想要证书", "Как получить",
        "'; DROP TABLE standards; --", "SELECT * FROM answers WHERE 1=1", ".*[a-z]+(?=x)\\d{3}", "((((", "\x00\x1b[31m",
        "<script>alert(1)</script>", "<b>soldador</b>", "%s %d {0}", "\u202esoldador", "EC" * 2000,
        "0" * 4000,
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", [None, *KINDS])
def test_no_text_is_an_error(index: Index, query: str, kind: str | None) -> None:
    for hit in find(index, query, kind=kind, limit=50).hits:
        assert 0 < hit.score <= 1


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_scores_fall_and_stay_between_0_and_1(index: Index, query: str) -> None:
    scores = [hit.score for hit in find(index, query).hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_a_replaced_code_leads_to_its_successor_first(index: Index) -> None:
    hits = find(index, "ec 217").hits
    assert [hit.item.id for hit in hits] == ["EC0217.01", "EC0217"]
    assert hits[0].score == 1.0
    assert "sustituye a EC0217" in hits[0].matched_on


def test_a_code_that_is_no_longer_listed_says_so(index: Index) -> None:
    [hit] = find(index, "EC0003").hits
    assert hit.matched_on == "código; no aparece como vigente"


def test_codes_resolve_to_what_can_be_certified_today(index: Index) -> None:
    def codes(code: str) -> tuple[str | None, str | None]:
        shown, asked = resolve(index, code)
        return (shown and shown.id, asked and asked.id)

    assert codes("EC0217") == ("EC0217.01", "EC0217")
    assert codes("EC0110") == ("EC0110.02", "EC0110")
    assert codes("EC0076") == ("EC0076", "EC0076")
    assert codes("EC0217.07") == ("EC0217.01", None)
    assert codes("EC9999") == (None, None)
    # Current, though a newer version is published: it can still be certified.
    assert codes("EC0561") == ("EC0561", "EC0561")


def test_what_is_no_longer_listed_is_found_by_its_code_only(index: Index) -> None:
    for query in ("Preparación del enganche del tren para su mantenimiento mayor", "enganche del tren"):
        assert "EC0003" not in ids(index, query, "standard", 50)
    assert first(index, "EC0003") == "EC0003"


def test_results_say_what_they_matched_on(index: Index) -> None:
    matched = {hit.matched_on.split(":")[0] for hit in find(index, "soldador", kind="standard", limit=20).hits}
    assert matched <= {"título", "ocupación", "también se dice"}
    assert find(index, "pongo loseta", kind="standard").hits[0].matched_on == "también se dice: pongo loseta"


def test_filters_hold_for_every_result(index: Index) -> None:
    for hit in find(index, "soldador", kind="standard", filters=Filters(state="Sonora"), limit=50).hits:
        assert any(provider.state == "Sonora" for provider in index.providers_of(hit.item.id))
    found = find(index, "cursos", kind="standard", filters=Filters(sector="Educativos"), limit=50).hits
    assert {hit.item.sector for hit in found} <= {"Servicios educativos"}
    leveled = find(index, "instructor", kind="standard", filters=Filters(level=3), limit=50).hits
    assert leveled
    assert {hit.item.level for hit in leveled} == {3}
    certified = find(index, "policía", kind="standard", filters=Filters(certified=True), limit=50).hits
    assert certified
    assert all(index.providers_of(hit.item.id) for hit in certified)


def test_filters_leave_no_answer_and_need_no_luck(index: Index) -> None:
    assert "answer" not in {hit.item.kind for hit in find(index, "cuánto cuesta", filters=Filters(level=2)).hits}
    assert ids(index, "EC0217.01", level=5) == []
    assert ids(index, "soldador", "standard", sector="no hay tal sector") == []


def test_providers_by_standard_name_and_state(index: Index) -> None:
    assert len(ids(index, "EC0217.01", "provider", 500)) == 371
    assert first(index, "universidad tecnologica de puebla", "provider") == "ECE-00058"
    in_jalisco = find(index, "EC0217.01", kind="provider", filters=Filters(state="Jalisco"), limit=50).hits
    assert in_jalisco
    assert {hit.item.state for hit in in_jalisco} == {"Jalisco"}


@pytest.mark.parametrize(("short", "name"), [("conalep", "CONALEP"), ("UV", "Veracruzana"), ("el ipn", "Politécnico")])
def test_providers_by_acronym(index: Index, short: str, name: str) -> None:
    titles = [hit.item.title for hit in find(index, short, kind="provider", limit=5).hits]
    assert any(name in title or "Educación Profesional Técnica" in title for title in titles), titles


@pytest.mark.parametrize("place", ["Jalisco", "Jal.", "guadalajra", "Zapopan", "gdl"])
def test_providers_by_trade_and_place(index: Index, place: str) -> None:
    hits = find(index, f"quién certifica impartición de cursos en {place}", kind="provider").hits
    assert hits
    for hit in hits:
        assert hit.item.state == "Jalisco"
        assert hit.matched_on.endswith("su nombre dice Jalisco")


def test_providers_by_code_and_place(index: Index) -> None:
    hits = find(index, "quien certifica el EC0217.01 en Jalisco", kind="provider", limit=50).hits
    assert {hit.item.state for hit in hits} == {"Jalisco"}


def test_all_providers_of_a_place(index: Index) -> None:
    hits = find(index, "prestadores en edomex", kind="provider", limit=50).hits
    assert {hit.item.state for hit in hits} == {"Estado de México"}


def test_a_place_is_not_the_university_that_bears_its_name(index: Index) -> None:
    for text in ("y en Nuevo León", "quien certifica soldadores en puebla"):
        assert named_provider(index, text) is None
    named = named_provider(index, "universidad tecnologica de puebla que certifica")
    assert named is not None
    assert named.item.id == "ECE-00058"


def test_courses_by_code_and_by_words(index: Index) -> None:
    aligned = {hit.item.title for hit in find(index, "ec0002", kind="course").hits}
    assert "ASISTENCIA PRIMARIA DE UN EVENTO ADVERSO" in aligned
    assert "higiénico" in find(index, "manejo higienico de alimentos", kind="course").hits[0].item.title.lower()


def test_a_question_about_a_code_still_finds_its_answer(index: Index) -> None:
    assert first(index, "¿cuánto cuesta el EC0217.01?", "answer") == "precio"


@pytest.mark.parametrize(
    "place", ["en monterrey", "monterrey", "en san luis potosi", "en culiacan", "y vivo en cancun"]
)
@pytest.mark.parametrize(
    ("said", "acceptable"), [("plomero", {"EC0324"}), ("niñera", {"EC0435"}), ("soldador", {"EC0320", "EC0524"})]
)
def test_a_trade_is_found_wherever_its_person_lives(index: Index, said: str, acceptable: set[str], place: str) -> None:
    assert first(index, f"{said} {place}") in acceptable
    assert first(index, f"{said} {place}", "standard") in acceptable


@pytest.mark.parametrize("text", ["albañil, plomero y electricista", "albañil plomero electricista"])
def test_who_names_several_trades_gets_each_of_them(index: Index, text: str) -> None:
    assert {"EC0326", "EC0324", "EC1023"} <= set(ids(index, text, limit=4))


def test_trades_are_picked_out_of_a_story(index: Index) -> None:
    assert named_trades(index, "me deportaron, fui soldador en Houston ocho años y también roofing") == [
        "soldador", "roofing",
    ]  # fmt: skip
    assert named_trades(index, "buenas tardes, quiero información") == []


def test_codes_come_once_and_best_first(index: Index) -> None:
    hits = find(index, "EC0217 EC0217.01").hits
    assert [hit.item.id for hit in hits] == ["EC0217.01", "EC0217"]
    assert hits[0].score > hits[1].score


@pytest.mark.parametrize(
    ("query", "provider"),
    [("cecyte jalisco", "ECE-00334"), ("icat cdmx", "ECE-00039"), ("icat sonora", "ECE-00095"),
     ("conalep jalisco", "ECE-00005")],
)  # fmt: skip
def test_an_acronym_beside_a_state_is_a_name(index: Index, query: str, provider: str) -> None:
    assert first(index, query, "provider") == provider


def test_a_number_is_never_mended(index: Index) -> None:
    assert find(index, "ec0217a").corrected is None
