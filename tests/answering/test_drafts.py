"""Replies are taken apart in the same way however they are cut into pieces."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silk_rag.answering.drafts import Draft, DraftReader, cited_numbers, clean

REPLY = (
    "Dr. Roy says so, e.g. in Paris [1]. It has 2.5 m members. [2][3] Why? Nobody knows [4]!\n\n"
    "They offer:\n- Access to markets [1]\n2. Cheaper loans [2, 5]\n\nThe end [3–5]."
)
DRAFTS = [
    ("Dr. Roy says so, e.g. in Paris.", (1,), "new paragraph"),
    ("It has 2.5 m members.", (2, 3), "same paragraph"),
    ("Why?", (), "same paragraph"),
    ("Nobody knows!", (4,), "same paragraph"),
    ("They offer:", (), "new paragraph"),
    ("Access to markets", (1,), "list item"),
    ("Cheaper loans", (2, 5), "list item"),
    ("The end.", (3, 4, 5), "new paragraph"),
]


def read(pieces: list[str], *, broken: bool = False) -> list[tuple[str, tuple[int, ...], str]]:
    """All drafts of a reply that comes in these pieces."""
    reader = DraftReader()
    drafts: list[Draft] = [draft for piece in pieces for draft in reader.feed(piece)]
    return [(d.text, d.cited, d.place) for d in [*drafts, *reader.finish(broken=broken)]]


@given(st.lists(st.integers(0, len(REPLY)), max_size=30))
def test_pieces_do_not_matter(cuts: list[int]) -> None:
    """Sentences, numbers and paragraphs are the same for every way of cutting."""
    places = sorted({0, *cuts, len(REPLY)})
    assert read([REPLY[a:b] for a, b in pairwise(places)]) == DRAFTS


def test_a_sentence_comes_when_the_next_begins() -> None:
    """Not before: its number may follow the full stop."""
    reader = DraftReader()
    assert reader.feed("They sell coffee. ") == []
    assert reader.feed("[2] ") == []
    assert [draft.cited for draft in reader.feed("And")] == [(2,)]


@pytest.mark.parametrize(
    ("rest", "kept"), [("They sell cof", False), ("They sell coffee.", True), ("Coffee [1]", True)]
)
def test_a_sentence_cut_short_is_not_taken(rest: str, kept: bool) -> None:  # noqa: FBT001 (given by the table)
    """Half a sentence could say the opposite of the whole one."""
    assert bool(read([rest])) is kept
    assert read([rest], broken=True) == []


def test_thoughts_are_no_answer() -> None:
    """What a reasoning model thinks aloud is left out, also when it never comes to an end."""
    assert read(["<thi", "nk>Two. Three.\n</think>\nThey ", "sell coffee [1]."]) == [
        ("They sell coffee.", (1,), "new paragraph")
    ]
    assert read(["<think>One. Two. Three."]) == []


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("![x](https://evil.example/?q=1) A picture", "A picture"),
        ("[click](javascript:alert(1)) here", "click) here"),
        ("see https://evil.example/x?y=1 now", "see now"),
        ("<img src=x onerror=alert(1)> **bold** `code`", "bold code"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("tag\U000e0041s and zero\u200bwidth", "tag s and zero width"),
        ("# Heading\n> quoted | cell", "Heading quoted cell"),
        ("snake_case and _emphasis_", "snake_case and emphasis"),
    ],
)
def test_markup_is_taken_off(raw: str, plain: str) -> None:
    """No link, picture, tag, emphasis or invisible character is left."""
    assert clean(raw) == plain


@given(st.text(max_size=300))
def test_nothing_active_is_left_of_any_text(text: str) -> None:
    """Whatever comes: no tag can open, no link can follow."""
    cleaned = clean(text)
    assert "](" not in cleaned
    assert re.search(r"<[a-zA-Z/!]", cleaned) is None


@given(st.text(alphabet="[]() .-1aA\n#<>*", max_size=400))
def test_reading_never_fails(text: str) -> None:
    """Any text can be read, and no draft is empty."""
    assert all(draft[0] for draft in read([text]))


def test_numbers_of_marks() -> None:
    """Only passage marks count; figures and years in brackets of their own do not."""
    assert cited_numbers("a [1], b [2; 3] c [Passage 4] d 【5】 e (passages 6, 7) f (8) g [note] h [9-999]") == (
        *range(1, 8),
        *range(9, 19),
    )
