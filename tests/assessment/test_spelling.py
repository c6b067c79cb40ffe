from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from silk_rag.assessment.words import ReplyWords


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jst coops n a few shops", "just coops and a few shops"),
        ("teh farmers", "the farmers"),
        ("wrth it 4 sure", "worth it for sure"),
        ("y big time", "yes big time"),
    ],
)
def test_careless_typing_is_put_right(words: ReplyWords, typed: str, meant: str) -> None:
    """Shortenings are written out, letters that changed places change back."""
    assert words.speller.put_right(typed) == meant


@pytest.mark.parametrize(
    "text", ["we met 4 years ago", "they vouched for us at the bank", "sold to Mali", "2 of 5 shops"]
)
def test_what_is_spelt_right_stays(words: ReplyWords, text: str) -> None:
    """Names, numbers and words that people use are no slips."""
    assert words.speller.put_right(text) == text


def test_other_languages_keep_their_short_words(words: ReplyWords) -> None:
    """A Spanish "y" is no yes."""
    assert words.speller.put_right("y no mucho", "es") == "y no mucho"


def test_a_mended_answer_keeps_the_words_as_typed(hear: Callable[..., tuple[Any, ...]]) -> None:
    """The note is what the person typed, slips and all."""
    (act,) = hear("B7", "yh it got messy")
    assert (act.value.content, act.note) == ("yes", "yh it got messy")
