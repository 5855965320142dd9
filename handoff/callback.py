"""Requests to be called back: a telephone number, a folio, a list for the staff."""

import re
import uuid

import phonenumbers
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.models import Ticket

_OLD_MOBILE = re.compile(r"(?<!\d)\+?52\s*1[\s-]*(?=(?:\d[\s()-]*){10}(?!\d))")


def find_phone(text: str) -> str | None:
    """The first valid telephone number in ``text`` in international form (``+525522820200``), or None.

    Ten digits are read as Mexican; returnees may give a number of the United States with +1.
    """
    # Until 2020 mobile numbers were written +52 1; that 1 is no longer dialled.
    for match in phonenumbers.PhoneNumberMatcher(_OLD_MOBILE.sub("+52 ", text), "MX"):
        if phonenumbers.is_valid_number(match.number):
            return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    return None


def spoken_phone(phone: str) -> str:
    """``+525522820200`` → ``55 2282 0200``; foreign numbers keep their country code."""
    number = phonenumbers.parse(phone)
    form = phonenumbers.PhoneNumberFormat.INTERNATIONAL
    if number.country_code == 52:
        form = phonenumbers.PhoneNumberFormat.NATIONAL
    return phonenumbers.format_number(number, form)


async def request_callback(session: AsyncSession, conversation_id: uuid.UUID, phone: str, reason: str) -> Ticket:
    """Open a ticket to call ``phone``; the same open request again returns the ticket there is."""
    known = await session.scalar(
        select(Ticket).where(Ticket.conversation_id == conversation_id, Ticket.phone == phone, Ticket.status == "open")
    )
    if known is not None:
        return known
    ticket = Ticket(kind="callback", conversation_id=conversation_id, phone=phone, reason=reason)
    session.add(ticket)
    await session.flush()
    await session.refresh(ticket)
    return ticket


async def open_tickets(session: AsyncSession) -> list[Ticket]:
    """Tickets nobody has closed, oldest first."""
    return list(await session.scalars(select(Ticket).where(Ticket.status == "open").order_by(Ticket.number)))


async def close_ticket(session: AsyncSession, folio: str) -> bool:
    """Mark the ticket done; False when there is no open ticket with that folio."""
    for ticket in await open_tickets(session):
        if ticket.folio == folio.strip().upper():
            ticket.status = "done"
            return True
    return False
