"""Two runs side by side: what changed, how surely, and on which questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evals.figures import FIGURES, Figure
from evals.runner import Row
from evals.runs import Run
from evals.statistics import Estimate, difference_with_interval

#: The figures by which a question counts as changed, in the order in which they are named.
_TELLING = ("evidence@8", "evidence@5", "evidence cited", "complete", "valid citations", "citation recall")


@dataclass(frozen=True, slots=True)
class Difference:
    """How a figure changed over the questions that have it in both runs; `sure` when 0 is outside the interval."""

    figure: Figure
    before: float
    after: float
    change: Estimate

    @property
    def sure(self) -> bool:
        """Whether chance is an unlikely explanation (paired bootstrap, 95 %)."""
        low, high = self.change.low, self.change.high
        return low is not None and high is not None and not low <= 0 <= high


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that went differently, and in what; `better` is positive when more got better than worse."""

    before: Row
    after: Row
    what: tuple[str, ...]
    better: int


def pairs_of(before: Run, after: Run) -> list[tuple[Row, Row]]:
    """The rows of questions that both runs asked, with the same words. Raises ValueError when there are none."""
    known = {row.id: row for row in before.all_rows}
    pairs = [
        (known[row.id], row) for row in after.all_rows if row.id in known and known[row.id].question == row.question
    ]
    if not pairs:
        raise ValueError("The two runs have no question in common.")
    return pairs


def differences(pairs: Sequence[tuple[Row, Row]]) -> Iterator[Difference]:
    """The change of every figure that applies to a question in both runs."""
    for figure in FIGURES:
        both = [
            (early, late)
            for one, other in pairs
            if (early := figure.of(one)) is not None and (late := figure.of(other)) is not None
        ]
        if both:
            before, after = [early for early, _ in both], [late for _, late in both]
            change = difference_with_interval(before, after)
            yield Difference(figure, sum(before) / len(both), sum(after) / len(both), change)


def changed_questions(pairs: Sequence[tuple[Row, Row]]) -> list[Changed]:
    """Questions that went differently, the worst first."""
    changed = [found for one, other in pairs if (found := _changed(one, other))]
    return sorted(changed, key=lambda each: (each.better, each.after.id))


def _changed(one: Row, other: Row) -> Changed | None:
    what: list[str] = []
    better = 0
    if one.abstained != other.abstained:
        what.append("now refused" if other.abstained else "now answered")
        better += 1 if other.abstained != other.answerable else -1
    for figure in FIGURES:
        early, late = figure.of(one), figure.of(other)
        if figure.name in _TELLING and early is not None and late is not None and early != late:
            what.append(f"{figure.name} {early:.2f} -> {late:.2f}")
            better += 1 if late > early else -1
    return Changed(one, other, tuple(what), better) if what else None


def comparison_lines(before: Run, after: Run, *, answers: bool = True) -> Iterator[str]:
    """A comparison as text: figures, then the questions that changed, with both answers."""
    pairs = pairs_of(before, after)
    yield f"before {before.id}   after {after.id}   {len(pairs)} questions in common"
    yield f"{'':22}{'before':>8}{'after':>8}{'change':>9}  95 % interval"
    for each in differences(pairs):
        interval = f"[{each.change.low:+.3f}, {each.change.high:+.3f}]"
        mark = "  *" if each.sure else ""
        value = each.change.value or 0.0
        yield f"{each.figure.name:22}{each.before:8.3f}{each.after:8.3f}{value:+9.3f}  {interval}{mark}"
    changed = changed_questions(pairs)
    worse, better = sum(each.better < 0 for each in changed), sum(each.better > 0 for each in changed)
    yield f"\n{len(changed)} questions changed: {worse} worse, {better} better (* above: surely not chance)"
    for question in changed:
        yield f"\n{question.after.id} ({question.after.kind}) {question.after.question}\n  {'; '.join(question.what)}"
        if answers and question.before.answer != question.after.answer:
            yield f"  before: {_indented(question.before.answer)}\n  after:  {_indented(question.after.answer)}"


def _indented(answer: str) -> str:
    return answer.replace("\n", "\n          ")
