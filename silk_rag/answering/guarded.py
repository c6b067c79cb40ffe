"""A chat model behind a guard: one retry where that may help, and rest for a provider that keeps failing."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from silk_rag.answering.ports import FAILURES, ChatModel, Message, never
from silk_rag.errors import ChatModelFailed

#: After so many failures in a row the model is left alone for so long; then one call may try.
FAILURES_TO_OPEN, OPEN_FOR_S = 5, 30.0
#: Nobody waits longer than this for a second try; a provider that asks for more is not asked again.
LONGEST_WAIT_S = 3.0
#: These pass quickly or not at all; a model that is slow would only be slow twice.
_WORTH_A_RETRY = frozenset({"busy", "broken", "unreachable"})
_log = logging.getLogger(__name__)


def failed(kind: str, *, retry_after_s: float | None = None) -> ChatModelFailed:
    """The error for one of the FAILURES."""
    sentence = FAILURES[kind]
    return ChatModelFailed(f"{sentence[0].upper()}{sentence[1:]}.", kind=kind, retry_after_s=retry_after_s)


@dataclass
class CircuitBreaker:
    """Counts failures in a row; open, it lets nothing through until some time has passed."""

    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _opened_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def enter(self) -> None:
        """Raise ChatModelFailed ("paused") while open. When the time is over, one call passes and the rest waits."""
        with self._lock:
            if self._failures >= FAILURES_TO_OPEN:
                if self.clock() - self._opened_at < OPEN_FOR_S:
                    raise failed("paused")
                self._opened_at = self.clock()

    def succeeded(self) -> None:
        """Close it."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Count; open at the fifth in a row."""
        with self._lock:
            self._failures += 1
            self._opened_at = self.clock()


@dataclass(frozen=True)
class GuardedChatModel:
    """A ChatModel that retries once, with jitter or as long as the provider asks, and rests after five failures."""

    model: ChatModel
    breaker: CircuitBreaker = field(default_factory=CircuitBreaker)
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    @property
    def name(self) -> str:
        """What the model is called."""
        return self.model.name

    def stream(
        self, messages: Sequence[Message], *, within_s: float, has_left: Callable[[], bool] = never
    ) -> Iterator[str]:
        """The reply in pieces. Raises ChatModelFailed; what has come before that stays."""
        self.breaker.enter()
        ends_at = self.clock() + within_s
        again = True
        while True:
            started = False
            try:
                for piece in self.model.stream(messages, within_s=ends_at - self.clock(), has_left=has_left):
                    started = True
                    yield piece
            except ChatModelFailed as failure:
                wait_s = _wait_s(failure)
                in_time = wait_s <= LONGEST_WAIT_S and self.clock() + wait_s < ends_at
                again = again and not started and failure.kind in _WORTH_A_RETRY and in_time and not has_left()
                _log.warning("chat model %s: %s%s", self.name, failure.kind, "; trying once more" if again else "")
                if not again:
                    self.breaker.failed()
                    raise
                again = False
                self.sleep(wait_s)
            else:
                self.breaker.succeeded()
                return


def _wait_s(failure: ChatModelFailed) -> float:
    if failure.retry_after_s is not None:
        return max(0.0, failure.retry_after_s)
    return random.uniform(0.2, 0.8)  # noqa: S311 (jitter is no secret)
