"""The routes give the shapes that other programs rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient

from silk_rag.bootstrap import Services
from silk_rag.documents import Document
from silk_rag.library import TOOLS

QUESTION = "What is inward internationalisation?"
REPLY = {
    "conversation_id",
    "answer",
    "mode",
    "language",
    "abstained",
    "reason",
    "suggestions",
    "sentences",
    "citations",
    "passages",
    "timings_ms",
}
CITATION = {"number", "passage_id", "document_id", "document", "heading_path", "quote", "start", "end", "source"}
RETRIEVED = {"passage_id", "document_id", "heading_path", "text", "score", "source"}
SOURCE = {"file", "first_line", "last_line"}
PASSAGE = {"passage_id", "document_id", "document", "kind", "heading_path", "text", "start", "sentences", "source"}


def read(client: TestClient, path: str) -> Any:
    """What a route gives, which must be JSON and a success."""
    response = client.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/json"
    return response.json()


@pytest.fixture(scope="module")
def reply(client: TestClient) -> dict[str, Any]:
    """The reply to a question that the papers answer."""
    response = client.post("/api/v1/ask", json={"question": QUESTION, "conversation_id": "mine", "k": 5})
    assert response.status_code == 200
    content: dict[str, Any] = response.json()
    return content


def test_an_answer_has_the_shape_of_the_contract(reply: dict[str, Any]) -> None:
    """Every field is there, of its type, and the conversation keeps its name."""
    assert set(reply) >= REPLY
    assert reply["conversation_id"] == "mine"
    assert reply["mode"] == "extractive"
    assert reply["language"] == "en"
    assert (reply["abstained"], reply["reason"], reply["suggestions"]) == (False, None, [])
    assert reply["timings_ms"]["total"] >= 0
    assert len(reply["passages"]) == 5
    for passage in reply["passages"]:
        assert set(passage) >= RETRIEVED
        assert set(passage["source"]) >= SOURCE
    for citation in reply["citations"]:
        assert set(citation) >= CITATION
        assert set(citation["source"]) >= SOURCE


def test_the_marks_of_an_answer_are_its_citations(reply: dict[str, Any]) -> None:
    """[n] in the text, the numbers of the sentences and the list of citations agree."""
    numbers = [citation["number"] for citation in reply["citations"]]
    assert numbers == list(range(1, len(numbers) + 1))
    assert {int(mark) for mark in re.findall(r"\[(\d+)\]", reply["answer"])} == set(numbers)
    assert {number for sentence in reply["sentences"] for number in sentence["citations"]} == set(numbers)


def test_a_citation_opens_the_passage_it_quotes(client: TestClient, reply: dict[str, Any]) -> None:
    """The passage route gives the text that a citation's offsets point into."""
    for citation in reply["citations"]:
        passage = read(client, f"/api/v1/passages/{citation['passage_id']}")
        assert passage["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert passage["document_id"] == citation["document_id"]


def test_a_conversation_gets_a_name_when_it_has_none(client: TestClient) -> None:
    """Each new conversation has one of its own."""
    names = {client.post("/api/v1/ask", json={"question": QUESTION}).json()["conversation_id"] for _ in range(2)}
    assert len(names) == 2


def test_abstaining_has_the_same_shape(client: TestClient) -> None:
    """What the papers do not say is a reply like any other: a reason, what can be asked instead, and no citation."""
    reply = client.post("/api/v1/ask", json={"question": "How do I bake sourdough bread?"}).json()
    assert set(reply) >= REPLY
    assert reply["abstained"] is True
    assert reply["reason"]
    assert reply["answer"]
    assert reply["suggestions"]
    assert reply["citations"] == reply["sentences"] == []


def test_the_language_asked_for_is_accepted(client: TestClient) -> None:
    """A language is given by its two letters."""
    assert client.post("/api/v1/ask", json={"question": QUESTION, "language": "fr"}).status_code == 200


def test_documents_can_be_listed_and_read(client: TestClient, documents: Mapping[str, Document]) -> None:
    """Each document of the corpus comes with its text, and its passages stand in it where they say."""
    listed = read(client, "/api/v1/documents")
    assert [summary["id"] for summary in listed] == list(documents)
    for summary in listed:
        document = read(client, f"/api/v1/documents/{summary['id']}")
        assert {name: document[name] for name in summary} == summary
        assert len(document["content"]) == summary["passages"] > 0
        for passage in document["content"]:
            assert set(passage) >= PASSAGE
            end = passage["start"] + len(passage["text"])
            assert document["text"][passage["start"] : end] == passage["text"]


def test_a_passage_tells_its_sentences(client: TestClient, services: Services) -> None:
    """A passage read alone is the passage of the index, with the offsets of its sentences."""
    for passage in services.snapshot.passages[::40]:
        content = read(client, f"/api/v1/passages/{passage.id}")
        assert set(content) >= PASSAGE
        assert content["text"] == passage.text
        assert [(s["start"], s["end"]) for s in content["sentences"]] == [(s.start, s.end) for s in passage.sentences]


def test_the_eleven_cases_can_be_read(client: TestClient) -> None:
    """Every case has a name, a country and passages that speak of it."""
    cases = read(client, "/api/v1/cases")
    assert len(cases) == 11
    for case in cases:
        assert set(case) == {"id", "name", "kind", "organisation", "country"}
        content = read(client, f"/api/v1/cases/{case['id']}")
        assert {name: content[name] for name in case} == case
        assert content["passages"]
        assert all(case["id"] in passage["cases"] for passage in content["passages"])


def test_the_lessons_can_be_read(client: TestClient) -> None:
    """Eleven lessons on policies and twelve on strategies, each with its passages."""
    lessons = read(client, "/api/v1/lessons")
    numbers = [(lesson["group"], lesson["number"]) for lesson in lessons]
    assert numbers == [("policies", n) for n in range(1, 12)] + [("strategies", n) for n in range(1, 13)]
    assert all(lesson["title"] and lesson["passages"] for lesson in lessons)


def test_the_six_tools_can_be_read(client: TestClient) -> None:
    """Each tool comes as data with a title."""
    assert [tool["tool"] for tool in read(client, "/api/v1/tools")] == list(TOOLS)
    for number in TOOLS:
        tool = read(client, f"/api/v1/tools/{number}")
        assert tool["tool"] == number
        assert tool["title"]
        assert tool["data"]


def test_tool_2_comes_with_its_78_questions(client: TestClient) -> None:
    """Six categories with the printed wording and number of each question."""
    categories = read(client, "/api/v1/tools/2")["data"]["categories"]
    counts = {category["id"]: len(category["questions"]) for category in categories}
    assert counts == {"A": 7, "B": 20, "C": 16, "D": 15, "E": 12, "F": 8}
    assert all(q["text"] and q["printed_number"] for category in categories for q in category["questions"])


@pytest.mark.parametrize("path", ["documents/foreword", "cases/koica", "tools/1", "tools/2", "tools/6"])
def test_what_is_read_as_markdown_ends_with_the_copyright(client: TestClient, path: str) -> None:
    """Markdown is for reading and passing on: whose words they are goes with them."""
    response = client.get(f"/api/v1/{path}", params={"format": "md"})
    assert response.headers["content-type"] == "text/markdown; charset=utf-8"
    assert response.text.startswith("# ")
    assert "© OECD 2022" in response.text.splitlines()[-1]


@pytest.mark.parametrize(
    ("narrowed", "holds"),
    [
        ({"document": "tool-4"}, lambda passage: passage["document_id"] == "tool-4"),
        ({"tool": 5}, lambda passage: passage["document_id"].startswith("tool-5")),
        ({"case": "koica"}, lambda passage: "koica" in str(passage).casefold()),
        ({"document": "executive-summary"}, lambda passage: passage["document_id"] == "executive-summary"),
        ({}, lambda passage: bool(passage["text"])),
    ],
)
def test_a_search_gives_passages_of_what_it_is_narrowed_to(
    client: TestClient, narrowed: dict[str, Any], holds: Any
) -> None:
    """Document, tool and case narrow a search; k says how many come."""
    response = client.get("/api/v1/search", params={"q": "social impact", "k": 3, **narrowed})
    found = response.json()
    assert found["query"] == "social impact"
    assert len(found["passages"]) == 3
    assert all(set(passage) >= RETRIEVED and holds(passage) for passage in found["passages"])


def test_health_tells_life_and_readiness(client: TestClient, services: Services) -> None:
    """The process is alive; index and store are usable."""
    assert read(client, "/healthz") == {"status": "ok"}
    ready = read(client, "/readyz")
    assert (ready["status"], ready["degraded"], ready["problems"]) == ("ready", None, [])
    assert ready["passages"] == len(services.snapshot.passages)


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def test_the_openapi_document_is_whole(client: TestClient) -> None:
    """All routes of the contract are described, every reference leads somewhere, and every operation has its own id."""
    schema = read(client, "/openapi.json")
    assert schema["openapi"].startswith("3.1")
    assert {
        "/api/v1/ask",
        "/api/v1/search",
        "/api/v1/documents",
        "/api/v1/documents/{identity}",
        "/api/v1/passages/{identity}",
        "/api/v1/cases",
        "/api/v1/cases/{identity}",
        "/api/v1/tools",
        "/api/v1/tools/{number}",
        "/api/v1/assessments",
        "/api/v1/assessments/{assessment_id}",
        "/api/v1/assessments/{assessment_id}/messages",
        "/api/v1/assessments/{assessment_id}/report",
        "/healthz",
        "/readyz",
    } <= set(schema["paths"])
    for reference in _references(schema):
        assert reference.removeprefix("#/components/schemas/") in schema["components"]["schemas"]
    operations = [operation for verbs in schema["paths"].values() for operation in verbs.values()]
    assert all(operation["responses"] for operation in operations)
    assert all(operation.get("description") for operation in operations)
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)


def test_the_documentation_page_asks_for_nothing_from_outside(client: TestClient) -> None:
    """/docs lists every route without a script, a picture or a font from anywhere."""
    response = client.get("/docs")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "/api/v1/ask" in response.text
    assert not re.search(r"<script|<img|<link|@import|url\(|https?://", response.text)


@pytest.mark.parametrize("path", ["/docs", "/healthz", "/api/v1/documents", "/api/v1/nothing", "/openapi.json"])
def test_every_response_forbids_what_comes_from_outside(client: TestClient, path: str) -> None:
    """Types are not guessed, addresses are not passed on, and only this server may be loaded from."""
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "http" not in policy
