"""The tab of the guided self-assessment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from silk_rag.assessment.questionnaire import Questionnaire, load_questionnaire
from silk_rag.assessment.wording import minutes
from ui import handlers
from ui.handlers import AssessmentView, key_from

if TYPE_CHECKING:
    from silk_rag.bootstrap import Services

INTRODUCTION = (
    "A guided talk through the evaluation grid of the SILK papers (Tool 2): {count} questions in {parts} parts. "
    "You answer in your own words or with a click, may skip any question, stop and go on later, and get a report. "
    "There is no score: the papers give none."
)
KEEP = (
    "**Keep these two, or a link that holds both.** With them you can go on from any browser; without them nobody can, "
    "not even we. "
    "Treat token and link like a password: whoever has them can read and change your answers. "
    "This browser remembers both until you leave or erase the self-assessment."
)
MODES = [("We look back at what we did abroad", "retrospective"), ("We are planning to go abroad", "planning")]
ALWAYS = ["Not applicable", "Don't know", "Skip", "Back", "Why do you ask?"]
MOST_CHOICES = 5
#: A browser keeps the key encrypted under this word. The page carries it, so it protects from nothing but a glance; but
#: Gradio would make a new one at every start, and a restart of the server would then lose everybody's key.
STORAGE_WORD = "silk-self-assessment"
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass(frozen=True)
class Form:
    """The start form."""

    box: Any
    mode: Any
    scope: Any
    parts: Any
    organisation: Any
    language: Any
    start: Any
    start_in_talk: Any
    resume_id: Any
    resume_token: Any
    resume: Any
    notice: Any


#: What the languages of the translations call themselves.
LANGUAGE_NAMES = {"fr": "Français", "es": "Español", "it": "Italiano", "pt": "Português", "ko": "한국어"}
#: The formats a report is saved in, and what its button says.
REPORT_FORMATS = {
    "pdf": "PDF",
    "docx": "Word (.docx)",
    "html": "Web page (.html)",
    "md": "Text (.md)",
    "csv": "Table (.csv)",
    "json": "Data (.json)",
}


@dataclass(frozen=True)
class Talk:
    """The conversation and all that belongs to a running assessment."""

    box: Any
    progress: Any
    chat: Any
    choices: tuple[Any, ...]
    always: tuple[Any, ...]
    text: Any
    send: Any
    notice: Any
    key_box: Any
    shown_id: Any
    shown_token: Any
    copy_link: Any
    show_key: Any
    leave: Any
    erase: Any
    erase_sure: Any
    report_box: Any
    report: Any
    saves: dict[str, Any]
    file: Any


@dataclass(frozen=True)
class Tab:
    """All of it: where the key and the question at hand are kept, and what is seen."""

    stored: gr.BrowserState
    question_id: gr.State
    form: Form
    talk: Talk


def kept_key() -> gr.BrowserState:
    """The place in the browser where the key of a self-assessment is kept."""
    return gr.BrowserState(None, storage_key=STORAGE_WORD, secret=STORAGE_WORD)


def build(services: Services, blocks: gr.Blocks, stored: gr.BrowserState) -> None:
    """Lay the tab out and wire it. `stored` holds the key of the self-assessment at hand, or None."""
    grid = load_questionnaire(services.settings.corpus / "tools")
    tab = Tab(stored, gr.State(None), _lay_out_form(grid), _lay_out_talk())
    _wire(services, grid, blocks, tab)


def _lay_out_form(grid: Questionnaire) -> Form:
    parts = [(f"{each.id} · {each.title} ({len(each.questions)})", each.id) for each in grid.categories]
    with gr.Column(elem_id="assessment-form") as box:
        gr.Markdown(INTRODUCTION.format(count=len(grid.by_id), parts=len(grid.categories)))
        notice = gr.HTML(visible=False, elem_id="assessment-notice", js_on_load=None)
        mode = gr.Radio(MODES, value="retrospective", label="What is it about?", elem_id="assessment-mode")
        scope = gr.Radio(_scopes(grid), value="quick", label="How much of it?", elem_id="assessment-scope")
        chosen = gr.CheckboxGroup(parts, label="Which parts?", visible=False, elem_id="assessment-parts")
        organisation = gr.Textbox(
            label="Your organisation (optional)", info="Stands at the head of the report.", max_lines=1, max_length=200
        )
        language = gr.Dropdown(
            _languages(grid),
            value="en",
            label="Questions in",
            info="Translations are unofficial and have the English beside them; the rest of the talk is English.",
            elem_id="assessment-language",
        )
        gr.Markdown(
            "Answers are understood in English, French, Spanish, Italian, Portuguese, German, Dutch and Korean.\n\n"
            "Your answers are stored where this program runs and nowhere else. "
            "Only who holds the key that you get at the start can read them. You can take them with you or erase them.",
            elem_classes="silk-small",
        )
        with gr.Row(elem_classes="silk-tools"):
            start = gr.Button("Start", variant="primary", elem_id="assessment-start")
            start_in_talk = gr.Button("Start, and decide in the chat", elem_id="assessment-start-in-talk")
        with gr.Accordion("Go on with a self-assessment you began", open=False, elem_id="assessment-resume-box"):
            resume_id = gr.Textbox(label="Assessment id", max_lines=1, elem_id="resume-id")
            resume_token = gr.Textbox(label="Token", type="password", elem_id="resume-token")
            resume = gr.Button("Go on", elem_id="assessment-resume")
    return Form(
        box, mode, scope, chosen, organisation, language, start, start_in_talk, resume_id, resume_token, resume, notice
    )


def _languages(grid: Questionnaire) -> list[tuple[str, str]]:
    """English, and what the questions are translated into."""
    translated = dict.fromkeys(code for question in grid.by_id.values() for code in question.translations)
    return [("English", "en"), *((LANGUAGE_NAMES.get(code, code), code) for code in translated)]


def _scopes(grid: Questionnaire) -> list[tuple[str, str]]:
    quick, full = len(grid.in_scope("quick")), len(grid.in_scope("full"))
    return [
        (f"Quick scan: {quick} questions, about {minutes(quick)}", "quick"),
        (f"Everything: {full} questions, about {minutes(full)}", "full"),
        ("Parts of my choice", "parts"),
    ]


def _lay_out_talk() -> Talk:
    with gr.Column(visible=False, elem_id="assessment-talk") as box:
        with gr.Accordion("Your key: keep it", open=True, visible=False, elem_id="assessment-key") as key_box:
            gr.Markdown(KEEP)
            with gr.Row():
                shown_id = gr.Textbox(label="Assessment id", buttons=["copy"], interactive=False, elem_id="shown-id")
                shown_token = gr.Textbox(label="Token", buttons=["copy"], interactive=False, elem_id="shown-token")
            copy_link = gr.Button("Copy a link to go on", size="sm", elem_id="assessment-copy-link")
        progress = gr.HTML(elem_id="assessment-progress", js_on_load=None)
        notice = gr.HTML(visible=False, js_on_load=None)
        chat = gr.Chatbot(
            label="Self-assessment",
            show_label=False,
            elem_id="assessment-chat",
            elem_classes="silk-chat",
            height="max(22rem, calc(100vh - 30rem))",
            buttons=[],
            latex_delimiters=[],
            allow_tags=False,
            autoscroll=False,
            feedback_options=None,
            group_consecutive_messages=False,
        )
        with gr.Row(elem_classes="silk-choices"):
            choices = tuple(
                gr.Button(visible=False, variant="primary", size="sm", min_width=70) for _ in range(MOST_CHOICES)
            )
        with gr.Row(elem_classes="silk-always"):
            always = tuple(gr.Button(label, size="sm", min_width=70) for label in ALWAYS)
        with gr.Row(elem_classes="silk-input"):
            text = gr.Textbox(
                label="Your answer",
                placeholder="Answer in your own words",
                elem_id="assessment-text",
                max_lines=6,
                scale=5,
            )
            send = gr.Button("Send", variant="primary", elem_id="assessment-send", scale=1, min_width=90)
        with gr.Accordion("Report", open=False, elem_id="assessment-report-box") as report_box:
            with gr.Row(elem_classes="silk-tools"):
                saves = {
                    report_format: gr.Button(label, size="sm", elem_id=f"report-{report_format}", min_width=120)
                    for report_format, label in REPORT_FORMATS.items()
                }
            report = gr.Markdown(latex_delimiters=[], elem_id="assessment-report")
            file = gr.JSON(visible=False)
        with gr.Accordion("Stop, go on elsewhere, or erase", open=False, elem_id="assessment-stop"):
            gr.Markdown("Every answer is saved at once: you may simply close the page. On a shared computer, leave.")
            with gr.Row(elem_classes="silk-tools"):
                show_key = gr.Button("Show my key", size="sm", elem_id="assessment-show-key")
                leave = gr.Button("Leave: forget it in this browser", size="sm", elem_id="assessment-leave")
            erase_sure = gr.Checkbox(label="Yes, erase all my answers for good", elem_id="assessment-erase-sure")
            erase = gr.Button("Erase", variant="stop", size="sm", elem_id="assessment-erase", interactive=False)
    return Talk(
        box, progress, chat, choices, always, text, send, notice, key_box, shown_id, shown_token, copy_link, show_key,
        leave, erase, erase_sure, report_box, report, saves, file,
    )  # fmt: skip


def _wire(services: Services, grid: Questionnaire, blocks: gr.Blocks, tab: Tab) -> None:
    """Every event of the tab: what goes in, which handler, and the view it leads to."""
    stored, question_id, form, talk = tab.stored, tab.question_id, tab.form, tab.talk
    shown = [stored, question_id, form.box, form.notice, talk.box, talk.key_box, talk.shown_id, talk.shown_token]
    shown += [
        talk.progress,
        talk.chat,
        talk.text,
        talk.notice,
        talk.report_box,
        talk.report,
        talk.erase_sure,
        *talk.choices,
        *talk.always,
    ]
    here = [stored, question_id, talk.chat]

    def start(mode: Any, scope: str, parts: list[str], organisation: str, language: str) -> list[Any]:  # noqa: ANN401 - from a radio
        return _updates(
            handlers.start(
                services, mode=mode, scope=scope, categories=parts, organisation=organisation, language=language
            )
        )

    def start_in_talk(organisation: str, language: str) -> list[Any]:
        return _updates(handlers.start(services, mode=None, scope=None, organisation=organisation, language=language))

    def reload(kept: object) -> list[Any]:
        key = key_from(kept)
        return _updates(handlers.resume(services, grid, key) if key else AssessmentView())

    def resume(assessment_id: str, token: str) -> list[Any]:
        key = key_from({"assessment_id": assessment_id, "token": token})
        return _updates(handlers.resume(services, grid, key))

    def reply(text: str, kept: object, question: str | None, messages: list[handlers.Message]) -> list[Any]:
        view = AssessmentView(key=key_from(kept), question_id=question, messages=tuple(messages))
        return _updates(handlers.reply(services, view, text))

    def erase(kept: object, question: str | None, messages: list[handlers.Message]) -> list[Any]:
        view = AssessmentView(key=key_from(kept), question_id=question, messages=tuple(messages))
        return _updates(handlers.erase(services, view))

    form.scope.change(lambda scope: gr.update(visible=scope == "parts"), form.scope, form.parts, **QUIET)
    form.start.click(start, [form.mode, form.scope, form.parts, form.organisation, form.language], shown, **QUIET)
    form.start_in_talk.click(start_in_talk, [form.organisation, form.language], shown, **QUIET)
    form.resume.click(resume, [form.resume_id, form.resume_token], shown, **QUIET)
    # The key of a link stands behind its "#": a browser sends that to no server, so it is in nobody's log.
    blocks.load(reload, stored, shown, js="(kept) => window.silk?.keyOfLink() ?? kept", **QUIET)
    talk.copy_link.click(
        None, stored, talk.copy_link, js="(kept) => window.silk.copyLink(kept)", api_visibility="private"
    )
    gr.on([talk.send.click, talk.text.submit], reply, [talk.text, *here], shown, **QUIET)
    for button in (*talk.choices, *talk.always):
        button.click(reply, [button, *here], shown, **QUIET)
    talk.show_key.click(_show_key, stored, [talk.key_box, talk.shown_id, talk.shown_token], **QUIET)
    talk.leave.click(lambda: _updates(AssessmentView()), None, shown, **QUIET)
    talk.erase_sure.change(lambda sure: gr.update(interactive=sure), talk.erase_sure, talk.erase, **QUIET)
    talk.erase.click(erase, here, shown, **QUIET)
    _wire_report(services, stored, talk)


def _wire_report(services: Services, stored: gr.BrowserState, talk: Talk) -> None:
    def show(kept: object) -> str:
        return handlers.report_markdown(services, key_from(kept))

    def file(kept: object, report_format: str) -> dict[str, str] | None:
        return handlers.report_file(services, key_from(kept), report_format)

    talk.report_box.expand(show, stored, talk.report, **QUIET)
    for report_format, button in talk.saves.items():
        made = button.click(lambda kept, wanted=report_format: file(kept, wanted), stored, talk.file, **QUIET)
        made.then(None, talk.file, None, js="(file) => { window.silk.save(file); }", api_visibility="private")


def _updates(view: AssessmentView) -> list[Any]:
    """The view as one update for each of the components that `_wire` lists as shown, in that order."""
    key, notice = view.key, gr.update(value=handlers.notice(view.notice), visible=bool(view.notice))
    running = key is not None
    labels = (*view.choices, *[""] * MOST_CHOICES)[:MOST_CHOICES]
    return [
        key.as_stored() if key else None,
        view.question_id,
        gr.update(visible=not running),
        notice,
        gr.update(visible=running),
        gr.update(visible=True, open=True) if view.just_started else gr.update(visible=False),
        key.assessment_id if key and view.just_started else "",
        key.token if key and view.just_started else "",
        view.progress,
        list(view.messages),
        view.typed,
        notice,
        # Closed while questions are left: what it shows is out of date, and opening it makes it anew.
        gr.update(open=view.finished),
        view.report,
        False,
        *(gr.update(value=label, visible=bool(label)) for label in labels),
        *(gr.update(visible=not view.finished) for _ in ALWAYS),
    ]


def _show_key(kept: object) -> list[Any]:
    key = key_from(kept)
    if key is None:
        return [gr.update(visible=False), "", ""]
    return [gr.update(visible=True, open=True), key.assessment_id, key.token]
