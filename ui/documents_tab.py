"""The tab in which documents are added and removed. It is there only where the settings allow it."""

from __future__ import annotations

import contextvars
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from ui import documents
from ui.documents import DocumentsView, OwnDocuments, Progress

if TYPE_CHECKING:
    from silk_rag.bootstrap import Services

INTRODUCTION = (
    "The assistant can answer from your documents too, beside the SILK papers: PDF, Word (.docx), HTML, Markdown or "
    "plain text, up to {most_mb} MB each. What it takes from them is quoted with page and heading, like the papers."
)
EVERYBODY = (
    "**Everyone who uses this server sees what is added here:** it is quoted in their answers, and they can remove it. "
    "Add only what all of them may read. {leaves}"
)
STAYS = "The documents stay on this server."
LEAVES = (
    "Passages that fit a question are sent to the language model that is configured for this server; otherwise the "
    "documents stay on it."
)
#: One addition or removal at a time: the next waits in the queue instead of being told that the library is busy.
ONE_AT_A_TIME: dict[str, Any] = {"api_visibility": "private", "concurrency_limit": 1, "concurrency_id": "library"}


def build(services: Services, own: OwnDocuments, tab: gr.Tab) -> None:
    """Lay the tab out and wire it."""
    settings = services.settings
    gr.Markdown(INTRODUCTION.format(most_mb=own.most_file_bytes // 1_000_000))
    gr.Markdown(EVERYBODY.format(leaves=LEAVES if settings.llm or settings.llm_url else STAYS), elem_id="documents-all")
    files = gr.File(label="Files to add", file_count="multiple", type="filepath", height=160, elem_id="documents-files")
    with gr.Row(elem_classes="silk-tools"):
        add = gr.Button("Add these files", variant="primary", elem_id="documents-add", min_width=150)
    done = gr.HTML(js_on_load=None, elem_id="documents-done", min_height=60)
    listed = gr.HTML(js_on_load=None, elem_id="documents-list")
    with gr.Accordion("Remove documents", open=False, elem_id="documents-remove-box"):
        chosen = gr.CheckboxGroup(label="Documents to remove", choices=[], elem_id="documents-chosen")
        sure = gr.Checkbox(label="Yes, remove them for everyone, for good", elem_id="documents-sure")
        remove = gr.Button("Remove", variant="stop", size="sm", elem_id="documents-remove", interactive=False)

    def show() -> list[Any]:
        return _updates(documents.show(services, own))

    def add_files(paths: Sequence[str] | None, progress: gr.Progress = gr.Progress()) -> list[Any]:  # noqa: B008 (Gradio's way)
        given = [Path(path) for path in paths or ()]
        return _updates(documents.add(services, own, given, _shown_by(progress)))

    def remove_chosen(ids: Sequence[str], progress: gr.Progress = gr.Progress()) -> list[Any]:  # noqa: B008 (as above)
        return _updates(documents.remove(services, own, ids, _shown_by(progress)))

    shown = [files, done, listed, chosen, sure, remove]
    tab.select(show, None, shown, api_visibility="private", show_progress="hidden")
    add.click(add_files, files, shown, show_progress_on=done, **ONE_AT_A_TIME)
    sure.change(lambda yes: gr.update(interactive=yes), sure, remove, api_visibility="private", show_progress="hidden")
    remove.click(remove_chosen, chosen, shown, show_progress_on=done, **ONE_AT_A_TIME)


def _shown_by(progress: gr.Progress) -> Progress:
    """Progress told from any thread: Gradio knows whose page it belongs to by the context it was asked in."""
    here = contextvars.copy_context()

    def tell(step: str, done: int, total: int) -> None:
        here.copy().run(progress, (done, total), f"{step[:1].upper()}{step[1:]}")

    return tell


def _updates(view: DocumentsView) -> list[Any]:
    """One update for each of the components that `build` lists as shown, in that order."""
    return [
        None,
        view.done,
        view.listed,
        gr.update(choices=list(view.removable), value=[]),
        False,
        gr.update(interactive=False),
    ]
