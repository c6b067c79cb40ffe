"""Bring the index up to date with everything the assistant should know: the corpus, and the own documents."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ingest.corpus import corpus_hash, read_corpus
from ingest.index import IndexReport, build_index, questions_for, unanswered_by
from ingest.own.library import OwnLibrary
from ingest.prebuilt import PrebuiltVectors
from ingest.vectors import Progress
from silk_rag.adapters.index_folder import only_writer
from silk_rag.bootstrap import Embedders
from silk_rag.cases import read_cases
from silk_rag.settings import Settings


def update_index(
    settings: Settings, embedders: Embedders, *, fresh: bool = False, progress: Progress | None = None
) -> IndexReport:
    """Build the index if corpus, own documents or models have changed since.

    Raises Busy when another process works on the library or the index, IndexUnusable when it cannot be written.
    """
    library = library_of(settings)
    with only_writer(library.folder, doing=LIBRARY_WORK):
        return index_library(library, settings, embedders, fresh=fresh, progress=progress)


#: What the holder of the library's lock is doing, for the one who is refused it.
LIBRARY_WORK = "adding, removing or indexing documents"


def library_of(settings: Settings) -> OwnLibrary:
    """The own documents that the settings name."""
    return OwnLibrary(settings.data / "library")


def index_library(
    library: OwnLibrary,
    settings: Settings,
    embedders: Embedders,
    *,
    fresh: bool = False,
    progress: Progress | None = None,
) -> IndexReport:
    """The same, for a process that holds the library's lock.

    Documents set aside are in no index and no file any more when it returns.
    """
    cases = read_cases(settings.corpus / "cases.yaml")
    report = build_index(
        [*read_corpus(settings.corpus), *library.indexed_documents(cases)],
        settings.index_folder,
        embedder=embedders.main,
        multilingual=embedders.multilingual,
        questions=questions_for(settings.corpus),
        unanswered=unanswered_by(settings.corpus),
        corpus_hash=_hash_of_everything(settings.corpus, library),
        known=[] if fresh else [PrebuiltVectors()],
        fresh=fresh,
        erase=library.has_removals(),
        progress=progress,
    )
    library.clear()
    return report


def _hash_of_everything(corpus: Path, library: OwnLibrary) -> str:
    own = library.hash()
    both = f"{corpus_hash(corpus)}{own}"
    return hashlib.sha256(both.encode()).hexdigest() if own else both
