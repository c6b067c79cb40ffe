"""Natural language inference by a cross-encoder of sentence-transformers, where one is configured.

None is shipped; hubs have them, for instance cross-encoder/nli-deberta-v3-small (Apache-2.0).
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

from silk_rag.errors import ModelUnusable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class CrossEncoderEntailment:
    """Says how probable it is that a sentence follows from quotations; loaded at first use. Thread-safe."""

    def __init__(self, model: str, *, offline: bool = True) -> None:
        self.name = model
        self._offline = offline
        self._lock = threading.Lock()
        self._model: CrossEncoder | None = None
        self._label = 0

    def warm_up(self) -> None:
        """Load the weights now. Raises ModelUnusable when they cannot be used."""
        with self._lock:
            self._loaded()

    def probability(self, premise: str, hypothesis: str) -> float:
        """From 0 to 1. Raises ModelUnusable when the model is missing or does not tell entailment from the rest."""
        with self._lock:
            model = self._loaded()
            raw: Any = model.predict([(premise, hypothesis)], activation_fn=_identity(), show_progress_bar=False)
        logits = np.asarray(raw, dtype=np.float64).reshape(-1)
        if len(logits) == 1:  # a model with one output says "consistent" by its sign
            return float(1 / (1 + np.exp(-logits[0])))
        exponents = np.exp(logits - logits.max())
        return float((exponents / exponents.sum())[self._label])

    def _loaded(self) -> CrossEncoder:
        if self._model is None:
            if self._offline:
                os.environ.setdefault("HF_HUB_OFFLINE", "1")
            from sentence_transformers import CrossEncoder

            try:
                model = CrossEncoder(
                    self.name, device="cpu", trust_remote_code=False, local_files_only=self._offline,
                    model_kwargs={"use_safetensors": True},
                )  # fmt: skip
            except (OSError, ValueError) as error:
                raise ModelUnusable(
                    f"The inference model {self.name!r} cannot be loaded ({error}). Set SILK_NLI_MODEL to a folder "
                    "with a cross-encoder, or unset it to do without one."
                ) from error
            self._label = _entailment_label(model, self.name)
            self._model = model
        return self._model


def _entailment_label(model: CrossEncoder, name: str) -> int:
    """Which output stands for entailment; 0 for a model with one output."""
    config: Any = getattr(model.model, "config", None)
    labels: dict[int, str] = dict(config.id2label)
    if len(labels) == 1:
        return 0
    found = [at for at, label in labels.items() if label.lower().startswith("entail")]
    if len(found) != 1:
        raise ModelUnusable(
            f"The inference model {name!r} has the outputs {', '.join(labels.values())}, none of them entailment. Set "
            "SILK_NLI_MODEL to a model trained for natural language inference, or unset it."
        )
    return found[0]


def _identity() -> Any:  # noqa: ANN401 (torch is loaded late)
    from torch.nn import Identity

    return Identity()
