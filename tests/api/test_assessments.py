"""A self-assessment over HTTP, through the whole app."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

ROOT = "/api/v1/assessments"
PROGRESS = {"answered", "skipped", "remaining", "by_category"}


@pytest.fixture
def created(client: TestClient) -> dict[str, Any]:
    """A new assessment of two categories."""
    response = client.post(ROOT, json={"mode": "retrospective", "scope": ["A", "F"], "organisation": "Coop"})
    assert response.status_code == 201
    content: dict[str, Any] = response.json()
    return content


def authorised(created: dict[str, Any]) -> dict[str, str]:
    """The header that opens an assessment."""
    return {"Authorization": f"Bearer {created['token']}"}


def test_an_assessment_from_first_question_to_report(client: TestClient, created: dict[str, Any]) -> None:
    """Create, answer, ask the papers in between, read, and take the report as Markdown and as JSON."""
    path, headers = f"{ROOT}/{created['assessment_id']}", authorised(created)
    assert set(created) >= {"assessment_id", "token", "reply", "question", "progress"}
    assert created["question"]["id"] == "A1"
    assert set(created["progress"]) >= PROGRESS

    turn = client.post(f"{path}/messages", json={"text": "outward"}, headers=headers).json()
    assert set(turn) >= {"reply", "recorded", "question", "progress", "citations", "finished"}
    assert [(each["question_id"], each["value"]) for each in turn["recorded"]] == [("A1", "outward")]
    assert turn["progress"]["answered"] == 1
    assert turn["finished"] is False

    asked = client.post(
        f"{path}/messages", json={"text": "What is inward internationalisation?"}, headers=headers
    ).json()
    assert asked["recorded"] == []
    assert asked["citations"]
    for citation in asked["citations"]:
        passage = client.get(f"/api/v1/passages/{citation['passage_id']}").json()
        assert passage["text"][citation["start"] : citation["end"]] == citation["quote"]

    read = client.get(path, headers=headers).json()
    assert [answer["question_id"] for answer in read["answers"]] == ["A1"]

    markdown = client.get(f"{path}/report", params={"format": "md"}, headers=headers)
    assert markdown.headers["content-type"] == "text/markdown; charset=utf-8"
    assert "Coop" in markdown.text
    report = client.get(f"{path}/report", params={"format": "json"}, headers=headers)
    assert report.headers["content-type"].startswith("application/json")
    assert report.json()["organisation"] == "Coop"


def test_the_grid_s_question_is_as_printed(client: TestClient, created: dict[str, Any]) -> None:
    """A question has id, category, printed number, text, kind and options, as the contract says."""
    question = created["question"]
    assert set(question) >= {"id", "category", "printed_number", "text", "kind", "options"}
    printed = client.get("/api/v1/tools/2").json()["data"]["categories"][0]["questions"][0]
    assert (question["text"], question["printed_number"]) == (printed["text"], printed["printed_number"])


@pytest.mark.parametrize("token", [None, "", "wrong", "another's"])
def test_without_its_token_an_assessment_is_not_found(
    client: TestClient, created: dict[str, Any], token: str | None
) -> None:
    """Missing, wrong or another's token: 404 on every route, so that nobody learns what exists."""
    if token == "another's":
        token = client.post(ROOT, json={}).json()["token"]
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    path = f"{ROOT}/{created['assessment_id']}"
    answers = [
        client.get(path, headers=headers),
        client.get(f"{path}/report", headers=headers),
        client.get(f"{path}/export", headers=headers),
        client.post(f"{path}/messages", json={"text": "yes"}, headers=headers),
        client.put(f"{path}/answers/A1", json={"value": "inward"}, headers=headers),
        client.delete(f"{path}/answers/A1", headers=headers),
        client.delete(path, headers=headers),
    ]
    assert {response.status_code for response in answers} == {404}
    assert {response.headers["content-type"] for response in answers} == {"application/problem+json"}
    assert {response.json()["type"] for response in answers} == {"urn:silk-rag:problem:not-found"}
    unknown = client.get(f"{ROOT}/unknown", headers=headers).json()
    assert answers[0].json()["detail"] == unknown["detail"]


@pytest.mark.parametrize("body", [{"scope": []}, {"mode": "sideways"}, {"score": 1}, {"scope": ["Z"]}, [], None])
def test_an_assessment_of_the_wrong_shape_is_a_problem(client: TestClient, body: Any) -> None:
    """What cannot be begun is refused in the same form as everything else."""
    response = client.post(ROOT, json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["field"]


def test_a_report_in_an_unknown_format_is_refused(client: TestClient, created: dict[str, Any]) -> None:
    """The formats there are are named."""
    path = f"{ROOT}/{created['assessment_id']}/report"
    response = client.get(path, params={"format": "exe"}, headers=authorised(created))
    assert response.status_code == 422
    assert response.json()["field"] == "format"


def test_an_erased_assessment_is_gone(client: TestClient, created: dict[str, Any]) -> None:
    """Erasing answers with nothing; afterwards there is nothing to find."""
    path, headers = f"{ROOT}/{created['assessment_id']}", authorised(created)
    assert client.delete(path, headers=headers).status_code == 204
    assert client.get(path, headers=headers).status_code == 404
