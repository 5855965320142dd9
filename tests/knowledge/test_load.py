import shutil
from pathlib import Path

import pytest

from core.db import Database
from core.errors import DataError
from knowledge.load import DATA, load_knowledge, loaded, read_knowledge
from knowledge.models import Standard
from knowledge.providers import providers_of
from knowledge.standards import get_standard, successor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data that a test may spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


async def test_the_real_registry_loads_whole_and_again_changes_nothing(db: Database) -> None:
    first = await load_knowledge(db)
    assert first["standards"].counts() == {"new": 2239, "changed": 0, "gone": 0}
    assert first["providers"].counts()["new"] == 482
    assert first["courses"].counts()["new"] == 350
    assert first["answers"].counts()["new"] >= 60
    assert not any((await load_knowledge(db)).values())
    async with db.begin() as session:
        assert (await loaded(session)).rows["standards"] == 2239


async def test_a_load_shows_and_applies_what_is_new_changed_and_gone(registry_db: Database, folder: Path) -> None:
    _edit(folder / "standards.csv", "Asistencia primaria de un evento adverso", "Asistencia primaria")
    _edit(
        folder / "courses.csv",
        "ASISTENCIA PRIMARIA DE UN EVENTO ADVERSO,EC0002,2025-11-28\r\n"
        if "\r\n" in (folder / "courses.csv").read_bytes().decode()
        else "ASISTENCIA PRIMARIA DE UN EVENTO ADVERSO,EC0002,2025-11-28\n",
        "CURSO NUEVO,EC0002,2026-11-01\n",
    )
    seen = await load_knowledge(registry_db, folder, dry_run=True)
    assert seen["standards"].changed == ["EC0002"]
    assert seen["courses"].new == [("EC0002", "CURSO NUEVO")]
    assert seen["courses"].gone == [("EC0002", "ASISTENCIA PRIMARIA DE UN EVENTO ADVERSO")]
    async with registry_db.begin() as session:
        unchanged = await get_standard(session, "EC0002")
        assert unchanged is not None
        assert unchanged.title == "Asistencia primaria de un evento adverso"
    await load_knowledge(registry_db, folder)
    async with registry_db.begin() as session:
        changed = await get_standard(session, "EC0002")
        assert changed is not None
        assert changed.title == "Asistencia primaria"


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("standards.csv", "EC0002,Asistencia", "EC2,Asistencia", "línea 3: «EC2» no tiene la forma"),
        ("standards.csv", "EC0002,Asistencia", "EC0001,Asistencia", "línea 3: el código EC0001 está repetido"),
        ("standards.csv", "EC0002,Asistencia primaria de un evento adverso", "EC0002,", "línea 3: «title» está vacío"),
        ("standards.csv", ",EC,current,,2025-11-28", ",EC,vigente,,2025-11-28", "«status» es «vigente»"),
        ("standards.csv", ",EC,current,,2025-11-28", ",EC,current,,28/11/2025", "se espera una fecha"),
        ("standards.csv", ",EC0110.02,", ",EC7777,", "remite a EC7777, que no está"),
        ("standards.csv", "code,title", "codigo,title", "línea 1: faltan las columnas code"),
        ("standards.csv", "https://conocer", "javascript:conocer", "se espera una dirección http"),
        ("occupations.csv", "EC0001,Traductor", "EC7777,Traductor", "el estándar EC7777 no está"),
        ("providers.csv", "EC0002 EC0010", "EC0002 EC7777", "estándares que no están en standards.csv: EC7777"),
        ("providers.csv", "ECE-00002,", "ECE-00001,", "el prestador ECE-00001 está repetido"),
        ("courses.csv", ",EC0002,2025-11-28", ",EC0002", "número de columnas"),
        ("answers/precio.yml", "sources: [", "sources: [NADIE, ", "la fuente NADIE no está"),
        ("answers/precio.yml", "  text: |", "  text: |\n    " + "muy largo " * 80, "máximo 700"),
        ("answers/precio.yml", "- id: precio\n", "- id: precio\n  extra: 1\n", "sobran extra"),
    ],
)
async def test_a_bad_row_is_named_and_nothing_is_loaded(
    db: Database, folder: Path, file: str, old: str, new: str, reason: str
) -> None:
    _edit(folder / file, old, new)
    with pytest.raises(DataError) as error:
        await load_knowledge(db, folder)
    assert any(reason in problem and Path(file).name in problem for problem in error.value.problems), error.value
    async with db.begin() as session:
        assert (await loaded(session)).rows == {"standards": 0, "providers": 0, "courses": 0, "answers": 0}


def test_files_that_cannot_be_read_are_named(folder: Path) -> None:
    (folder / "courses.csv").unlink()
    (folder / "providers.csv").write_bytes(b"id,name\n\xff\xfe,x\n")
    (folder / "answers" / "precio.yml").write_text("- id: [", encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_knowledge(folder)
    text = str(error.value)
    assert "courses.csv: no existe" in text
    assert "providers.csv" in text
    assert "precio.yml, línea" in text


def test_replacements_that_run_in_circles_are_refused(folder: Path) -> None:
    path = folder / "standards.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("EC0110.02,"))
    fields = lines[at].split(",2025-11-28")
    lines[at] = fields[0] + "EC0110,2025-11-28" + fields[1]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match="dan vueltas"):
        read_knowledge(folder)


async def test_a_replaced_code_leads_to_its_successor(registry_db: Database) -> None:
    async with registry_db.begin() as session:
        old = await session.get_one(Standard, "EC0217")
        new = await successor(session, old)
        assert new is not None
        assert new.code == "EC0217.01"
        assert await successor(session, new) is None
        assert len(await providers_of(session, "EC0217.01")) == 371


def test_contact_data_is_read_when_the_operator_has_it(folder: Path) -> None:
    path = folder / "providers.csv"
    header, first, *rest = path.read_text(encoding="utf-8").splitlines()
    phone = [f"{header},phone,website", f"{first},55 1234 5678,https://ejemplo.mx", *(f"{row},," for row in rest)]
    path.write_text("\n".join(phone), encoding="utf-8")
    provider = read_knowledge(folder)["providers"]["ECE-00001"]
    assert (provider["phone"], provider["website"]) == ("55 1234 5678", "https://ejemplo.mx")
