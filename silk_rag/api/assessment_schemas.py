"""What the assessment routes take and give. Unknown fields are refused, so that a typing error is noticed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

#: What the talk asks before the first question.
Deciding = Literal["mode", "scope"]
CategoryLetter = Literal["A", "B", "C", "D", "E", "F"]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CreateAssessment(_Request):
    """How an assessment begins; every field may be left out. The talk asks for a mode or scope that is not given."""

    mode: Literal["retrospective", "planning"] | None = None
    scope: Literal["full", "quick"] | Annotated[list[CategoryLetter], Field(max_length=6)] | None = None
    organisation: str = Field(default="", max_length=200)
    respondent: str = Field(default="", max_length=200)
    language: str = Field(default="en", min_length=2, max_length=35, pattern=r"^[A-Za-z][A-Za-z0-9-]*$")


class SendMessage(_Request):
    """A person's words. `question_id` is the question they saw, where the client knows it."""

    text: str = Field(max_length=4000)
    question_id: str | None = Field(default=None, max_length=3)


class SetAnswer(_Request):
    """One answer from a form: a code or option key, or a number with its unit."""

    value: str | int | float = Field(union_mode="left_to_right")
    unit: Literal["percent", "level", "days", "weeks", "months", "years"] | None = None
    note: str = Field(default="", max_length=4000)


class AssessmentKey(_Request):
    """What opens an assessment."""

    id: str = Field(max_length=64)
    token: str = Field(max_length=200)


class CompareAssessments(_Request):
    """Assessments side by side. `anonymous`, for people, gives counts only and needs at least five."""

    assessments: list[AssessmentKey] = Field(min_length=2, max_length=100)
    kind: Literal["people", "time"]
    anonymous: bool = False


class OptionView(BaseModel):
    """One way to answer; levels have numbers as keys."""

    key: str | int
    label: str


class TranslationView(BaseModel):
    """The question as it is asked, in the language set; `label` says there that it is unofficial."""

    text: str
    label: str
    options: list[OptionView]


class QuestionView(BaseModel):
    """A question: `text` as the paper prints it, `wording` as it is asked."""

    id: str
    category: str
    printed_number: int
    text: str
    wording: str
    kind: str
    options: list[OptionView]
    why: str
    sse_specific: bool | None
    translation: TranslationView | None


class RecordedView(BaseModel):
    """An answer as stored. `range` is set when a range was given; `value` is then its middle."""

    question_id: str
    value: str | int | float
    unit: str | None = None
    range: list[float] | None = None
    note: str


class CategoryProgress(BaseModel):
    """How far one category has come."""

    answered: int
    skipped: int
    remaining: int
    total: int


class ProgressView(CategoryProgress):
    """How far the assessment has come."""

    minutes_left: int
    by_category: dict[str, CategoryProgress]


class CreatedView(BaseModel):
    """A new assessment. The token is given this once."""

    assessment_id: str
    token: str
    reply: str
    question: QuestionView | None
    progress: ProgressView
    deciding: Deciding | None


class TurnView(BaseModel):
    """The reply to a message and what was recorded."""

    reply: str
    recorded: list[RecordedView]
    question: QuestionView | None
    progress: ProgressView
    citations: list[dict[str, Any]]
    finished: bool
    deciding: Deciding | None


class AssessmentView(BaseModel):
    """An assessment as it stands."""

    assessment_id: str
    mode: str | None
    scope: str | list[str] | None
    organisation: str
    respondent: str
    language: str
    questionnaire_version: str
    created_at: str | None
    updated_at: str | None
    answers: list[RecordedView]
    question: QuestionView | None
    progress: ProgressView
    finished: bool
    deciding: Deciding | None
    checklists: list[dict[str, Any]]
