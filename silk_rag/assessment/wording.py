"""The dialogue's own sentences, in Markdown: warm, short, and saying what was recorded."""

from __future__ import annotations

from silk_rag.assessment.acts import Unclear
from silk_rag.assessment.profile import Counts, profile_of
from silk_rag.assessment.questionnaire import Mode, Question, Questionnaire, Walk
from silk_rag.assessment.state import State
from silk_rag.assessment.values import AnswerValue, describe

SECONDS_PER_QUESTION = 30
_REMARKS = {
    "level": "or in words",
    "percent": "a rough percentage, for instance 20 % or a third",
    "duration": "roughly how long, for instance 18 months",
}
HELP = """Answer in your own words; I note the answer and keep your words beside it.

- **skip**, **don't know**, **not applicable**, **too early** are all fine answers
- **back**, **go to C3**, **go to the financial part**, **next category** move around
- **change C3 to no** or **no, make that partly** correct, **undo** takes the last answer out
- **why?** explains a question, **example** shows what others did, and you can ask the papers anything in between
- **Tool 1** and **indicators checklist** walk through two more of the papers' tools
- **progress**, **my answers**, **summary**, **pause**, **finish** do what they say"""


LANGUAGES = (
    "I write in English, but you may answer in French, Spanish, Italian, Portuguese, German, Dutch or Korean: "
    "yes, partly, no, numbers and words such as skip or back are understood in all of them."
)
PRIVACY = (
    "Your answers are stored where this program runs and nowhere else. Only who holds the id and the token of this "
    "self-assessment can read them. "
    "You can take everything with you (export) or erase it for good, at any time."
)


def greeting(state: State, grid: Questionnaire) -> str:
    """The first words of an assessment, before its first question."""
    view = "plan an internationalisation activity" if state.mode == "planning" else "look back at your activity abroad"
    return (
        f"Welcome. Together we {view}, with the evaluation grid of the SILK papers: "
        f"{asked(state, grid)}, about {minutes(len(state.order))}. "
        "Answer in your own words. Say **skip** to leave a question open, **why?** to hear why it is asked, "
        "**back** to return, **pause** to go on later, **help** for more. Every answer is saved at once."
        + (
            " Tool 1 helps to prepare: say **Tool 1** for its prompts."
            if state.mode == "planning" and grid.walks
            else ""
        )
    )


def asked(state: State, grid: Questionnaire) -> str:
    """How many questions of which scope."""
    count = f"{len(state.order)} question{'s' if len(state.order) != 1 else ''}"
    if state.scope == ("full",):
        return f"{count} in {len(grid.categories)} parts"
    if state.scope == ("quick",):
        return f"a quick scan of {count} (editors' choice)"
    return f"{count} of part{'s' if len(state.scope) > 1 else ''} {', '.join(state.scope)}"


def minutes(questions: int) -> str:
    """How long that many questions take, roughly."""
    length = max(1, round(questions * SECONDS_PER_QUESTION / 60))
    return "a minute" if length == 1 else f"{length} minutes"


def ask(question: Question, state: State, grid: Questionnaire, *, first_of_part: bool) -> str:
    """The question with its place, its wording and how it may be answered; an earlier answer is shown."""
    place = state.order.index(question.id) + 1 if question.id in state.order else 0
    head = f"**Question {place} of {len(state.order)} · {question.id}**"
    if first_of_part:
        part = grid.every_part[question.category]
        letter = f"{part.id} · " if part.id in grid.category_by_id else ""
        head = f"### {letter}{part.title}\n\n{head}"
    parts = [head, *asked_in(question, state.mode, state.language), f"*{hint(question, state.language)}*"]
    earlier = state.answers.get(question.id)
    if earlier is not None:
        shown = describe(earlier.value, question)
        parts.append(f"You answered **{shown}**. Answer anew to change it, or say **keep** to leave it.")
    return "\n\n".join(parts)


def asked_in(question: Question, mode: Mode, language: str) -> list[str]:
    """The question in the person's language with the English beside it, which is what counts."""
    wording, translation = question.wording(mode), question.translation(language)
    if translation is None:
        return [wording]
    return [translation.wording(mode), f"*{translation.label}; in English: {wording}*"]


def hint(question: Question, language: str = "en") -> str:
    """How the question may be answered."""
    answers, translation = question.answers(language), question.translation(language)
    remark = translation.remark if translation else _REMARKS.get(question.kind, "in your own words")
    match question.kind:
        case "choice":
            return " · ".join(f"{place}. {label}" for place, label in enumerate(answers.values(), start=1))
        case "level":
            return f"1 ({answers[1]}) · 2 · 3 · 4 · 5 ({answers[5]}), {remark}"
        case "yes_no":
            return " · ".join(answers.values())
        case _:
            return remark


def recorded(question: Question, value: AnswerValue, *, note: bool, hedged: bool, at_hand: bool, before: str) -> str:
    """What was noted. `before` is the value it replaces, in words."""
    shown = describe(value, question)
    where = "" if at_hand else f" for {question.id}"
    if before and before != shown:
        said = f"Changed {question.id}: **{shown}** instead of {before}."
    else:
        said = f"Noted{where}: **{shown}**" + (", with your words." if note else ".")
    return said.replace("Noted", "Noted, with some doubt", 1) if hedged else said


def unclear(  # noqa: C901, PLR0911, PLR0912 (one case a reason)
    act: Unclear, question: Question | None, last: Question | None, language: str = "en"
) -> str:
    """Asks back. Says that nothing was noted, and what would be understood."""
    form = f"Please answer with: {hint(question)}." if question else ""
    match act.reason:
        case "own_words":
            return f"I have kept your words, but I do not want to guess the answer from them. {_choose(question)}"
        case "contradiction":
            return f"I hear more than one answer in that, so I noted none. {_choose(question)}"
        case "which_question":
            now, before = (question.id if question else "", last.id if last else "")
            return (
                f"Is that for {before} before, or for {now} now? I noted nothing yet. "
                f"Say for instance “{before} {_said(act.detail)}” or “{now} {_said(act.detail)}”."
            )
        case "mentions_other":
            return f"You mention {act.detail}, so I noted nothing. To answer that one, say “{act.detail} yes”. {form}"
        case "several_answers":
            return "That looks like several answers. With the number before each, “A2 yes, A3 no”, I take them all."
        case "several_numbers":
            return f"I see more than one number there. Which one shall I note? {form}"
        case "out_of_range":
            return f"That number does not fit this question, so I noted nothing. {form}"
        case "unit_missing":
            unit = "days, weeks, months or years" if question and question.kind == "duration" else "per cent"
            return f"Is that in {unit}? Please give the number with its unit."
        case "needs_confirmation":
            return "You put that as a question, so I noted nothing. Say it without the question mark and I will."
        case "confirm" | "confirm_again":
            return _proposal(act.value, question, language) if act.value and question else form
        case "doubt":
            return f"That sounds undecided, so I noted nothing. {_choose(question)} **Don't know** is fine too."
        case "unknown_question":
            return f"There is no question {act.detail}. They run from A1 to F8."
        case "complaint":
            return "Fair enough, it is a long list. Nothing was noted; **skip**, **next category** and **pause** help."
        case "instruction":
            return "I can only note what you answer yourself, one question or several by number. Nothing was noted."
        case "nothing_said":
            return f"Take your time. {form}"
        case _:
            return f"I did not understand that as an answer, so I noted nothing. {form} Or say **skip** or **help**."


def _proposal(value: AnswerValue, question: Question, language: str) -> str:
    """Asks whether a value is meant. Where yes or no is asked for it names both, so that no bare yes is misread."""
    if question.kind != "yes_no":
        shown = describe(value, question)
        return f"Shall I note **{shown}**? I was not sure that you meant it. Say **yes**, or answer otherwise."
    proposed = str(value.content)
    others = {"yes": ("no",), "no": ("yes",)}.get(proposed, ("yes", "no"))
    first, *rest = (_called(each, question, language) for each in (proposed, *others))
    return f"So is it {first}, or {' or '.join(rest)}? I was not sure which you meant, so I noted nothing yet."


def _called(code: str, question: Question, language: str) -> str:
    """An answer by its English name, and by that in the person's language."""
    english = describe(AnswerValue(code), question)
    own = question.answers(language).get(code, english)
    return f"**{english}**" if own == english else f"**{english}** ({own})"


def _said(detail: str) -> str:
    return detail.replace("_", " ")


def _choose(question: Question | None) -> str:
    if question is None:
        return ""
    if question.kind == "yes_no":
        return "Is it **yes**, **partly**, **no**, or **too early to tell**?"
    return f"Please choose: {hint(question)}."


def why(question: Question, state: State) -> str:
    """Why the question is asked, in the editors' words, and how the grid prints it where it was reworded."""
    parts = [f"**Why {question.id} is asked.** {question.why}"]
    if question.sse_specific:
        parts.append("The papers name it among the questions that are specific to the social and solidarity economy.")
    if question.wording(state.mode) != question.text:
        parts.append(f"The grid prints it as: “{question.text}”")
    return "\n\n".join(parts)


def progress(state: State, grid: Questionnaire) -> str:
    """How much is done, by part, and how long the rest takes."""
    profile = profile_of(state, grid)
    done, left = profile.overall.answered, len(state.open_ids)
    lines = [
        f"- {letter} · {grid.category_by_id[letter].title}: {_done(counts)}"
        for letter, counts in profile.by_category.items()
    ]
    rest = f", {left} to go, about {minutes(left)}" if left else ", none left"
    skipped = f"; {profile.overall.skipped} skipped" if profile.overall.skipped else ""
    return f"You have answered {done} of {len(state.order)}{skipped}{rest}.\n\n" + "\n".join(lines)


def _done(counts: Counts) -> str:
    return f"{counts.answered} of {counts.total}" + (f" ({counts.skipped} skipped)" if counts.skipped else "")


def answers_so_far(state: State, grid: Questionnaire) -> str:
    """Every recorded value, one a line."""
    if not state.answers:
        return "You have not answered anything yet."
    lines = [
        f"- {question.id}: **{describe(state.answers[question.id].value, question)}**"
        for question in grid.every.values()
        if question.id in state.answers
    ]
    return "Noted so far:\n\n" + "\n".join(lines) + "\n\nSay for instance “change B2 to no” to correct one."


def paused() -> str:
    """Goodbye for now."""
    return "All your answers are saved. Come back with your id and token whenever you like, and say **continue**."


def mode_set(mode: Mode) -> str:
    """The view has changed."""
    view = "plan ahead" if mode == "planning" else "look back"
    return f"We {view} from here on. Your answers so far are kept as they are."


def walk_opened(walk: Walk, state: State) -> str:
    """Into another tool: what it is, and the way back."""
    waiting = "" if state.finished else " The grid waits where you left it."
    return (
        f"**{walk.title}**, one by one, {len(walk.order)} in all. Say **skip** for what does not suit you, and "
        f"**back to the questions** to leave.{waiting}"
    )


def walk_progress(walk: Walk, state: State) -> str:
    """How far a walk has come."""
    answered = sum(question_id in state.answers for question_id in walk.order)
    return f"{walk.title}: {answered} of {len(walk.order)}."


def walk_over(walk: Walk, state: State) -> str:
    """Back from another tool; `state` is that of the grid."""
    more = " Back to the grid:" if state.cursor else " Say **summary** to see where you stand."
    return f"{walk_progress(walk, state)} What you said stands in the report.{more}"


def walks_offered(grid: Questionnaire) -> str:
    """What else can be walked through."""
    return (
        "There is more, if you like: say **Tool 1** for its questions in preparation of an internationalisation, or "
        "**indicators checklist** for Tool 3. Both go into the report."
        if grid.walks
        else ""
    )
