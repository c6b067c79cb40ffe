from __future__ import annotations

from collections.abc import Callable

import pytest

from silk_rag.assessment.acts import Act, Answer
from silk_rag.assessment.values import AnswerValue

Understanding = Callable[..., tuple[Act, ...]]
ValueOf = Callable[[tuple[Act, ...]], object]


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("18 months", 18, "months"),
        ("about 18 months, because trust takes time", 18, "months"),
        ("a year and a half", 1.5, "years"),
        ("two and a half years", 2.5, "years"),
        ("1 year and 6 months", 18, "months"),
        ("half a year", 0.5, "years"),
        ("dix-huit mois", 18, "months"),
        ("anderthalb Jahre", 1.5, "years"),
        ("18개월", 18, "months"),
        ("3 wks", 3, "weeks"),
    ],
)
def test_durations_keep_the_unit_that_was_said(hear: Understanding, text: str, number: float, unit: str) -> None:
    """Digits, words, halves and sums of units are read as a person means them."""
    (act,) = hear("B4", text)
    assert isinstance(act, Answer)
    assert (act.value.content, act.value.unit) == (number, unit)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("30", 30),
        ("30%", 30),
        ("12,5 %", 12.5),
        ("about a third", 33),
        ("a bit more than half our sales", 50),
        ("one in five", 20),
        ("Roughly twenty per cent", 20),
        ("three quarters", 75),
        ("none", 0),
        ("etwa 20 Prozent", 20),
        ("environ un tiers", 33),
        ("yes, 30%", 30),
    ],
)
def test_shares_become_percentages(hear: Understanding, text: str, number: float) -> None:
    """Signs, words and fractions end up as a number of per cent."""
    (act,) = hear("B1", text)
    assert isinstance(act, Answer)
    assert act.value == AnswerValue(float(number), "percent")


@pytest.mark.parametrize("text", ["between 10 and 15 %", "10-15", "10 to 15 percent"])
def test_a_range_is_kept_as_a_range(hear: Understanding, text: str) -> None:
    """The middle counts, both ends are kept."""
    (act,) = hear("B1", text)
    assert isinstance(act, Answer)
    assert act.value == AnswerValue(12.5, "percent", 10.0, 15.0)


@pytest.mark.parametrize(
    ("question", "text", "reason"),
    [
        ("B1", "140%", "out_of_range"),
        ("B1", "0.3", "unit_missing"),
        ("B1", "5% of sales and 10% of costs", "several_numbers"),
        ("B1", "300000 euros", "unit_missing"),
        ("B1", "nothing to say here", "own_words"),
        ("B4", "18", "unit_missing"),
        ("B4", "1 year for A and 2 years for B", "several_numbers"),
        ("B5", "7", "out_of_range"),
        ("B5", "8/10", "out_of_range"),
        ("B5", "3 or 4", "several_numbers"),
        ("B5", "difficult at first, then easy", "own_words"),
        ("B5", "yes", "not_understood"),
        ("A1", "not inward", "contradiction"),
        ("A1", "outward rather than inward", "contradiction"),
        ("A1", "we used to export but now import", "contradiction"),
    ],
)
def test_numbers_and_choices_that_do_not_fit_are_asked_back(
    hear: Understanding, value_of: ValueOf, question: str, text: str, reason: str
) -> None:
    """A number out of range, two numbers, a missing unit or a negated option record nothing and say why."""
    assert value_of(hear(question, text)) == reason


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("4", 4),
        ("4/5", 4),
        ("quite difficult", 4),
        ("it was very difficult", 5),
        ("not difficult at all", 1),
        ("low I'd say", 2),
        ("high, mostly because of the language", 4),
        ("sehr schwierig", 5),
    ],
)
def test_levels_are_understood_in_digits_and_words(
    hear: Understanding, value_of: ValueOf, text: str, level: int
) -> None:
    """A level may be said as a number or in the scale's own words."""
    assert value_of(hear("B5", text)) == level


@pytest.mark.parametrize(
    ("question", "text", "key"),
    [
        ("A1", "mostly outward, we sell to Mali", "outward"),
        ("A1", "we export and import", "reciprocal"),
        ("A1", "2", "outward"),
        ("A1", "the third one", "reciprocal"),
        ("A7", "co-ops and a few ministries", "mixture"),
        ("A7", "only other SSEOs", "sseos"),
        ("B3", "they found us", "accident"),
        ("C15", "no impact", "none"),
    ],
)
def test_options_are_understood_by_word_and_number(
    hear: Understanding, value_of: ValueOf, question: str, text: str, key: str
) -> None:
    """Several options named together are the option that stands for several."""
    assert value_of(hear(question, text)) == key


def test_a_missing_unit_is_completed_by_the_next_message(hear: Understanding, value_of: ValueOf) -> None:
    """As in "18", and then "months"."""
    assert value_of(hear("B4", "months", pending="18")) == 18
