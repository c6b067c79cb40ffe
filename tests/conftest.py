"""Fixtures shared by all tests: the real index over the real corpus, built once and kept between runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from silk_rag.adapters.sql_assessments import SqlEventStore
from silk_rag.answering.conversation import MemoryConversations
from silk_rag.api.app import create_app
from silk_rag.bootstrap import Services, build
from silk_rag.cli import make_index
from silk_rag.documents import Document
from silk_rag.settings import Settings


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The settings of a fresh checkout; whatever the environment says stays out."""
    return Settings.from_environment({})


@pytest.fixture(scope="session")
def services(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Services:
    """All real services; self-assessments go to a database of this run."""
    make_index(settings)
    store = SqlEventStore(f"sqlite:///{tmp_path_factory.mktemp('assessments') / 'assessments.sqlite'}")
    return build(settings, store=store, conversations=MemoryConversations())


@pytest.fixture(scope="session")
def documents(services: Services) -> dict[str, Document]:
    """The corpus documents by id."""
    return dict(services.snapshot.documents)


@pytest.fixture(scope="session")
def client(services: Services) -> Iterator[TestClient]:
    """A client of the HTTP API; unexpected errors come back as responses, as they do in production."""
    with TestClient(create_app(services), raise_server_exceptions=False) as client:
        yield client
