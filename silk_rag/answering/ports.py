"""What the written answer asks of the world: a chat model, and somebody who listens while the answer grows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from silk_rag.answering.answer import Answer, Citation
from silk_rag.retrieval.query import Query
from silk_rag.retrieval.retriever import Retrieved

#: What can happen to a chat model (`ChatModelFailed.kind`), as the reader is told.
FAILURES: Mapping[str, str] = {
    "unreachable": "the language model could not be reached",
    "slow": "the language model took too long",
    "refused-access": "the language model's provider refused access (its operator should check the key)",
    "busy": "the language model is busy",
    "broken": "the language model's provider failed",
    "unreadable": "the language model's reply could not be read",
    "empty": "the language model gave an empty reply",
    "too-long": "the language model did not come to an end",
    "paused": "the language model failed several times and is left alone for a moment",
}


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation with a chat model."""

    role: Literal["system", "user", "assistant"]
    content: str


def never() -> bool:
    """The default of questions that somebody may answer with yes."""
    return False


class ChatModel(Protocol):
    """Any chat model that can be given messages and writes a reply."""

    @property
    def name(self) -> str:
        """What it is called, for logs and reports."""
        ...

    def stream(
        self, messages: Sequence[Message], *, within_s: float, has_left: Callable[[], bool] = never
    ) -> Iterator[str]:
        """The reply in pieces as they come, never all of them empty.

        Raises ChatModelFailed, also when the reply is not complete within `within_s` seconds. Ends early, and lets go
        of the provider, when `has_left` becomes true or the iterator is closed.
        """
        ...


def _unheard(_text: str, _citations: Sequence[Citation]) -> None:
    """What is said to nobody is not kept."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who listens while an answer is written.

    `hear` is given each further stretch of the answer's Markdown, once it is sure to stay, with the citations that are
    new in it; `has_left` says whether nobody listens any more.
    """

    hear: Callable[[str, Sequence[Citation]], None] = _unheard
    has_left: Callable[[], bool] = never


NOBODY = Audience()


class Writer(Protocol):
    """Puts an answer into words of its own."""

    def write(self, query: Query, results: Sequence[Retrieved], extractive: Answer, audience: Audience) -> Answer:
        """An answer from the results; `extractive`, saying why, where that fails."""
        ...
