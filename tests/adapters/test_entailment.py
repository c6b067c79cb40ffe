"""An inference model, where one is configured, has its say on every written sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

from silk_rag.adapters.entailment import CrossEncoderEntailment
from silk_rag.bootstrap import build_entailment
from silk_rag.errors import ModelUnusable
from silk_rag.settings import Settings


def _model(folder: Path, labels: Sequence[str]) -> str:
    """A cross-encoder of a few random weights, saved as people save theirs."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "co", "##ffee", "tea", "is", "sold", "not"]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=32,
        id2label=dict(enumerate(labels)),
        label2id={name: at for at, name in enumerate(labels)},
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    return str(folder)


def test_the_probability_is_that_of_the_label_entailment(tmp_path: Path) -> None:
    """Whatever its place among the labels; all labels together make one."""
    sums = []
    for place in range(3):
        labels = ["contradiction", "neutral"]
        labels.insert(place, "entailment")
        folder = tmp_path / str(place)
        folder.mkdir()
        sums.append(CrossEncoderEntailment(_model(folder, labels)).probability("coffee is sold", "tea is sold"))
    assert all(0 < value < 1 for value in sums)


def test_a_model_of_one_output_is_read_by_its_sign(tmp_path: Path) -> None:
    """Consistency models have no labels to choose from."""
    assert 0 < CrossEncoderEntailment(_model(tmp_path, ["score"])).probability("coffee is sold", "tea is sold") < 1


def test_a_model_that_knows_no_entailment_is_refused(tmp_path: Path) -> None:
    """The message names its labels and the setting."""
    model = CrossEncoderEntailment(_model(tmp_path, ["positive", "negative"]))
    with pytest.raises(ModelUnusable, match=r"positive, negative.*SILK_NLI_MODEL"):
        model.probability("coffee is sold", "tea is sold")


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    """At the start, not at the first question; nothing is downloaded."""
    settings = replace(Settings.from_environment({}), nli_model=str(tmp_path / "none"))
    with pytest.raises(ModelUnusable, match=r"none.*SILK_NLI_MODEL"):
        build_entailment(settings)


def test_none_is_asked_unless_one_is_configured() -> None:
    """The default needs no further model."""
    assert build_entailment(Settings.from_environment({})) is None
