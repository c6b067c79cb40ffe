"""The real questionnaire and word lists, and services over both stores."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import psycopg
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient
from psycopg import sql

from ingest.corpus import read_corpus
from silk_rag.adapters.report_docx import DocxRenderer
from silk_rag.adapters.report_html import HtmlRenderer
from silk_rag.adapters.report_pdf import PdfRenderer
from silk_rag.adapters.sql_assessments import SqlEventStore
from silk_rag.api.assessments import assessments_router
from silk_rag.assessment.acts import Act, Answer, Unclear
from silk_rag.assessment.context import Context
from silk_rag.assessment.follow_up import load_follow_ups
from silk_rag.assessment.illumination import Illumination
from silk_rag.assessment.links import Links, load_links
from silk_rag.assessment.memory import MemoryEventStore
from silk_rag.assessment.ports import EventStore, PapersAnswer
from silk_rag.assessment.questionnaire import Questionnaire, load_questionnaire
from silk_rag.assessment.replies import understand
from silk_rag.assessment.report_file import Reporting
from silk_rag.assessment.service import AssessmentService, Created, Turn
from silk_rag.assessment.words import ReplyWords, load_reply_words
from silk_rag.documents import Passage
from silk_rag.errors import Conflict, InvalidInput, NotFound, SilkError

TOOLS = Path(__file__).parents[2] / "corpus" / "tools"

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))

ServiceOver = Callable[[EventStore], AssessmentService]
Hearing = Callable[..., Context]
Understanding = Callable[..., tuple[Act, ...]]
ValueOf = Callable[[tuple[Act, ...]], object]


@pytest.fixture(scope="session")
def grid() -> Questionnaire:
    """Tool 2 as the corpus has it."""
    return load_questionnaire(TOOLS)


@pytest.fixture(scope="session")
def words() -> ReplyWords:
    """The words of replies as the corpus has them."""
    return load_reply_words(TOOLS)


@pytest.fixture(scope="session")
def links() -> Links:
    """The links of the corpus."""
    return load_links(TOOLS)


@pytest.fixture(scope="session")
def passages() -> dict[str, Passage]:
    """Every passage of the corpus by id."""
    return {passage.id: passage for document in read_corpus(TOOLS.parent) for passage in document.passages}


@pytest.fixture
def hearing(grid: Questionnaire) -> Hearing:
    """A context in which a message is heard: at this question, after that one."""

    def make(question_id: str | None, *, after: str | None = None, pending: str = "", language: str = "en") -> Context:
        return Context(
            question=grid.by_id.get(question_id or ""),
            order=tuple(grid.by_id),
            grid=grid,
            last_answered=grid.by_id.get(after or ""),
            just_recorded=after is not None,
            pending=pending,
            language=language,
        )

    return make


@pytest.fixture
def hear(hearing: Hearing, words: ReplyWords) -> Understanding:
    """Understands a message at a question."""

    def understanding(question_id: str | None, text: str, **circumstances: str) -> tuple[Act, ...]:
        return understand(text, hearing(question_id, **circumstances), words)

    return understanding


@pytest.fixture
def value_of() -> ValueOf:
    """The content of the only answer, or the reason why there is none."""

    def content(acts: tuple[Act, ...]) -> object:
        (act,) = acts
        return act.value.content if isinstance(act, Answer) else act.reason if isinstance(act, Unclear) else act

    return content


def papers(question: str) -> PapersAnswer:
    """Somebody who knows the papers, as far as these tests need it."""
    return PapersAnswer(f"The papers on “{question}” [1]", [{"number": 1, "quote": "a quote"}])


@pytest.fixture
def service_over(grid: Questionnaire, words: ReplyWords, links: Links, passages: dict[str, Passage]) -> ServiceOver:
    """Makes a service over a store."""

    def make(store: EventStore) -> AssessmentService:
        return AssessmentService(
            store=store,
            questionnaire=grid,
            words=words,
            answerer=papers,
            reporting=Reporting(
                Illumination(links, passages.get),
                load_follow_ups(TOOLS),
                {"html": HtmlRenderer(), "pdf": PdfRenderer(), "docx": DocxRenderer()},
            ),
        )

    return make


@pytest.fixture
def database(tmp_path: Path) -> str:
    """The address of a database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'assessments.db'}"


@contextmanager
def running_server() -> Iterator[Path]:
    """The folder of the socket of a running server. As root it runs as `postgres`, which PostgreSQL insists on."""
    folder = Path(mkdtemp(prefix="silk-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    binaries = BINARIES[-1]
    data = folder / "data"
    options = f"-c listen_addresses='' -c unix_socket_directories={folder}"

    def run(*command: str) -> None:
        subprocess.run(
            [str(binaries / command[0]), *command[1:]], user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL
        )

    try:
        run("initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield folder
        finally:
            run("pg_ctl", "-D", str(data), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Path]:
    """A PostgreSQL server of this run."""
    if not BINARIES:
        pytest.skip("PostgreSQL is not installed; `make postgresql` installs it")
    with running_server() as folder:
        yield folder


@pytest.fixture
def postgresql_database(postgresql_server: Path) -> str:
    """The address of an empty PostgreSQL database."""
    name = f"silk_{uuid4().hex}"
    with psycopg.connect(f"host={postgresql_server} user=postgres dbname=postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"postgresql+psycopg://postgres@/{name}?host={postgresql_server}"


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, database: str) -> Iterator[EventStore]:
    """Each store in turn: what holds for one must hold for the others."""
    if request.param == "memory":
        yield MemoryEventStore()
        return
    opened = SqlEventStore(
        request.getfixturevalue("postgresql_database") if request.param == "postgresql" else database
    )
    yield opened
    opened.close()


@pytest.fixture
def service(service_over: ServiceOver, database: str) -> Iterator[AssessmentService]:
    """A service over an empty SQLite database."""
    opened = SqlEventStore(database)
    yield service_over(opened)
    opened.close()


class Talk:
    """A conversation with a service: `say` returns the turn. Looks back at everything unless told otherwise."""

    def __init__(self, service: AssessmentService, **settings: object) -> None:
        self.service = service
        chosen = {"mode": "retrospective", "scope": "full", **settings}
        self.created: Created = service.create(**chosen)  # type: ignore[arg-type]
        self.id, self.token = self.created.assessment_id, self.created.token

    def say(self, text: str, **seen: str) -> Turn:
        """Say something; `question_id` is the question seen."""
        return self.service.message(self.id, self.token, text, **seen)

    def all(self, *texts: str) -> Turn:
        """Say one thing after another; the last turn comes back."""
        return [self.say(text) for text in texts][-1]

    def answers(self) -> dict[str, object]:
        """The answers recorded, by question."""
        return {each["question_id"]: each["value"] for each in self.service.read(self.id, self.token)["answers"]}

    def at(self) -> str | None:
        """The question that is open."""
        question = self.service.read(self.id, self.token)["question"]
        return question["id"] if question else None


@pytest.fixture
def talk(service: AssessmentService) -> Callable[..., Talk]:
    """Begins a conversation with the service."""

    def make(**settings: object) -> Talk:
        return Talk(service, **settings)

    return make


STATUS: dict[type[SilkError], int] = {NotFound: 404, InvalidInput: 422, Conflict: 409}


@pytest.fixture
def client_of() -> Iterator[Callable[..., TestClient]]:
    """A client of the routes over a service; errors are rendered as in the real app, as far as these tests need it."""
    with ExitStack() as stack:

        def make(service: AssessmentService, *, kept_days: int = 0) -> TestClient:
            app = FastAPI()
            app.include_router(assessments_router(service, kept_days=kept_days))

            @app.exception_handler(SilkError)
            def problem(_: Request, error: SilkError) -> JSONResponse:
                return JSONResponse({"type": error.code, "detail": error.message}, STATUS.get(type(error), 500))

            return stack.enter_context(TestClient(app))

        yield make
