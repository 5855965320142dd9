"""Replaying conversations against a running server: what ``orienta eval dialogue`` prints.

A file is a YAML list of ``{id, topic, turns}``; a turn says or presses something and tells what the replies must and
must not say: regular expressions, looked for in the replies in lower case and without accents, with their punctuation
and again without it.
"""

import re
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, model_validator

from conversations.message import ANSWER_STATUSES
from core.errors import DataError, Unavailable
from core.text import fold

_POLL_S = 0.05
_WAIT_S = 30.0


class Turn(BaseModel):
    """One message and what is expected of the replies to it.

    ``say``: what is typed, or ``press``: part of the title of a button shown last. ``status``: acceptable
    ``answer_status`` of the last reply; ``buttons``: parts of titles that some button must hold.
    """

    model_config = ConfigDict(extra="forbid")

    say: str | None = None
    press: str | None = None
    status: list[str] = []
    must: list[str] = []
    must_not: list[str] = []
    buttons: list[str] = []

    @model_validator(mode="after")
    def _one_message(self) -> "Turn":
        if (self.say is None) == (self.press is None):
            raise ValueError("una vuelta lleva «say» o «press»")
        for pattern in (*self.must, *self.must_not):
            try:
                re.compile(_bare(pattern))
                if not pattern:
                    raise ValueError("una expresión vacía siempre se cumple")
            except re.error as error:
                raise ValueError(f"«{pattern}» no es una expresión regular: {error}") from error
        unknown = set(self.status) - ANSWER_STATUSES
        if unknown:
            raise ValueError(f"answer_status desconocido: {', '.join(sorted(unknown))}")
        return self


class Dialogue(BaseModel):
    """A conversation with its expectations."""

    model_config = ConfigDict(extra="forbid")

    id: str
    topic: str
    turns: list[Turn]


@dataclass(frozen=True)
class Played:
    """One turn as it went: what was sent, the replies, and each expectation that does not hold."""

    sent: str
    replies: Sequence[dict[str, Any]]
    misses: Sequence[str]


@dataclass(frozen=True)
class Result:
    """A dialogue and its turns as they went; it stops where a button is missing."""

    dialogue: Dialogue
    played: Sequence[Played]

    @property
    def passed(self) -> bool:
        """Whether every expectation of every turn holds."""
        return len(self.played) == len(self.dialogue.turns) and not any(turn.misses for turn in self.played)


def read_dialogues(path: Path) -> list[Dialogue]:
    """The dialogues of a file, or of every YAML file of a folder; DataError names what is wrong."""
    files = sorted(path.glob("*.yml")) if path.is_dir() else [path]
    found: list[Dialogue] = []
    for file in files:
        try:
            found += TypeAdapter(list[Dialogue]).validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
        except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
            raise DataError([f"{file}: {error}"]) from error
    twice = {one.id for one in found if sum(other.id == one.id for other in found) > 1}
    if twice or not found:
        raise DataError([f"{path}: {'ids repetidos: ' + ', '.join(sorted(twice)) if twice else 'sin diálogos'}"])
    return found


def replay(http: httpx.Client, dialogue: Dialogue, wait: Callable[[float], None]) -> Result:
    """Play one dialogue in a conversation of its own; ``wait(seconds)`` passes the time between looks.

    Raises:
        Unavailable: the server does not answer.
    """
    try:
        opened = _post(http, wait, "/api/v1/conversations", json={})
        path, headers = f"/api/v1/conversations/{opened['id']}", {"Authorization": f"Bearer {opened['token']}"}
        shown: list[dict[str, Any]] = opened["messages"]
        played: list[Played] = []
        for turn in dialogue.turns:
            body: dict[str, Any] = {"client_id": str(uuid.uuid4())}
            if turn.press is None:
                body["text"] = sent = str(turn.say)
            else:
                pressed = _button(shown, turn.press)
                if pressed is None:
                    titles = [button["title"] for message in shown for button in message["buttons"]]
                    played.append(Played(turn.press, (), [f"no hay un botón «{turn.press}» entre {titles}"]))
                    break
                body["payload"], sent = pressed["payload"], f"[{pressed['title']}]"
            answer = _post(http, wait, f"{path}/messages", headers=headers, json=body)
            shown = _replies(http, path, headers, answer["message"]["seq"], wait)
            played.append(Played(sent, shown, list(_misses(turn, shown))))
    except httpx.HTTPError as error:
        raise Unavailable(f"El servidor no contestó a «{dialogue.id}»: {error}") from error
    return Result(dialogue, played)


def _post(http: httpx.Client, wait: Callable[[float], None], path: str, **sent: Any) -> dict[str, Any]:
    """What the server answers; where it asks to wait (so many conversations from one address), that is done."""
    response = http.post(path, **sent)
    while response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        wait(float(response.headers.get("Retry-After", 1)))
        response = http.post(path, **sent)
    answer: dict[str, Any] = response.raise_for_status().json()
    return answer


def _button(shown: Sequence[dict[str, Any]], part: str) -> dict[str, str] | None:
    buttons = [button for message in shown for button in message["buttons"]]
    return next((button for button in buttons if fold(part) in fold(button["title"])), None)


def _replies(
    http: httpx.Client, path: str, headers: dict[str, str], after: int, wait: Callable[[float], None]
) -> list[dict[str, Any]]:
    waited = 0.0
    while waited < _WAIT_S:
        page = http.get(f"{path}/messages", headers=headers, params={"after": after}).raise_for_status().json()
        if not page["pending"]:
            return list(page["messages"])
        wait(_POLL_S)
        waited += _POLL_S
    raise Unavailable(f"La respuesta no llegó en {_WAIT_S:.0f} segundos.")


def _misses(turn: Turn, replies: Sequence[dict[str, Any]]) -> Iterator[str]:
    said = " ".join(_bare(" ".join(reply["text"] for reply in replies)).split())
    titles = fold(" · ".join(button["title"] for reply in replies for button in reply["buttons"]))
    if not replies:
        yield "no hubo respuesta"
        return
    status = replies[-1]["answer_status"]
    if turn.status and status not in turn.status:
        yield f"es {status}, debía ser {' o '.join(turn.status)}"
    for wanted in turn.must:
        if not _holds(said, wanted):
            yield f"no dice «{wanted}»"
    for unwanted in turn.must_not:
        if _holds(said, unwanted):
            yield f"dice «{unwanted}»"
    for title in turn.buttons:
        if fold(title) not in titles:
            yield f"no ofrece el botón «{title}»"


def _bare(text: str) -> str:
    """Without accents; «ñ» is an n."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def _holds(said: str, pattern: str) -> bool:
    return any(re.search(_bare(pattern), text, re.I) for text in (said, fold(said)))


def transcript(result: Result) -> Iterator[str]:
    """A conversation as it went, to be read."""
    yield f"\n=== {result.dialogue.topic}/{result.dialogue.id} {'' if result.passed else '(con fallas)'}"
    for turn in result.played:
        yield f"> {turn.sent}"
        for reply in turn.replies:
            yield f"  ({reply['answer_status']}) {reply['text']}"
            if reply["buttons"]:
                yield "  " + " ".join(f"[{button['title']}]" for button in reply["buttons"])
        for miss in turn.misses:
            yield f"  !! {miss}"


def report(results: Sequence[Result]) -> Iterator[str]:
    """Pass rate by topic and as a whole, then every miss with what was said."""
    topics: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        topics[result.dialogue.topic].append(result)
    yield f"{'tema':<22}{'diálogos':>9}{'pasan':>7}{'':>8}"
    for topic, found in sorted(topics.items()):
        right = sum(one.passed for one in found)
        yield f"{topic:<22}{len(found):>9}{right:>7}{right / len(found):>8.2f}"
    right = sum(one.passed for one in results)
    turns = [turn for one in results for turn in one.played]
    yield f"{'en total':<22}{len(results):>9}{right:>7}{right / len(results):>8.3f}"
    yield f"vueltas: {len(turns)}, sin falla {sum(not turn.misses for turn in turns) / max(len(turns), 1):.3f}"
    for result in results:
        for number, turn in enumerate(result.played, 1):
            for miss in turn.misses:
                yield f"\n{result.dialogue.topic}/{result.dialogue.id}, vuelta {number}: {miss}"
                yield f"  > {turn.sent}"
                for reply in turn.replies:
                    yield f"  < ({reply['answer_status']}) {reply['text'][:300]}"
