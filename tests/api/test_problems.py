"""What cannot be used is refused with a problem document that names what is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from silk_rag import errors
from silk_rag.api import problems
from silk_rag.api.limits import MOST_BYTES
from silk_rag.errors import SilkError

ASK = "/api/v1/ask"
JSON = {"Content-Type": "application/json"}


def assert_problem(response: Any, status: int, code: str, detail: str = "", field: str | None = None) -> None:
    """A problem document as RFC 9457 has it, with our stable type."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-content-type-options"] == "nosniff"
    problem = response.json()
    assert problem["type"] == f"urn:silk-rag:problem:{code}"
    assert problem["status"] == status
    assert problem["title"]
    assert detail in problem["detail"]
    assert field is None or problem["field"] == field


@pytest.mark.parametrize(
    ("body", "field", "detail"),
    [
        ({"question": ""}, "question", "The question is empty"),
        ({"question": " \n\t"}, "question", "The question is empty"),
        ({"question": "\u200b\u202e"}, "question", "The question is empty"),
        ({"question": "?!"}, "question", "The question is empty"),
        ({"question": "a" * 100_000}, "question", "100,000 characters; at most 4,000"),
        ({"question": "a" * 4_001}, "question", "4,001 characters"),
        ({}, "question", "Field required"),
        ({"question": None}, "question", "valid string"),
        ({"question": 5}, "question", "valid string"),
        ({"question": ["What?"]}, "question", "valid string"),
        ({"question": "What?", "k": 0}, "k", "greater than or equal to 1"),
        ({"question": "What?", "k": 51}, "k", "less than or equal to 50"),
        ({"question": "What?", "k": "3"}, "k", "valid integer"),
        ({"question": "What?", "k": 2.5}, "k", "valid integer"),
        ({"question": "What?", "k": True}, "k", "valid integer"),
        ({"question": "What?", "language": "English"}, "language", "pattern"),
        ({"question": "What?", "conversation_id": "a" * 101}, "conversation_id", "at most 100"),
        ({"question": "What?", "temperature": 1}, "temperature", "not permitted"),
        ([], "body", "dictionary"),
        ("What?", "body", "dictionary"),
        (None, "body", ""),
    ],
)
def test_a_question_that_cannot_be_used_names_its_field(client: TestClient, body: Any, field: str, detail: str) -> None:
    """Empty, too long, missing, of the wrong type, out of range or unknown: 422 with the field."""
    assert_problem(client.post(ASK, json=body), 422, "invalid-input", detail, field)


@pytest.mark.parametrize(
    "content",
    [
        b'{"question": ',
        b"{'question': 'What?'}",
        b"\xff\xfe\x00\x01",
        bytes(range(256)) * 40,
        b"[" * 100_000,
        b'{"question": "What?", "k": ' + b"9" * 5_000 + b"}",
        b"",
        b"\x00",
    ],
)
def test_a_body_that_is_no_json_is_refused(client: TestClient, content: bytes) -> None:
    """Broken, binary, bottomless or empty: a 4xx that says that the body is at fault."""
    response = client.post(ASK, content=content, headers=JSON)
    assert response.status_code in {400, 422}
    assert_problem(response, response.status_code, "invalid-input", "body", "body")


def test_what_was_sent_is_not_sent_back(client: TestClient) -> None:
    """A problem never repeats somebody's words, which may be private."""
    response = client.post(ASK, json={"question": ["a secret"], "another secret": 1})
    assert "a secret" not in response.json()["detail"].replace("another secret", "")


def test_a_form_is_no_question(client: TestClient) -> None:
    """Another content type is refused."""
    response = client.post(ASK, data={"question": "What?"})
    assert_problem(response, 422, "invalid-input", field="body")


@pytest.mark.parametrize("path", [ASK, "/api/v1/assessments"])
def test_a_body_that_is_too_large_is_refused(client: TestClient, path: str) -> None:
    """More than a megabyte is not read, whether the client says so beforehand or not."""
    assert_problem(client.post(path, content=b"a" * (MOST_BYTES + 1), headers=JSON), 413, "too-large", "1,000,000")
    pieces = iter([b"a" * 100_000] * 11)
    assert_problem(client.post(path, content=pieces, headers=JSON), 413, "too-large", "1,000,000")


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/api/v1/documents/none", "There is no document 'none'"),
        ("/api/v1/documents/%00", "There is no document"),
        ("/api/v1/documents/..%2f..%2fetc%2fpasswd", ""),
        ("/api/v1/passages/none", "There is no passage 'none'"),
        ("/api/v1/cases/none", "There is no case 'none'"),
        ("/api/v1/tools/0", "There is no Tool 0"),
        ("/api/v1/tools/7", "There is no Tool 7"),
        ("/api/v1/tools/-1", "There is no Tool -1"),
        (f"/api/v1/documents/{'a' * 5000}", "There is no document"),
        ("/api/v1/assessments/none", "no such assessment"),
        ("/api/v1/assessments/none/report", "no such assessment"),
        ("/api/v1/nothing", "Not Found"),
        ("/nothing", "Not Found"),
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, path: str, detail: str) -> None:
    """Unknown ids and paths get a 404 in the same form as every problem; long ones are not repeated whole."""
    response = client.get(path)
    assert_problem(response, 404, "not-found", detail)
    assert len(response.text) < 1_500


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/v1/tools/two", "number"),
        ("/api/v1/tools/2?format=exe", "format"),
        ("/api/v1/documents/foreword?format=pdf", "format"),
        ("/api/v1/cases/koica?format=", "format"),
        ("/api/v1/search", "q"),
        ("/api/v1/search?q=", "q"),
        ("/api/v1/search?q=a&k=0", "k"),
        ("/api/v1/search?q=a&k=51", "k"),
        ("/api/v1/search?q=a&k=many", "k"),
        ("/api/v1/search?q=a&tool=7", "tool"),
        (f"/api/v1/search?q={'a' * 4001}", "q"),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named(client: TestClient, path: str, field: str) -> None:
    """A bad format, number or length in the address: 422 with the parameter."""
    assert_problem(client.get(path), 422, "invalid-input", field, field)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ASK), ("PUT", "/api/v1/documents"), ("DELETE", "/healthz"), ("PATCH", "/api/v1/assessments")],
)
def test_a_wrong_method_names_the_right_ones(client: TestClient, method: str, path: str) -> None:
    """405 comes with the methods allowed."""
    response = client.request(method, path)
    assert_problem(response, 405, "method-not-allowed")
    assert response.headers["allow"]


def _with_route(error: Exception) -> TestClient:
    """An app with a route that raises."""
    app = FastAPI()
    problems.install(app)

    @app.get("/")
    def fail() -> None:
        raise error

    return TestClient(app, raise_server_exceptions=False)


def _subclasses(kind: type[SilkError]) -> list[type[SilkError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _subclasses(child))]


#: What some errors want to know besides their message.
MORE: dict[type[SilkError], dict[str, Any]] = {
    errors.InvalidInput: {"field": "k"},
    errors.ChatModelFailed: {"kind": "timeout"},
}


@pytest.mark.parametrize("kind", _subclasses(SilkError), ids=lambda kind: kind.__name__)
def test_every_error_of_ours_is_a_problem(kind: type[SilkError]) -> None:
    """Each error has a stable code and a status: 4xx for what the caller can mend, 5xx for what we must."""
    error = kind("Words", **MORE.get(kind, {}))
    response = _with_route(error).get("/")
    problem = response.json()
    assert problem["type"] == f"urn:silk-rag:problem:{kind.code}"
    assert problem["detail"] == "Words"
    callers = (errors.InvalidInput, errors.NotFound, errors.Conflict)
    assert (response.status_code < 500) == issubclass(kind, callers)


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    """The docstring of errors.py names every class below SilkError that stands in it."""
    drawn = errors.__doc__ or ""
    own = [kind for kind in _subclasses(SilkError) if kind.__module__ == errors.__name__]
    assert all(kind.__name__ in drawn for kind in own)
    assert len({kind.code for kind in own}) == len(own)


def test_an_unexpected_error_tells_nothing_but_a_number(caplog: pytest.LogCaptureFixture) -> None:
    """Neither the caller nor the log sees the words of an error we did not foresee; the number joins the two."""
    problem = _with_route(RuntimeError("somebody's private answer")).get("/").json()
    assert (problem["status"], problem["type"]) == (500, "urn:silk-rag:problem:unexpected")
    incident = problem["detail"].rsplit(" ", 1)[-1].rstrip(".")
    assert incident in caplog.text
    assert "private" not in str(problem) + caplog.text
