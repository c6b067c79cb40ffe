"""What the papers say of a question, shown with its citations when a person asks why, or how others did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from silk_rag.assessment.acts import Illuminate
from silk_rag.assessment.links import Link, Links, Quotation, citation_data, quotation
from silk_rag.assessment.markdown import escaped
from silk_rag.assessment.ports import PapersAnswer, Passages
from silk_rag.assessment.questionnaire import Question, Questionnaire

MOST_SHOWN = 2


def no_passages(_: str, /) -> None:
    """Passages where there are no papers at hand."""
    return


@dataclass(frozen=True, slots=True)
class Illumination:
    """The editors' links and the passages they lead to."""

    links: Links = field(default_factory=lambda: Links({}))
    passages: Passages = no_passages

    def of(self, question: Question) -> list[Quotation]:
        """What is quoted for a question, in the editors' order; links whose passage is not at hand are left out."""
        return self.quoted(self.links[question.id], question)

    def balance(self) -> list[Quotation]:
        """What is quoted beside the balance between mission, strategy, economy and finance."""
        return self.quoted(self.links.balance, None)

    def cell(self, table: str, principle: str, words: str) -> Quotation | None:
        """A cell of Tool 5, quoted from the passage of its table and principle; None when that is not at hand."""
        words = words.removeprefix("- ")  # the mark of the first line of a list; a quotation reads better without
        for passage_id in self.links.strategies:
            passage = self.passages(passage_id)
            headings = {heading.text for heading in passage.heading_path} if passage else set()
            if passage is not None and {table, principle} <= headings and words in passage.text:
                start = passage.text.index(words)
                return Quotation(passage, start, start + len(words), principle)
        return None

    def imprint(self) -> tuple[str, ...]:
        """The papers' own copyright line and disclaimer, in paragraphs."""
        passage = self.passages(self.links.imprint) if self.links.imprint else None
        return tuple(passage.text.split("\n\n")) if passage else ()

    def quoted(self, links: Sequence[Link], question: Question | None) -> list[Quotation]:
        """The quotations of some links."""
        found = [(link, self.passages(link.passage_id)) for link in links]
        return [quotation(passage, link, question) for link, passage in found if passage is not None]

    def shown(self, wanted: Illuminate | None, grid: Questionnaire) -> PapersAnswer | None:
        """The quotations as Markdown with their citations; None when there is nothing to show."""
        question = grid.every.get(wanted.question_id) if wanted else None
        if wanted is None or question is None:
            return None
        quotations = self.of(question)
        if wanted.manner == "example":
            # Python's sort is stable: among cases, and among the rest, the editors' order stays.
            quotations.sort(key=lambda each: not each.passage.cases)
        quotations = quotations[:MOST_SHOWN]
        if not quotations:
            return None
        blocks = [_block(number, each) for number, each in enumerate(quotations, start=1)]
        citations = [citation_data(number, each) for number, each in enumerate(quotations, start=1)]
        return PapersAnswer("\n\n".join(blocks), citations)


def _block(number: int, shown: Quotation) -> str:
    """The editors' sentence, the papers' words, and where they stand."""
    return f"{escaped(shown.why)}\n\n> “{escaped(shown.quote)}” [{number}]\n>\n> *{escaped(shown.place)}*"
