"""Settings come from SILK_* variables, and a value that cannot be used names itself."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from silk_rag.errors import SettingInvalid
from silk_rag.settings import PREFIX, Settings


def test_without_variables_everything_has_a_default() -> None:
    """A fresh checkout needs no configuration, and listens on this machine only."""
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert settings.host == "127.0.0.1"
    assert settings.offline
    assert not settings.upload
    assert (settings.corpus / "manifest.toml").exists()


def test_every_setting_can_be_given() -> None:
    """Paths, numbers, words and switches are read from text."""
    given = {
        "SILK_CORPUS": "/papers",
        "SILK_DATA": "~/silk",
        "SILK_HOST": "::1",
        "SILK_PORT": "0",
        "SILK_EMBEDDING_MODEL": "/models/one",
        "SILK_MULTILINGUAL": "No",
        "SILK_THREADS": "2",
        "SILK_LOG_LEVEL": "debug",
        "SILK_OFFLINE": "off",
        "SILK_UPLOAD": "yes",
        "HOME_OF_ANOTHER_PROGRAM": "ignored",
    }
    settings = Settings.from_environment(given)
    assert settings.corpus == Path("/papers")
    assert settings.data == Path.home() / "silk"
    assert settings.index_folder == Path.home() / "silk" / "index"
    assert settings.assessments_database == Path.home() / "silk" / "assessments.sqlite"
    assert (settings.host, settings.port, settings.threads) == ("::1", 0, 2)
    assert (settings.multilingual, settings.offline, settings.upload) == (False, False, True)
    assert (settings.embedding_model, settings.log_level) == ("/models/one", "debug")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SILK_PORT", "eight thousand", "use a whole number"),
        ("SILK_PORT", "-1", "use a number from 0 to 65535"),
        ("SILK_PORT", "65536", "use a number from 0 to 65535"),
        ("SILK_PORT", "", "use a whole number"),
        ("SILK_THREADS", "0", "use a number from 1 to 64"),
        ("SILK_THREADS", "65", "use a number from 1 to 64"),
        ("SILK_MULTILINGUAL", "perhaps", "use yes or no"),
        ("SILK_OFFLINE", "", "use yes or no"),
        ("SILK_LOG_LEVEL", "loud", "use one of debug, info, warning, error"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str, said: str) -> None:
    """The message names the variable and the values allowed."""
    with pytest.raises(SettingInvalid, match=said) as raised:
        Settings.from_environment({name: value})
    assert name in raised.value.message


def test_a_misspelt_variable_is_not_ignored() -> None:
    """A setting that does not exist is refused, naming those that do."""
    with pytest.raises(SettingInvalid, match="SILK_PROT is not a setting") as raised:
        Settings.from_environment({"SILK_PROT": "80"})
    assert all(PREFIX + field.name.upper() in raised.value.message for field in fields(Settings))


def test_settings_cannot_be_changed() -> None:
    """What was read at the start holds until the end."""
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]
