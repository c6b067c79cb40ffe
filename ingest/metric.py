"""Learn the metrics that retrieval uses from the editors' questions: `python -m ingest.metric` writes them anew.

Neighbourhood Components Analysis (Goldberger et al., NIPS 2004): a linear map under which a question's nearest
neighbours are the other questions of its passage, and its nearest sentences those that answer it. It starts from the
directions that part passages best (linear discriminant analysis, Fisher 1936). Beside it is learned in which direction
the questions lie that the papers answer, from those that they do not. No evaluation question is looked at.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from silk_rag.retrieval.metric import FILE, PARTS, Metric
from silk_rag.retrieval.ports import Matrix, Vector

if TYPE_CHECKING:
    from silk_rag.retrieval.ports import Embedder
    from silk_rag.retrieval.snapshot import Snapshot

DIMENSIONS = 256
STEPS, QUESTIONS_A_STEP, LEARNING_RATE = 80, 1_500, 0.003
#: The share of an embedding's dimensions left out at each step, so that none is relied on.
LEFT_OUT = 0.2
#: How sharply near is told from nearer at the start, as a power of e. It is learned too.
SHARPNESS = 2.7
#: What a sentence counts that is not named as the best of those that answer a question.
FURTHER_SENTENCE = 0.5
#: How many questions are embedded as they are asked.
SAMPLE = 500
#: How freely the direction of answered questions follows single ones, as scikit-learn's C.
REGULARISATION = 0.01
_LENGTH = 5.0


@dataclass(frozen=True)
class Examples:
    """Questions as asked and as stored, the passage of each, and what answers them; as asked, those nothing answers.

    Vectors have shape (questions or sentences, dimensions). `answering` has shape (marks, 3) as in `Snapshot`: a
    question, a sentence, the sentence's place.
    """

    asked: Matrix
    stored: Matrix
    rows: NDArray[np.int32]
    sentences: Matrix
    answering: NDArray[np.int32]
    unanswered: Matrix

    def without(self, left_out: NDArray[np.bool_]) -> Examples:
        """The examples without some of the questions."""
        kept = ~left_out
        number = np.cumsum(kept) - 1
        marks = self.answering[kept[self.answering[:, 0]]].copy()
        marks[:, 0] = number[marks[:, 0]]
        return replace(self, asked=self.asked[kept], stored=self.stored[kept], rows=self.rows[kept], answering=marks)


def examples_of(
    snapshot: Snapshot, embedder: Embedder, texts: Sequence[str], unanswered: Sequence[str], suffix: str
) -> Examples:
    """The editors' questions of an index, whose texts are given in its order, and those that nothing answers.

    Some models embed a question that is asked otherwise than one that is stored: by how much, a sample says.
    """
    stored = snapshot.units[f"questions{suffix}"].vectors
    sample = np.linspace(0, len(texts) - 1, min(SAMPLE, len(texts))).astype(int)
    asked = np.stack([embedder.embed_query(texts[at]) for at in sample])
    shift = (asked - stored[sample]).mean(axis=0)
    return Examples(
        stored + shift,
        stored,
        snapshot.units[f"questions{suffix}"].rows,
        snapshot.units[f"sentences{suffix}"].vectors,
        snapshot.answering,
        np.stack([embedder.embed_query(text) for text in unanswered]),
    )


def learn(examples: Examples, *, steps: int = STEPS, seed: int = 0) -> Metric:
    """The metric under which questions lie near their passage's other questions and the sentences that answer them."""
    import torch
    from torch.nn.functional import normalize

    torch.manual_seed(seed)
    question_centre, unit_centre = examples.asked.mean(axis=0), examples.stored.mean(axis=0)
    asked = torch.tensor(examples.asked - question_centre)
    stored = torch.tensor(examples.stored - unit_centre)
    sentences = torch.tensor(examples.sentences - unit_centre)
    rows = torch.tensor(examples.rows)
    wanted = torch.tensor(_wanted(examples))
    is_marked = wanted.sum(1) > 0
    matrix = torch.tensor(_parting_passages(examples.stored - unit_centre, examples.rows), requires_grad=True)
    sharpness = torch.tensor([SHARPNESS, SHARPNESS], requires_grad=True)
    optimizer = torch.optim.Adam([matrix, sharpness], lr=LEARNING_RATE)
    for _ in range(steps):
        chosen = torch.randperm(len(asked))[:QUESTIONS_A_STEP]
        kept = (torch.rand(asked.shape[1]) > LEFT_OUT) / (1 - LEFT_OUT)
        questions = normalize((asked[chosen] * kept) @ matrix, dim=1)
        others = normalize((stored * kept) @ matrix, dim=1)
        nearness = questions @ others.T * sharpness[0].exp()
        nearness[torch.arange(len(chosen)), chosen] = -torch.inf  # a question is no neighbour of its own
        same = (rows[chosen, None] == rows[None]).float()
        same[torch.arange(len(chosen)), chosen] = 0.0
        chances = torch.softmax(nearness, 1)
        loss = -torch.log((chances * same).sum(1) + 1e-9)[same.sum(1) > 0].mean()
        marked = is_marked[chosen]
        if marked.any():
            answers = normalize((sentences * kept) @ matrix, dim=1)
            chances = torch.log_softmax(questions[marked] @ answers.T * sharpness[1].exp(), 1)
            loss = loss - (chances * wanted[chosen][marked]).sum(1).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    answered, bias = _answered_direction(examples.asked - question_centre, examples.unanswered - question_centre)
    return Metric(matrix.detach().numpy(), question_centre, unit_centre, answered, bias)


def _answered_direction(answered: Matrix, unanswered: Matrix) -> tuple[Vector, float]:
    """The direction, and the bias, of a logistic regression that tells the ones from the others."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    vectors = np.concatenate([answered, unanswered])
    scale = float(vectors.std())
    kinds = np.repeat([1, 0], [len(answered), len(unanswered)])
    model = LogisticRegression(C=REGULARISATION, class_weight="balanced", max_iter=1_000).fit(vectors / scale, kinds)
    return np.asarray(model.coef_[0] / scale, dtype=np.float32), float(model.intercept_[0])


def _wanted(examples: Examples) -> NDArray[np.float32]:
    """What share of its answer each sentence is, shape (questions, sentences); a row of zeros where none is named."""
    wanted = np.zeros((len(examples.asked), len(examples.sentences)), dtype=np.float32)
    for question, sentence, place in examples.answering:
        wanted[question, sentence] = FURTHER_SENTENCE if place else 1.0
    shares: NDArray[np.float32] = wanted / np.maximum(wanted.sum(axis=1, keepdims=True), np.float32(1e-9))
    return shares


def _parting_passages(vectors: Matrix, rows: NDArray[np.int32]) -> Matrix:
    """Directions in which questions of one passage are alike and those of different ones differ most."""
    names, owners = np.unique(rows, return_inverse=True)
    means = np.stack([vectors[owners == at].mean(axis=0) for at in range(len(names))])
    spread, directions = np.linalg.eigh(np.cov((vectors - means[owners]).T))
    even = directions / np.sqrt(spread + spread.mean()) @ directions.T
    _, apart = np.linalg.eigh(np.cov((means @ even).T))
    matrix = even @ apart[:, -DIMENSIONS:]
    return np.asarray(matrix / np.linalg.norm(matrix) * np.sqrt(matrix.shape[1]) * _LENGTH, dtype=np.float32)


def write_metrics(metrics: Mapping[str, Metric], path: Path = FILE) -> None:
    """Write metrics by the name of their model, in half precision."""
    arrays: dict[str, Any] = {}
    for number, metric in enumerate(metrics.values()):
        parts = (metric.matrix, metric.question_centre, metric.unit_centre, metric.answered)
        arrays |= {f"{name}-{number}": part.astype(np.float16) for name, part in zip(PARTS, parts, strict=True)}
        arrays[f"answered-bias-{number}"] = np.float32(metric.answered_bias)
    np.savez_compressed(path, models=np.array(list(metrics)), **arrays)


def main() -> int:
    """Learn the metrics of both models from the questions in the index in use, and write them."""
    from ingest.index import questions_for, unanswered_by
    from silk_rag.bootstrap import build
    from silk_rag.settings import Settings

    services = build(Settings.from_environment())
    snapshot, retriever = services.snapshot, services.retriever
    by_passage = questions_for(services.settings.corpus)
    texts = [question.text for passage in snapshot.passages for question in by_passage.get(passage.id, ())]
    models: list[tuple[str, Embedder]] = [("", retriever.embedder)]
    models += [("-multilingual", retriever.multilingual)] if retriever.multilingual else []
    unanswered = unanswered_by(services.settings.corpus)
    metrics = {model.name: learn(examples_of(snapshot, model, texts, unanswered, suffix)) for suffix, model in models}
    write_metrics(metrics)
    print(f"{FILE.name}: {len(texts)} questions, {', '.join(metrics)}")  # noqa: T201 (a command)
    return 0


if __name__ == "__main__":
    sys.exit(main())
