"""One index snapshot as an SQLite file: documents, passages and every vector, keyed by what was embedded.

The file is written once, beside the index in use, and never changed: Chroma and the keyword index are made from it
and can be made again. Vectors are kept as float16, which costs about a thousandth in similarity and halves the file.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from silk_rag.documents import Document, Heading, Passage, Sentence, SourceSpan
from silk_rag.errors import IndexUnusable
from silk_rag.retrieval.late_interaction import DIMENSIONS, TokenVectors
from silk_rag.retrieval.ports import Matrix
from silk_rag.retrieval.snapshot import Snapshot, UnitVectors

REBUILD = "Run `silk-rag ingest` to build it again."
#: Vectors are appended in the order they come and found by a narrow index: in a table ordered by their keys, which are
#: hashes, every insertion would touch another page.
_SCHEMA = """
create table documents (
    position integer primary key, id text unique not null, title text, kind text, source text, text text
);
create table passages (
    row integer primary key, id text unique not null, document_id text not null, body text not null
);
create table vectors (id integer primary key, model text not null, key text not null, data blob not null);
create unique index vectors_by_key on vectors (model, key);
create table units (
    unit text, position integer, passage_row integer not null, vector integer not null, primary key (unit, position)
) without rowid;
create table token_vectors (id integer primary key, model text not null, key text not null, data blob not null);
create unique index token_vectors_by_key on token_vectors (model, key);
create table projections (model text primary key, data blob not null);
create table passage_keys (row integer primary key, key text not null);
create table answering (question integer, sentence integer, place integer, primary key (question, sentence));
"""
#: The file is nobody's until it is published, and flushed to disk then: a journal would only double the writing.
_PRAGMAS = (
    "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536; pragma temp_store = memory;"
)
#: The unit that has exactly one vector a passage.
PASSAGES = "passages"
_ANSWERING = "select question, sentence, place from answering order by question, place"
#: Rows read at a time: vectors are copied straight into their matrix.
_READ = 4_096


def key_of(text: str) -> str:
    """The key of a text's vector: the same text is embedded once."""
    return hashlib.sha256(text.encode()).hexdigest()


class StoredVectors:
    """The vectors of an earlier snapshot, looked up by model and text, so that only what is new is embedded.

    A damaged or missing snapshot only means that everything is embedded again.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path if path is not None and path.exists() else None

    def find(self, model: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Those of the keys that are stored, with their vectors as float16 bytes."""
        return self._find("vectors", model, keys)

    def find_tokens(self, model: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Those of the keys that are stored, with their reduced token vectors as float16 bytes."""
        return self._find("token_vectors", model, keys)

    def projection(self, model: str) -> Matrix | None:
        """The projection that the stored token vectors were reduced by."""
        if self._path is None:
            return None
        try:
            with closing(_connect(self._path)) as database:
                return _projection(database, model)
        except sqlite3.DatabaseError:
            return None

    def _find(self, table: str, model: str, keys: Iterable[str]) -> dict[str, bytes]:
        if self._path is None:
            return {}
        wanted = list(dict.fromkeys(keys))
        found: dict[str, bytes] = {}
        try:
            with closing(_connect(self._path)) as database:
                for start in range(0, len(wanted), 500):
                    part = wanted[start : start + 500]
                    marks = ",".join("?" * len(part))
                    query = f"select key, data from {table} where model = ? and key in ({marks})"  # noqa: S608 (no input)
                    found.update(database.execute(query, (model, *part)))
        except sqlite3.DatabaseError:
            return {}
        return found


class StoreWriter:
    """The tables of a new snapshot. Several threads may add vectors at once."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._lock = threading.Lock()

    def add_documents(self, documents: Sequence[Document]) -> None:
        """Keep documents and their passages, rows numbered in order."""
        passages = (passage for document in documents for passage in document.passages)
        with self._lock:
            self._database.executemany(
                "insert into documents values (?, ?, ?, ?, ?, ?)",
                ((n, d.id, d.title, d.kind, d.source, d.text) for n, d in enumerate(documents)),
            )
            self._database.executemany(
                "insert into passages values (?, ?, ?, ?)",
                ((row, p.id, p.document_id, json.dumps(_body(p))) for row, p in enumerate(passages)),
            )

    def add_vectors(self, model: str, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors, as float16 bytes by key; those that are there already stay."""
        self._add("vectors", model, vectors)

    def add_tokens(self, model: str, tokens: Mapping[str, bytes]) -> None:
        """Keep reduced token vectors by the key of their passage's text."""
        self._add("token_vectors", model, tokens)

    def add_projection(self, model: str, projection: Matrix) -> None:
        """Keep the projection that token vectors were reduced by, shape (model dimensions, dimensions)."""
        with self._lock:
            self._database.execute(
                "insert into projections values (?, ?)", (model, projection.astype(np.float32).tobytes())
            )

    def add_units(self, unit: str, model: str, rows: Sequence[int], texts: Sequence[str]) -> None:
        """Keep units of one kind: which passage each belongs to, and its vector, which must be there."""
        query = "insert into units select ?, ?, ?, id from vectors where model = ? and key = ?"
        with self._lock:
            before = self._database.total_changes
            self._database.executemany(
                query,
                (
                    (unit, position, row, model, key_of(text))
                    for position, (row, text) in enumerate(zip(rows, texts, strict=True))
                ),
            )
            if self._database.total_changes - before != len(texts):
                raise IndexUnusable(f"Vectors are missing for some of the {unit}. {REBUILD}")
            if unit == PASSAGES:
                self._database.executemany(
                    "insert into passage_keys values (?, ?)",
                    ((row, key_of(t)) for row, t in zip(rows, texts, strict=True)),
                )

    def add_answering(self, marks: Sequence[tuple[int, int, int]]) -> None:
        """Keep which sentences answer which editors' questions: (question, sentence, place), see `Snapshot`."""
        with self._lock:
            self._database.executemany("insert or ignore into answering values (?, ?, ?)", marks)

    def _add(self, table: str, model: str, data: Mapping[str, bytes]) -> None:
        query = f"insert or ignore into {table} (model, key, data) values (?, ?, ?)"  # noqa: S608 (no input)
        with self._lock:
            self._database.executemany(query, ((model, key, blob) for key, blob in data.items()))


@contextmanager
def new_store(path: Path) -> Iterator[StoreWriter]:
    """A new snapshot file with its tables, complete when the block ends without an error.

    Raises IndexUnusable when it cannot be written.
    """
    try:
        with closing(sqlite3.connect(path, check_same_thread=False)) as database:
            database.executescript(_PRAGMAS + _SCHEMA)
            yield StoreWriter(database)
            database.commit()
    except sqlite3.Error as error:
        raise IndexUnusable(f"The index cannot be written ({error}). Is the disk full?") from error


def read_snapshot(path: Path, snapshot_id: str) -> tuple[Snapshot, Matrix]:
    """The snapshot and the passages' own vectors, shape (passages, dimensions).

    Raises IndexUnusable when the file is missing, damaged, or holds fewer vectors than passages.
    """
    with _reading(path) as database:
        passages = tuple(_passages(database))
        documents = _documents(database, passages)
        names = [name for (name,) in database.execute("select distinct unit from units")]
        units = {name: _units(database, name) for name in names}
        tokens = _tokens(database)
        answering = np.array(database.execute(_ANSWERING).fetchall(), dtype=np.int32).reshape(-1, 3)
    own = units.pop(PASSAGES, None) or UnitVectors(np.empty((0, 1), dtype=np.float32), np.empty(0, dtype=np.int32))
    if len(own.rows) != len(passages):
        raise IndexUnusable(f"The index file {path.name} is incomplete. {REBUILD}")
    return Snapshot(snapshot_id, documents, passages, units, tokens, answering), own.vectors


def read_passage_vectors(path: Path) -> Matrix:
    """The passages' own vectors alone, shape (passages, dimensions). Raises IndexUnusable as `read_snapshot` does."""
    with _reading(path) as database:
        return _units(database, PASSAGES).vectors


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.exists():
        raise IndexUnusable(f"The index file {path.name} is missing. {REBUILD}")
    try:
        with closing(_connect(path)) as database:
            yield database
    except (sqlite3.DatabaseError, KeyError, ValueError, TypeError) as error:
        raise IndexUnusable(f"The index file {path.name} is damaged ({error}). {REBUILD}") from error


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)


def _body(passage: Passage) -> dict[str, Any]:
    body: dict[str, Any] = {field.name: getattr(passage, field.name) for field in fields(passage)}
    body["sentences"] = [[s.start, s.end, s.label] for s in passage.sentences]
    body["heading_path"] = [[h.text, h.editorial] for h in passage.heading_path]
    body["source"] = asdict(passage.source)
    return body


def _passages(database: sqlite3.Connection) -> Iterator[Passage]:
    for (text,) in database.execute("select body from passages order by row"):
        body = json.loads(text)
        body["sentences"] = tuple(Sentence(*sentence) for sentence in body["sentences"])
        body["heading_path"] = tuple(Heading(*heading) for heading in body["heading_path"])
        body["source"] = SourceSpan(**body["source"])
        body["cases"] = tuple(body["cases"])
        yield Passage(**body)


def _documents(database: sqlite3.Connection, passages: Sequence[Passage]) -> dict[str, Document]:
    by_document: dict[str, list[Passage]] = {}
    for passage in passages:
        by_document.setdefault(passage.document_id, []).append(passage)
    rows = database.execute("select id, title, kind, source, text from documents order by position")
    return {
        identity: Document(identity, title, kind, text, tuple(by_document.get(identity, ())), source)
        for identity, title, kind, source, text in rows
    }


def _units(database: sqlite3.Connection, unit: str) -> UnitVectors:
    (count,) = database.execute("select count(*) from units where unit = ?", (unit,)).fetchone()
    query = """
        select passage_row, data from units join vectors on vectors.id = units.vector where unit = ? order by position
    """
    rows = np.empty(count, dtype=np.int32)
    vectors = np.empty((0, 1), dtype=np.float32)
    filled = 0
    cursor = database.execute(query, (unit,))
    while part := cursor.fetchmany(_READ):
        if not filled:
            vectors = np.empty((count, len(part[0][1]) // 2), dtype=np.float32)
        end = filled + len(part)
        rows[filled:end] = [row for row, _ in part]
        vectors[filled:end] = _matrix([data for _, data in part], vectors.shape[1])
        filled = end
    if filled != count:
        raise ValueError(f"{count - filled} vectors of {unit} are missing")
    return UnitVectors(vectors, rows)


def _tokens(database: sqlite3.Connection) -> TokenVectors | None:
    """Token vectors of the passages in row order, as far as they have them from the first one on."""
    row = database.execute("select model from projections").fetchone()
    projection = _projection(database, row[0]) if row else None
    if row is None or projection is None:
        return None
    query = """
        select row, data from passage_keys join token_vectors using (key) where model = ? order by row
    """
    pieces: list[bytes] = []
    for passage_row, data in database.execute(query, row):
        if passage_row != len(pieces):
            break
        pieces.append(data)
    width = projection.shape[1]
    starts = np.concatenate(([0], np.cumsum([len(piece) // (2 * width) for piece in pieces]))).astype(np.int64)
    vectors = np.empty((int(starts[-1]), width), dtype=np.float32)
    for at, piece in enumerate(pieces):
        vectors[starts[at] : starts[at + 1]] = np.frombuffer(piece, dtype=np.float16).reshape(-1, width)
    return TokenVectors(vectors, starts, projection)


def _matrix(pieces: Sequence[bytes], width: int) -> NDArray[np.float16]:
    return np.frombuffer(b"".join(pieces), dtype=np.float16).reshape(len(pieces), width)


def _projection(database: sqlite3.Connection, model: str) -> Matrix | None:
    row = database.execute("select data from projections where model = ?", (model,)).fetchone()
    return np.frombuffer(row[0], dtype=np.float32).reshape(-1, DIMENSIONS) if row else None
