"""All settings, read from the environment once: the only module that looks at it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from silk_rag.errors import SettingInvalid

PREFIX = "SILK_"
_PROJECT = Path(__file__).resolve().parent.parent


class Secret:
    """A text that is not shown by accident: only `reveal()` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Secret(set)" if self._text else "Secret(not set)"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def reveal(self) -> str:
        """The text itself, for the one who has to send it."""
        return self._text


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be configured. Each field is the environment variable SILK_<FIELD>; `docs/settings.md` explains them."""

    corpus: Path = _PROJECT / "corpus"
    data: Path = _PROJECT / ".silk"
    host: str = "127.0.0.1"
    port: int = 8000
    embedding_model: str = ""
    nli_model: str = ""
    multilingual: bool = True
    threads: int = 1
    log_level: str = "info"
    offline: bool = True
    assessments_url: Secret = field(default_factory=Secret)
    assessment_days: int = 0
    upload: bool = False
    llm: str = ""
    llm_url: str = ""
    llm_model: str = ""
    llm_key: Secret = field(default_factory=Secret)
    llm_timeout_s: int = 60
    llm_first_token_s: int = 10
    llm_idle_s: int = 10

    @property
    def index_folder(self) -> Path:
        """Where index snapshots are kept."""
        return self.data / "index"

    @property
    def assessments_database(self) -> Path:
        """The SQLite file that holds self-assessments."""
        return self.data / "assessments.sqlite"

    @property
    def conversations_database(self) -> Path:
        """The SQLite file that holds the last questions of conversations."""
        return self.data / "conversations.sqlite"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings from SILK_* variables. Raises SettingInvalid, naming the variable whose value cannot be used."""
        values = os.environ if environment is None else environment
        names = {PREFIX + known.name.upper(): known for known in fields(cls)}
        unknown = sorted(name for name in values if name.startswith(PREFIX) and name not in names)
        if unknown:
            raise SettingInvalid(f"{unknown[0]} is not a setting. Known: {', '.join(sorted(names))}.")
        given: dict[str, Any] = {}
        for name, known in names.items():
            if name in values:
                given[known.name] = _READERS[str(known.type)](name, values[name])
        settings = cls(**given)
        _check_llm(settings)
        if settings.log_level not in LOG_LEVELS:
            raise SettingInvalid(f"SILK_LOG_LEVEL is {settings.log_level!r}; use one of {', '.join(LOG_LEVELS)}.")
        if not 1 <= settings.threads <= 64:
            raise SettingInvalid(f"SILK_THREADS is {settings.threads}; use a number from 1 to 64.")
        if settings.assessment_days < 0:
            raise SettingInvalid(f"SILK_ASSESSMENT_DAYS is {settings.assessment_days}; use 0 (never) or more.")
        return settings


def _check_llm(settings: Settings) -> None:
    if settings.llm and settings.llm_url:
        raise SettingInvalid("SILK_LLM and SILK_LLM_URL are both set; name the chat model in one of the two ways.")
    if settings.llm and not all(settings.llm.partition(":")):
        raise SettingInvalid(f"SILK_LLM is {settings.llm!r}; use provider:model, for instance openai:gpt-5-mini.")
    if settings.llm_url and not settings.llm_url.startswith(("http://", "https://")):
        raise SettingInvalid("SILK_LLM_URL is no web address; use one such as http://127.0.0.1:11434/v1.")
    if settings.llm_url and not settings.llm_model:
        raise SettingInvalid("SILK_LLM_URL is set without SILK_LLM_MODEL; name the model that is served there.")
    if settings.llm_model and not settings.llm_url:
        raise SettingInvalid("SILK_LLM_MODEL is set without SILK_LLM_URL; set both, or SILK_LLM alone.")
    for name, seconds in (
        ("SILK_LLM_TIMEOUT_S", settings.llm_timeout_s),
        ("SILK_LLM_FIRST_TOKEN_S", settings.llm_first_token_s),
        ("SILK_LLM_IDLE_S", settings.llm_idle_s),
    ):
        if not 1 <= seconds <= 600:
            raise SettingInvalid(f"{name} is {seconds}; use a number of seconds from 1 to 600.")


LOG_LEVELS = ("debug", "info", "warning", "error")


def _read_int(name: str, value: str) -> int:
    try:
        number = int(value)
    except ValueError as error:
        raise SettingInvalid(f"{name} is {value!r}; use a whole number.") from error
    if name == "SILK_PORT" and not 0 <= number <= 65535:
        raise SettingInvalid(f"SILK_PORT is {number}; use a number from 0 to 65535.")
    return number


def _read_bool(name: str, value: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if value.strip().lower() not in words:
        raise SettingInvalid(f"{name} is {value!r}; use yes or no.")
    return words[value.strip().lower()]


_READERS: dict[str, Callable[[str, str], Any]] = {
    "str": lambda _, value: value,
    "Path": lambda _, value: Path(value).expanduser(),
    "int": _read_int,
    "bool": _read_bool,
    "Secret": lambda _, value: Secret(value.strip()),
}
