"""Forms: the two questions that actions ask when something is missing."""

from rasa_sdk.events import FollowupAction, SlotSet

from bot.actions.tools import Ask, Event, OrientaAction, Said
from conversations.message import Reply


def open_form(name: str, slot: str) -> list[Event]:
    """Events that make Rasa ask for ``slot`` anew.

    A full slot would end the form at once and call the action again, without end; a question left over
    from a form of an earlier session would take this message for its answer.
    """
    return [SlotSet(slot, None), SlotSet("requested_slot", None), FollowupAction(name)]


class _Question(OrientaAction):
    question: str

    async def answer(self, ask: Ask) -> Said:
        """The question, with examples."""
        return Said([Reply(self.question, "form")])


class AskTrade(_Question):
    """What ``standard_form`` asks."""

    action_name = "action_ask_ocupacion"
    question = (
        "¿A qué se dedica o qué sabe hacer? Dígamelo con sus palabras; por ejemplo: soy albañil, cuido niños o "
        "reparo celulares."
    )


class AskStandard(_Question):
    """What ``provider_form`` asks."""

    action_name = "action_ask_ec_code"
    question = (
        "¿De qué estándar u oficio quiere saber quién certifica? Puede escribir la clave, por ejemplo EC0217, o el "
        "oficio, por ejemplo plomero."
    )
