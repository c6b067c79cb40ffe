"""All settings, read from the environment once: the only module that looks at it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from silk_rag.errors import SettingInvalid

PREFIX = "SILK_"
_PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be configured. Each field is the environment variable SILK_<FIELD>; `docs/settings.md` explains them."""

    corpus: Path = _PROJECT / "corpus"
    data: Path = _PROJECT / ".silk"
    host: str = "127.0.0.1"
    port: int = 8000
    embedding_model: str = ""
    multilingual: bool = True
    threads: int = 1
    log_level: str = "info"
    offline: bool = True

    @property
    def index_folder(self) -> Path:
        """Where index snapshots are kept."""
        return self.data / "index"

    @property
    def assessments_database(self) -> Path:
        """The SQLite file that holds self-assessments."""
        return self.data / "assessments.sqlite"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Settings from SILK_* variables. Raises SettingInvalid, naming the variable whose value cannot be used."""
        values = os.environ if environment is None else environment
        names = {PREFIX + field.name.upper(): field for field in fields(cls)}
        unknown = sorted(name for name in values if name.startswith(PREFIX) and name not in names)
        if unknown:
            raise SettingInvalid(f"{unknown[0]} is not a setting. Known: {', '.join(sorted(names))}.")
        given: dict[str, Any] = {}
        for name, field in names.items():
            if name in values:
                given[field.name] = _READERS[str(field.type)](name, values[name])
        settings = cls(**given)
        if settings.log_level not in LOG_LEVELS:
            raise SettingInvalid(f"SILK_LOG_LEVEL is {settings.log_level!r}; use one of {', '.join(LOG_LEVELS)}.")
        if not 1 <= settings.threads <= 64:
            raise SettingInvalid(f"SILK_THREADS is {settings.threads}; use a number from 1 to 64.")
        return settings


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
}
