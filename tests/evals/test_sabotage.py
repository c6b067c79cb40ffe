"""Deliberate damage to good answers: each kind must show in the figures."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from evals.figures import BY_NAME, values_of
from evals.gate import regressions
from evals.grounding import Similarity, grounding_of
from evals.metrics import invalid_citations
from evals.runner import Row, run
from evals.samples import Sample

TEXT = "CoopCycle is present in 12 European countries. It was born in 2017 with an economic model of federated growth."
OTHER = "Mondragon opened plants abroad to follow the strategies of its key clients."
DOCUMENTS = {"box-coopcycle": f"# Box 2\n\n{TEXT}", "tool-4": f"# Tool 4\n\n{OTHER}"}
QUESTION = Sample("q1", "Where is CoopCycle?", "fact", "en", True, (TEXT,), (), (("12 European",),))
NO_ANSWER = Sample("q2", "What is the CEO paid?", "unanswerable", "en", False, (), (), ())


def _passage(identity: str, document: str, text: str) -> dict[str, Any]:
    return {"passage_id": identity, "document_id": document, "heading_path": ["Presence"], "text": text, "score": 1.0}


def _good_reply() -> dict[str, Any]:
    quote = TEXT[: TEXT.index(".") + 1]
    return {
        "answer": f"{quote} [1]",
        "mode": "generative",
        "language": "en",
        "abstained": False,
        "reason": None,
        "suggestions": [],
        "sentences": [{"text": "CoopCycle works in 12 European countries.", "citations": [1]}],
        "citations": [
            {
                "number": 1,
                "passage_id": "p1",
                "document_id": "box-coopcycle",
                "document": "Box 2. CoopCycle",
                "heading_path": ["Presence"],
                "quote": quote,
                "start": 0,
                "end": len(quote),
            }
        ],
        "passages": [_passage("p1", "box-coopcycle", TEXT), _passage("p2", "tool-4", OTHER)],
    }


def _refusal() -> dict[str, Any]:
    empty: dict[str, Any] = {"sentences": [], "citations": []}
    return {**_good_reply(), **empty, "answer": "The papers do not say.", "abstained": True, "reason": "off-topic"}


@dataclass(frozen=True)
class ScriptedTarget:
    """A target with a fixed reply to every question."""

    replies: Mapping[str, Mapping[str, Any]]
    similarity: Similarity | None = None
    document_texts: Mapping[str, str] | None = field(default_factory=lambda: DOCUMENTS)

    def ask(self, question: str, k: int, conversation_id: str | None = None) -> Mapping[str, Any]:  # noqa: ARG002
        """The reply to the question."""
        return self.replies[question]

    def search(self, question: str, k: int) -> Sequence[Mapping[str, Any]]:
        """The passages of the reply."""
        passages: Sequence[Mapping[str, Any]] = self.replies[question]["passages"][:k]
        return passages

    def description(self) -> dict[str, Any]:
        """Nothing to say."""
        return {}


def _rows(reply: Mapping[str, Any], refusal: Mapping[str, Any] | None = None) -> list[Row]:
    replies = {QUESTION.question: reply, NO_ANSWER.question: refusal or _refusal()}
    return run([QUESTION, NO_ANSWER], ScriptedTarget(replies))


def _value(rows: Sequence[Row], name: str) -> float:
    values = values_of(rows, BY_NAME[name])
    return sum(values) / len(values)


def test_the_good_answer_has_no_fault() -> None:
    """Undamaged, everything is at its best."""
    rows = _rows(_good_reply())
    for name in ("evidence@1", "complete", "valid citations", "citation recall", "citation precision"):
        assert _value(rows, name) == pytest.approx(1.0), name
    assert _value(rows, "abstention recall") == pytest.approx(1.0)
    assert _value(rows, "wrong refusals") == pytest.approx(0.0)


def test_a_citation_of_the_wrong_passage_is_caught() -> None:
    """Both when the quote is not there, and when it is a true quote of something else."""
    reply = _good_reply()
    reply["citations"][0]["passage_id"] = "p2"
    assert invalid_citations(reply, DOCUMENTS)
    other = _good_reply()
    other["citations"][0] |= {"passage_id": "p2", "document_id": "tool-4", "quote": OTHER, "end": len(OTHER)}
    assert not invalid_citations(other, DOCUMENTS)
    grounding = grounding_of(other)
    assert grounding is not None
    assert grounding.recall == pytest.approx(0.0)


def test_a_number_changed_in_an_answer_is_caught() -> None:
    """The citation is valid, but does not support the sentence."""
    reply = _good_reply()
    reply["sentences"][0]["text"] = "CoopCycle works in 21 European countries."
    assert not invalid_citations(reply, DOCUMENTS)
    grounding = grounding_of(reply)
    assert grounding is not None
    assert grounding.recall == pytest.approx(0.0)
    assert "number" in grounding.unsupported[0]


def test_a_quote_with_a_changed_letter_is_caught() -> None:
    """Quotations are verbatim or they are faults."""
    reply = _good_reply()
    reply["citations"][0]["quote"] = reply["citations"][0]["quote"].replace("12", "13")
    assert len(invalid_citations(reply, DOCUMENTS)) == 2


def test_an_uncited_sentence_is_caught() -> None:
    """A sentence without a citation is a fault, and counts against recall."""
    reply = _good_reply()
    reply["sentences"].append({"text": "It is the largest of its kind.", "citations": []})
    rows = _rows(reply)
    assert _value(rows, "valid citations") == pytest.approx(0.0)
    assert _value(rows, "citation recall") == pytest.approx(0.5)


def test_a_needless_citation_costs_precision() -> None:
    """A second citation that supports nothing halves the precision and leaves the recall."""
    reply = _good_reply()
    extra = copy.deepcopy(reply["citations"][0])
    extra |= {"number": 2, "passage_id": "p2", "document_id": "tool-4", "quote": OTHER, "end": len(OTHER)}
    reply["citations"].append(extra)
    reply["sentences"][0]["citations"] = [1, 2]
    grounding = grounding_of(reply)
    assert grounding is not None
    assert grounding.recall == pytest.approx(1.0)
    assert grounding.precision == pytest.approx(0.5)


def test_a_refusal_removed_is_caught_and_named_by_the_gate() -> None:
    """Answering what the papers do not answer lowers the recall of abstention; the message names the question."""
    rows = _rows(_good_reply(), _good_reply())
    messages = list(regressions(rows, {"abstention recall": 0.9}, {"abstention recall": ["q2"]}))
    assert len(messages) == 1
    assert "q2" in messages[0]


def test_refusing_everything_is_caught() -> None:
    """A refusal of what can be answered is a wrong one."""
    rows = _rows(_refusal())
    assert _value(rows, "wrong refusals") == pytest.approx(1.0)
    assert list(regressions(rows, {"wrong refusals": 0.05}, {}))


def test_a_retriever_that_returns_one_passage_ten_times_is_caught() -> None:
    """The same passage again finds no further evidence."""
    two = Sample("q1", QUESTION.question, "fact", "en", True, (TEXT, OTHER), (), (("12 European",),))
    honest, stuck = _good_reply(), _good_reply()
    stuck["passages"] = [stuck["passages"][0]] * 10
    good, bad = (run([two], ScriptedTarget({QUESTION.question: reply})) for reply in (honest, stuck))
    for name in ("evidence@8", "nDCG@10"):
        assert _value(bad, name) < _value(good, name), name
