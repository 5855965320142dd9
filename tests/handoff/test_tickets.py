import pytest

from bot.words import nothing_to_retry
from conversations.store import open_conversation
from core.db import Database
from handoff.contact import find_email, find_phone, spoken_phone
from handoff.tickets import close_ticket, describe, open_ticket, open_tickets


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("55 2282 0200", "+525522820200"),
        ("mi numero es 5522820200 gracias", "+525522820200"),
        ("+52 1 33 3615 1234", "+523336151234"),
        ("(33) 3615-1234", "+523336151234"),
        ("+1 214 748 3647", "+12147483647"),
        ("123", None),
        ("no quiero", None),
        ("5522", None),
    ],
)
def test_a_number_is_found_however_it_is_written(text: str, phone: str | None) -> None:
    assert find_phone(text) == phone


def test_a_number_is_read_back_as_people_say_it() -> None:
    assert spoken_phone("+525522820200") == "55 2282 0200"
    assert spoken_phone("+12147483647").startswith("+1 ")


async def test_a_call_is_booked_once_and_closed_by_its_folio(db: Database) -> None:
    async with db.begin() as session:
        conversation, _, _ = await open_conversation(session, "webchat", nothing_to_retry())
        ticket = await open_ticket(session, "callback", conversation.id, "prueba", "+525522820200")
        again = await open_ticket(session, "callback", conversation.id, "prueba", "+525522820200")
        assert again.number == ticket.number
        assert ticket.folio.startswith("OR-20")
        assert [t.folio for t in await open_tickets(session)] == [ticket.folio]
        assert await close_ticket(session, ticket.folio.lower())
        assert not await close_ticket(session, ticket.folio)
        assert await open_tickets(session) == []


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("mi correo es Ana.Lopez@correo.com.mx gracias", "ana.lopez@correo.com.mx"),
        ("ana_lopez+ec@gmail.com", "ana_lopez+ec@gmail.com"),
        ("ana arroba gmail", None),
        ("ana@gmail", None),
    ],
)
def test_an_address_is_found_in_a_sentence(text: str, email: str | None) -> None:
    assert find_email(text) == email


async def test_two_requests_of_one_conversation_are_two_tickets(db: Database) -> None:
    async with db.begin() as session:
        conversation, _, _ = await open_conversation(session, "webchat", nothing_to_retry())
        first = await open_ticket(session, "complaint", conversation.id, "Queja", details={"relato": "no llegó"})
        second = await open_ticket(session, "complaint", conversation.id, "Queja", details={"relato": "cobro doble"})
        assert first.folio != second.folio
        assert describe(second).endswith("relato: cobro doble")
