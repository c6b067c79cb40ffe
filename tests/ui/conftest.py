"""The chat as a person meets it: the real server on a free port of this machine, and Debian's Chromium."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from silk_rag.api.app import create_app
from silk_rag.bootstrap import Services
from ui.app import mount_ui

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000
XSS = (
    '<script>window.pwned="script"</script>',
    '<img src=x onerror="window.pwned=1">',
    "![x](http://192.0.2.1/leak.png)",
    '<svg/onload=window.pwned=2><iframe src="http://192.0.2.1/frame"></iframe>',
    "[click](javascript:window.pwned=3) <a href='http://192.0.2.1/'>link</a>",
    "</div></details><style>*{display:none}</style>",
    "$$\\href{javascript:window.pwned=4}{x}$$ `code` *bold* _em_ ~~gone~~",
)


@pytest.fixture(scope="session")
def address(services: Services) -> Iterator[str]:
    """Where the chat is served for this run."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()  # whoever comes before the server is up waits instead of being refused
        app = mount_ui(create_app(services), services)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        server.should_exit = True
        thread.join(timeout=10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window and without a network of its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_person(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """A browser of another person: nothing is shared with any other."""
    contexts: list[BrowserContext] = []

    def open_context() -> BrowserContext:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_person: Callable[[], BrowserContext], address: str) -> Page:
    """The chat, opened for the first time by one person."""
    return open_chat(new_person(), address)


def open_chat(context: BrowserContext, address: str) -> Page:
    """Open the chat and wait until it can be used."""
    page = context.new_page()
    page.goto(address)
    page.locator("#ask-question textarea").wait_for()
    return page
