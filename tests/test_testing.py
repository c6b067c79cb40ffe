"""The shipped fakes keep the contracts of the real things."""

from __future__ import annotations

import numpy as np
import pytest

from silk_rag.adapters.keyword import build_bm25
from silk_rag.bootstrap import Services
from silk_rag.retrieval.ports import Embedder, KeywordSearch, TokenEmbedder
from silk_rag.testing import CountingKeywordSearch, HashingTokenEmbedder

TEXTS = ["Co-operatives export olive oil.", "A bank lends money.", "Co-operatives export olive oil to Japan."]
WORDS = [["coop", "export", "oil"], ["bank"], ["oil", "oil", "japan"]]


@pytest.fixture(params=["hashing", "minilm"])
def token_embedder(request: pytest.FixtureRequest, services: Services) -> TokenEmbedder:
    """The fake and the real main model in turn."""
    return HashingTokenEmbedder() if request.param == "hashing" else services.retriever.embedder


@pytest.fixture(params=["hashing", "minilm", "multilingual-e5"])
def embedder(request: pytest.FixtureRequest, services: Services) -> Embedder:
    """The fake and both real models in turn."""
    multilingual = services.retriever.multilingual
    assert multilingual is not None
    return {
        "hashing": HashingTokenEmbedder(),
        "minilm": services.retriever.embedder,
        "multilingual-e5": multilingual,
    }[request.param]


@pytest.fixture(params=["counting", "bm25"])
def keyword_search(request: pytest.FixtureRequest) -> KeywordSearch:
    """The fake and BM25 in turn, over the same words."""
    return CountingKeywordSearch(WORDS) if request.param == "counting" else build_bm25(WORDS)


def test_embeddings_have_length_one_and_one_row_a_text(embedder: Embedder) -> None:
    """A dot product of two embeddings is their cosine."""
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), len(embedder.embed_query("oil")))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-3)
    assert embedder.name


def test_embeddings_do_not_change(embedder: Embedder) -> None:
    """The same text has the same embedding, whatever it is embedded with."""
    alone = embedder.embed_passages(TEXTS[:1])[0]
    assert embedder.embed_passages(TEXTS)[0] == pytest.approx(alone, abs=1e-4)


def test_like_texts_are_near(embedder: Embedder) -> None:
    """A text that says nearly the same is nearer than one that does not."""
    vectors = embedder.embed_passages(TEXTS)
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[1]


def test_tokens_come_with_the_text_s_own_embedding(token_embedder: TokenEmbedder) -> None:
    """One pass gives the text's embedding and one of length 1 for each of its pieces."""
    results = token_embedder.embed_tokens(TEXTS)
    assert len(results) == len(TEXTS)
    for result, vector in zip(results, token_embedder.embed_passages(TEXTS), strict=True):
        assert result.vector == pytest.approx(vector, abs=1e-3)
        assert result.tokens.shape == (len(result.pieces), len(vector))
        assert np.linalg.norm(result.tokens, axis=1) == pytest.approx(np.ones(len(result.pieces)), abs=1e-3)


def test_pieces_know_their_place(token_embedder: TokenEmbedder) -> None:
    """Each piece names its characters in the text, in order; what the model adds itself has none."""
    results = token_embedder.embed_tokens(TEXTS)
    assert token_embedder.piece_places(TEXTS) == [result.places for result in results]
    for text, result in zip(TEXTS, results, strict=True):
        assert len(result.places) == len(result.pieces)
        told = [(piece, text[start:end]) for piece, (start, end) in zip(result.pieces, result.places, strict=True)]
        assert all(words == "" or piece.removeprefix("##") == words.casefold() for piece, words in told)
        assert "".join(words for _, words in told) == text.replace(" ", "")


def test_a_text_without_words_can_be_embedded(token_embedder: TokenEmbedder) -> None:
    """Nothing to say is no reason to fail."""
    (result,) = token_embedder.embed_tokens([""])
    assert np.isfinite(result.vector).all()


def test_keywords_score_the_passages_that_hold_them(keyword_search: KeywordSearch) -> None:
    """Passages with the words score above none, the others nothing; one score a passage."""
    scores = keyword_search.scores(["japan", "oil"])
    assert scores.shape == (3,)
    assert scores.argmax() == 2
    assert (scores > 0).tolist() == [True, False, True]


@pytest.mark.parametrize("words", [[], ["unheard-of"]])
def test_unknown_words_score_nothing(keyword_search: KeywordSearch, words: list[str]) -> None:
    """No word, or one that no passage has: zeros."""
    assert keyword_search.scores(words).tolist() == [0.0, 0.0, 0.0]


def test_the_fake_counts_what_it_embeds() -> None:
    """Tests see whether something was embedded again."""
    fake = HashingTokenEmbedder()
    fake.embed_passages(TEXTS)
    fake.embed_query("oil")
    assert fake.embedded == 4
