"""The actions Rasa calls: what is said, from the knowledge."""

from rasa_sdk import Action

from bot.actions.answer import AnswerQuestion
from bot.actions.courses import FindCourse
from bot.actions.fallback import Fallback
from bot.actions.find_standard import FindStandard, StandardDetails
from bot.actions.forms import AskStandard, AskTrade
from bot.actions.people import Complaint, NotHelpful, ReturningMigrant, TalkToPerson
from bot.actions.providers import FindProvider
from bot.actions.smalltalk import SmallTalk
from bot.actions.tools import OrientaAction, Tools


def all_actions(tools: Tools) -> list[Action]:
    """One of each; the domain must declare the same names (a test holds them together)."""
    kinds: tuple[type[OrientaAction], ...] = (
        AnswerQuestion,
        AskStandard,
        AskTrade,
        Complaint,
        Fallback,
        FindCourse,
        FindProvider,
        FindStandard,
        NotHelpful,
        ReturningMigrant,
        SmallTalk,
        StandardDetails,
        TalkToPerson,
    )
    return [kind(tools) for kind in kinds]
