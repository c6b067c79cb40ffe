"""Several people, several times."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from silk_rag.assessment.compare import Compared, compare_over_time, compare_people
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.assessment.state import State
from silk_rag.errors import InvalidInput, NotFound

Talks = Callable[..., Any]


def group(talk: Talks, *answers: tuple[str, ...], **settings: Any) -> list[Any]:
    """People who each said these things about category F."""
    people = [
        talk(scope=["F"], organisation="Coop", respondent=f"P{place}", **settings) for place in range(len(answers))
    ]
    for person, said in zip(people, answers, strict=True):
        for text in said:
            person.say(text)
    return people


def keys(people: list[Any]) -> list[tuple[str, str]]:
    """What opens their assessments."""
    return [(person.id, person.token) for person in people]


def by_question(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The questions of a comparison by id."""
    return {entry["question_id"]: entry for entry in result["questions"]}


def test_agreement_is_shown_answer_by_answer(talk: Talks) -> None:
    """All alike, most alike, and divided are told apart; yes against no is opposed, and nothing is averaged."""
    people = group(
        talk,
        ("F1 yes", "F2 yes", "F3 yes", "F4 yes", "F5 don't know"),
        ("F1 yes", "F2 yes", "F3 no", "F5 don't know"),
        ("F1 yes", "F2 no", "F3 partly", "F5 yes"),
    )
    result = people[0].service.compare(keys(people), "people")
    found = {question_id: entry["agreement"] for question_id, entry in by_question(result).items()}
    assert found == {
        "F1": "agreed",
        "F2": "mostly agreed",
        "F3": "divided",
        "F4": "one voice",
        "F5": "one voice",
        "F6": "no voice",
        "F7": "no voice",
        "F8": "no voice",
    }
    assert result["opposed"] == ["F2", "F3"]
    assert [each["answer"] for each in by_question(result)["F3"]["answers"]] == ["yes", "no", "partly"]
    assert result["respondents"] == ["P0", "P1", "P2"]
    assert result["warnings"] == []
    assert "mean" not in json.dumps(result)


def test_a_facilitator_sees_counts_of_five_or_more(talk: Talks) -> None:
    """An anonymous summary names nobody, and gives nothing of a question that fewer than five answered."""
    people = group(talk, *[("F1 yes", "F2 no") for _ in range(4)], ("F1 no",))
    result = people[0].service.compare(keys(people), "people", anonymous=True)
    entries = by_question(result)
    assert entries["F1"]["reads"] == {"favourable": 4, "unfavourable": 1}
    assert entries["F2"]["withheld"]
    assert entries["F2"]["reads"] is None
    assert entries["F2"]["heard"] is None
    assert result["respondents"] is None
    assert not any(f"P{place}" in json.dumps(result) for place in range(5))


def test_a_group_of_four_gets_no_anonymous_summary(talk: Talks) -> None:
    """In a small group counts would tell who said what."""
    people = group(talk, *[("F1 yes",)] * 4)
    with pytest.raises(InvalidInput, match="at least 5"):
        people[0].service.compare(keys(people), "people", anonymous=True)


def test_before_and_after_say_what_changed(talk: Talks) -> None:
    """Better, worse, otherwise changed, newly answered; the order of the keys does not matter."""
    before, after = group(
        talk, ("F1 no", "F2 yes", "F3 partly", "F8 yes"), ("F1 yes", "F2 partly", "F3 partly", "F4 no", "F8 no")
    )
    result = before.service.compare(keys([before, after]), "time")
    found = {question_id: entry["change"] for question_id, entry in by_question(result).items()}
    assert found["F1"] == "better"
    assert found["F2"] == "worse"
    assert found["F3"] == "same"
    assert found["F4"] == "newly answered"
    assert found["F5"] == "not answered"
    assert found["F8"] == "changed"
    assert (result["better"], result["worse"]) == (["F1"], ["F2"])


def test_the_earlier_one_is_the_one_before(grid: Questionnaire) -> None:
    """Time is told by when an assessment was last changed, not by the order in which they are given."""
    early, late = Compared(State(order=("F1",)), "2025-01-01"), Compared(State(order=("F1",)), "2026-01-01")
    assert compare_over_time([late, early], grid)["times"] == ["2025-01-01", "2026-01-01"]


def test_another_questionnaire_view_scope_or_organisation_is_warned_of(grid: Questionnaire) -> None:
    """What cannot quite be compared is said, and still compared."""
    one = State(order=("F1",), organisation="A", questionnaire_version="old")
    other = replace(one, order=("F2",), organisation="B", mode="planning", questionnaire_version=grid.version)
    warnings = compare_people([Compared(one, ""), Compared(other, "")], grid)["warnings"]
    assert [text for text in warnings if "questionnaire" in text]
    assert [text for text in warnings if "plan ahead" in text]
    assert [text for text in warnings if "same questions" in text]
    assert [text for text in warnings if "organisations" in text]


def test_each_assessment_needs_its_own_token(talk: Talks) -> None:
    """One wrong token and nothing is compared; one assessment twice, or one alone, is refused."""
    one, other = group(talk, ("F1 yes",), ("F1 no",))
    with pytest.raises(NotFound):
        one.service.compare([(one.id, one.token), (other.id, one.token)], "people")
    with pytest.raises(InvalidInput):
        one.service.compare([(one.id, one.token), (one.id, one.token)], "people")
    with pytest.raises(InvalidInput):
        one.service.compare([(one.id, one.token)], "people")


def test_comparing_over_http(client_of: Callable[..., TestClient], talk: Talks) -> None:
    """The route takes ids with tokens and refuses what has another shape."""
    people = group(talk, ("F1 yes",), ("F1 no",))
    client = client_of(people[0].service)
    opened = [{"id": person.id, "token": person.token} for person in people]
    answer = client.post("/api/v1/assessments/compare", json={"assessments": opened, "kind": "people"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["divided"] == ["F1"]
    for body in (
        {"assessments": opened},
        {"assessments": opened, "kind": "x"},
        {"assessments": opened[:1], "kind": "time"},
    ):
        assert client.post("/api/v1/assessments/compare", json=body).status_code == 422
    opened[1]["token"] = "wrong"
    assert client.post("/api/v1/assessments/compare", json={"assessments": opened, "kind": "time"}).status_code == 404
