"""The report as a value: everything every format shows, put together once. No format lives here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from silk_rag.assessment.follow_up import FollowUps, Indicator, Step
from silk_rag.assessment.illumination import Illumination
from silk_rag.assessment.links import Quotation
from silk_rag.assessment.markdown import printable
from silk_rag.assessment.profile import Counts, Standing, added, profile_of, standing
from silk_rag.assessment.questionnaire import Question, Questionnaire
from silk_rag.assessment.state import State
from silk_rag.assessment.values import describe
from silk_rag.assessment.walks import STRATEGY_QUESTION

TITLE = "Internationalisation self-assessment"
COPYRIGHT = "© OECD 2022"
SOURCE = (
    "Tool 2, Internationalisation evaluation grid, SILK papers on the internationalisation of the social and "
    "solidarity economy, prepared by Diesis Network for the OECD Global Action “Promoting Social and Solidarity "
    "Economy Ecosystems”, financed by the European Union"
)
DISCLAIMER = (
    "The questions and quotations are the SILK papers'. The opinions expressed in the papers are those of their "
    "authors and do not necessarily reflect the official views of the OECD or its member countries, nor of the "
    "European Union. This report is not an official OECD assessment; its summaries, explanations and choice of "
    "passages are the editors' of this program."
)
METHOD = (
    (
        "Each answer was given in the respondent's own words and noted as a value, which was said back and could be "
        "corrected. The words are kept beside it."
    ),
    (
        "An answer counts as favourable or unfavourable for the internationalisation depending on its question: a "
        "legal obstacle is unfavourable, a higher revenue favourable. Partly, and the middle of a scale, count as "
        "mixed. Answers that only describe, such as the share of earnings, are neither."
    ),
    "Open are the questions that were skipped or not reached, and those answered with too early to tell or don't know.",
    (
        "Passages, indicators and next questions beside a point are chosen by fixed links from its question, not by "
        "what was said in the answer."
    ),
)
LIMITS = (
    "The grid has no official scoring: answers are counted, not weighted, and no total is drawn from them.",
    "Which answer counts as favourable is the editors' reading of each question, not the papers'.",
    (
        "Only five questions (C1, C2, D2, D3, E3) are known to be specific to the social and solidarity economy; "
        "the marks on the others were lost before this copy of the papers."
    ),
    "It is a self-assessment: it shows what the respondent said, and nothing was checked.",
)
READS: Mapping[Standing, str] = {
    "favourable": "favourable",
    "unfavourable": "unfavourable",
    "mixed": "mixed",
    "neutral": "described",
    "too_early": "open",
    "dont_know": "open",
    "skipped": "open",
    "remaining": "open",
    "not_applicable": "not applicable",
}
_NOT_ANSWERED: Mapping[str, str] = {"skipped": "skipped", "remaining": "not answered"}
_BALANCE = (("Mission", "C"), ("Strategy", "D"), ("Economy and finance", "EF"))


@dataclass(frozen=True, slots=True)
class Cited:
    """A quotation with its number in the report's list of sources."""

    number: int
    shown: Quotation


@dataclass(frozen=True, slots=True)
class Entry:
    """A question and what was said. `answer` is the value in words, or why there is none."""

    question: Question
    wording: str
    answer: str
    note: str
    standing: Standing

    @property
    def reads(self) -> str:
        """How it counts, in one word or two."""
        return READS[self.standing]

    @property
    def printed(self) -> str:
        """The question as the grid prints it, where it was asked in other words; otherwise empty."""
        return "" if self.wording == self.question.text else self.question.text


@dataclass(frozen=True, slots=True)
class Finding:
    """A strength or a point of attention, with what the papers say and what may come next."""

    entry: Entry
    cited: tuple[Cited, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table of counts: a category, a part of the balance, or all."""

    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Part:
    """A category with all its entries."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Strategy:
    """What Tool 5 says of the strategy chosen: by table, what it names for each principle."""

    name: str
    definition: str
    tables: tuple[tuple[str, tuple[Cited, ...]], ...]

    @property
    def title(self) -> str:
        """The heading of the section."""
        return f"Your strategy in Tool 5: {self.name}"


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report shows, in the order it is shown."""

    facts: tuple[tuple[str, str], ...]
    generated_at: str
    language: str
    questionnaire_changed: bool
    categories: tuple[Row, ...]
    overall: Row
    balance: tuple[Row, ...]
    balance_cited: tuple[Cited, ...]
    strengths: tuple[Finding, ...]
    attention: tuple[Finding, ...]
    open: tuple[Entry, ...]
    parts: tuple[Part, ...]
    sources: tuple[Cited, ...]
    imprint: tuple[str, ...]
    checklists: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    strategy: Strategy | None = None

    @property
    def coverage(self) -> str:
        """How much was answered, in a sentence."""
        counts = self.overall.counts
        unsure = counts.too_early + counts.dont_know
        left = counts.skipped + counts.remaining
        said = f"{counts.answered} of {counts.total} questions were answered"
        said += f", {unsure} of them with too early to tell or don't know" if unsure else ""
        return f"{said}; {left} were skipped or not reached." if left else f"{said}."

    @property
    def own_words(self) -> tuple[Entry, ...]:
        """Every entry to which the person said more than the value."""
        return tuple(entry for part in self.parts for entry in part.entries if entry.note)

    @property
    def indicators(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """The indicators of all points of attention by phase of Tool 3, each with the questions it follows."""
        asked: dict[Indicator, list[str]] = {}
        for finding in self.attention:
            for indicator in finding.indicators:
                asked.setdefault(indicator, []).append(finding.entry.question.id)
        phases = sorted({indicator.phase for indicator in asked})
        return tuple(
            (phase, tuple((each.text, ", ".join(ids)) for each, ids in asked.items() if each.phase == phase))
            for phase in phases
        )

    @property
    def next_steps(self) -> tuple[tuple[Step, str], ...]:
        """The steps of Tool 1 that the points of attention lead to, each with their questions."""
        asked: dict[Step, list[str]] = {}
        for finding in self.attention:
            if finding.step is not None:
                asked.setdefault(finding.step, []).append(finding.entry.question.id)
        return tuple((step, ", ".join(ids)) for step, ids in sorted(asked.items(), key=lambda pair: pair[0].phase))


@dataclass
class _Numbering:
    """Numbers quotations in the order they are first shown; the same words keep their number."""

    cited: dict[tuple[str, int, int], Cited] = field(default_factory=dict)

    def number(self, quotations: Iterable[Quotation]) -> tuple[Cited, ...]:
        return tuple(self._one(each) for each in quotations)

    def _one(self, shown: Quotation) -> Cited:
        key = (shown.passage.id, shown.start, shown.end)
        first = self.cited.setdefault(key, Cited(len(self.cited) + 1, shown))
        return Cited(first.number, shown)


def build_report(
    state: State,
    grid: Questionnaire,
    *,
    illumination: Illumination,
    follow_ups: FollowUps,
    generated_at: str,
) -> Report:
    """The report on an assessment as it stands; `generated_at` is an ISO 8601 time."""
    numbering = _Numbering()
    parts = tuple(
        Part(f"{category.id} · {category.title}", tuple(_entry(question, state) for question in asked))
        for category in grid.categories
        if (asked := [question for question in category.questions if question.id in state.order])
    )
    entries = [entry for part in parts for entry in part.entries]
    profile = profile_of(state, grid)
    rows = tuple(
        Row(f"{letter} · {grid.category_by_id[letter].title}", counts) for letter, counts in profile.by_category.items()
    )
    balance_cited = numbering.number(illumination.balance())
    strengths = tuple(
        Finding(entry, numbering.number(illumination.of(entry.question)[:1]))
        for entry in _standing(entries, "favourable")
    )
    attention = tuple(
        Finding(
            entry,
            numbering.number(illumination.of(entry.question)[:2]),
            follow_ups[entry.question.id].indicators,
            follow_ups[entry.question.id].step,
        )
        for entry in [*_standing(entries, "unfavourable"), *_standing(entries, "mixed")]
    )
    strategy = _strategy(state, illumination, follow_ups, numbering)
    return Report(
        facts=_facts(state),
        generated_at=generated_at,
        language=state.language,
        questionnaire_changed=state.questionnaire_version != grid.version,
        categories=rows,
        overall=Row("All", profile.overall),
        balance=_balance(profile.by_category),
        balance_cited=balance_cited,
        strengths=strengths,
        attention=attention,
        open=tuple(entry for entry in entries if entry.reads == "open"),
        parts=parts,
        sources=tuple(numbering.cited.values()),
        imprint=illumination.imprint(),
        checklists=_checklists(state, grid),
        strategy=strategy,
    )


def _strategy(
    state: State, illumination: Illumination, follow_ups: FollowUps, numbering: _Numbering
) -> Strategy | None:
    """The column of the strategy that was chosen; None when none was."""
    chosen = state.answers.get(STRATEGY_QUESTION)
    column = follow_ups.columns.get(str(chosen.value.content)) if chosen else None
    if column is None:
        return None
    tables = []
    for title, cells in column.tables:
        found = [illumination.cell(title, principle, words) for principle, words in cells]
        cited = numbering.number(each for each in found if each is not None)
        tables += [(title, cited)] if cited else []
    return Strategy(column.name, column.definition, tuple(tables))


def _checklists(state: State, grid: Questionnaire) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """What was said on the other tools; a tool nobody walked through is left out."""
    found = []
    for walk in grid.walks:
        marks = tuple(
            (question.text, _mark(question, state))
            for part in walk.parts
            for question in part.questions
            if question.id in state.answers
        )
        if marks:
            found.append((walk.title, marks))
    return tuple(found)


def _mark(question: Question, state: State) -> str:
    answer = state.answers[question.id]
    said = describe(answer.value, question)
    return printable(f"{said} ({answer.note})" if answer.note else said)


def _entry(question: Question, state: State) -> Entry:
    answer = state.answers.get(question.id)
    where = standing(question, state)
    said = describe(answer.value, question) if answer else _NOT_ANSWERED.get(where, where)
    note = printable(answer.note) if answer else ""
    return Entry(question, question.wording(state.mode), printable(said), note, where)


def _standing(entries: Sequence[Entry], wanted: Standing) -> list[Entry]:
    return [entry for entry in entries if entry.standing == wanted]


def _facts(state: State) -> tuple[tuple[str, str], ...]:
    view = "planning ahead" if state.mode == "planning" else "looking back"
    facts = [
        ("Organisation", state.organisation),
        ("Respondent", state.respondent),
        ("View", "" if "mode" in state.undecided else view),
        ("Scope", "" if "scope" in state.undecided else scope_in_words(state.scope)),
    ]
    return tuple((label, printable(value)) for label, value in facts if value)


def scope_in_words(scope: tuple[str, ...]) -> str:
    """What was asked, for a reader."""
    named: Mapping[tuple[str, ...], str] = {
        ("full",): "all questions",
        ("quick",): "quick scan (editors' choice of questions)",
    }
    return named.get(scope, f"categories {', '.join(scope)}")


def _balance(by_category: Mapping[str, Counts]) -> tuple[Row, ...]:
    """Mission beside strategy beside economy and finance, as far as they are in the scope."""
    rows = []
    for name, letters in _BALANCE:
        found = [letter for letter in letters if letter in by_category]
        if found:
            rows.append(Row(f"{name} ({', '.join(found)})", added(by_category[letter] for letter in found)))
    return tuple(rows)


def balance_in_words(row: Row) -> str:
    """A part of the balance as a sentence."""
    counts = row.counts
    judged = counts.favourable + counts.mixed + counts.unfavourable
    if not judged:
        return f"{row.name}: nothing was answered yet that reads one way or the other."
    return (
        f"{row.name}: of {judged} answers that read one way or the other, {counts.favourable} are favourable, "
        f"{counts.mixed} mixed and {counts.unfavourable} unfavourable; {counts.open} questions are open."
    )
