"""Put the real things together: the only place that knows all adapters."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from silk_rag.adapters.answer_reader import ExampleReader
from silk_rag.adapters.chat import Limits, by_provider, openai_compatible
from silk_rag.adapters.embedder import SentenceTransformerEmbedder
from silk_rag.adapters.entailment import CrossEncoderEntailment
from silk_rag.adapters.index_folder import OpenIndex, current_snapshot, open_index
from silk_rag.adapters.language import detect_language
from silk_rag.adapters.multilingual import MultilingualE5Embedder
from silk_rag.adapters.report_docx import DocxRenderer
from silk_rag.adapters.report_html import HtmlRenderer
from silk_rag.adapters.report_pdf import PdfRenderer
from silk_rag.adapters.sql_assessments import SqlEventStore
from silk_rag.adapters.sql_conversations import SqlConversations
from silk_rag.answering.abstention import Calibration, shipped_calibration
from silk_rag.answering.assistant import Assistant
from silk_rag.answering.conversation import ConversationStore
from silk_rag.answering.evidence import Evidence
from silk_rag.answering.generative import GenerativeWriter
from silk_rag.answering.grounding import Likeness
from silk_rag.answering.guarded import GuardedChatModel
from silk_rag.answering.ports import ChatModel, Writer
from silk_rag.answering.suggestions import Suggestion, read_suggestions
from silk_rag.answering.support import Entailment
from silk_rag.answering.view import citation_view
from silk_rag.assessment.follow_up import load_follow_ups
from silk_rag.assessment.illumination import Illumination
from silk_rag.assessment.links import load_links
from silk_rag.assessment.ports import AnswerReader, EventStore, PapersAnswer
from silk_rag.assessment.questionnaire import load_questionnaire
from silk_rag.assessment.report_file import Reporting
from silk_rag.assessment.service import AssessmentService
from silk_rag.assessment.words import load_reply_words
from silk_rag.cases import read_cases
from silk_rag.contradictions import read_contradictions
from silk_rag.documents import Passage
from silk_rag.errors import SilkError
from silk_rag.glossary import read_glossary
from silk_rag.retrieval.metric import shipped_metrics
from silk_rag.retrieval.ports import Embedder, TokenEmbedder
from silk_rag.retrieval.retriever import Retriever, repetition_groups
from silk_rag.retrieval.scores import Index
from silk_rag.retrieval.snapshot import Snapshot
from silk_rag.settings import Settings
from silk_rag.strategies import read_strategies

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Embedders:
    """The main embedding model and, where it is switched on, the multilingual one."""

    main: TokenEmbedder
    multilingual: Embedder | None


@dataclass(frozen=True)
class Edition:
    """What answers from one index. Nothing in it changes: who takes it once reads from one snapshot to the end."""

    snapshot: Snapshot
    degraded: str | None
    retriever: Retriever
    assistant: Assistant


class LatestEdition:
    """The edition over the index in use; called, it opens a new one when another process or thread has replaced it.

    Questions that come while it is opened wait for it: who was told that a document is in, or gone, is answered so.
    Those that have begun end with the edition they took. An index that cannot be opened changes nothing but `degraded`.
    """

    def __init__(self, index_folder: Path, open_edition: Callable[[], Edition]) -> None:
        self._folder = index_folder
        self._open = open_edition
        self._lock = threading.Lock()
        # Looked up before it is opened: one that is put in use meanwhile is then noticed by the next call.
        place = current_snapshot(index_folder)
        self._held = (place, open_edition())

    def __call__(self) -> Edition:
        """The edition to answer from. Costs the reading of a file of one line."""
        place, edition = self._held
        if current_snapshot(self._folder) == place:
            return edition
        with self._lock:
            place, edition = self._held
            found = current_snapshot(self._folder)
            if found not in {place, None}:
                self._held = (found, self._opened(edition))
            return self._held[1]

    def _opened(self, before: Edition) -> Edition:
        try:
            edition = self._open()
        except SilkError as error:
            _log.warning("the index was replaced by one that cannot be opened, going on without it: %s", error.message)
            return replace(before, degraded=f"Answers come from the index before: {error.message}")
        _log.info("the index was replaced: %d passages", len(edition.snapshot.passages))
        return edition


@dataclass(frozen=True)
class Services:
    """Everything the doors (API, UI, command line) need.

    `current` gives the edition to answer from. What takes two things that must fit together, such as an answer and its
    documents, asks for the edition once; the properties are for those who need one thing.
    """

    settings: Settings
    current: Callable[[], Edition]
    assessments: AssessmentService
    suggestions: tuple[Suggestion, ...]

    @property
    def snapshot(self) -> Snapshot:
        """The documents and passages in use."""
        return self.current().snapshot

    @property
    def degraded(self) -> str | None:
        """What answers in a slower way, if anything."""
        return self.current().degraded

    @property
    def retriever(self) -> Retriever:
        """Finds passages."""
        return self.current().retriever

    @property
    def assistant(self) -> Assistant:
        """Answers questions."""
        return self.current().assistant


def build_embedders(settings: Settings) -> Embedders:
    """The models that the settings name; their weights are loaded at first use."""
    main = SentenceTransformerEmbedder(settings.embedding_model, threads=settings.threads, offline=settings.offline)
    return Embedders(main, MultilingualE5Embedder(threads=settings.threads) if settings.multilingual else None)


def build_retriever(settings: Settings, opened: OpenIndex, embedders: Embedders) -> Retriever:
    """A retriever over an open index."""
    contradictions = read_contradictions(settings.corpus / "contradictions.yaml")
    quotes = [side.quote for contradiction in contradictions for side in contradiction.sides]
    return Retriever(
        index=Index(opened.snapshot, opened.vectors, opened.keywords),
        embedder=embedders.main,
        multilingual=embedders.multilingual,
        detect_language=detect_language,
        cases=read_cases(settings.corpus / "cases.yaml"),
        glossary=read_glossary(settings.corpus / "glossary.yaml"),
        groups=repetition_groups(opened.snapshot.passages, quotes),
    )


def build_chat_model(settings: Settings) -> ChatModel | None:
    """The chat model that the settings name, or None. Raises SettingInvalid when it cannot be made."""
    limits = Limits(settings.llm_first_token_s, settings.llm_idle_s)
    key = settings.llm_key.reveal()
    if settings.llm_url:
        return openai_compatible(settings.llm_url, settings.llm_model, key=key, limits=limits)
    return by_provider(settings.llm, key=key, limits=limits) if settings.llm else None


def build_entailment(settings: Settings) -> Entailment | None:
    """The inference model that the settings name, loaded, or None. Raises ModelUnusable when it cannot be used."""
    if not settings.nli_model:
        return None
    model = CrossEncoderEntailment(settings.nli_model, offline=settings.offline)
    model.warm_up()
    return model


def build_writer(
    settings: Settings, retriever: Retriever, evidence: Evidence, chat_model: ChatModel | None = None
) -> Writer | None:
    """What puts answers into words of its own, when a chat model is given or the settings name one."""
    model = chat_model or build_chat_model(settings)
    if model is None:
        return None
    return GenerativeWriter(
        model=GuardedChatModel(model),
        likeness=Likeness(retriever.index.snapshot, retriever.embedder, retriever.multilingual),
        detect_language=retriever.detect_language,
        cases={case.id: case for case in retriever.cases},
        entailment=build_entailment(settings),
        evidence=evidence,
        most_s=settings.llm_timeout_s,
    )


def build_assistant(
    settings: Settings,
    retriever: Retriever,
    calibration: Calibration | None = None,
    chat_model: ChatModel | None = None,
    conversations: ConversationStore | None = None,
) -> Assistant:
    """The question-answering service over a retriever."""
    settings.data.mkdir(parents=True, exist_ok=True)
    evidence = Evidence.over(retriever.index.snapshot, retriever.embedder)
    return Assistant(
        retriever=retriever,
        evidence=evidence,
        calibration=calibration or shipped_calibration(),
        suggestions=read_suggestions(settings.corpus / "suggestions.yaml"),
        cases={case.id: case for case in retriever.cases},
        writer=build_writer(settings, retriever, evidence, chat_model),
        contradictions=read_contradictions(settings.corpus / "contradictions.yaml"),
        strategies=read_strategies(settings.corpus / "strategies.yaml"),
        approaches=read_strategies(settings.corpus / "strategies.yaml", "approaches"),
        conversations=conversations or SqlConversations(f"sqlite:///{settings.conversations_database}"),
    )


def build_reader(tools: Path, multilingual: Embedder | None) -> AnswerReader | None:
    """Who reads the answers that people tell; without the multilingual model nobody does."""
    return ExampleReader(tools, multilingual) if multilingual else None


def build_assessments(
    settings: Settings,
    current: Callable[[], Edition],
    store: EventStore | None = None,
    multilingual: Embedder | None = None,
) -> AssessmentService:
    """The self-assessment service; questions asked in its middle go to the assistant."""
    settings.data.mkdir(parents=True, exist_ok=True)
    tools = settings.corpus / "tools"

    def passage(identity: str) -> Passage | None:
        snapshot = current().snapshot
        row = snapshot.row_of.get(identity)
        return None if row is None else snapshot.passages[row]

    def look_up(question: str) -> PapersAnswer:
        reply = current().assistant.ask(question)
        return PapersAnswer(reply.markdown, [citation_view(c) for c in getattr(reply, "citations", ())])

    return AssessmentService(
        store=store or SqlEventStore(settings.assessments_url.reveal() or f"sqlite:///{settings.assessments_database}"),
        questionnaire=load_questionnaire(tools),
        words=load_reply_words(tools),
        answerer=look_up,
        reporting=Reporting(
            Illumination(load_links(tools), passage),
            load_follow_ups(tools),
            {"html": HtmlRenderer(), "pdf": PdfRenderer(), "docx": DocxRenderer()},
        ),
        reader=build_reader(tools, multilingual),
    )


def build(
    settings: Settings,
    *,
    embedders: Embedders | None = None,
    store: EventStore | None = None,
    calibration: Calibration | None = None,
    chat_model: ChatModel | None = None,
    conversations: ConversationStore | None = None,
    follow: bool = False,
) -> Services:
    """All services over the index in use. Every real part can be given instead.

    With `follow` they go over to an index that is put in use later; without, they stay with the one they opened.

    Raises IndexUnusable when no index has been built, CorpusInvalid when a corpus file cannot be read.
    """
    models = embedders or build_embedders(settings)
    model = chat_model or build_chat_model(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    kept = conversations or SqlConversations(f"sqlite:///{settings.conversations_database}")

    def open_edition() -> Edition:
        opened = _with_metrics(open_index(settings.index_folder), models)
        retriever = build_retriever(settings, opened, models)
        assistant = build_assistant(settings, retriever, calibration, model, kept)
        return Edition(opened.snapshot, opened.degraded, retriever, assistant)

    current = LatestEdition(settings.index_folder, open_edition) if follow else _always(open_edition())
    return Services(
        settings=settings,
        current=current,
        assessments=build_assessments(settings, current, store, models.multilingual),
        suggestions=tuple(current().assistant.suggestions),
    )


def _with_metrics(opened: OpenIndex, models: Embedders) -> OpenIndex:
    """The index with what was learned for its models."""
    shipped = shipped_metrics()
    names = {"": models.main.name, "-multilingual": models.multilingual.name if models.multilingual else ""}
    metrics = {suffix: shipped[name] for suffix, name in names.items() if name in shipped}
    return replace(opened, snapshot=replace(opened.snapshot, metrics=metrics))


def _always(edition: Edition) -> Callable[[], Edition]:
    return lambda: edition


def warm_up(services: Services) -> None:
    """Load models and touch the index, so that the first question is as quick as the next."""
    retriever = services.retriever
    retriever.retrieve(retriever.understand("What is internationalisation?"), 1)
