"""Figures of a run as a table for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import mean, median
from typing import TypeVar

from evals.figures import figures_of, groups_of
from evals.runner import CUTOFFS, Row

T = TypeVar("T")


def summary_lines(rows: Sequence[Row]) -> list[str]:
    """All figures, per kind and overall."""
    lines = [
        "kind           n   evidence@" + "/".join(map(str, CUTOFFS)) + "          cited  nuggets  complete  refused",
    ]
    for kind, group in (*_by_kind(rows), ("all", rows)):
        lines.append(_line(kind, group))
    answerable = [row for row in rows if row.answerable]
    unanswerable = [row for row in rows if not row.answerable]
    refused = [row for row in rows if row.abstained]
    right = [row for row in refused if not row.answerable]
    answered = [row for row in rows if not row.abstained]
    lines += [
        "",
        f"refused, unanswerable: {len(right)} of {len(unanswerable)}",
        f"refused, answerable: {len(refused) - len(right)} of {len(answerable)}",
        f"wrong refusals: {' '.join(row.id for row in refused if row.answerable) or 'none'}",
        f"wrong answers to unanswerable: {' '.join(row.id for row in unanswerable if not row.abstained) or 'none'}",
        f"answers with a fault in their citations: {sum(bool(row.faults) for row in answered)} of {len(answered)}",
        f"words per answer: median {median(row.words for row in answered) if answered else 0:.0f}",
        f"seconds per question, median: {median(row.seconds for row in rows):.3f}",
        f"seconds per question, slowest: {max(row.seconds for row in rows):.3f}",
    ]
    return lines


def interval_lines(rows: Sequence[Row], turns: Sequence[Row] = ()) -> list[str]:
    """Every figure with its 95 % interval, for the questions and for the turns of dialogues; refusals by language."""
    lines = ["", f"{'figure':22}{'questions':28}{'turns of dialogues' if turns else ''}"]
    of_questions, of_turns = figures_of(rows), figures_of(turns)
    for name, estimate in of_questions.items():
        lines.append(f"{name:22}{estimate!s:28}{of_turns[name] if turns else ''}".rstrip())
    for language, group in sorted(groups_of(rows, lambda row: row.language).items()):
        answerable = [row for row in group if row.answerable]
        wrong = sum(row.abstained for row in answerable)
        missed = sum(not row.abstained for row in group if not row.answerable)
        lines.append(
            f"{language}: {wrong} of {len(answerable)} wrongly refused, "
            f"{missed} of {len(group) - len(answerable)} wrongly answered"
        )
    return lines


def _by_kind(rows: Sequence[Row]) -> Iterable[tuple[str, list[Row]]]:
    for kind in dict.fromkeys(row.kind for row in rows):
        yield kind, [row for row in rows if row.kind == kind]


def _line(kind: str, rows: Sequence[Row]) -> str:
    wanted = [row for row in rows if row.answerable]
    refused = f"{sum(row.abstained for row in rows)}/{len(rows)}"
    if not wanted:
        return f"{kind:13} {len(rows):3}   {'':42}{refused:>17}"
    evidence = "  ".join(f"{mean((row.evidence or {})[str(k)] for row in wanted):.3f}" for k in CUTOFFS)
    cited, nuggets = _mean(wanted, lambda row: row.cited or 0.0), _mean(wanted, lambda row: row.nuggets or 0.0)
    complete = _mean(wanted, lambda row: float(row.complete or False))
    return f"{kind:13} {len(rows):3}   {evidence}   {cited:.3f}    {nuggets:.3f}     {complete:.3f}  {refused:>7}"


def _mean(rows: Sequence[Row], value: Callable[[Row], float]) -> float:
    return mean(value(row) for row in rows) if rows else 0.0
