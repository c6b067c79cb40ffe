"""Reads answers that people tell instead of giving: compares them with the example answers of the question.

What was learnt from the examples is shipped beside them and fits them or is not used; `python -m
silk_rag.adapters.answer_reader` learns again, which takes as long as embedding every sentence (5 minutes and more).
"""

from __future__ import annotations

import logging
import sys
from functools import cached_property
from pathlib import Path

from silk_rag.adapters.likeness import NONE, Learnt, learn, read_learnt
from silk_rag.adapters.multilingual import MultilingualE5Embedder
from silk_rag.assessment.examples import EXAMPLES_FILE, file_hash, load_examples
from silk_rag.assessment.ports import Likely
from silk_rag.assessment.questionnaire import Question, load_questionnaire
from silk_rag.assessment.values import AnswerValue
from silk_rag.errors import CorpusInvalid, ModelUnusable
from silk_rag.retrieval.ports import Embedder

LEARNT_FILE = "example-answers.npz"
_log = logging.getLogger(__name__)


class ExampleReader:
    """An AnswerReader over the examples of a folder of tools. What was learnt is read at first use."""

    def __init__(self, tools: Path, embedder: Embedder) -> None:
        self._tools = tools
        self._embedder = embedder

    def __call__(self, text: str, question: Question, /) -> Likely | None:
        """The value that the words are most like; None where nothing fits the examples or the model fails."""
        learnt = self._learnt
        if learnt is None or question.id not in learnt.questions:
            return None
        try:
            vector = self._embedder.embed_query(text)
        except ModelUnusable as error:
            _log.warning("answers are read by the word lists alone: %s", error.message)
            return None
        return likely(learnt.scores(vector, text, question.id), question)

    @cached_property
    def _learnt(self) -> Learnt | None:
        try:
            learnt = read_learnt(self._tools / LEARNT_FILE)
            if learnt.source == source_of(self._tools, self._embedder):
                return learnt
            reason = f"{LEARNT_FILE} does not fit {EXAMPLES_FILE}; run `python -m {__spec__.name}`"
        except (ModelUnusable, CorpusInvalid) as error:
            reason = error.message
        _log.warning("answers are read by the word lists alone: %s", reason)
        return None


def likely(scores: dict[str, float], question: Question) -> Likely | None:
    """The best of the scores, and how far it lies ahead."""
    none = scores.get(NONE, 0.0)
    values = sorted(((score, value) for value, score in scores.items() if value != NONE), reverse=True)
    if len(values) < 2:
        return None
    (best, value), (second, _) = values[:2]
    read = AnswerValue(float(value), "level") if question.kind == "level" else AnswerValue(value)
    return Likely(read, best - second, best - none)


def source_of(tools: Path, embedder: Embedder) -> str:
    """What names the examples and the model that something was learnt from."""
    return f"{embedder.name} {file_hash(tools)}"


def write_learnt(tools: Path, embedder: Embedder) -> Learnt:
    """Learn from the examples of a folder of tools and write the file beside them."""
    grid = load_questionnaire(tools)
    examples = load_examples(tools, grid)
    vectors = {text: embedder.embed_query(text) for text in examples.texts}
    asked = {each.question_id for each in examples.answers}
    worded = {each: embedder.embed_query(grid.by_id[each].wording("retrospective")) for each in asked}
    learnt = learn(examples, vectors, grid, worded, source_of(tools, embedder))
    learnt.write(tools / LEARNT_FILE)
    return learnt


def main() -> int:
    """Write the file for a folder of tools: the one named, or the one of this checkout."""
    tools = Path(sys.argv[1] if len(sys.argv) > 1 else "corpus/tools")
    learnt = write_learnt(tools, MultilingualE5Embedder())
    print(f"{LEARNT_FILE}: {len(learnt.sentences)} sentences, {len(learnt.of_sentence)} lessons")  # noqa: T201 (a command)
    return 0


if __name__ == "__main__":
    sys.exit(main())
