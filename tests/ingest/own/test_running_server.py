"""A server that runs goes over to the index in use: what was added is quoted, what was removed is gone."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from ingest.own.add import OwnDocuments
from silk_rag.adapters.index_folder import current_snapshot
from silk_rag.answering.answer import Answer
from silk_rag.answering.conversation import MemoryConversations
from silk_rag.api.app import create_app
from silk_rag.bootstrap import Embedders, LatestEdition, Services, build
from silk_rag.errors import IndexUnusable
from silk_rag.settings import Settings
from silk_rag.testing import MemoryEventStore
from tests.ingest.own.desk import CANARY, Write

QUESTION = f"In how many countries do the {CANARY} sell their work?"


@pytest.fixture
def own(services: Services, tmp_path: Path) -> OwnDocuments:
    """A data folder of the test's own with the index over all papers, the real models, and no document yet."""
    shutil.copytree(services.settings.index_folder, tmp_path / "data" / "index")
    settings = replace(services.settings, data=tmp_path / "data")
    retriever = services.retriever
    return OwnDocuments(settings, Embedders(retriever.embedder, retriever.multilingual))


@pytest.fixture
def running(own: OwnDocuments) -> Services:
    """The services as a server has them."""
    return build(
        own.settings,
        embedders=own.embedders,
        store=MemoryEventStore(),
        conversations=MemoryConversations(),
        follow=True,
    )


@pytest.fixture
def server(running: Services) -> Iterator[TestClient]:
    """The API of that server."""
    with TestClient(create_app(running)) as client:
        yield client


def _quotes(server: TestClient) -> str:
    reply = server.post("/api/v1/ask", json={"question": QUESTION}).json()
    return json.dumps(reply["citations"], ensure_ascii=False)


def test_the_next_question_knows_what_was_added_and_removed(
    server: TestClient, own: OwnDocuments, report_pdf: Path
) -> None:
    """Without a restart an added document is quoted by page, listed and found; removed, it is nowhere."""
    assert CANARY not in _quotes(server)
    (result,) = own.add([report_pdf])
    assert result.document is not None
    identity = result.document.id
    cited = _quotes(server)
    assert "eleven countries" in cited
    assert "report.pdf" in cited
    assert server.get(f"/api/v1/documents/{identity}").json()["kind"] == "own"
    found = server.get("/api/v1/search", params={"q": CANARY}).json()["passages"]
    assert identity in [passage["document_id"] for passage in found]
    completion = {"messages": [{"role": "user", "content": QUESTION}]}
    # Several pages say it in the same words.
    assert "report.pdf, page " in server.post("/v1/chat/completions", json=completion).text

    own.remove([identity])
    assert CANARY not in _quotes(server)
    assert server.get(f"/api/v1/documents/{identity}").status_code == 404
    assert identity not in server.get("/api/v1/documents").text


STUDY = """# Mondragon: the case in full

## How it began abroad

The first subsidiary abroad opened in Mexico in 1990, to serve customers of the household appliance business.

## Plants

In 2019 Mondragon had 141 plants abroad with 14,000 workers. A council of eleven members decides on each new plant.
"""


def test_a_document_on_a_subject_of_the_papers_is_not_crowded_out(
    running: Services, own: OwnDocuments, write: Write
) -> None:
    """What only the full case study says is quoted from it; what the papers say is still quoted from them."""
    own.add([write("mondragon.md", STUDY)])
    figure = running.assistant.ask("How many plants did Mondragon have abroad in 2019?")
    assert isinstance(figure, Answer)
    assert figure.citations[0].passage.kind == "own"
    assert "141 plants" in figure.citations[0].quote
    reason = running.assistant.ask("Why did Mondragon go abroad?")
    assert isinstance(reason, Answer)
    assert reason.citations[0].passage.kind != "own"


def test_a_document_may_be_about_something_else(running: Services, own: OwnDocuments, write: Write) -> None:
    """A short question that only a document answers is answered, far as it is from what the papers are about."""
    question = "When was the boiler of the bakery serviced?"
    assert not isinstance(running.assistant.ask(question), Answer)
    own.add([write("bakery.txt", "The boiler of the bakery was serviced in March 2021 by two fitters from Leeds.\n")])
    reply = running.assistant.ask(question)
    assert isinstance(reply, Answer)
    assert "March 2021" in reply.citations[0].quote
    assert not isinstance(running.assistant.ask("How do I bake sourdough bread?"), Answer)


def test_a_question_in_flight_ends_on_the_index_it_began_with(
    running: Services, own: OwnDocuments, report_pdf: Path
) -> None:
    """Who took an edition is answered from it to the end, even from a document that is removed meanwhile."""
    (result,) = own.add([report_pdf])
    assert result.document is not None
    begun = running.current()
    own.remove([result.document.id])
    reply = begun.assistant.ask(QUESTION)
    assert isinstance(reply, Answer)
    assert CANARY in reply.citations[0].passage.text
    assert reply.citations[0].passage.document_id in begun.snapshot.documents
    assert result.document.id not in running.snapshot.documents


def test_no_question_meets_a_mixture(running: Services, own: OwnDocuments, write: Write) -> None:
    """While documents come and go, every answer cites passages of the one edition it was asked of."""
    paths = [write(f"lamps{n}.md", f"# Lamps {n}\n\nThe {CANARY} sell lamps in {n} countries.\n") for n in range(3)]
    over = threading.Event()
    mixed: list[str] = []
    asked = [0]

    def ask_on() -> None:
        while not over.is_set():
            edition = running.current()
            reply = edition.assistant.ask(QUESTION)
            cited = reply.citations if isinstance(reply, Answer) else ()
            asked[0] += 1
            mixed.extend(c.passage.id for c in cited if c.passage.id not in edition.snapshot.row_of)

    asking = threading.Thread(target=ask_on)
    asking.start()
    try:
        for path in paths:
            own.add([path])
        own.remove([document.id for document in own.documents()])
    finally:
        over.set()
        asking.join()
    assert asked[0] > 0
    assert mixed == []
    assert not any(document.kind == "own" for document in running.snapshot.documents.values())


def test_nothing_of_an_index_that_was_left_stays_open(running: Services, own: OwnDocuments, write: Write) -> None:
    """After a removal and the next question the process holds no file of an earlier index, deleted or not."""
    own.add([write("lamps.md", f"# Lamps\n\nThe {CANARY} sell their lamps in Oman.\n")])
    assert any(CANARY in found.passage.text for found in running.assistant.ask(QUESTION).retrieved)
    own.remove([document.id for document in own.documents()])
    running.assistant.ask(QUESTION)
    place = current_snapshot(own.settings.index_folder)
    opened = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    ours = [path for path in opened if path.startswith(str(own.settings.index_folder))]
    assert [path for path in ours if not path.startswith(str(place))] == []


def test_an_index_that_cannot_be_opened_changes_no_answer(
    running: Services, server: TestClient, own: OwnDocuments, report_pdf: Path
) -> None:
    """The old index goes on answering and readiness says so; the next sound index is taken."""
    own.add([report_pdf])
    assert "eleven countries" in _quotes(server)
    folder = own.settings.index_folder
    place = current_snapshot(folder)
    assert place is not None
    shutil.copytree(place, folder / "of-another-version")
    manifest = json.loads((place / "manifest.json").read_text())
    (folder / "of-another-version" / "manifest.json").write_text(json.dumps(manifest | {"version": 0}))
    (folder / "CURRENT").write_text("of-another-version")
    assert "eleven countries" in _quotes(server)
    assert "another version" in server.get("/readyz").json()["degraded"]
    (folder / "CURRENT").write_text(place.name)
    assert server.get("/readyz").json()["degraded"] is None
    assert "eleven countries" in _quotes(server)
    assert running.degraded is None


def test_a_program_that_does_not_follow_keeps_its_index(own: OwnDocuments, report_pdf: Path) -> None:
    """Scripts that compare answers, such as evaluations, ask one index from beginning to end."""
    services = build(own.settings, embedders=own.embedders, store=MemoryEventStore())
    before = services.snapshot
    own.add([report_pdf])
    assert services.snapshot is before


def test_all_who_ask_wait_for_the_edition_being_opened(own: OwnDocuments, running: Services) -> None:
    """A document that is in is in for everybody: nobody gets the old edition while one thread opens the new one."""
    opening, go_on = threading.Event(), threading.Event()
    editions = [running.current(), replace(running.current(), degraded="the second")]

    def open_edition() -> object:
        if len(editions) == 1:
            opening.set()
            go_on.wait()
        return editions.pop(0)

    latest = LatestEdition(own.settings.index_folder, open_edition)  # type: ignore[arg-type]
    place = current_snapshot(own.settings.index_folder)
    assert place is not None
    shutil.copytree(place, place.with_name("next"))
    (own.settings.index_folder / "CURRENT").write_text("next")
    got: list[str | None] = []
    threads = [threading.Thread(target=_collect(latest, got)) for _ in range(3)]
    for thread in threads:
        thread.start()
    opening.wait()
    go_on.set()
    for thread in threads:
        thread.join()
    assert got == ["the second"] * 3


def _collect(latest: LatestEdition, got: list[str | None]) -> Callable[[], None]:
    return lambda: got.append(latest().degraded)


def test_without_an_index_there_is_nothing_to_follow(tmp_path: Path) -> None:
    """The first start says which command builds the index."""
    with pytest.raises(IndexUnusable, match="silk-rag ingest"):
        build(replace(Settings(), data=tmp_path), follow=True)
