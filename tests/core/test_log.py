import io
import json
import logging

from core.log import configure_logging, file_logger, get_logger

CANARY = "PEGJ850315HDFRRN09"


def _captured() -> io.StringIO:
    configure_logging("INFO")
    stream = io.StringIO()
    logging.getLogger().handlers[0].setStream(stream)  # type: ignore[attr-defined]
    return stream


def test_no_personal_data_reaches_the_log_by_any_way() -> None:
    stream = _captured()
    get_logger("prueba").info("mensaje", texto=f"mi curp {CANARY}")
    logging.getLogger("otra").warning("falló con %s", CANARY)
    get_logger("prueba").info("mensaje", lista=[CANARY], dentro={"a": CANARY})
    try:
        raise ValueError(f"dato {CANARY}")
    except ValueError:
        get_logger("prueba").exception("error")
    written = stream.getvalue()
    assert CANARY not in written
    assert written.count("[CURP]") >= 5


def test_a_message_cannot_forge_a_line() -> None:
    stream = _captured()
    get_logger("prueba").info("mensaje", texto='hola\n{"event": "falso"}')
    lines = stream.getvalue().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["texto"].startswith("hola\n")


def test_output_files_are_masked_and_private(tmp_path) -> None:
    path = tmp_path / "log" / "rasa.log"
    logger = file_logger("prueba.salida", path)
    logger.info("dijo %s", CANARY)
    assert "[CURP]" in path.read_text()
    for _ in range(1100):
        logger.info(CANARY + "x " + "relleno " * 130)
    files = list(path.parent.iterdir())
    assert len(files) == 2
    for file in files:
        assert CANARY + " " not in file.read_text()
        assert file.stat().st_mode & 0o077 == 0
