"""What the commands share: a database that is up to date and the installation's secrets."""

from sqlalchemy import URL

from core.db import database_url, migrate
from core.secret import kept_secret
from core.settings import Settings


def ready_database(settings: Settings) -> URL:
    """The application's database, started if it is the embedded one, with its schema up to date."""
    url = database_url(settings)
    migrate(url)
    return url


def actions_token(settings: Settings) -> str:
    """What Rasa shows when it calls the actions."""
    return settings.actions_token or kept_secret(settings.data_dir, "actions_token")
