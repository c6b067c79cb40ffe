"""The tab that says what this is, what it is not, and whose words it shows."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import gradio as gr

from ui.provenance import Source, read_sources
from ui.render import safe_markdown

if TYPE_CHECKING:
    from silk_rag.bootstrap import Services


def build(services: Services) -> None:
    """Lay the tab out; it has no events."""
    about = (files("ui") / "about.md").read_text(encoding="utf-8")
    sources = read_sources(services.settings.corpus / "manifest.toml")
    gr.Markdown(
        "\n".join([safe_markdown(about), *map(_described, sources)]),
        latex_delimiters=[],
        elem_id="about",
    )


def _described(source: Source) -> str:
    quoted = "\n>\n".join(f"> {paragraph}" for paragraph in source.disclaimer.split("\n\n"))
    return safe_markdown(
        f"**{source.title}** ({source.year}), prepared by {source.prepared_by} for the {source.publisher}. "
        f"**{source.copyright}**\n\nThe paper's own disclaimer:\n\n{quoted}\n\n"
        "The text was taken from the text layer of the published PDF; only damage of that conversion was repaired, and "
        "every word of the source is accounted for. The licence of this program does not cover the papers' words.\n\n"
        f"Source file, SHA-256: {source.sha256}"
    )
