"""How fast an index is built, and with how much memory: `python -m benchmarks.indexing`.

    --passages 10000 100000   build an index of so many passages of 100 words with vectors that cost nothing to compute
    --sample 300              build one with the real models
    --pdf 300                 make a PDF of so many pages, add it with the real models, and add it again

Each runs in a process of its own, so that the peak of its memory is its own.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import random
import re
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ingest.index import build_index
from silk_rag.adapters.index_folder import open_index
from silk_rag.documents import Document, Passage, Sentence, SourceSpan
from silk_rag.retrieval.ports import Matrix, TokenEmbedding, Vector
from silk_rag.settings import Settings

WORDS = 5_000
PASSAGES_PER_DOCUMENT = 100
SENTENCES, WORDS_PER_SENTENCE = 5, 20


class FreeEmbedder:
    """An embedder that costs next to nothing: random unit vectors, the same for the same text."""

    def __init__(self, name: str, dimensions: int = 384) -> None:
        self.name = name
        self._dimensions = dimensions

    def embed_query(self, text: str) -> Vector:
        """The embedding of one question, shape (dimensions,)."""
        vector: Vector = self.embed_passages([text])[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """Embeddings of passages or sentences, shape (texts, dimensions)."""
        return np.stack([self._direction(text, 1)[0] for text in texts])

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenEmbedding]:
        """One result a text, with a token a word."""
        places = self.piece_places(texts)
        return [
            TokenEmbedding(self._direction(text, 1)[0], text.split(), self._direction(text, len(own)), own)
            for text, own in zip(texts, places, strict=True)
        ]

    def piece_places(self, texts: Sequence[str]) -> list[Sequence[tuple[int, int]]]:
        """Where each word stands in its text."""
        return [[(found.start(), found.end()) for found in re.finditer(r"\S+", text)] for text in texts]

    def _direction(self, text: str, count: int) -> Matrix:
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        drawn = np.random.default_rng(seed).standard_normal((count, self._dimensions), dtype=np.float32)
        vectors: Matrix = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return vectors


def documents(passages: int) -> list[Document]:
    """Documents of random words, some common and most rare, as in a language."""
    chosen = random.Random(0)  # noqa: S311 (no secret)
    vocabulary = ["".join(chosen.choices("aeioubcdfglmnprst", k=chosen.randint(3, 10))) for _ in range(WORDS)]
    weights = [1 / (rank + 3) for rank in range(WORDS)]
    made: list[Document] = []
    for first in range(0, passages, PASSAGES_PER_DOCUMENT):
        name = f"document-{first // PASSAGES_PER_DOCUMENT}"
        numbers = range(first, min(first + PASSAGES_PER_DOCUMENT, passages))
        own = tuple(_passage(name, number, vocabulary, weights, chosen) for number in numbers)
        made.append(Document(name, name, "own", "\n\n".join(passage.text for passage in own), own, name))
    return made


def _passage(
    name: str, number: int, vocabulary: Sequence[str], weights: Sequence[float], chosen: random.Random
) -> Passage:
    words = chosen.choices(vocabulary, weights, k=SENTENCES * WORDS_PER_SENTENCE)
    parts = [" ".join(words[at : at + WORDS_PER_SENTENCE]) + "." for at in range(0, len(words), WORDS_PER_SENTENCE)]
    sentences: list[Sentence] = []
    for part in parts:
        start = sentences[-1].end + 1 if sentences else 0
        sentences.append(Sentence(start, start + len(part)))
    span = SourceSpan(name, number + 1, number + 1, "page")
    return Passage(f"{name}-{number}", name, name, "own", (), " ".join(parts), 0, tuple(sentences), span)


def measure_free(passages: int) -> None:
    """Build with vectors that cost nothing; then open, ask, add a document, build again."""
    made = documents(passages)
    main, second = FreeEmbedder("free"), FreeEmbedder("free-multilingual")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        print(f"{passages:,} passages, {passages * SENTENCES * 2:,} sentence vectors, vectors free of cost:")
        report = build_index(made, place, embedder=main, multilingual=second, questions={}, corpus_hash="1")
        print(f"  built in {report.seconds:.0f} s: {passages / report.seconds:,.0f} passages/s, {_peak()}", flush=True)
        more = [*made, *(replace(each, id="new", passages=_renamed(each)) for each in documents(1))]
        report = build_index(more, place, embedder=main, multilingual=second, questions={}, corpus_hash="2")
        print(f"  one passage more in {report.seconds:.0f} s: {report.embedded} texts embedded, {_peak()}", flush=True)
        size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 2e6
        print(f"  a snapshot takes {size:,.0f} MB on disk")
        child = multiprocessing.get_context("spawn").Process(target=measure_open, args=(place,))
        child.start()
        child.join()


def _renamed(document: Document) -> tuple[Passage, ...]:
    return tuple(replace(each, id="new-1", document_id="new", document_title="new") for each in document.passages)


def measure_open(place: Path) -> None:
    """Open an index in a process that did not build it."""
    started = time.monotonic()
    opened = open_index(place)
    vector = FreeEmbedder("free").embed_query("What is new?")
    opened.vectors.nearest(vector, 60)
    print(f"  opened in {time.monotonic() - started:.1f} s, {_peak()}")


def measure_sample(passages: int) -> None:
    """Build with the real models."""
    from silk_rag.bootstrap import build_embedders

    settings = replace(Settings.from_environment(), threads=2)
    embedders = build_embedders(settings)
    embedders.main.embed_query("Loaded before the clock starts.")
    made = documents(passages)
    for name, second in (("one model", None), ("both models", embedders.multilingual)):
        with tempfile.TemporaryDirectory() as folder:
            report = build_index(
                made, Path(folder), embedder=embedders.main, multilingual=second, questions={}, corpus_hash="1"
            )
        rate = passages / report.seconds
        print(f"{passages:,} passages, {name}: {report.seconds:.0f} s, {rate:.1f} passages/s, {_peak()}")


def measure_pdf(pages: int) -> None:
    """Add a long PDF to the papers, and add it again."""
    from ingest.own.add import add_files
    from ingest.update import update_index
    from silk_rag.bootstrap import build_embedders

    settings = replace(Settings.from_environment(), threads=2)
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(settings, data=Path(folder) / "data")
        embedders = build_embedders(settings)
        report = update_index(settings, embedders)
        before = report.passages
        path = Path(folder) / "long.pdf"
        words = _write_pdf(path, pages, settings.corpus)
        started = time.monotonic()
        (result,) = add_files([path], settings, embedders)
        seconds = time.monotonic() - started
        report = update_index(settings, embedders)
        added = report.passages - before
        print(
            f"PDF of {pages} pages, {words:,} words: {added:,} passages in {seconds:.0f} s ({result.status}), {_peak()}"
        )
        started = time.monotonic()
        (result,) = add_files([path], settings, embedders)
        print(f"  again: {result.status} in {time.monotonic() - started:.1f} s, nothing embedded: {report.up_to_date}")


def _write_pdf(path: Path, pages: int, corpus: Path) -> int:
    """A report in the papers' words, 330 a page, no two sentences alike; returns its words."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    from ingest.corpus import read_corpus

    chosen = random.Random(0)  # noqa: S311 (no secret)
    papers = [p for document in read_corpus(corpus) if document.kind != "tool" for p in document.passages]
    halves = [split for p in papers for s in p.sentences if len(split := p.quote(s).rstrip(".").split()) >= 10]
    styles = getSampleStyleSheet()
    story: list[object] = []
    count = 0
    for page in range(1, pages + 1):
        for part in range(1, 4):
            words: list[str] = []
            while len(words) < 110:
                one, other = chosen.sample(halves, 2)
                words += [one[0].capitalize(), *one[1 : len(one) // 2], *other[len(other) // 2 : -1], f"{other[-1]}."]
            count += len(words)
            story += [
                Paragraph(f"Part {page}.{part}", styles["Heading2"]),
                Paragraph(" ".join(words), styles["BodyText"]),
            ]
        story.append(PageBreak())
    SimpleDocTemplate(str(path)).build(story)
    return count


def _peak() -> str:
    used = resource.getrusage(resource.RUSAGE_SELF)
    # Time on the processor tells more than the clock where others use the machine too.
    return f"{used.ru_utime + used.ru_stime:.0f} s of computing so far, peak memory {used.ru_maxrss / 1e6:.2f} GB"


def main() -> None:
    """Measure what was asked for; by default 10,000 passages, a sample and the PDF."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, nargs="*", default=[10_000])
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--pdf", type=int, default=300)
    options = parser.parse_args()
    tasks: list[tuple[Callable[[int], None], int]] = [(measure_free, count) for count in options.passages]
    tasks += [(measure_sample, options.sample), (measure_pdf, options.pdf)]
    for task, amount in tasks:
        if amount:
            process = multiprocessing.get_context("spawn").Process(target=task, args=(amount,))
            process.start()
            process.join()


if __name__ == "__main__":
    main()
