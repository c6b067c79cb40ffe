"""The tab in which the papers are asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gradio as gr

from ui import handlers

if TYPE_CHECKING:
    from silk_rag.bootstrap import Services

#: What every handler returns: messages, typed text, plain answer, the copy button's label, the conversation's id.
Shown = tuple[list[handlers.Message], str, str, str, str]
COPY = "Copy the last answer"
PLACEHOLDER = (
    '<div class="silk-welcome"><h3>What would you like to know?</h3>'
    "<p>Ask in your own words. Every sentence of an answer is a quotation from the SILK papers: "
    "open a source to read it where it stands. When the papers do not say, you are told so.</p></div>"
)


def build(services: Services) -> None:
    """Lay the tab out and wire it."""
    questions = handlers.example_questions(services.suggestions)
    chat = gr.Chatbot(
        label="Questions and answers",
        show_label=False,
        elem_id="ask-chat",
        elem_classes="silk-chat",
        height="max(24rem, calc(100vh - 20rem))",
        placeholder=PLACEHOLDER,
        examples=[{"text": question} for question in questions],
        buttons=[],  # Gradio's copy button would copy the HTML; ours copies text
        latex_delimiters=[],
        allow_tags=False,
        layout="bubble",
        autoscroll=False,
        feedback_options=None,
        group_consecutive_messages=False,
    )
    with gr.Row(elem_classes="silk-input"):
        question = gr.Textbox(
            label="Your question",
            placeholder="For instance: How do we keep our social mission while we expand?",
            elem_id="ask-question",
            lines=1,
            max_lines=6,
            autofocus=True,
            scale=5,
        )
        send = gr.Button("Ask", variant="primary", elem_id="ask-send", scale=1, min_width=90)
    with gr.Row(elem_classes="silk-tools"):
        copy = gr.Button(COPY, size="sm", elem_id="ask-copy", min_width=150)
        clear = gr.Button("Clear the conversation", size="sm", elem_id="ask-clear", min_width=150)
    conversation = gr.State("")
    plain = gr.Textbox(label="The last answer as text", visible="hidden", elem_id="ask-plain")

    def shown(outcome: handlers.AskOutcome) -> Shown:
        return outcome.messages, outcome.typed, outcome.plain, COPY, outcome.conversation_id

    def ask(text: str, messages: list[handlers.Message], last: str, conversation_id: str) -> Shown:
        # One edition of the index for the answer and the documents that its sources open.
        return shown(handlers.ask(services.current(), text, messages, last, conversation_id))

    def ask_chosen(messages: list[handlers.Message], last: str, conversation_id: str, chosen: gr.SelectData) -> Shown:
        value: Any = chosen.value
        return ask(value["text"] if isinstance(value, dict) else str(value), messages, last, conversation_id)

    outputs = [chat, question, plain, copy, conversation]
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    gr.on([send.click, question.submit], ask, [question, chat, plain, conversation], outputs, **quiet)
    gr.on([chat.example_select, chat.option_select], ask_chosen, [chat, plain, conversation], outputs, **quiet)
    copy.click(None, [plain], [copy], js="(text) => window.silk.copy(text)", api_visibility="private")
    clear.click(lambda: shown(handlers.new_conversation()), None, outputs, **quiet)
