import pytest

from search.find import find, resolve
from search.index import Index
from search.lexical import Lexical


def first(index: Index, query: str, kind: str | None = None, **more: str) -> str | None:
    hits = find(index, query, kind=kind, **more)  # type: ignore[arg-type]
    return hits[0].item.id if hits else None


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
    found = [hit.item.id for hit in find(index, query, kind="standard", limit=5)]
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


@pytest.mark.parametrize("query", ["receta de pozole", "🙂🙂", "…", "¿?", "quién ganó la liguilla", "asdfgh jklñ"])
def test_what_is_not_ours_is_not_answered(index: Index, query: str) -> None:
    assert [hit for hit in find(index, query, kind="answer") if hit.score > 0.55] == []


def test_a_replaced_code_leads_to_its_successor_first(index: Index) -> None:
    hits = find(index, "ec 217")
    assert [hit.item.id for hit in hits] == ["EC0217.01", "EC0217"]
    assert hits[0].score == 1.0
    assert "sustituye a EC0217" in hits[0].matched_on


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
        assert "EC0003" not in [hit.item.id for hit in find(index, query, kind="standard", limit=50)]
    assert first(index, "EC0003") == "EC0003"


def test_providers_by_standard_name_and_state(index: Index) -> None:
    assert len(find(index, "EC0217.01", kind="provider", limit=500)) == 371
    assert first(index, "universidad tecnologica de puebla", "provider") == "ECE-00058"
    in_jalisco = find(index, "EC0217.01", kind="provider", state="Jalisco", limit=50)
    assert in_jalisco
    assert {hit.item.state for hit in in_jalisco} == {"Jalisco"}


def test_standards_in_a_state_have_a_provider_there(index: Index) -> None:
    for hit in find(index, "soldador", kind="standard", state="Sonora"):
        assert any(provider.state == "Sonora" for provider in index.providers_of(hit.item.id))


def test_courses_by_code_and_by_words(index: Index) -> None:
    aligned = {hit.item.title for hit in find(index, "ec0002", kind="course")}
    assert "ASISTENCIA PRIMARIA DE UN EVENTO ADVERSO" in aligned
    assert "higiénico" in find(index, "manejo higienico de alimentos", kind="course")[0].item.title.lower()


def test_a_question_about_a_code_still_finds_its_answer(index: Index) -> None:
    assert first(index, "¿cuánto cuesta el EC0217.01?", "answer") == "precio"


def test_typing_faults_cost_little() -> None:
    lexical = Lexical(["soldador", "plomero", "electricista"])
    for typed, meant in (("soldadro", 0), ("plomeroo", 1), ("electrisista", 2)):
        assert lexical.scores(typed).argmax() == meant
    assert lexical.scores("zzz").max() == 0
