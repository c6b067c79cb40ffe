"""A model behind the guard is asked again once, and left alone when it keeps failing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from silk_rag.answering.guarded import FAILURES_TO_OPEN, OPEN_FOR_S, CircuitBreaker, GuardedChatModel, failed
from silk_rag.answering.ports import FAILURES, Message, never
from silk_rag.errors import ChatModelFailed


@dataclass
class Model:
    """A chat model that does what `script` says, call by call: pieces, then perhaps a failure."""

    script: list[tuple[list[str], ChatModelFailed | None]]
    name: str = "scripted"
    calls: list[float] = field(default_factory=list)

    def stream(
        self, messages: Sequence[Message], *, within_s: float, has_left: Callable[[], bool] = never
    ) -> Iterator[str]:
        """The next entry of the script."""
        assert messages
        assert not has_left()
        self.calls.append(within_s)
        pieces, failure = self.script[min(len(self.calls), len(self.script)) - 1]
        yield from pieces
        if failure is not None:
            raise failure


@dataclass
class Clock:
    """Time that passes when it is told to."""

    now: float = 1_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.now += seconds


def guarded(model: Model, clock: Clock) -> GuardedChatModel:
    """The model behind a guard with a clock of the test's own."""
    return GuardedChatModel(model, CircuitBreaker(clock), clock, clock.sleep)


def ask(model: GuardedChatModel) -> str:
    """Its reply."""
    return "".join(model.stream([Message("user", "?")], within_s=60))


@pytest.mark.parametrize("kind", sorted(FAILURES))
def test_one_retry_where_it_may_help(kind: str) -> None:
    """A busy, broken or unreachable provider is asked again, once, with the time that is left; others are not."""
    model, clock = Model([([], failed(kind)), (["yes"], None)]), Clock()
    if kind in {"busy", "broken", "unreachable"}:
        assert ask(guarded(model, clock)) == "yes"
        assert 59 < model.calls[1] < 60
    else:
        with pytest.raises(ChatModelFailed):
            ask(guarded(model, clock))
        assert len(model.calls) == 1


def test_no_retry_after_something_was_said() -> None:
    """What was heard cannot be said again."""
    model = Model([(["a"], failed("broken")), (["b"], None)])
    with pytest.raises(ChatModelFailed):
        ask(guarded(model, Clock()))
    assert len(model.calls) == 1


def test_the_breaker_opens_rests_and_tries_again() -> None:
    """After five failures nothing is sent for half a minute, then one call may try: failing, it rests again."""
    model, clock = Model([([], failed("slow"))] * 6 + [(["yes"], None)]), Clock()
    chat = guarded(model, clock)
    for _ in range(FAILURES_TO_OPEN):
        with pytest.raises(ChatModelFailed):
            ask(chat)
    with pytest.raises(ChatModelFailed, match="left alone"):
        ask(chat)
    clock.sleep(OPEN_FOR_S)
    with pytest.raises(ChatModelFailed, match="too long"):
        ask(chat)
    with pytest.raises(ChatModelFailed, match="left alone"):
        ask(chat)
    assert len(model.calls) == 6
    clock.sleep(OPEN_FOR_S)
    assert ask(chat) == "yes"
    assert ask(chat) == "yes"


def test_a_success_closes_the_count() -> None:
    """Only failures in a row count."""
    model, clock = Model([*[([], failed("slow"))] * 4, (["yes"], None), *[([], failed("slow"))] * 4]), Clock()
    chat = guarded(model, clock)
    for expected in [False] * 4 + [True] + [False] * 4:
        if expected:
            assert ask(chat) == "yes"
        else:
            with pytest.raises(ChatModelFailed, match="too long"):
                ask(chat)
