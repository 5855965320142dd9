"""What the assistant does when Rasa has told what a person wants: what is said, from the knowledge."""

from rasa_sdk import Action

from bot.actions.adapter import RasaAction
from bot.actions.asking import Asking, NotUnderstood
from bot.actions.courses import FindCourse
from bot.actions.finish import InterviewDone
from bot.actions.interview import AskNext, HearReply
from bot.actions.interviews import INTERVIEWS
from bot.actions.more import NotHelpful
from bot.actions.outside import Insult
from bot.actions.people import Complaint, ReturningMigrant, TalkToPerson
from bot.actions.providers import FindProvider
from bot.actions.smalltalk import SmallTalk
from bot.actions.tools import Act, Tools


def all_actions(tools: Tools) -> list[Action]:
    """One of each; the domain must declare the same names (a test holds them together)."""
    kinds: tuple[type[Act], ...] = (
        Asking,
        Complaint,
        FindCourse,
        FindProvider,
        Insult,
        InterviewDone,
        NotHelpful,
        NotUnderstood,
        ReturningMigrant,
        SmallTalk,
        TalkToPerson,
    )
    form = (HearReply(tools, INTERVIEWS), AskNext(tools, INTERVIEWS))
    return [RasaAction(act) for act in (*(kind(tools) for kind in kinds), *form)]
