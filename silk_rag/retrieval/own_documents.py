"""Own documents beside the papers: what they lack must not push them down.

Editors wrote questions for the papers' passages, and rankings by those questions count most. A document that somebody
added has none: however well it answers, it would stand in half of the rankings only, and be crowded out wherever the
papers speak of the same thing.
"""

from __future__ import annotations

from collections.abc import Sequence

from silk_rag.documents import Passage
from silk_rag.retrieval.fusion import Ranking, fuse

#: What the place counts, of the weight of the rankings by question: a guess is less sure than a question that fits.
#: Tried with documents on the papers' own subjects: with all of it one in ten questions about the papers began with
#: another passage, with half of it what only a document says was found and not quoted.
SHARE = 0.75


def in_place_of_questions(
    by_text: Sequence[Ranking], by_question: Sequence[Ranking], passages: Sequence[Passage], depth: int
) -> list[Ranking]:
    """Own passages at the ranks that the rankings `by_text` give them together, in place of ranks by question.

    Nothing when no own passage is among them: the papers' order does not change for documents that do not answer.
    """
    together = [row for row, _ in fuse(by_text)[:depth]]
    rows = [row if passages[row].kind == "own" else None for row in together]
    if all(row is None for row in rows):
        return []
    return [Ranking("own documents", rows, SHARE * sum(ranking.weight for ranking in by_question))]
