"""Put the tabs together and hang the chat into the web application."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

    from silk_rag.bootstrap import Services
    from ui.documents import OwnDocuments

TITLE = "SILK assistant"
LEAD = "Questions and a self-assessment on going international as a social and solidarity economy organisation."
ONE_HOUR_S = 3600
MOST_WAITING = 64
AT_ONCE = 8
#: Gradio's own limit: bytes where nothing is uploaded, else times the largest file read. For one that is too large it
#: refuses all that were chosen with it; so it lets pass more than is read, and that file alone is refused, by its name.
NO_UPLOAD, TIMES_UPLOAD = 1_000, 10
ONE_DAY_S = 86_400


def build_ui(services: Services, own_documents: OwnDocuments | None = None) -> gr.Blocks:
    """The chat over these services. Imports Gradio (3 s), so it is called once, when the server starts.

    With `own_documents` there is a tab in which everybody who reaches the page may add and remove documents.
    """
    _prepare_environment(services.settings.data)
    import gradio as gr

    from ui import about_tab, ask_tab, assessment_tab, documents_tab

    # Gradio keeps runs in the browser and files in a cache unless told not to; here neither is wanted.
    blocks: gr.Blocks
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(ONE_HOUR_S, ONE_HOUR_S)) as blocks:
        gr.HTML(f'<header class="silk-head"><h1>{TITLE}</h1><p>{LEAD}</p></header>', js_on_load=None)
        kept = assessment_tab.kept_key()  # outside the tabs: what stands in a tab not yet opened has no value
        with gr.Tabs():
            with gr.Tab("Ask the papers", id="ask"):
                ask_tab.build(services)
            with gr.Tab("Self-assessment", id="assessment"):
                assessment_tab.build(services, blocks, kept)
            if own_documents is not None:
                with gr.Tab("Documents", id="documents") as tab:
                    documents_tab.build(services, own_documents, tab)
            with gr.Tab("About", id="about"):
                about_tab.build(services)
    blocks.queue(max_size=MOST_WAITING, default_concurrency_limit=AT_ONCE, api_open=False)
    return blocks


def mount_ui(app: FastAPI, services: Services, own_documents: OwnDocuments | None = None) -> FastAPI:
    """Serve the chat at "/". Call it after every other route was added: what no route takes goes to the chat."""
    blocks = build_ui(services, own_documents)
    import gradio as gr

    mounted: FastAPI = gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        server_name=services.settings.host,
        server_port=services.settings.port,
        footer_links=[],
        run_history=False,  # would keep questions and answers in the browser
        allowed_paths=[],
        blocked_paths=_blocked_paths(services.settings.data, services.settings.corpus),
        favicon_path=str(files("ui") / "favicon.png"),
        show_error=False,
        max_file_size=TIMES_UPLOAD * own_documents.most_file_bytes if own_documents else NO_UPLOAD,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=_theme(),
        head=_head(),
    )
    return mounted


def _head() -> str:
    """Style and script, in the page itself. Gradio's own way to add a style rewrites its selectors."""
    style, script = ((files("ui") / name).read_text(encoding="utf-8") for name in ("style.css", "script.js"))
    return f"<style>{style}</style><script>{script}</script>"


def _prepare_environment(data: Path) -> None:
    """Gradio reads these from the environment only, some of them when it is imported."""
    temporary = (data / "run" / "gradio").resolve()
    temporary.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(temporary)
    os.environ.update(
        GRADIO_ANALYTICS_ENABLED="False",
        GRADIO_TEMP_DIR=str(temporary),
        GRADIO_RUN_HISTORY="False",
        GRADIO_SHARE="False",
    )


def _remove_leftovers(folder: Path) -> None:
    """Delete what a killed server, or an upload cut short, left here; another server may use what is younger."""
    for path in folder.rglob("*"):
        with suppress(OSError):
            if path.is_file() and time.time() - path.stat().st_mtime > ONE_DAY_S:
                path.unlink()


def _blocked_paths(*folders: Path) -> list[str]:
    """Gradio may serve files of the working directory; here it serves none."""
    return sorted({str(folder.resolve()) for folder in (Path.cwd(), *folders)})


def _theme() -> Any:  # noqa: ANN401 - Gradio's themes are untyped
    """Fonts of the system only, for Gradio's own themes name fonts of Google's; colours with enough contrast (AA)."""
    import gradio as gr

    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="slate",
        font=["system-ui", "-apple-system", "Segoe UI", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
        radius_size="md",
    ).set(
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_300",
        block_info_text_color="*neutral_600",
        block_info_text_color_dark="*neutral_300",
        block_label_text_color="*neutral_700",
        block_label_text_color_dark="*neutral_200",
        block_title_text_color="*neutral_700",
        block_title_text_color_dark="*neutral_200",
        input_placeholder_color="*neutral_500",
        input_placeholder_color_dark="*neutral_400",
        color_accent="*primary_700",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
    )
