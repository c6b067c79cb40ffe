"""What the chat does with what a person types: functions from values to values, without Gradio.

Nothing is remembered here. What belongs to one person travels with each call (the conversation shown, the key of the
self-assessment) and goes back with the outcome, so that no person's state can reach another's browser.
"""

from __future__ import annotations

import logging
import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, NotRequired, Protocol, TypedDict, TypeVar

from silk_rag.answering.answer import Abstention, Answer, Citation, Reply
from silk_rag.assessment.questionnaire import Mode, Questionnaire
from silk_rag.assessment.wording import asked_in, hint
from silk_rag.errors import NotFound, SilkError
from ui import render
from ui.plain import answer_plain

if TYPE_CHECKING:
    from silk_rag.answering.suggestions import Suggestion
    from silk_rag.assessment.service import AssessmentService
    from silk_rag.retrieval.snapshot import Snapshot

_log = logging.getLogger(__name__)
Outcome = TypeVar("Outcome")
EXAMPLES_PER_AUDIENCE = 3
#: A longer list of answers would push the question at hand out of sight.
MOST_NOTED = 8
#: What a click says while the talk is about what to go through.
BEGINNING_CHOICES: Mapping[str, tuple[str, ...]] = {
    "mode": ("Look back", "Plan ahead"),
    "scope": ("Quick scan", "All questions", "Parts of my choice"),
}


class Option(TypedDict):
    """A question that can be asked with one click."""

    value: str
    label: NotRequired[str]


class Message(TypedDict):
    """One bubble, in the shape Gradio's chat takes: `content` is Markdown or HTML that is safe to show."""

    role: Literal["user", "assistant"]
    content: str
    options: NotRequired[list[Option]]


class Asks(Protocol):
    """Answers questions, or abstains."""

    def ask(self, question: str, *, conversation_id: str | None = None) -> Reply:
        """The reply, read with earlier questions. Raises InvalidInput for a question that cannot be used."""


class AskServices(Protocol):
    """What the question tab needs."""

    @property
    def assistant(self) -> Asks:
        """Who answers."""

    @property
    def snapshot(self) -> Snapshot:
        """The documents that citations open."""


class AssessmentServices(Protocol):
    """What the self-assessment tab needs."""

    @property
    def assessments(self) -> AssessmentService:
        """Who keeps the self-assessments."""

    @property
    def snapshot(self) -> Snapshot:
        """The documents that citations open."""


@dataclass(frozen=True, slots=True)
class Failure:
    """It did not work; `message` may be shown to the person."""

    message: str
    not_found: bool = False


def attempt(action: Callable[[], Outcome]) -> Outcome | Failure:
    """Do it, or say why not. What nobody foresaw is logged under an id that the person can pass on."""
    try:
        return action()
    except SilkError as error:
        return Failure(error.message, not_found=isinstance(error, NotFound))
    except Exception:  # noqa: BLE001 - the last stop before a person: they get an apology and an id, never a traceback
        error_id = secrets.token_hex(4)
        _log.exception("unexpected error %s in the chat", error_id)
        return Failure(
            "Sorry, something went wrong on our side. Please try again. "
            f"If it happens again, pass on this id: {error_id}."
        )


# Asking the papers


@dataclass(frozen=True, slots=True)
class AskOutcome:
    """The conversation after a question.

    `typed` stays in the input; `plain` is the last answer as text for copying; by the conversation's id a later
    question may lean on earlier ones.
    """

    messages: list[Message]
    typed: str
    plain: str
    conversation_id: str


def new_conversation() -> AskOutcome:
    """An empty conversation that knows nothing of any other."""
    return AskOutcome([], "", "", secrets.token_hex(16))


def ask(
    services: AskServices, question: str, messages: Sequence[Message], plain: str = "", conversation_id: str = ""
) -> AskOutcome:
    """Ask; on a failure the conversation gains a notice and the typed text is kept."""
    conversation_id = conversation_id or secrets.token_hex(16)
    reply = attempt(lambda: services.assistant.ask(question, conversation_id=conversation_id))
    if isinstance(reply, Failure):
        return AskOutcome(list(_with_notice(messages, reply.message)), question, plain, conversation_id)
    said = Message(role="user", content=render.person_message(question))
    documents, anchor = services.snapshot.documents, f"source-{len(messages)}"
    if isinstance(reply, Answer):
        shown = Message(role="assistant", content=render.answer_message(reply, documents, anchor=anchor))
        return AskOutcome([*messages, said, shown], "", answer_plain(reply), conversation_id)
    return AskOutcome([*messages, said, _abstained(reply, services)], "", plain, conversation_id)


def _abstained(abstention: Abstention, services: AskServices) -> Message:
    content = render.abstention_message(abstention, services.snapshot.documents)
    return Message(
        role="assistant", content=content, options=[Option(value=question) for question in abstention.suggestions]
    )


def example_questions(suggestions: Sequence[Suggestion]) -> list[str]:
    """Questions for newcomers, as many for each audience, each about another document, in the order of the corpus."""
    chosen: dict[str, list[Suggestion]] = {}
    for suggestion in suggestions:
        of_audience = chosen.setdefault(suggestion.audience, [])
        seen = {each.document for group in chosen.values() for each in group}
        if len(of_audience) < EXAMPLES_PER_AUDIENCE and suggestion.document not in seen:
            of_audience.append(suggestion)
    return [each.question for group in chosen.values() for each in group]


# The self-assessment


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a self-assessment. The token is a secret: it is never logged and stands in no address."""

    assessment_id: str
    token: str

    def __repr__(self) -> str:
        return f"Key({self.assessment_id!r}, token hidden)"

    def as_stored(self) -> dict[str, str]:
        """The form in which the browser keeps it."""
        return {"assessment_id": self.assessment_id, "token": self.token}


def key_from(stored: object) -> Key | None:
    """The key a browser kept, or None when it kept none or something else."""
    if not isinstance(stored, Mapping):
        return None
    assessment_id, token = stored.get("assessment_id"), stored.get("token")
    if isinstance(assessment_id, str) and isinstance(token, str) and assessment_id.strip() and token.strip():
        return Key(assessment_id.strip(), token.strip())
    return None


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """All that the tab shows: without a key the form, after the last answer the `report`; `notice` is why not."""

    key: Key | None = None
    messages: tuple[Message, ...] = ()
    question_id: str | None = None
    choices: tuple[str, ...] = ()
    progress: str = ""
    typed: str = ""
    notice: str = ""
    just_started: bool = False
    report: str = ""

    @property
    def finished(self) -> bool:
        """Whether nothing is asked any more, neither a question nor how to begin."""
        return self.key is not None and self.question_id is None and not self.choices


def start(
    services: AssessmentServices,
    *,
    mode: Mode | None,
    scope: str | None,
    categories: Sequence[str] = (),
    organisation: str = "",
    language: str = "en",
) -> AssessmentView:
    """Begin; without mode and scope they are decided in the talk. On a failure the form stays, with a notice."""
    wanted: str | Sequence[str] | None = categories if scope == "parts" else scope
    if scope == "parts" and not categories:
        return AssessmentView(notice="Choose at least one part, or another length.")
    created = attempt(
        lambda: services.assessments.create(mode=mode, scope=wanted, organisation=organisation, language=language)
    )
    if isinstance(created, Failure):
        return AssessmentView(notice=created.message)
    return AssessmentView(
        key=Key(created.assessment_id, created.token),
        messages=(_replied(created.reply),),
        question_id=_id_of(created.question),
        choices=choices_for(created.question, created.deciding),
        progress=render.progress_bar(created.progress),
        just_started=True,
    )


def resume(services: AssessmentServices, grid: Questionnaire, key: Key | None) -> AssessmentView:
    """Go on where it was left, from nothing but the key, with the last exchanges above the question at hand.

    A key that opens nothing leads back to the form.
    """
    if key is None:
        return AssessmentView(notice="Enter both the assessment id and the token that you kept.")
    read = attempt(lambda: services.assessments.read(key.assessment_id, key.token))
    if isinstance(read, Failure):
        return AssessmentView(notice=read.message)
    earlier = attempt(lambda: services.assessments.exchanges(key.assessment_id, key.token))
    shown: list[Message] = []
    for exchange in () if isinstance(earlier, Failure) else earlier:
        shown.append(Message(role="user", content=render.person_message(exchange.said)))
        shown += [_replied(exchange.reply)] if exchange.reply else []
    shown.append(_replied(welcome_back(read, grid)))
    at, choices = _id_of(read["question"]), choices_for(read["question"], read["deciding"])
    view = AssessmentView(key, tuple(shown), at, choices, render.progress_bar(read["progress"]))
    return _with_report(services, view)


def reply(services: AssessmentServices, view: AssessmentView, text: str) -> AssessmentView:
    """Send what was typed or clicked. On a failure the typed text is kept."""
    key = view.key
    if key is None:
        return AssessmentView(notice="This self-assessment is closed here. Start one, or go on with its id and token.")
    turn = attempt(
        lambda: services.assessments.message(key.assessment_id, key.token, text, shown_question=view.question_id)
    )
    if isinstance(turn, Failure):
        return replace(view, messages=_with_notice(view.messages, turn.message), typed=text, notice="")
    said = Message(role="user", content=render.person_message(text))
    anchor = f"paper-{len(view.messages)}"
    replied = AssessmentView(
        key=key,
        messages=(*view.messages, said, _replied(turn.reply, _citations(turn.citations, services), services, anchor)),
        question_id=_id_of(turn.question),
        choices=choices_for(turn.question, turn.deciding),
        progress=render.progress_bar(turn.progress),
    )
    return _with_report(services, replied)


def _with_report(services: AssessmentServices, view: AssessmentView) -> AssessmentView:
    """Whoever has answered the last question is shown the report without asking for it."""
    return replace(view, report=report_markdown(services, view.key)) if view.finished else view


def report_markdown(services: AssessmentServices, key: Key | None) -> str:
    """The report for reading, or why there is none."""
    if key is None:
        return ""
    report = attempt(lambda: services.assessments.report(key.assessment_id, key.token, "md"))
    return (
        render.notice_message(report.message) if isinstance(report, Failure) else render.safe_markdown(report.content)
    )


def report_file(services: AssessmentServices, key: Key | None, report_format: str) -> dict[str, str] | None:
    """The report for the browser to save: `name`, `type` and `base64`; None when there is none."""
    if key is None:
        return None
    report = attempt(lambda: services.assessments.report(key.assessment_id, key.token, report_format))
    if isinstance(report, Failure):
        return None
    return {"name": report.file_name, "type": report.media_type, "base64": b64encode(report.data).decode("ascii")}


def erase(services: AssessmentServices, view: AssessmentView) -> AssessmentView:
    """Delete the assessment for good and return to the form; one that is gone already is no trouble."""
    key = view.key
    if key is None:
        return AssessmentView()
    erased = attempt(lambda: services.assessments.delete(key.assessment_id, key.token))
    if isinstance(erased, Failure) and not erased.not_found:
        return replace(view, notice=erased.message)
    return AssessmentView(notice="Erased. Nothing of this self-assessment is kept.")


def welcome_back(read: Mapping[str, Any], grid: Questionnaire) -> str:
    """Markdown that takes up an assessment again: what it is, what was noted, the question at hand."""
    answers = [f"- {each['question_id']}: {_noted(each)}" for each in read["answers"]]
    parts = ["Welcome back. Every answer was saved; we go on where you stopped."]
    if len(answers) > MOST_NOTED:
        parts.append(f"{len(answers)} answers are noted. Say **my answers** to see them.")
    elif answers:
        parts.append("Noted so far:\n\n" + "\n".join(answers))
    question = grid.every.get(_id_of(read["question"]) or "")
    if read["deciding"] is not None:
        parts.append("Say **continue**, and we settle what to go through.")
    elif question is None:
        parts.append("This self-assessment is finished. Open the report below, or change an answer: “change C3 to no”.")
    else:
        part = grid.every_part[question.category]
        letter = f"{part.id} · " if part.id in grid.category_by_id else ""
        head = f"### {letter}{part.title}\n\n**Question {question.id}**"
        parts += [head, *asked_in(question, read["mode"], read["language"]), f"*{hint(question, read['language'])}*"]
    return "\n\n".join(parts)


def _noted(answer: Mapping[str, Any]) -> str:
    value = str(answer["value"]).replace("_", " ")
    return f"**{value} {answer['unit']}**" if answer.get("unit") else f"**{value}**"


def choices_for(question: Mapping[str, Any] | None, deciding: str | None = None) -> tuple[str, ...]:
    """What the answer buttons say for a question or a decision; each is also the reply that a click sends."""
    if deciding is not None:
        return BEGINNING_CHOICES[deciding]
    asked = (question or {}).get("translation") or question or {}
    labels = (str(option["label"]) for option in asked.get("options", ()))
    return tuple(label[:1].upper() + label[1:] for label in labels)


def _replied(
    markdown: str,
    citations: Sequence[Citation] = (),
    services: AssessmentServices | None = None,
    anchor: str = "",
) -> Message:
    content = render.safe_markdown(markdown)
    if citations and services is not None:
        sources = render.sources_section(citations, services.snapshot.documents, anchor=anchor)
        content = f"{render.linked_marks(content, citations, anchor=anchor)}\n\n{sources}"
    return Message(role="assistant", content=content)


def _with_notice(messages: Sequence[Message], text: str) -> tuple[Message, ...]:
    """The conversation with a notice at its end; the same one twice in a row says no more than once."""
    content = render.notice_message(text)
    again = bool(messages) and _text_of(messages[-1]) == content
    return tuple(messages) if again else (*messages, Message(role="assistant", content=content))


def _text_of(message: Message) -> str:
    """The text of a bubble; Gradio hands back as a list of parts what it was given as a text."""
    content: Any = message["content"]
    return content if isinstance(content, str) else "".join(str(part.get("text", "")) for part in content)


def _citations(rows: Sequence[Mapping[str, Any]], services: AssessmentServices) -> list[Citation]:
    """Citations from the form in which the service hands them on; those whose passage is gone are left out."""
    snapshot = services.snapshot
    known = [row for row in rows if row["passage_id"] in snapshot.row_of]
    return [
        Citation(int(row["number"]), snapshot.passages[snapshot.row_of[row["passage_id"]]], row["start"], row["end"])
        for row in known
    ]


def _id_of(question: Mapping[str, Any] | None) -> str | None:
    return None if question is None else str(question["id"])


def notice(text: str) -> str:
    """A notice beside a form, as HTML that is safe to show; "" for none."""
    return render.notice_message(text) if text else ""
