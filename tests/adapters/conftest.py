"""A small corpus of two real documents, and an index over it made with the fake embedder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ingest.corpus import corpus_hash, read_corpus
from ingest.index import IndexReport, build_index, questions_for
from silk_rag.settings import Settings
from silk_rag.testing import HashingTokenEmbedder

CORPUS = Settings().corpus
DOCUMENTS = ("foreword", "box-scotland")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> SmallIndex:
    """The small corpus and its index, made once; tests get copies."""
    folder = tmp_path_factory.mktemp("small")
    index = SmallIndex(_small_corpus(folder / "corpus"), folder / "index")
    index.build()
    return index


def _small_corpus(folder: Path) -> Path:
    """Two documents of the corpus with what they need."""
    for name in DOCUMENTS:
        for path in (f"documents/{name}.md", f"questions/{name}.yaml"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CORPUS / path, folder / path)
    (folder / "source").mkdir()
    shutil.copy(CORPUS / "source" / "silk-2022.txt", folder / "source")
    shutil.copy(CORPUS / "cases.yaml", folder)
    return folder


@dataclass
class SmallIndex:
    """An index that can be built again; `embedder.embedded` counts what was embedded."""

    corpus: Path
    folder: Path
    embedder: HashingTokenEmbedder = field(default_factory=HashingTokenEmbedder)

    def build(self, **choices: Any) -> IndexReport:
        """Bring it up to date with the corpus."""
        return build_index(
            read_corpus(self.corpus),
            self.folder,
            embedder=self.embedder,
            multilingual=None,
            questions=questions_for(self.corpus),
            corpus_hash=corpus_hash(self.corpus),
            **choices,
        )

    def edit(self, before: str, after: str) -> None:
        """Change some words of the corpus."""
        for path in (self.corpus / "documents").glob("*.md"):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(before, after), encoding="utf-8")

    def elsewhere(self, folder: Path) -> SmallIndex:
        """A copy of its files in a folder that no Chroma of this process has opened."""
        shutil.copytree(self.folder, folder)
        return SmallIndex(self.corpus, folder, self.embedder)

    @property
    def snapshots(self) -> list[Path]:
        """The folders of all snapshots."""
        return sorted(path for path in self.folder.iterdir() if path.is_dir())


@pytest.fixture
def small_index(built: SmallIndex, tmp_path: Path) -> SmallIndex:
    """An index that has been built once, in a folder that no Chroma of this process has opened."""
    shutil.copytree(built.corpus, tmp_path / "corpus")
    shutil.copytree(built.folder, tmp_path / "index")
    embedder = HashingTokenEmbedder()
    embedder.embedded = built.embedder.embedded
    return SmallIndex(tmp_path / "corpus", tmp_path / "index", embedder)
