"""Learns from example answers what a sentence answers: kernel ridge regression over embeddings, one task a question.

Two examples speak for each other as far as their sentences are alike, in meaning and in words, and their questions are:
what "sales doubled" says of revenues it says, more faintly, of margins. Questions where a "no" is good news share what
is good news with the others. Solved in closed form, without chance: the same examples always make the same reader.

Source: Evgeniou, Micchelli and Pontil, Learning Multiple Tasks with Kernel Methods, JMLR 6, 2005.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from silk_rag.adapters.grams import Grams
from silk_rag.assessment.examples import Example, Examples
from silk_rag.assessment.normalise import normalise
from silk_rag.assessment.questionnaire import Questionnaire
from silk_rag.errors import ModelUnusable

Array = NDArray[np.float32]
#: What a sentence is that answers nothing.
NONE = "none"
# Chosen on the development scripts and by leaving authors out (docs/self-assessment.md): how much a likeness of
# questions, of all questions, and of what is good news in them counts beside being the same question; how much words of
# denial and shared words count; the ridge; and how many answers to other questions stand for sentences that are beside
# the point.
ALIKE, COMMON, GOOD_NEWS, DENIAL, WORDS, RIDGE, BESIDE = 1.0, 2.0, 0.3, 0.2, 1.0, 0.5, 6
_MOST_DENIALS = 2
_DENIALS = re.compile(
    r"(?<!\w)(?:no|not|never|nothing|nobody|none|neither|nor|without|hardly|barely|cannot|\w+n't|dont|didnt|doesnt|"
    r"wasnt|isnt|ne|pas|rien|jamais|aucune?|personne|sans|nada|nadie|ningun[ao]?|nunca|ni|sin|non|niente|nessun[ao]?|"
    r"mai|senza|nao|nenhuma?|ninguem|sem|nicht|keine?n?|nichts|nie|niemand|ohne|niet|geen|niets|nooit|zonder|"
    r"same|still|unchanged|igual|stesso|meme|mesmo|gleich|zelfde)(?!\w)|없|않|못|안 |그대로"
)


@dataclass(frozen=True)
class Learnt:
    """What was learnt: `weights` has a row a lesson and a column a value.

    `sentences` are unit rows about `centre`, `words` the same by `grams`. A lesson is a sentence (`of_sentence`) put to
    a question (`of_question`, -1 for every one). `kinds` says for each question which values it shares with others.
    `alike` compares the questions, `good_news` is 1 where a yes is and -1 where a no is. `source` names the examples
    and the model.
    """

    source: str
    questions: tuple[str, ...]
    kinds: tuple[str, ...]
    values: tuple[str, ...]
    centre: Array
    sentences: Array
    grams: Grams
    words: csr_matrix
    denials: Array
    of_sentence: NDArray[np.int64]
    of_question: NDArray[np.int64]
    alike: Array
    good_news: Array
    weights: Array
    offsets: Array

    def scores(self, vector: Array, text: str, question_id: str) -> dict[str, float]:
        """How much a sentence with this embedding speaks for each value of a question, and for none."""
        centred = _unit((vector - self.centre)[None])[0]
        words = (self.words @ self.grams.rows([text]).T).toarray()[:, 0]
        near = _kernel(self.sentences @ centred, words, denials_in([text]), self.denials)
        asked = self.questions.index(question_id)
        lessons = near[self.of_sentence] * _tasks(np.array([asked]), self.of_question, self.alike, self.good_news)[0]
        spoken = lessons @ self.weights + self.offsets
        kind = self.kinds[asked]
        return {
            value.removeprefix(kind): float(score)
            for value, score in zip(self.values, spoken, strict=True)
            if value == NONE or value.startswith(kind)
        }

    def write(self, path: Path) -> None:
        """Write everything to a file that `read_learnt` reads."""
        np.savez_compressed(
            path,
            source=np.array(self.source),
            questions=np.array(self.questions),
            kinds=np.array(self.kinds),
            values=np.array(self.values),
            centre=self.centre,
            sentences=self.sentences.astype(np.float16),
            grams=np.array(self.grams.known),
            gram_weights=self.grams.weights,
            word_values=self.words.data.astype(np.float16),
            word_columns=self.words.indices.astype(np.int32),
            word_ends=self.words.indptr.astype(np.int32),
            denials=self.denials,
            of_sentence=self.of_sentence.astype(np.int32),
            of_question=self.of_question.astype(np.int32),
            alike=self.alike,
            good_news=self.good_news,
            weights=self.weights.astype(np.float16),
            offsets=self.offsets,
        )


def read_learnt(path: Path) -> Learnt:
    """Read what `Learnt.write` wrote. Raises ModelUnusable when the file is missing or damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:

            def numbers(name: str) -> Array:
                return np.asarray(file[name], dtype=np.float32)

            def places(name: str) -> NDArray[np.int64]:
                return np.asarray(file[name], dtype=np.int64)

            def names(name: str) -> tuple[str, ...]:
                return tuple(str(each) for each in file[name])

            grams = Grams(names("grams"), numbers("gram_weights"))
            words = csr_matrix(
                (numbers("word_values"), places("word_columns"), places("word_ends")),
                shape=(len(file["denials"]), len(grams.known)),
            )
            return Learnt(
                source=str(file["source"]),
                questions=names("questions"),
                kinds=names("kinds"),
                values=names("values"),
                centre=numbers("centre"),
                sentences=numbers("sentences"),
                grams=grams,
                words=words,
                denials=numbers("denials"),
                of_sentence=places("of_sentence"),
                of_question=places("of_question"),
                alike=numbers("alike"),
                good_news=numbers("good_news"),
                weights=numbers("weights"),
                offsets=numbers("offsets"),
            )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnusable(
            f"{path.name} cannot be read ({error}). Write it anew with `python -m silk_rag.adapters.answer_reader`."
        ) from error


def learn(
    examples: Examples, vectors: Mapping[str, Array], grid: Questionnaire, worded: Mapping[str, Array], source: str
) -> Learnt:
    """Learn from the examples. `vectors` embeds every sentence, `worded` every question."""
    texts = examples.texts
    raw = np.array([vectors[text] for text in texts], dtype=np.float32)
    centre = raw.mean(axis=0)
    sentences = _unit(raw - centre)
    questions = tuple(dict.fromkeys(example.question_id for example in examples.answers))
    asked = _unit(np.array([worded[each] for each in questions], dtype=np.float32) - centre)
    alike = np.maximum(asked @ asked.T, 0).astype(np.float32)
    good_news = np.array([-1 if grid.by_id[each].favourable == "no" else 1 for each in questions], dtype=np.float32)
    place = {text: row for row, text in enumerate(texts)}
    lessons = _lessons(examples, questions, alike, grid)
    of_sentence = np.array([place[text] for text, _, _ in lessons])
    of_question = np.array([questions.index(each) if each else -1 for _, each, _ in lessons])
    values = (NONE, *dict.fromkeys(value for _, _, value in lessons if value != NONE))
    right = np.array([[value == each for each in values] for _, _, value in lessons], dtype=np.float64)
    denials = denials_in(texts)
    grams = Grams.of(texts)
    words = grams.rows(texts)
    kernel = _kernel(sentences @ sentences.T, (words @ words.T).toarray(), denials, denials)
    kernel = kernel[np.ix_(of_sentence, of_sentence)] * _tasks(of_question, of_question, alike, good_news)
    offsets = right.mean(axis=0)
    weights = np.linalg.solve(kernel + RIDGE * np.eye(len(lessons)), right - offsets)
    return Learnt(
        source,
        questions,
        tuple(_kind(each, grid) for each in questions),
        values,
        centre,
        sentences,
        grams,
        words,
        denials,
        of_sentence,
        of_question,
        alike,
        good_news,
        weights.astype(np.float32),
        offsets.astype(np.float32),
    )


def denials_in(texts: Sequence[str]) -> Array:
    """How many words of denial each text holds, two at most: embeddings hear too little of a "not"."""
    counted = [min(len(_DENIALS.findall(normalise(text))), _MOST_DENIALS) for text in texts]
    return np.array(counted, dtype=np.float32)


def _lessons(
    examples: Examples, questions: Sequence[str], alike: Array, grid: Questionnaire
) -> list[tuple[str, str, str]]:
    """Sentence, question and value: the examples, what answers nothing, and answers that are beside the point."""
    lessons = [(each.text, each.question_id, _value(each, grid)) for each in examples.answers]
    lessons += [(text, "", NONE) for text in examples.none]
    told: dict[str, list[str]] = {}
    for each in examples.answers:
        told.setdefault(each.question_id, []).append(each.text)
    chance = np.random.default_rng(1)
    for row, question_id in enumerate(questions):
        far = [other for column, other in enumerate(questions) if alike[row, column] < np.median(alike[row])]
        beside = [text for other in far for text in told[other]]
        lessons += [
            (beside[at], question_id, NONE)
            for at in chance.choice(len(beside), min(BESIDE, len(beside)), replace=False)
        ]
    return lessons


def _kind(question_id: str, grid: Questionnaire) -> str:
    """What its values are written behind: yes and no mean the same everywhere, options and levels do not."""
    question = grid.by_id[question_id]
    return "yes_no=" if question.kind == "yes_no" else f"{question.scale.name if question.scale else question_id}="


def _value(example: Example, grid: Questionnaire) -> str:
    """A value as it is learnt."""
    return f"{_kind(example.question_id, grid)}{example.value}"


def _tasks(one: NDArray[np.int64], other: NDArray[np.int64], alike: Array, good_news: Array) -> Array:
    """How much lessons on one question count for another; -1 stands for every question."""
    both = one[:, None] == other[None, :]
    named = (one[:, None] >= 0) & (other[None, :] >= 0)
    shared = ALIKE * alike[np.ix_(one, other)] + GOOD_NEWS * np.outer(good_news[one], good_news[other])
    counted: Array = (both + COMMON + np.where(named, shared, 0)).astype(np.float32)
    return counted


def _kernel(cosines: Array, words: Array, denials: Array, others: Array) -> Array:
    """The likeness of sentences: of their embeddings to the third power, of their words, of how much they deny."""
    denied = DENIAL * np.outer(others - 0.7, denials - 0.7)
    kernel = 2 * (0.5 * (1 + cosines)) ** 3 - 0.25 + WORDS * words + (denied if cosines.ndim == 2 else denied[:, 0])
    return kernel.astype(np.float32)


def _unit(rows: Array) -> Array:
    unit: Array = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit
