"""Model weights are the pinned ones or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from silk_rag.adapters.embedder import (
    MINILM_SHA256,
    SentenceTransformerEmbedder,
    check_sha256,
    packaged_minilm,
)
from silk_rag.errors import ModelUnusable


def test_the_packaged_weights_are_the_published_ones() -> None:
    """The package carries the file whose hash is pinned, as safetensors and never as a pickle."""
    folder = packaged_minilm()
    check_sha256(folder / "model.safetensors", MINILM_SHA256)
    assert not list(folder.rglob("*.bin"))


def test_weights_with_another_hash_are_refused(tmp_path: Path) -> None:
    """A file that is not the published one is never loaded; the message says how to get the right one."""
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"not the weights")
    with pytest.raises(ModelUnusable, match=r"is not the one expected .*make clean run"):
        check_sha256(path, MINILM_SHA256)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    """A file that is not there is named, with what to do."""
    with pytest.raises(ModelUnusable, match=r"none\.safetensors cannot be read .*make clean run"):
        check_sha256(tmp_path / "none.safetensors", MINILM_SHA256)


def test_a_model_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """A wrong SILK_EMBEDDING_MODEL names itself and what to set; nothing is downloaded."""
    with pytest.raises(ModelUnusable, match="Set SILK_EMBEDDING_MODEL to a folder"):
        SentenceTransformerEmbedder(str(tmp_path)).warm_up()
