"""A turn: the oldest unanswered message of a conversation gets its answer, then the next.

Runs as a job, one at a time per conversation. Nothing is open in the database while Rasa works: its
action callback is another transaction. The answer is stored only if nobody stored one before.
"""

import re
import uuid

from sqlalchemy.ext.asyncio import AsyncSession

from bot import words
from bot.actions.fields import is_question
from bot.actions.interview import AskNext
from bot.rasa import Rasa, safe_text
from bot.safety.detector import find_danger
from bot.safety.replies import safety_reply
from conversations import store
from conversations.message import Reply
from conversations.models import Conversation, Message
from core.clock import utcnow
from core.db import Database
from core.errors import BotUnavailable
from core.log import get_logger
from core.settings import Settings
from core.text import fold
from handoff.contact import find_phone, spoken_phone
from handoff.tickets import open_ticket
from search.codes import find_codes

log = get_logger(__name__)
# The number was asked for, or only offered to be taken: then other matters come first.
_PHONE, _OFFERED = "phone", "phone_offered"
# Rasa's form has asked something: what comes is its answer.
_INTERVIEW = "interview"
# How words about a call begin: llámenme, márquenme, tel, celular, número, WhatsApp.
_CALL = ("llam", "yam", "marc", "mark", "marq", "tel", "cel", "num", "whats", "wats", "contact", "comuni")


class Turns:
    """Answers conversations with Rasa, and by itself where Rasa must not be needed."""

    def __init__(self, db: Database, rasa: Rasa, settings: Settings) -> None:
        self._db = db
        self._rasa = rasa
        self._settings = settings

    async def take(self, conversation_id: uuid.UUID) -> int:
        """Answer every unanswered message of the conversation, in order; return how many."""
        taken = 0
        while True:
            async with self._db.begin() as session:
                # Locked before anything else is written: a turn that runs twice must wait here, not deadlock.
                conversation = await store.lock(session, conversation_id)
                message = await store.next_unanswered(session, conversation_id)
                if message is None:
                    return taken
                if await self._without_rasa(session, conversation, message):
                    taken += 1
                    continue
                source = await self._to_repeat(session, message)
            replies = [words.nothing_to_retry()]
            if source:
                waited_s = (utcnow() - message.created_at).total_seconds()
                replies = await self._ask(str(conversation_id), source, waited_s)
            # What was asked for before a failure is still expected after it.
            failed = replies[-1].answer_status == "error"
            expecting = conversation.expecting if failed else None
            if replies[-1].answer_status == "handoff_offered":
                expecting = _OFFERED
            elif (replies[-1].trace or {}).get("action") == AskNext.name:
                expecting = _INTERVIEW
            elif conversation.expecting == _PHONE and source and not failed and _asks_back(source.text):
                # «¿y de dónde me van a marcar?» is answered, and the number asked for once more.
                replies, expecting = [*replies, words.phone_still()], _OFFERED
            async with self._db.begin() as session:
                stored = await store.answer(session, message, replies, expecting=expecting)
            log.info(
                "turn", conversation=str(conversation_id), seq=message.seq, stored=stored,
                status=replies[-1].answer_status, seconds=round((utcnow() - message.created_at).total_seconds(), 3),
            )  # fmt: skip
            taken += 1

    async def _without_rasa(self, session: AsyncSession, conversation: Conversation, message: Message) -> bool:
        """Answer what comes before Rasa or must work without it; False when Rasa has to be asked."""
        danger = find_danger(message.text) if message.payload is None else None
        if danger:
            replies = [safety_reply(danger)]
            if conversation.expecting == _INTERVIEW:
                replies.append(words.later())
            return await store.answer(session, message, replies, expecting=conversation.expecting)
        if message.payload == words.CALLBACK["payload"]:
            return await store.answer(session, message, [words.ask_phone()], expecting=_PHONE)
        if message.payload is None and not any(char.isalnum() for char in safe_text(message.text)):
            return await store.answer(session, message, [words.no_words()], expecting=conversation.expecting)
        # In an interview a number is the answer to its question, and «me dijeron que me llamen» part of a story.
        if message.payload is None and conversation.expecting != _INTERVIEW:
            phone = find_phone(message.text)
            if phone and (conversation.expecting or _asks_to_be_called(message.text)):
                ticket = await open_ticket(session, "callback", conversation.id, "Pidió que le llamen", phone)
                booked = words.callback_booked(ticket.folio, spoken_phone(phone))
                return await store.answer(session, message, [booked])
            if conversation.expecting and _tries_a_number(message.text):
                return await store.answer(session, message, [words.wrong_phone()], expecting=_PHONE)
            if _CALL_ME.search(fold(message.text)) and not _NO_CALL.search(fold(message.text)):
                return await store.answer(session, message, [words.ask_phone()], expecting=_PHONE)
        return False  # they changed the subject: the number is no longer expected

    async def _to_repeat(self, session: AsyncSession, message: Message) -> Message | None:
        if message.payload == words.RETRY["payload"]:
            return await store.last_failed(session, message.conversation_id)
        return message

    async def _ask(self, sender: str, message: Message, waited_s: float) -> list[Reply]:
        try:
            if message.payload is not None:
                return await self._rasa.press(sender, message.payload, waited_s)
            return await self._rasa.say(sender, message.text, waited_s)
        except BotUnavailable as error:
            log.warning("bot_unavailable", conversation=sender, seq=message.seq, reason=error.detail)
            return [words.unavailable(self._settings)]


def _asks_back(text: str) -> bool:
    """«¿y de dónde me van a marcar?»; «mejor dígame cuánto cuesta» is another matter."""
    return is_question(text) and not fold(text).startswith("mejor")


# «que me llamen», «márquenme», «me pueden hablar por teléfono»: what is missing is the number.
_CALL_ME = re.compile(
    r"\b(?:llamenme|llameme|llamen me|yamenme|marquenme|marqueme|(?:que|q|k) me (?:llamen|yamen|llame|marquen|"
    r"marque|hablen por telefono)|"
    r"me (?:pueden|puede|podrian|podria) (?:llamar|marcar)|me (?:llaman|marcan) (?:ustedes|por favor|porfa)|call me)\b"
)


def _tries_a_number(text: str) -> bool:
    """«es el 55 2282 02» is a number with a digit missing; «tengo 25 años, ¿puedo?» is another question."""
    digits, letters = sum(map(str.isdigit, text)), sum(map(str.isalpha, text))
    return digits >= 4 and 2 * digits >= letters and not find_codes(text)


def _asks_to_be_called(text: str) -> bool:
    """«márquenme al 55…», or a number and nothing else; not «me llamaron del 55… y me pidieron dinero»."""
    words = fold(text).split()
    if not any(word.isalpha() for word in words):
        return True
    if "?" in text or _NO_CALL.search(fold(text)) or _OF_OTHERS.search(fold(text)):
        return False
    asked = len(words) <= _SHORT and any(word.startswith(_CALL) for word in words)
    return asked and not _TELLS_OF_A_CALL.search(fold(text))


_SHORT = 12
# «ya no me llamen», «no quiero que me llamen».
_NO_CALL = re.compile(r"\b(?:no|nunca|dejen de) (?:\w+ ){0,3}(?:llam|yam|marq|marc|habl)\w*|\bborr\w+")
# A number that is somebody else's.
_OF_OTHERS = re.compile(
    r"\b(?:su|el) (?:tel\w*|cel\w*|numero|whats\w*) (?:es|del|de|era)\b|"
    r"\b(?:evaluador\w*|instructor\w*|prestador\w*|centro|escuela)\b"
)
_TELLS_OF_A_CALL = re.compile(
    r"\b(?:me|nos|le|les) (?:llam|marc|contact|escrib|habl)(?:o|aron|aba\w*|io|ieron)\b|\b(?:rob|estaf|fraud|"
    r"pidi|pide|cobr|amenaz)\w*"
)
