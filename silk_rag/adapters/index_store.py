"""One index snapshot as an SQLite file: documents, passages and every vector, keyed by what was embedded.

The file is written once, beside the index in use, and never changed: Chroma and the keyword index are made from it
and can be made again. Vectors are kept as float16, which costs about a thousandth in similarity and halves the file.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from silk_rag.documents import Document, Heading, Passage, Sentence, SourceSpan
from silk_rag.errors import IndexUnusable
from silk_rag.retrieval.late_interaction import DIMENSIONS, TokenVectors
from silk_rag.retrieval.ports import Matrix
from silk_rag.retrieval.snapshot import Snapshot, UnitVectors

REBUILD = "Run `silk-rag ingest` to build it again."
_SCHEMA = """
create table documents (
    position integer primary key, id text unique not null, title text, kind text, source text, text text
);
create table passages (
    row integer primary key, id text unique not null, document_id text not null, body text not null
);
create table units (
    unit text, position integer, passage_row integer, model text, key text, primary key (unit, position)
);
create table vectors (model text, key text, data blob, primary key (model, key)) without rowid;
create table token_vectors (model text, key text, data blob, primary key (model, key)) without rowid;
create table projections (model text primary key, data blob);
"""


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


@contextmanager
def new_store(path: Path) -> Iterator[sqlite3.Connection]:
    """A new snapshot file with its tables; committed, and on disk, when the block ends without an error."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(_SCHEMA)
        yield database
        database.commit()


def write_documents(database: sqlite3.Connection, documents: Sequence[Document]) -> None:
    """Store documents and their passages, rows numbered in order."""
    database.executemany(
        "insert into documents values (?, ?, ?, ?, ?, ?)",
        [(n, d.id, d.title, d.kind, d.source, d.text) for n, d in enumerate(documents)],
    )
    passages = [passage for document in documents for passage in document.passages]
    database.executemany(
        "insert into passages values (?, ?, ?, ?)",
        [(row, passage.id, passage.document_id, json.dumps(_body(passage))) for row, passage in enumerate(passages)],
    )


def write_units(
    database: sqlite3.Connection,
    unit: str,
    model: str,
    rows: Sequence[int],
    keys: Sequence[str],
    data: Mapping[str, bytes],
) -> None:
    """Store units of one kind: which passage each belongs to, and its vector by key."""
    database.executemany(
        "insert or ignore into vectors values (?, ?, ?)", [(model, k, data[k]) for k in dict.fromkeys(keys)]
    )
    database.executemany(
        "insert into units values (?, ?, ?, ?, ?)",
        [(unit, position, row, model, key) for position, (row, key) in enumerate(zip(rows, keys, strict=True))],
    )


def write_tokens(database: sqlite3.Connection, model: str, projection: Matrix, data: Mapping[str, bytes]) -> None:
    """Store reduced token vectors by the key of their passage's text, and the projection they were reduced by."""
    database.execute("insert into projections values (?, ?)", (model, projection.astype(np.float32).tobytes()))
    database.executemany(
        "insert into token_vectors values (?, ?, ?)", [(model, key, blob) for key, blob in data.items()]
    )


def read_snapshot(path: Path, snapshot_id: str) -> tuple[Snapshot, Matrix]:
    """The snapshot and the passages' own vectors, shape (passages, dimensions).

    Raises IndexUnusable when the file is missing, damaged, or holds fewer vectors than passages.
    """
    if not path.exists():
        raise IndexUnusable(f"The index file {path.name} is missing. {REBUILD}")
    try:
        with closing(_connect(path)) as database:
            passages = tuple(_passages(database))
            documents = _documents(database, passages)
            units = {unit: _units(database, unit) for (unit,) in database.execute("select distinct unit from units")}
            tokens = _tokens(database)
    except (sqlite3.DatabaseError, KeyError, ValueError, TypeError) as error:
        raise IndexUnusable(f"The index file {path.name} is damaged ({error}). {REBUILD}") from error
    own = units.pop("passages", None)
    if own is None or len(own.rows) != len(passages):
        raise IndexUnusable(f"The index file {path.name} is incomplete. {REBUILD}")
    return Snapshot(snapshot_id, documents, passages, units, tokens), own.vectors


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)


def _body(passage: Passage) -> dict[str, Any]:
    body = asdict(passage)
    body["sentences"] = [[s.start, s.end, s.label] for s in passage.sentences]
    body["heading_path"] = [[h.text, h.editorial] for h in passage.heading_path]
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
    rows: list[int] = []
    pieces: list[bytes] = []
    query = "select passage_row, data from units join vectors using (model, key) where unit = ? order by position"
    for row, data in database.execute(query, (unit,)):
        rows.append(row)
        pieces.append(data)
    vectors = np.frombuffer(b"".join(pieces), dtype=np.float16).reshape(len(rows), -1).astype(np.float32)
    return UnitVectors(vectors, np.array(rows, dtype=np.int32))


def _tokens(database: sqlite3.Connection) -> TokenVectors | None:
    """Token vectors of the passages in row order, as far as they have them from the first one on."""
    row = database.execute("select model from projections").fetchone()
    projection = _projection(database, row[0]) if row else None
    if row is None or projection is None:
        return None
    query = """
        select data from units join token_vectors using (model, key)
        where unit = 'passages' and model = ? order by position
    """
    pieces = [data for (data,) in database.execute(query, row)]
    width = projection.shape[1]
    counts = [len(piece) // (2 * width) for piece in pieces]
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    vectors = np.frombuffer(b"".join(pieces), dtype=np.float16).reshape(-1, width).astype(np.float32)
    return TokenVectors(vectors, starts, projection)


def _projection(database: sqlite3.Connection, model: str) -> Matrix | None:
    row = database.execute("select data from projections where model = ?", (model,)).fetchone()
    return np.frombuffer(row[0], dtype=np.float32).reshape(-1, DIMENSIONS) if row else None
