from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from evals.compare import changed_questions, comparison_lines, pairs_of
from evals.html import page_of
from evals.runner import Row
from evals.runs import Run, find_run, new_run, read_run, write_run

ROW = Row(
    id="q1",
    kind="fact",
    language="en",
    question="Where is <b>CoopCycle</b>?",
    answerable=True,
    abstained=False,
    reason=None,
    mode="extractive",
    evidence={"1": 0.0, "3": 1.0, "5": 1.0, "8": 1.0},
    ndcg=0.6,
    reciprocal_rank=0.5,
    cited=1.0,
    nuggets=1.0,
    complete=True,
    citation_recall=1.0,
    citation_precision=1.0,
    unsupported=[],
    words=20,
    faults=[],
    seconds=0.04,
    answer="In 12 countries. [1]",
)
WORSE = replace(ROW, evidence={"1": 0.0, "3": 0.0, "5": 0.0, "8": 0.0}, complete=False, answer="<img src=x> no")


def _run(row: Row) -> Run:
    return new_run("dev", {"corpus": "abc", "index": "xyz"}, [row, replace(row, id="q2")])


def test_a_run_reads_back_as_it_was_written(tmp_path: Path) -> None:
    """Nothing is lost in the file."""
    run = _run(ROW)
    path = write_run(run, tmp_path)
    assert read_run(path) == run
    assert find_run("latest", tmp_path) == path


def test_a_file_that_is_no_run_is_named(tmp_path: Path) -> None:
    """The error names the file."""
    path = tmp_path / "other.json"
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"other\.json"):
        read_run(path)


def test_a_comparison_names_what_got_worse_with_both_answers() -> None:
    """Both answers stand side by side."""
    before, after = _run(ROW), replace(_run(WORSE), rows=(WORSE, replace(ROW, id="q2")))
    changed = changed_questions(pairs_of(before, after))
    assert [each.after.id for each in changed] == ["q1"]
    text = "\n".join(comparison_lines(before, after))
    assert "q1" in text
    assert ROW.answer in text
    assert WORSE.answer in text
    assert "1 worse, 0 better" in text


def test_the_page_lists_misses_first_escapes_and_asks_nobody() -> None:
    """No address is fetched, and nothing written by others becomes markup."""
    page = page_of(replace(_run(ROW), rows=(ROW, replace(WORSE, id="q2"))))
    assert page.index("q2 (fact)") < page.index("q1 (fact)")
    assert "<img src=x>" not in page
    assert "<b>CoopCycle" not in page
    assert not re.search(r"<[^>]*\s(?:src|href)=|url\(|@import|https?://", page)
