"""The one place where configuration is read: environment variables ``ORIENTA_*``."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import SetupError


class Settings(BaseSettings):
    """Every setting with its default. ``docs/settings.md`` lists them; a test keeps both equal."""

    model_config = SettingsConfigDict(env_prefix="ORIENTA_", env_ignore_empty=True)

    data_dir: Path = Field(Path("var"), description="Where everything that changes is kept.")
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the web server listens on.")
    public_url: str = Field("", description="Address people reach the server at; empty: host and port.")
    database_url: str = Field("", description="PostgreSQL to use; empty: the embedded server.")
    rasa_database_url: str = Field("", description="Rasa's own database; empty: the same server, name with `_rasa`.")
    rasa_url: str = Field(
        "http://127.0.0.1:5005", description="Where Rasa answers; `orienta serve` starts it and sets this itself."
    )
    rasa_port: int = Field(
        0, ge=0, le=65535, description="Port for Rasa on 127.0.0.1; 0: a free one (`serve`), 5005 (`rasa`)."
    )
    actions_url: str = Field(
        "", description="Where Rasa finds the actions; empty: this machine's web server, /bot/actions."
    )
    actions_token: str = Field(
        "", description="Secret Rasa shows when it calls the actions; empty: made and kept in data_dir."
    )
    metrics_token: str = Field("", description="Bearer token for /metrics from other machines.")
    embedding_model: str = Field(
        "", description="sentence-transformers model, name or path, for search; empty: the one in the repository."
    )
    embedding_query_prompt: str = Field("", description="Put before a query; empty: the model's own prompt.")
    embedding_document_prompt: str = Field("", description="Put before each text; empty: the model's own prompt.")
    handoff_phone: str = Field("55 2282 0200", description="Telephone offered when a person is needed.")
    handoff_email: str = Field("contacto@conocer.gob.mx", description="E-mail offered likewise.")
    privacy_url: str = Field("https://conocer.gob.mx", description="Where the full privacy notice is.")
    turn_deadline_s: float = Field(10.0, gt=0, description="Seconds the assistant has for one answer.")
    turns_at_once: int = Field(8, ge=1, description="Conversations one worker answers at the same time.")
    messages_per_minute: int = Field(20, ge=1, description="Messages accepted a minute in one conversation.")
    conversations_per_minute: int = Field(
        120, ge=1, description="Conversations one address may open a minute (a fair shares one address)."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="DEBUG, INFO, WARNING or ERROR."
    )

    @property
    def local_url(self) -> str:
        """Address of the web server from this machine."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104  compared, not bound
        return f"http://{host}:{self.port}"

    @property
    def base_url(self) -> str:
        """Public address without a trailing slash."""
        return (self.public_url or self.local_url).rstrip("/")


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once; SetupError names each variable that does not hold."""
    try:
        return Settings()
    except ValidationError as error:
        faults = [f"ORIENTA_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
        raise SetupError("Configuración no válida. " + "; ".join(faults)) from error
