"""The tab that says what this is, what it is not, and whose words it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from ui.provenance import Source, read_sources
from ui.render import safe_markdown

if TYPE_CHECKING:
    from silk_rag.bootstrap import Services

WHAT = """## What this is

An assistant for people who run or support social and solidarity economy organisations (co-ops, mutuals, associations,
foundations, social enterprises) and think about going international. It knows one collection, the SILK papers, and does two things:

- **Ask the papers.** It answers questions from the papers. Every sentence of an answer is backed by a quotation. Open a
  source to read the quotation, marked, in the passage where it stands, with what comes before and after it and the lines of the source.
- **Self-assessment.** It guides you through Tool 2 of the papers, an evaluation grid of 78 questions, and turns your answers
  into a report.

## What it is not

It is not an official OECD service, and it gives no legal, financial or tax advice. It knows nothing but these papers, which are
of 2022, and it does not search the web. The self-assessment has no score, because the papers give none: answers are counted and
shown, not weighed.

## When the papers do not say

Then it says so, instead of guessing, and names the nearest topics and questions that the papers do answer. It compares
your question with every sentence of the papers, in meaning and in words; when nothing comes near enough, it abstains. It can
be wrong in both directions: if you think the papers do say it, ask again in other words.

Headings in *italics* were added by the editors to help you find your way. They are not the papers' words and are never quoted.

## Your privacy

Everything runs where this program is installed. Questions and answers are not sent anywhere, and no request goes to another
server. The conversation under “Ask the papers” is kept in this page only and is gone when you reload it. A self-assessment is
stored on the server at once, answer by answer; only who holds its token can read it. Your browser remembers the token until you
leave or erase the self-assessment, and erasing it deletes it for good.

## Whose words these are
"""


def build(services: Services) -> None:
    """Lay the tab out; it has no events."""
    sources = read_sources(services.settings.corpus / "manifest.toml")
    gr.Markdown(
        safe_markdown(WHAT) + "\n\n".join(_described(source) for source in sources),
        latex_delimiters=[],
        elem_id="about",
    )


def _described(source: Source) -> str:
    quoted = "\n>\n".join(f"> {paragraph}" for paragraph in source.disclaimer.split("\n\n"))
    return safe_markdown(
        f"**{source.title}** ({source.year}), prepared by {source.prepared_by} for the {source.publisher}. "
        f"**{source.copyright}**\n\nThe paper's own disclaimer:\n\n{quoted}\n\n"
        "The text was taken from the text layer of the published PDF; only damage of that conversion was repaired, and every "
        "word of the source is accounted for. The licence of this program does not cover the words of the papers.\n\n"
        f"Source file, SHA-256: {source.sha256}"
    )
