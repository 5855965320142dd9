"""Reading a registry file: every bad row is named by file, line and reason."""

import csv
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import DataError

Row = dict[str, str]


def read_rows(path: Path, required: set[str]) -> Iterator[tuple[int, Row]]:
    """Yield ``(line, row)`` with trimmed values; blank lines are skipped.

    Raises:
        DataError: the file is missing, not UTF-8, or lacks a required column.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            missing = required - set(reader.fieldnames or ())
            if missing:
                raise DataError([f"{path.name}, línea 1: faltan las columnas {', '.join(sorted(missing))}"])
            for row in reader:
                if None in row or None in row.values():
                    raise DataError(
                        [f"{path.name}, línea {reader.line_num}: número de columnas distinto al encabezado"]
                    )
                yield reader.line_num, {key: (value or "").strip() for key, value in row.items()}
    except FileNotFoundError as error:
        raise DataError([f"{path.name}: no existe en {path.parent}"]) from error
    except UnicodeDecodeError as error:
        raise DataError([f"{path.name}: no está en UTF-8 (byte {error.start})"]) from error
    except csv.Error as error:
        raise DataError([f"{path.name}: CSV mal formado ({error})"]) from error


def parse_file(
    path: Path, required: set[str], parse: Callable[[Row], dict[str, Any]], problems: list[str]
) -> Iterator[dict[str, Any]]:
    """Yield each parsed row; what ``parse`` refuses with ValueError is added to ``problems`` with its line."""
    try:
        for line, row in read_rows(path, required):
            try:
                yield parse(row)
            except ValueError as error:
                problems.append(f"{path.name}, línea {line}: {error}")
    except DataError as error:
        problems.extend(error.problems)


def need(row: Row, column: str, longest: int = 500) -> str:
    """The column's value; ValueError when it is empty or too long."""
    value = row[column]
    if not value:
        raise ValueError(f"«{column}» está vacío")
    if len(value) > longest:
        raise ValueError(f"«{column}» tiene {len(value)} caracteres; máximo {longest}")
    return value


def one_of(row: Row, column: str, allowed: set[str]) -> str:
    """The column's value; ValueError when it is not one of ``allowed``."""
    value = row[column]
    if value not in allowed:
        raise ValueError(f"«{column}» es «{value}»; se espera uno de: {', '.join(sorted(filter(None, allowed)))}")
    return value


def day(row: Row, column: str) -> date:
    """The column as a date (``2025-11-28``)."""
    try:
        return date.fromisoformat(row[column])
    except ValueError as error:
        raise ValueError(f"«{column}» es «{row[column]}»; se espera una fecha como 2025-11-28") from error


def web_address(row: Row, column: str) -> str | None:
    """The column as an http(s) address, or None when empty or absent."""
    value = row.get(column) or None
    if value is not None and not value.startswith(("https://", "http://")):
        raise ValueError(f"«{column}» es «{value}»; se espera una dirección http o https")
    return value
