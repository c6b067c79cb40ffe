"""Put the real things together: the only place that knows all adapters."""

from __future__ import annotations

from dataclasses import dataclass

from silk_rag.adapters.embedder import SentenceTransformerEmbedder
from silk_rag.adapters.index_folder import OpenIndex, open_index
from silk_rag.adapters.multilingual import MultilingualE5Embedder
from silk_rag.cases import read_cases
from silk_rag.contradictions import read_contradictions
from silk_rag.retrieval.ports import Embedder
from silk_rag.retrieval.retriever import Index, Retriever, repetition_groups
from silk_rag.settings import Settings


@dataclass(frozen=True)
class Embedders:
    """The main embedding model and, where it is switched on, the multilingual one."""

    main: Embedder
    multilingual: Embedder | None


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
        cases=read_cases(settings.corpus / "cases.yaml"),
        groups=repetition_groups(opened.snapshot.passages, quotes),
    )
