import asyncio
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from bot.words import nothing_to_retry
from conversations import store
from conversations.message import Incoming, Reply
from conversations.models import Conversation, Message
from core.clock import utcnow
from core.db import Database
from core.errors import Invalid, NotFound, TooMany, Unauthorized

GREETING = nothing_to_retry()


async def _open(db: Database) -> tuple[uuid.UUID, str]:
    async with db.begin() as session:
        conversation, _, token = await store.open_conversation(session, "webchat", GREETING)
    return conversation.id, token


async def _send(db: Database, conversation_id: uuid.UUID, words: str = "hola", client_id: str | None = None, **more):
    async with db.begin() as session:
        incoming = Incoming(client_id or str(uuid.uuid4()), words, **more)
        return await store.receive(session, conversation_id, incoming, per_minute=20)


async def _jobs(db: Database) -> int:
    async with db.begin() as session:
        return await session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) or 0


async def test_a_conversation_begins_with_its_greeting_and_a_token_that_is_not_stored(db: Database) -> None:
    conversation_id, token = await _open(db)
    assert len(token) >= 43  # 256 bits
    async with db.begin() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        assert token not in conversation.token_hash
        first = await store.messages_after(session, conversation_id, 0)
        assert [(m.seq, m.author, m.text) for m in first] == [(1, "assistant", GREETING.text)]


async def test_only_its_own_token_opens_a_conversation(db: Database) -> None:
    mine, token = await _open(db)
    _, other_token = await _open(db)
    async with db.begin() as session:
        assert (await store.authorize(session, mine, token)).id == mine
        for wrong in (None, "", "x", other_token):
            with pytest.raises(Unauthorized):
                await store.authorize(session, mine, wrong)
        with pytest.raises(NotFound):
            await store.authorize(session, uuid.uuid4(), token)
        with pytest.raises(Unauthorized):
            await store.authorize(session, uuid.uuid4(), "x")


async def test_the_same_client_id_is_stored_and_queued_once_even_at_the_same_time(db: Database) -> None:
    conversation_id, _ = await _open(db)
    client_id = str(uuid.uuid4())
    results = await asyncio.gather(*(_send(db, conversation_id, client_id=client_id) for _ in range(8)))
    assert len({message.id for message, _ in results}) == 1
    assert sum(is_new for _, is_new in results) == 1
    assert await _jobs(db) == 1


async def test_the_same_client_id_in_two_conversations_is_two_messages(db: Database) -> None:
    first, _ = await _open(db)
    second, _ = await _open(db)
    client_id = str(uuid.uuid4())
    assert (await _send(db, first, client_id=client_id))[1]
    assert (await _send(db, second, client_id=client_id))[1]


async def test_numbers_have_no_gaps_whoever_writes_at_the_same_time(db: Database) -> None:
    conversation_id, _ = await _open(db)
    await asyncio.gather(*(_send(db, conversation_id, f"mensaje {n}") for n in range(15)))
    async with db.begin() as session:
        messages = await store.messages_after(session, conversation_id, 0)
    assert [message.seq for message in messages] == list(range(1, 17))


async def test_the_twenty_first_message_of_a_minute_must_wait(db: Database) -> None:
    conversation_id, _ = await _open(db)
    kept = str(uuid.uuid4())
    await _send(db, conversation_id, client_id=kept)
    for _ in range(19):
        await _send(db, conversation_id)
    with pytest.raises(TooMany) as error:
        await _send(db, conversation_id)
    assert 1 <= error.value.retry_after <= 60
    # A repetition is not a new message.
    assert (await _send(db, conversation_id, client_id=kept))[1] is False
    async with db.begin() as session:
        await session.execute(update(Message).values(created_at=Message.created_at - timedelta(seconds=61)))
    assert (await _send(db, conversation_id))[1]


async def test_a_button_counts_only_where_it_was_shown(db: Database) -> None:
    conversation_id, _ = await _open(db)
    shown = GREETING.buttons[0]
    message, _ = await _send(db, conversation_id, words="", payload=shown["payload"])
    assert (message.text, message.payload) == (shown["title"], shown["payload"])
    for forged in ("/restart", '/inform{"ec_code": "EC0001"}', "cualquier cosa"):
        with pytest.raises(Invalid):
            await _send(db, conversation_id, words="", payload=forged)


async def test_answers_go_to_the_oldest_question_and_only_once(db: Database) -> None:
    conversation_id, _ = await _open(db)
    await _send(db, conversation_id, "primera")
    await _send(db, conversation_id, "segunda")
    async with db.begin() as session:
        oldest = await store.next_unanswered(session, conversation_id)
        assert oldest is not None
        assert oldest.text == "primera"
        assert await store.is_pending(session, await session.get_one(Conversation, conversation_id))

    async def answer() -> bool:
        async with db.begin() as session:
            return await store.answer(session, oldest, [Reply("respuesta", "answered")])

    assert sorted(await asyncio.gather(*(answer() for _ in range(4)))) == [False, False, False, True]
    async with db.begin() as session:
        following = await store.next_unanswered(session, conversation_id)
        assert following is not None
        assert following.text == "segunda"
        texts = [m.text for m in await store.messages_after(session, conversation_id, 1)]
    assert texts.count("respuesta") == 1


@pytest.mark.parametrize("status", ["waiting", "human", "closed"])
async def test_the_assistant_is_silent_while_it_does_not_own_the_conversation(db: Database, status: str) -> None:
    conversation_id, _ = await _open(db)
    await _send(db, conversation_id)
    async with db.begin() as session:
        conversation = await session.get_one(Conversation, conversation_id)
        conversation.status = status
        await session.flush()
        assert await store.next_unanswered(session, conversation_id) is None
        assert not await store.is_pending(session, conversation)
        question = (await store.messages_after(session, conversation_id, 1))[0]
        assert not await store.answer(session, question, [Reply("tarde", "answered")])


async def test_what_waits_too_long_is_found(db: Database) -> None:
    conversation_id, _ = await _open(db)
    await _send(db, conversation_id)
    async with db.begin() as session:
        assert await store.stranded(session, timedelta(seconds=15)) == []
        await session.execute(update(Message).values(created_at=utcnow() - timedelta(seconds=20)))
        assert await store.stranded(session, timedelta(seconds=15)) == [conversation_id]


def test_an_unknown_answer_status_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown answer_status"):
        Reply("hola", "quizá")
