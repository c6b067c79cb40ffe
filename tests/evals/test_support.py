from __future__ import annotations

import pytest

from evals.support_pairs import judge, known_names, load_pairs, support_figures
from silk_rag.answering.support import check_support
from silk_rag.settings import Settings

QUOTE = "It is present in 12 European countries and is currently developing new nodes in Latin America (Argentina)."


@pytest.mark.parametrize(
    "sentence",
    ["CoopCycle is present in twelve European countries.", "CoopCycle is developing new nodes in Argentina."],
)
def test_a_sentence_that_says_no_more_is_supported(sentence: str) -> None:
    """Number words and names from the heading are no faults."""
    assert check_support(sentence, [QUOTE], attribution="CoopCycle").supported


@pytest.mark.parametrize(
    ("sentence", "fault"),
    [
        ("CoopCycle is present in 14 European countries.", "number"),
        ("CoopCycle is present in 12 % of European countries.", "number"),
        ("CoopCycle is developing new nodes in Chile.", "name"),
        ("CoopCycle is not present in European countries.", "negation"),
        ("Mondragon is present in 12 European countries.", "attribution"),
        ("Freight insurance is cheaper by rail.", "unrelated"),
    ],
)
def test_a_sentence_that_says_something_else_is_not(sentence: str, fault: str) -> None:
    """Each kind of fault is named."""
    support = check_support(sentence, [QUOTE], attribution="CoopCycle", known_names=["Mondragon", "CoopCycle"])
    assert not support.supported
    assert fault in support.faults


def test_the_words_themselves_are_always_supported() -> None:
    """Every quotation of the pairs supports itself."""
    quotes = {pair.quote for part in ("dev", "test") for pair in load_pairs(part)}
    unsupported = [quote for quote in quotes if not check_support(quote, [quote]).supported]
    assert not unsupported


def test_without_quotation_there_is_no_support() -> None:
    """Nothing supports nothing."""
    assert not check_support("CoopCycle exists.", []).supported


class _Sure:
    def probability(self, premise: str, hypothesis: str) -> float:
        """Always certain that nothing follows."""
        assert premise
        assert hypothesis
        return 0.0


def test_a_model_of_entailment_has_a_say() -> None:
    """Where one is configured, its doubt lowers the score below the limit."""
    assert not check_support("CoopCycle is present in 12 European countries.", [QUOTE], entailment=_Sure()).supported


def test_pairs_are_many_balanced_and_mostly_subtle() -> None:
    """What the accuracy is measured on."""
    pairs = [*load_pairs("dev"), *load_pairs("test")]
    assert len(pairs) >= 300
    assert 0.4 < sum(pair.supported for pair in pairs) / len(pairs) < 0.6
    wrong = [pair for pair in pairs if not pair.supported]
    assert sum(pair.fault in ("unrelated", "unstated") for pair in wrong) < len(wrong) / 2
    sides = [{pair.document for pair in load_pairs(part)} for part in ("dev", "test")]
    assert not sides[0] & sides[1]


def test_the_check_is_as_often_right_as_stated() -> None:
    """Balanced accuracy on the test pairs, by words alone; docs/evaluation.md states it."""
    names = known_names(Settings.from_environment({}).corpus)
    figures = support_figures(judge(load_pairs("test"), names))
    assert (figures["balanced accuracy"].value or 0.0) >= 0.76
