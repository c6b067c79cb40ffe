"""Measures of retrieval and answers, each a function of one sample and one reply in the shape of the HTTP contract.

A quote counts as found when its letters and digits stand in a passage (with its nearest heading) in one run: spaces,
hyphens and punctuation are ignored, for the gold quotes keep the extraction's damage ("concentrati on of power") and
the corpus has mended it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from evals.samples import Sample
from ingest.alignment import letters_of

_MARK = re.compile(r"\[(\d+)\](?!\()")
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
    }
)


def passage_letters(passage: Mapping[str, Any]) -> str:
    """What of a retrieved passage is compared with a gold quote: its nearest heading and its text."""
    text = letters_of(passage["text"])
    heading = letters_of(passage["heading_path"][-1]) if passage["heading_path"] else ""
    return text if text.startswith(heading) else heading + text


def evidence_recall(sample: Sample, passages: Sequence[Mapping[str, Any]], k: int) -> float:
    """Share of the wanted quotes that stand in the first k passages (Evidence recall@k of datasets/README.md)."""
    texts = [passage_letters(passage) for passage in passages[:k]]
    found = [_stands(quote, texts) for quote in sample.evidence]
    if sample.evidence_any:
        found.append(any(_stands(quote, texts) for quote in sample.evidence_any))
    return sum(found) / len(found)


def evidence_gains(sample: Sample, passages: Sequence[Mapping[str, Any]]) -> list[int]:
    """For each passage, best first, how many of the wanted quotes it is the first to hold.

    A passage shown twice gains nothing the second time; all of `evidence_any` count as one quote.
    """
    groups: list[tuple[str, ...]] = [(quote,) for quote in sample.evidence]
    if sample.evidence_any:
        groups.append(sample.evidence_any)
    gains: list[int] = []
    for passage in passages:
        text = passage_letters(passage)
        left = [group for group in groups if not any(_stands(quote, [text]) for quote in group)]
        gains.append(len(groups) - len(left))
        groups = left
    return gains


def evidence_cited(sample: Sample, citations: Sequence[Mapping[str, Any]]) -> float:
    """Share of the wanted quotes whose words are mostly inside one of the answer's own quotations (at least 60 %)."""
    texts = [letters_of(citation["quote"]) for citation in citations]
    found = [_overlaps(quote, texts) for quote in sample.evidence]
    if sample.evidence_any:
        found.append(any(_overlaps(quote, texts) for quote in sample.evidence_any))
    return sum(found) / len(found)


def nuggets_held(nuggets: Sequence[Sequence[str]], answer: str) -> list[bool]:
    """For each fact whether one of its patterns matches the answer."""
    text = " ".join(answer.translate(_PLAIN).replace("\u00a0", " ").split())
    return [any(re.search(pattern, text, re.IGNORECASE) for pattern in alternatives) for alternatives in nuggets]


def invalid_citations(reply: Mapping[str, Any], document_texts: Mapping[str, str] | None) -> list[str]:
    """What is wrong with a reply's citations, in words; empty when every sentence is backed by a verbatim quotation.

    `document_texts` are the documents by id; None when they are not known, and then they are not compared.
    A citation must quote its passage exactly at its offsets, its quote must stand in the corpus document it names, its
    passage must be among those retrieved, and every sentence must carry at least one citation that exists.
    """
    faults: list[str] = []
    passages = {passage["passage_id"]: passage["text"] for passage in reply["passages"]}
    numbers = set()
    for citation in reply["citations"]:
        numbers.add(citation["number"])
        text = passages.get(citation["passage_id"])
        if text is None:
            faults.append(f"[{citation['number']}] cites a passage that was not retrieved")
        elif text[citation["start"] : citation["end"]] != citation["quote"] or not citation["quote"]:
            faults.append(f"[{citation['number']}] does not quote its passage at its offsets")
        if document_texts is not None and citation["quote"] not in document_texts.get(citation["document_id"], ""):
            faults.append(f"[{citation['number']}] does not stand in document {citation['document_id']}")
    marks = {int(number) for number in _MARK.findall(reply["answer"])} if not reply["abstained"] else set()
    faults.extend(f"[{number}] is in the answer but not among its citations" for number in sorted(marks - numbers))
    faults.extend(f"[{number}] is cited but marked nowhere" for number in sorted(numbers - marks))
    faults.extend(
        f"no citation for {sentence['text'][:60]!r}"
        for sentence in reply["sentences"]
        if not sentence["citations"] or not set(sentence["citations"]) <= numbers
    )
    if not reply["abstained"] and not reply["sentences"]:
        faults.append("an answer without sentences")
    return faults


def _stands(quote: str, texts: Sequence[str]) -> bool:
    letters = letters_of(quote)
    return any(letters in text for text in texts)


def _overlaps(quote: str, texts: Sequence[str]) -> bool:
    letters = letters_of(quote)
    size = max(1, int(0.6 * len(letters)))
    runs = [letters[start : start + size] for start in range(0, len(letters) - size + 1, max(1, size // 8))]
    return any(run in text for run in runs for text in texts)
