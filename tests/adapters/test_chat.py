"""Chat models are configured by two settings, and a key is shown nowhere."""

from __future__ import annotations

import importlib.util
import traceback
from dataclasses import asdict

import pytest

from silk_rag.bootstrap import build_chat_model
from silk_rag.errors import SettingInvalid
from silk_rag.settings import Settings

CANARY = "sk-canary-4711"


def test_without_settings_there_is_no_model() -> None:
    """The default needs none."""
    assert build_chat_model(Settings.from_environment({})) is None


def test_both_ways_to_name_one() -> None:
    """By provider and model, or by the address and name of what is served there."""
    by_provider = Settings.from_environment({"SILK_LLM": "openai:gpt-5-mini", "SILK_LLM_KEY": CANARY})
    by_url = Settings.from_environment({"SILK_LLM_URL": "http://127.0.0.1:9/v1", "SILK_LLM_MODEL": "mine"})
    assert getattr(build_chat_model(by_provider), "name", None) == "openai:gpt-5-mini"
    assert getattr(build_chat_model(by_url), "name", None) == "mine"


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"SILK_LLM": "gpt-5"}, "SILK_LLM"),
        ({"SILK_LLM": "openai:"}, "SILK_LLM"),
        ({"SILK_LLM": "openai:a", "SILK_LLM_URL": "http://x/v1"}, "SILK_LLM_URL"),
        ({"SILK_LLM_URL": "ftp://x", "SILK_LLM_MODEL": "m"}, "SILK_LLM_URL"),
        ({"SILK_LLM_URL": "http://x/v1"}, "SILK_LLM_MODEL"),
        ({"SILK_LLM_MODEL": "m"}, "SILK_LLM_URL"),
        ({"SILK_LLM_TIMEOUT_S": "0"}, "SILK_LLM_TIMEOUT_S"),
        ({"SILK_LLM_IDLE_S": "soon"}, "SILK_LLM_IDLE_S"),
    ],
)
def test_settings_that_cannot_be_used_are_named(environment: dict[str, str], named: str) -> None:
    """The message says which and what to set instead."""
    with pytest.raises(SettingInvalid, match=named):
        Settings.from_environment({**environment, "SILK_LLM_KEY": CANARY})


@pytest.mark.skipif(importlib.util.find_spec("langchain_anthropic") is not None, reason="its package is installed")
def test_a_missing_package_is_named() -> None:
    """With the command that installs it."""
    settings = Settings.from_environment({"SILK_LLM": "anthropic:claude", "SILK_LLM_KEY": CANARY})
    with pytest.raises(SettingInvalid, match="pip install langchain-anthropic"):
        build_chat_model(settings)


def test_an_unknown_provider_is_refused_without_the_key() -> None:
    """Nor does the trace of the error hold it."""
    settings = Settings.from_environment({"SILK_LLM": "nobody:model", "SILK_LLM_KEY": CANARY})
    with pytest.raises(SettingInvalid) as refused:
        build_chat_model(settings)
    assert CANARY not in "".join(traceback.format_exception(refused.value))


def test_the_key_does_not_show() -> None:
    """Not in the settings' text, not as plain data, not in the model."""
    settings = Settings.from_environment(
        {"SILK_LLM_URL": "http://127.0.0.1:9/v1", "SILK_LLM_MODEL": "m", "SILK_LLM_KEY": f" {CANARY}\n"}
    )
    assert settings.llm_key.reveal() == CANARY
    model = build_chat_model(settings)
    for shown in (repr(settings), str(settings.llm_key), f"{settings.llm_key}", str(asdict(settings)), repr(model)):
        assert CANARY not in shown


def test_an_address_without_a_key_is_sent_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key for OpenAI in the environment is not for others."""
    monkeypatch.setenv("OPENAI_API_KEY", CANARY)
    settings = Settings.from_environment({"SILK_LLM_URL": "http://127.0.0.1:9/v1", "SILK_LLM_MODEL": "m"})
    model = build_chat_model(settings)
    assert getattr(model, "_model").openai_api_key.get_secret_value() == "none"  # noqa: B009 (its type is the port's)
