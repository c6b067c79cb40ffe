"""What the tests of own documents share: a place to add them to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.own.add import AddResult, add_files
from ingest.update import library_of
from silk_rag.bootstrap import Embedders
from silk_rag.documents import Document
from silk_rag.settings import Settings
from silk_rag.testing import HashingTokenEmbedder

#: Words that stand in no paper: found anywhere, they come from the document that was added.
CANARY = "Zanzibari lamp weavers"
Write = Callable[[str, bytes | str], Path]


@dataclass(frozen=True)
class Desk:
    """Settings over a corpus of two papers, and an embedder that counts."""

    settings: Settings
    embedder: HashingTokenEmbedder

    @property
    def embedders(self) -> Embedders:
        """The models as the functions want them."""
        return Embedders(self.embedder, None)

    def add(self, *paths: Path) -> list[AddResult]:
        """Add files."""
        return add_files(paths, self.settings, self.embedders)

    def added(self, path: Path) -> Document:
        """Add one file, which must be accepted; returns its document as it is indexed."""
        (result,) = self.add(path)
        assert result.document is not None, result.message
        library = library_of(self.settings)
        return next(each for each in library.indexed_documents(()) if each.id == result.document.id)

    def files(self) -> Iterator[Path]:
        """Every file of the data folder."""
        return (path for path in self.settings.data.rglob("*") if path.is_file())
