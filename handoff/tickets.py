"""Tickets: what a person must follow up, each with a folio the citizen keeps."""

import uuid
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.contact import spoken_phone
from handoff.models import Ticket


async def open_ticket(
    session: AsyncSession,
    kind: str,
    conversation_id: uuid.UUID,
    reason: str,
    phone: str | None = None,
    details: Mapping[str, str] | None = None,
) -> Ticket:
    """Open a ticket; the same request again, while it is open, returns the ticket there is."""
    told = dict(details or {})
    known = await session.scalar(
        select(Ticket).where(
            Ticket.conversation_id == conversation_id,
            Ticket.kind == kind,
            Ticket.phone.is_not_distinct_from(phone),
            Ticket.details == told,
            Ticket.status == "open",
        )
    )
    if known is not None:
        return known
    ticket = Ticket(kind=kind, conversation_id=conversation_id, phone=phone, reason=reason, details=told)
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


def describe(ticket: Ticket) -> str:
    """A ticket in a line or more, for the staff's terminal."""
    reach = f"  {spoken_phone(ticket.phone)}" if ticket.phone else ""
    head = f"{ticket.folio}  {ticket.created_at:%Y-%m-%d %H:%M} UTC{reach}  {ticket.reason}"
    return "\n".join([head, *(f"    {name}: {told}" for name, told in ticket.details.items())])
