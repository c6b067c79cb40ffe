from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from silk_rag.api.assessments import bearer
from silk_rag.assessment.service import AssessmentService

ROOT = "/api/v1/assessments"


@pytest.fixture
def client(service: AssessmentService, client_of: Callable[..., TestClient]) -> TestClient:
    """The routes over a service."""
    return client_of(service)


@pytest.fixture
def created(client: TestClient) -> dict[str, Any]:
    """A new assessment as the route gives it."""
    response = client.post(
        ROOT,
        json={"mode": "retrospective", "scope": "full", "organisation": "Coop", "respondent": "Ana", "language": "en"},
    )
    assert response.status_code == 201
    content: dict[str, Any] = response.json()
    return content


@pytest.fixture
def call(client: TestClient, created: dict[str, Any]) -> Callable[..., Any]:
    """Calls a route of the created assessment with its token."""

    def make(method: str, path: str = "", **content: Any) -> Any:
        headers = {"Authorization": f"Bearer {created['token']}"}
        return client.request(method, f"{ROOT}/{created['assessment_id']}{path}", headers=headers, **content)

    return make


def test_a_new_assessment_comes_with_its_token_and_first_question(created: dict[str, Any]) -> None:
    """Creating gives all that the contract promises."""
    assert set(created) == {"assessment_id", "token", "reply", "question", "progress", "deciding"}
    question = created["question"]
    assert (question["id"], question["category"], question["printed_number"], question["kind"]) == (
        "A1",
        "A",
        1,
        "choice",
    )
    assert [option["key"] for option in question["options"]] == ["inward", "outward", "reciprocal"]
    assert created["progress"]["remaining"] == 78


def test_a_message_gives_reply_record_question_and_progress(call: Callable[..., Any]) -> None:
    """A turn has the contract's fields, numbers come with their unit."""
    call("POST", "/messages", json={"text": "go to B4"})
    turn = call("POST", "/messages", json={"text": "18 months"}).json()
    assert set(turn) == {"reply", "recorded", "question", "progress", "citations", "finished", "deciding"}
    (recorded,) = turn["recorded"]
    assert (recorded["question_id"], recorded["value"], recorded["unit"]) == ("B4", 18, "months")
    assert turn["question"]["id"] == "B5"


def test_a_digression_brings_its_citations(call: Callable[..., Any]) -> None:
    """What the papers say comes with where they say it."""
    assert call("POST", "/messages", json={"text": "What did KOICA do?"}).json()["citations"] == [
        {"number": 1, "quote": "a quote"}
    ]


def test_answers_are_set_read_and_taken_out(call: Callable[..., Any]) -> None:
    """The form's routes work on the same assessment as the conversation."""
    assert call("PUT", "/answers/F1", json={"value": "yes", "note": "20 % more"}).status_code == 200
    assert [each["question_id"] for each in call("GET").json()["answers"]] == ["F1"]
    assert call("DELETE", "/answers/F1").json()["answers"] == []
    assert call("PUT", "/answers/F99", json={"value": "yes"}).status_code == 404
    assert call("PUT", "/answers/F1", json={"value": 3}).status_code == 422


def test_report_and_export_are_sent_privately(call: Callable[..., Any]) -> None:
    """Both reports and the export come with their types, and no cache may keep them."""
    assert call("GET", "/report").headers["content-type"] == "text/markdown; charset=utf-8"
    report = call("GET", "/report?format=json")
    assert report.json()["organisation"] == "Coop"
    assert report.headers["cache-control"] == "no-store"
    assert call("GET", "/export").json()["events"][0]["kind"] == "started"
    assert call("GET", "/report?format=exe").status_code == 422


def test_an_erased_assessment_is_gone(call: Callable[..., Any]) -> None:
    """Erasing answers with nothing, and nothing is left."""
    assert call("DELETE").status_code == 204
    assert call("GET").status_code == 404


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic abc", "wrong"])
def test_without_the_token_every_route_says_404(
    client: TestClient, created: dict[str, Any], header: str | None
) -> None:
    """Nobody learns whether an assessment exists."""
    headers = {} if header is None else {"Authorization": header}
    path = f"{ROOT}/{created['assessment_id']}"
    for method, tail, body in [
        ("GET", "", None),
        ("DELETE", "", None),
        ("GET", "/export", None),
        ("GET", "/report", None),
        ("POST", "/messages", {"text": "yes"}),
        ("PUT", "/answers/A1", {"value": "inward"}),
        ("DELETE", "/answers/A1", None),
    ]:
        assert client.request(method, path + tail, headers=headers, json=body).status_code == 404


@pytest.mark.parametrize(
    "body",
    [{"text": "a" * 4001}, {}, {"text": None}, {"text": 5}, {"text": "yes", "extra": 1}, [], "yes", {"text": ["yes"]}],
)
def test_a_message_of_the_wrong_shape_is_refused(call: Callable[..., Any], body: Any) -> None:
    """Too long, missing, of another type or with unknown fields: 422, and nothing is stored."""
    assert call("POST", "/messages", json=body).status_code == 422
    assert len(call("GET", "/export").json()["events"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"mode": "sideways"},
        {"scope": "half"},
        {"scope": []},
        {"scope": ["Z"]},
        {"organisation": "a" * 201},
        {"respondent": 5},
        {"language": "<b>"},
        {"score": 1},
    ],
)
def test_a_beginning_of_the_wrong_shape_is_refused(client: TestClient, body: dict[str, Any]) -> None:
    """What cannot be an assessment is not begun."""
    assert client.post(ROOT, json=body).status_code == 422


def test_a_bearer_token_is_read_whatever_the_case_of_its_scheme() -> None:
    """The scheme's name has no case; another scheme is no token."""
    assert bearer("bearer abc") == "abc"
    assert bearer("Basic abc") is None
