"""Own documents in a real browser: add, ask, remove, on a server that runs all the while."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Page, expect
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from ingest.own.add import OwnDocuments
from silk_rag.answering.conversation import MemoryConversations
from silk_rag.api.app import create_app
from silk_rag.bootstrap import Embedders, Services, build
from silk_rag.testing import MemoryEventStore
from tests.ui.conftest import PATIENCE_MS, open_chat
from ui.app import mount_ui

expect.set_options(timeout=PATIENCE_MS)
QUESTION = "In how many countries do the Zanzibari lamp weavers sell their work?"


@pytest.fixture
def own(services: Services, tmp_path: Path) -> OwnDocuments:
    """A library without documents beside an index over all papers; the models are the real ones."""
    shutil.copytree(services.settings.index_folder, tmp_path / "data" / "index")
    settings = replace(services.settings, data=tmp_path / "data", upload=True)
    return OwnDocuments(settings, Embedders(services.retriever.embedder, services.retriever.multilingual))


@pytest.fixture
def own_address(own: OwnDocuments) -> Iterator[str]:
    """Where a chat is served in which documents may be added."""
    running = build(
        own.settings,
        embedders=own.embedders,
        store=MemoryEventStore(),
        conversations=MemoryConversations(),
        follow=True,
    )
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(mount_ui(create_app(running), running, own), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A PDF that answers the question on its second page."""
    path = tmp_path / "lamp study.pdf"
    styles = getSampleStyleSheet()
    text = (
        "The Zanzibari lamp weavers sell their work in eleven countries. They began in 2014 with one partner in "
        "Mombasa, and learnt that a partner who knows the rules of import saves a year. Every new market was tried "
        "with one order first. Where it was paid on time, a second followed."
    )
    story = [
        Paragraph("Weaving abroad", styles["Title"]),
        Paragraph(
            "This study was written by the members themselves, for people of other crafts. " * 6, styles["BodyText"]
        ),
        PageBreak(),
        Paragraph("Markets", styles["Heading1"]),
        Paragraph(text, styles["BodyText"]),
    ]
    SimpleDocTemplate(str(path), title="").build(story)
    return path


def _open_documents(page: Page) -> None:
    page.get_by_role("tab", name="Documents").click()
    expect(page.locator("#documents-add")).to_be_visible()


def _ask(page: Page) -> None:
    page.get_by_role("tab", name="Ask the papers").click()
    page.locator("#ask-question textarea").fill(QUESTION)
    page.locator("#ask-send").click()


def test_documents_are_added_asked_and_removed(
    new_person: Callable[[], BrowserContext], own_address: str, own: OwnDocuments, study: Path
) -> None:
    """A file is added while another is refused; the next answer quotes its page; removed, it is quoted no more."""
    empty = study.with_name("empty.txt")
    empty.touch()
    page = open_chat(new_person(), own_address)
    _open_documents(page)
    expect(page.locator("#documents-all")).to_contain_text("Everyone who uses this server sees what is added here")
    expect(page.locator("#documents-list")).to_contain_text("No documents have been added yet")
    page.locator("#documents-files input[type=file]").set_input_files([empty, study])
    expect(page.locator("#documents-files")).to_contain_text("study")
    page.locator("#documents-add").click()
    expect(page.locator("#documents-done")).to_contain_text("Not added. empty.txt: is empty")
    expect(page.locator("#documents-done")).to_contain_text("Added. lamp study.pdf")
    expect(page.locator("#documents-list tbody tr")).to_have_count(1)
    expect(page.locator("#documents-list tbody tr")).to_contain_text("2 pages")

    _ask(page)
    source = page.locator("details.silk-source", has_text="eleven countries").first
    source.locator("summary").click()
    expect(source.locator(".silk-lines")).to_contain_text("lamp study.pdf, page 2")
    expect(source.locator(".silk-path")).to_contain_text("Markets")

    other = open_chat(new_person(), own_address)
    _open_documents(other)
    expect(other.locator("#documents-list tbody tr")).to_have_count(1)
    other.locator("#documents-remove-box button").first.click()
    expect(other.locator("#documents-remove")).to_be_disabled()
    other.locator("#documents-chosen input").check()
    other.locator("#documents-sure input").check()
    other.locator("#documents-remove").click()
    expect(other.locator("#documents-done")).to_contain_text("lamp study.pdf: removed")
    expect(other.locator("#documents-list")).to_contain_text("No documents have been added yet")

    _ask(other)
    expect(other.locator('#ask-chat [data-testid="bot"]')).to_have_count(1)
    expect(other.locator("#ask-chat details", has_text="eleven countries")).to_have_count(0)
    left = [path for path in own.settings.data.rglob("*") if path.is_file() and b"Zanzibari" in path.read_bytes()]
    assert left == []


def test_without_the_setting_there_is_no_such_tab(page: Page) -> None:
    """Where uploading was not enabled there is nothing to upload to, and the server takes no file."""
    expect(page.get_by_role("tab", name="About")).to_be_visible()
    expect(page.get_by_role("tab", name="Documents")).to_have_count(0)
    upload = {"files": {"name": "big.txt", "mimeType": "text/plain", "buffer": b"x" * 5_000}}
    refused = page.request.post(f"{page.url}gradio_api/upload", multipart=upload)  # type: ignore[arg-type]
    assert refused.status == 413
