"""Whether an answer's citations support it: citation recall and precision in the sense of ALCE.

Gao, Yen, Yu and Chen, "Enabling Large Language Models to Generate Text with Citations" (EMNLP 2023), section 4. Their
judge is a language model of 11 billion parameters; ours is silk_rag.answering.support, whose accuracy is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from silk_rag.answering.support import check_support, says_verbatim

#: How near two texts are in meaning, from 0 to 1.
Similarity = Callable[[str, str], float]


@dataclass(frozen=True, slots=True)
class Grounding:
    """Citation recall and precision of one answer, and the sentences that are not supported, with the reason."""

    recall: float
    precision: float
    unsupported: list[str]


def grounding_of(reply: Mapping[str, Any], similarity: Similarity | None = None) -> Grounding | None:
    """Judge every sentence of an answer by what it cites; None for an answer without sentences.

    Recall: share of the sentences that all their quotations together support. Precision: share of the citations that
    count; one counts when its sentence is supported, and it supports the sentence alone or is needed by the others.
    """
    sentences: Sequence[Mapping[str, Any]] = reply["sentences"]
    if reply["abstained"] or not sentences:
        return None
    citations = {citation["number"]: citation for citation in reply["citations"]}
    recalled: list[bool] = []
    counting: list[bool] = []
    unsupported: list[str] = []
    for sentence in sentences:
        cited = [citations[number] for number in sentence["citations"] if number in citations]
        judge = _Judge(reply, sentence["text"], similarity)
        fault = judge.fault(cited)
        recalled.append(fault is None)
        if fault is not None:
            unsupported.append(f"{fault}: {sentence['text']}")
        counting.extend(fault is None and judge.counts(citation, cited) for citation in cited)
    precision = sum(counting) / len(counting) if counting else 0.0
    return Grounding(sum(recalled) / len(recalled), precision, unsupported)


@dataclass(frozen=True, slots=True)
class _Judge:
    reply: Mapping[str, Any]
    sentence: str
    similarity: Similarity | None

    def fault(self, cited: Sequence[Mapping[str, Any]]) -> str | None:
        """What is wrong when the sentence rests on these citations; None when nothing is."""
        quotes = [citation["quote"] for citation in cited]
        if any(says_verbatim(quote, self.sentence) for quote in quotes):
            return None
        near = (
            max((self.similarity(self.sentence, quote) for quote in quotes), default=0.0) if self.similarity else None
        )
        support = check_support(
            self.sentence,
            quotes,
            similarity=near,
            attribution=". ".join(". ".join((c["document"], *c["heading_path"])) for c in cited),
            translated=self.reply["mode"] == "generative" and self.reply["language"] != "en",
        )
        return None if support.supported else ", ".join(support.faults) or "unrelated"

    def counts(self, citation: Mapping[str, Any], cited: Sequence[Mapping[str, Any]]) -> bool:
        """Whether a citation of a supported sentence does something for it."""
        others = [other for other in cited if other is not citation]
        return self.fault([citation]) is None or self.fault(others) is not None
