"""How the thresholds of abstention part the development questions.

For each signal of silk_rag.answering.abstention: where the questions that can be answered lie, where those that cannot,
and what the shipped threshold refuses of each. The test questions are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from evals.samples import Sample, load_samples
from silk_rag.answering.abstention import Signals, signals_of

if TYPE_CHECKING:
    from silk_rag.bootstrap import Services

#: Signals with the threshold that each is compared with.
_THRESHOLDS = {
    "question": "off_topic_question",
    "words": "off_topic_words",
    "question_multilingual": "off_topic_multilingual",
    "answerable": "answerable",
    "counted_thing": "counted_thing",
    "figure": "figure",
}


def calibration_lines(services: Services, samples: Sequence[Sample] | None = None) -> Iterator[str]:
    """One line a signal."""
    asked = list(samples) if samples is not None else load_samples("dev")
    measured = [(sample, _signals(services, sample)) for sample in asked]
    calibration = services.assistant.calibration
    heads = (f"{'signal':24}{'threshold':>10}   ", f"{'answerable: lowest, 5 %':26}", f"{'refused':10}")
    yield "".join((*heads, f"{'unanswerable: median':22}refused"))
    for signal, threshold_name in _THRESHOLDS.items():
        threshold = getattr(calibration, threshold_name)
        yes = _values(measured, signal, answerable=True)
        no = _values(measured, signal, answerable=False)
        sides = (f"{_low(yes):26}", f"{_below(yes, threshold):10}", f"{_middle(no):22}", _below(no, threshold))
        yield f"{signal:24}{threshold:10.2f}   {''.join(sides)}"


def _signals(services: Services, sample: Sample) -> Signals:
    retriever = services.retriever
    query = retriever.understand(sample.question)
    return signals_of(query, retriever.retrieve(query, 8), services.assistant.evidence)


def _values(measured: Sequence[tuple[Sample, Signals]], signal: str, *, answerable: bool) -> list[float]:
    found = [
        getattr(signals, signal)
        for sample, signals in measured
        if sample.answerable == answerable and (sample.language != "en") == (signal == "question_multilingual")
    ]
    return [value for value in found if value is not None]


def _low(values: Sequence[float]) -> str:
    return f"{min(values):.2f}, {np.percentile(values, 5):.2f} of {len(values)}" if values else "-"


def _middle(values: Sequence[float]) -> str:
    return f"{np.median(values):.2f} of {len(values)}" if values else "-"


def _below(values: Sequence[float], threshold: float) -> str:
    return str(sum(value < threshold for value in values))
