"""Chat models through LangChain: any provider it knows, or any address that speaks the OpenAI protocol.

Nothing but messages is ever sent: no tools, no names of people, no tracing. The provider's packages are the optional
extra `llm`; they are imported when a model is configured.

LangChain's own time limits differ by provider and count the gaps between bytes, so the limits are kept here: the reply
is read in an event loop of its own, where a call that is too late, or that nobody waits for any more, is cancelled,
which closes its connection at once.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from silk_rag.answering.guarded import failed
from silk_rag.answering.ports import Message, never
from silk_rag.errors import ChatModelFailed, SettingInvalid

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

CONNECT_S = 3.0
#: How often a waiting reader looks whether anybody still listens.
_LOOK_S = 0.1
_INSTALL = "pip install 'silk-rag[llm]'"
#: Providers that LangChain reaches through a package of this name; others are named after the provider.
_PACKAGES = {"openai": "langchain-openai", "anthropic": "langchain-anthropic", "ollama": "langchain-ollama"}
#: Their classes take no number of retries.
_WITHOUT_RETRIES = frozenset({"ollama", "huggingface"})


@dataclass(frozen=True, slots=True)
class Limits:
    """How long to wait, in seconds: for the first piece of a reply, and for each further one."""

    first_token_s: float = 10.0
    idle_s: float = 10.0


def openai_compatible(url: str, model: str, *, key: str, limits: Limits) -> LangChainChatModel:
    """A model behind an address that speaks the OpenAI protocol. Raises SettingInvalid without langchain-openai."""
    try:
        from langchain_openai import ChatOpenAI
    except ImportError as error:
        raise SettingInvalid(f"SILK_LLM_URL needs the package langchain-openai: {_INSTALL}") from error
    from httpx2 import Timeout
    from pydantic import SecretStr

    chat = ChatOpenAI(
        model=model,
        base_url=url,
        # Without a key of its own, an address must not be sent the one for OpenAI that may stand in the environment.
        api_key=SecretStr(key or "none"),
        timeout=Timeout(limits.first_token_s + limits.idle_s, connect=CONNECT_S),
        max_retries=0,
        temperature=0.0,
        use_responses_api=False,
        stream_usage=False,
    )
    return LangChainChatModel(chat, model, limits)


def by_provider(name: str, *, key: str, limits: Limits) -> LangChainChatModel:
    """A model by provider:model, as LangChain's `init_chat_model` names them. Raises SettingInvalid."""
    from langchain.chat_models import init_chat_model

    provider = name.partition(":")[0]
    options: dict[str, Any] = {} if provider in _WITHOUT_RETRIES else {"max_retries": 0}
    if key:
        options["api_key"] = key
    try:
        model: BaseChatModel = init_chat_model(name, **options)
    except ImportError as error:
        package = _PACKAGES.get(provider, f"langchain-{provider.replace('_', '-')}")
        raise SettingInvalid(f"SILK_LLM={name} needs another package: pip install {package}") from error
    except Exception as error:  # noqa: BLE001 (each provider complains in its own way, some quote the key)
        raise SettingInvalid(
            f"SILK_LLM={name} cannot be used ({type(error).__name__}). Use provider:model, and set SILK_LLM_KEY or the "
            "provider's own variable."
        ) from None
    return LangChainChatModel(model, name, limits)


@dataclass(frozen=True, slots=True)
class _End:
    """The reply is over; with the failure that ended it, if one did."""

    failure: ChatModelFailed | None = None


class LangChainChatModel:
    """A ChatModel over a LangChain chat model."""

    def __init__(self, model: BaseChatModel, name: str, limits: Limits | None = None) -> None:
        self.name = name
        self._model = model
        self._limits = limits or Limits()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()

    def stream(
        self, messages: Sequence[Message], *, within_s: float, has_left: Callable[[], bool] = never
    ) -> Iterator[str]:
        """The reply in pieces. Raises ChatModelFailed. Closed, or left, it cancels the call."""
        pieces: queue.SimpleQueue[str | _End] = queue.SimpleQueue()
        call = asyncio.run_coroutine_threadsafe(self._pump(messages, within_s, pieces), self._running_loop())
        some = False
        try:
            while not has_left():
                try:
                    piece = pieces.get(timeout=_LOOK_S)
                except queue.Empty:
                    continue
                if isinstance(piece, _End):
                    if piece.failure is not None:
                        raise piece.failure
                    if not some:
                        raise failed("empty")
                    return
                some = some or bool(piece.strip())
                yield piece
        finally:
            call.cancel()

    async def _pump(self, messages: Sequence[Message], within_s: float, pieces: queue.SimpleQueue[str | _End]) -> None:
        """Put the reply into the queue, then an end; every wait has its limit."""
        end = _End()
        now = asyncio.get_running_loop().time
        ends_at = now() + within_s
        try:
            async with asyncio.timeout_at(min(now() + self._limits.first_token_s, ends_at)) as limit:
                async with aclosing(self._reply(messages)) as reply:
                    async for piece in reply:
                        pieces.put(piece)
                        if piece:
                            limit.reschedule(min(now() + self._limits.idle_s, ends_at))
        except Exception as error:  # noqa: BLE001 (every provider has its own; whatever it is, an answer must follow)
            end = _End(_mapped(error))
        finally:
            pieces.put(end)

    async def _reply(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        from langsmith.run_helpers import tracing_context

        # LangChain would send prompts to its makers' tracing service if the environment said so.
        with tracing_context(enabled=False):
            async for chunk in self._model.astream([(_ROLES[each.role], each.content) for each in messages]):
                yield str(chunk.text)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        """One loop for all calls: connections that are kept open belong to the loop they were opened in."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="chat-model", daemon=True).start()
            return self._loop


_ROLES = {"system": "system", "user": "human", "assistant": "ai"}
_STATUS_KINDS = {401: "refused-access", 403: "refused-access", 408: "slow", 429: "busy", 503: "busy", 529: "busy"}


def _mapped(error: Exception) -> ChatModelFailed:
    """The kind of failure; nothing of the vendor's message is kept, for it may quote the key or the prompt."""
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        connecting = "Connect" in type(error.__cause__ or error).__name__
        return failed("unreachable" if connecting else "slow")
    status = getattr(error, "status_code", None)
    if isinstance(status, int) and status >= 400:
        return failed(_STATUS_KINDS.get(status, "broken"), retry_after_s=_retry_after_s(error))
    if isinstance(error, ConnectionError) or "Connect" in type(error).__name__:
        return failed("unreachable")
    return failed("unreadable")


def _retry_after_s(error: Exception) -> float | None:
    """The seconds in a Retry-After header; a date, which hardly any provider sends, counts as long."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    value = headers.get("retry-after") if headers is not None else None
    if value is None:
        return None
    try:
        return float(value)
    except ValueError:
        return 3_600.0
