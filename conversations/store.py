"""Storing messages so that none is lost, doubled or out of order.

Every function works inside the caller's transaction. Whoever writes takes the conversation's row lock
first: numbers are given without gaps and in the order of the commits.
"""

import hashlib
import math
import secrets
import uuid
from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from conversations.message import Incoming, Reply
from conversations.models import Conversation, Message
from core.clock import utcnow
from core.errors import Invalid, NotFound, TooMany, Unauthorized
from core.jobs import defer
from core.notify import CONVERSATION, notify

# The job that answers what is unanswered in a conversation (bot/turn.py).
TAKE_TURNS = "take_turns"
# A turn ends within its deadline (10 s); what waits longer lost its job and is queued again.
STRANDED_AFTER = timedelta(seconds=15)
_UNANSWERED = (Message.author == "citizen") & Message.answered_at.is_(None)


def _hash(token: str) -> str:
    # The token has 256 random bits: a plain hash is enough to make a stolen table useless.
    return hashlib.sha256(token.encode()).hexdigest()


async def open_conversation(session: AsyncSession, channel: str, greeting: Reply) -> tuple[Conversation, Message, str]:
    """Begin a conversation with its greeting; the token returned is shown once and stored as a hash only."""
    token = secrets.token_urlsafe(32)
    conversation = Conversation(id=uuid.uuid4(), channel=channel, token_hash=_hash(token), status="bot", last_seq=0)
    session.add(conversation)
    await session.flush()
    message = _assistant_message(conversation, greeting)
    session.add(message)
    await session.flush()
    await session.refresh(message)
    return conversation, message, token


async def authorize(session: AsyncSession, conversation_id: uuid.UUID, token: str | None) -> Conversation:
    """The conversation, if ``token`` is its own.

    Raises:
        Unauthorized: no token, an unknown one, or one of another conversation.
        NotFound: a valid token asks for a conversation that does not exist.
    """
    mine = await session.scalar(select(Conversation).where(Conversation.token_hash == _hash(token or "")))
    if mine is not None and mine.id == conversation_id:
        return mine
    if mine is None or await session.get(Conversation, conversation_id) is not None:
        raise Unauthorized("Falta el permiso para esta conversación. Inicie una conversación nueva.")
    raise NotFound("No existe esa conversación.")


async def receive(
    session: AsyncSession, conversation_id: uuid.UUID, incoming: Incoming, per_minute: int
) -> tuple[Message, bool]:
    """Store what a citizen sent and queue its answer; ``(message, is_new)``.

    The same ``client_id`` again returns the stored message and queues nothing.

    Raises:
        TooMany: more than ``per_minute`` messages in the last minute.
        Invalid: the payload is not of a button this conversation was shown.
    """
    conversation = await lock(session, conversation_id)
    known = await session.scalar(
        select(Message).where(Message.conversation_id == conversation_id, Message.client_id == incoming.client_id)
    )
    if known is not None:
        return known, False
    await _check_rate(session, conversation_id, per_minute)
    text = incoming.text
    if incoming.payload is not None:
        text = await _button_title(session, conversation_id, incoming.payload)
    message = Message(
        conversation_id=conversation_id,
        seq=_next_seq(conversation),
        author="citizen",
        text=text,
        payload=incoming.payload,
        client_id=incoming.client_id,
        delivery="received",
    )
    session.add(message)
    await session.flush()
    await session.refresh(message)
    await defer(session, TAKE_TURNS, lock=str(conversation_id), conversation_id=str(conversation_id))
    await notify(session, CONVERSATION, str(conversation_id))
    return message, True


async def _check_rate(session: AsyncSession, conversation_id: uuid.UUID, per_minute: int) -> None:
    since = utcnow() - timedelta(minutes=1)
    recent = list(
        await session.scalars(
            select(Message.created_at)
            .where(Message.conversation_id == conversation_id, Message.author == "citizen", Message.created_at > since)
            .order_by(Message.created_at.desc())
            .limit(per_minute)
        )
    )
    if len(recent) == per_minute:
        wait = max(1, math.ceil((recent[-1] - since).total_seconds()))
        raise TooMany(f"Recibimos muchos mensajes seguidos. Espere {wait} segundos y vuelva a intentar.", wait)


async def _button_title(session: AsyncSession, conversation_id: uuid.UUID, payload: str) -> str:
    shown = await session.scalars(
        select(Message.buttons)
        .where(Message.conversation_id == conversation_id, Message.buttons.contains([{"payload": payload}]))
        .limit(1)
    )
    for button in shown.first() or ():
        if button["payload"] == payload:
            return button["title"]
    raise Invalid("Ese botón no es de esta conversación. Escriba su pregunta, por favor.")


async def next_unanswered(session: AsyncSession, conversation_id: uuid.UUID) -> Message | None:
    """The oldest citizen's message without an answer, while the assistant owns the conversation."""
    return await session.scalar(
        select(Message)
        .join(Conversation)
        .where(Message.conversation_id == conversation_id, _UNANSWERED, Conversation.status == "bot")
        .order_by(Message.seq)
        .limit(1)
    )


async def stranded(session: AsyncSession, older_than: timedelta) -> list[uuid.UUID]:
    """Conversations whose oldest unanswered message has waited longer than ``older_than`` for the assistant."""
    rows = await session.scalars(
        select(Message.conversation_id)
        .join(Conversation)
        .where(_UNANSWERED, Conversation.status == "bot", Message.created_at < utcnow() - older_than)
        .distinct()
    )
    return list(rows)


async def answer(
    session: AsyncSession, message: Message, replies: list[Reply], *, expecting: str | None = None
) -> bool:
    """Store the replies to ``message`` and mark it answered.

    False, storing nothing, if it already was, or if a person took the conversation meanwhile.
    """
    conversation = await lock(session, message.conversation_id)
    fresh = await session.get(Message, message.id, populate_existing=True)
    if fresh is None or fresh.answered_at is not None or conversation.status != "bot":
        return False
    fresh.answered_at = utcnow()
    conversation.expecting = expecting
    for reply in replies:
        session.add(_assistant_message(conversation, reply, in_reply_to=fresh.id))
    await notify(session, CONVERSATION, str(conversation.id))
    return True


async def last_failed(session: AsyncSession, conversation_id: uuid.UUID) -> Message | None:
    """The message whose answer was the last apology, to try again; a «try again» itself does not count."""
    apology = aliased(Message)
    return await session.scalar(
        select(Message)
        .join(apology, apology.in_reply_to == Message.id)
        .where(
            Message.conversation_id == conversation_id,
            Message.payload.is_distinct_from("/retry"),
            apology.answer_status == "error",
        )
        .order_by(apology.seq.desc())
        .limit(1)
    )


async def messages_after(session: AsyncSession, conversation_id: uuid.UUID, seq: int) -> list[Message]:
    """Messages numbered above ``seq``, in order."""
    rows = await session.scalars(
        select(Message).where(Message.conversation_id == conversation_id, Message.seq > seq).order_by(Message.seq)
    )
    return list(rows)


async def is_pending(session: AsyncSession, conversation: Conversation) -> bool:
    """Whether the assistant still owes an answer."""
    if conversation.status != "bot":
        return False
    owed = select(exists().where(Message.conversation_id == conversation.id, _UNANSWERED))
    return bool(await session.scalar(owed))


async def lock(session: AsyncSession, conversation_id: uuid.UUID) -> Conversation:
    """The conversation, its row locked until the transaction ends; NotFound when it is gone."""
    conversation = await session.get(Conversation, conversation_id, with_for_update=True, populate_existing=True)
    if conversation is None:
        raise NotFound("No existe esa conversación.")
    return conversation


async def counts(session: AsyncSession) -> dict[str, int]:
    """Messages by who wrote them and, for the assistant's, how they answered: ``assistant:answered`` → 12."""
    rows = await session.execute(
        select(Message.author, Message.answer_status, func.count()).group_by(Message.author, Message.answer_status)
    )
    return {f"{author}:{status}" if status else author: count for author, status, count in rows}


def _next_seq(conversation: Conversation) -> int:
    conversation.last_seq += 1
    return conversation.last_seq


def _assistant_message(conversation: Conversation, reply: Reply, in_reply_to: uuid.UUID | None = None) -> Message:
    return Message(
        in_reply_to=in_reply_to,
        conversation_id=conversation.id,
        seq=_next_seq(conversation),
        author="assistant",
        text=reply.text,
        answer_status=reply.answer_status,
        buttons=reply.buttons,
        sources=reply.sources,
        trace=reply.trace,
        delivery="sent",
    )
