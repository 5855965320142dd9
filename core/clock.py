"""Time: stored in UTC, spoken in the time of Mexico City."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

MEXICO_CITY = ZoneInfo("America/Mexico_City")
_MONTHS = ("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre").split()


def utcnow() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Mexico City."""
    return datetime.now(MEXICO_CITY).date()


def spoken_date(day: date) -> str:
    """``date(2026, 10, 9)`` → ``9 de octubre de 2026``; the first of a month is ``1 de``."""
    return f"{day.day} de {_MONTHS[day.month - 1]} de {day.year}"
